"""What evtxexport (libevtx 20181227) prints in another way than Windows, and nothing else.

Each rule says what and why. Numbers, booleans, SIDs, binary data, text beyond ASCII, arrays and empty values need none:
both print the same.
"""
import re


def hexadecimal(text):
    """HexInt32 and HexInt64: evtxexport pads to the width of the type (0x00000000000003e7); Windows does not (0x3e7)."""
    match = re.fullmatch(r"0x0*([0-9a-f]+)", text)
    return "0x" + match.group(1) if match else text


def guid(text):
    """GUID: evtxexport prints capitals; Windows writes small letters. Text that is a GUID keeps the case it was given."""
    return text.lower() if re.fullmatch(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}", text) else text


def filetime(text):
    """FILETIME counts 100 ns, so seven digits say all; evtxexport prints nine, the last two always 0."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7})00Z", text)
    return match.group(1) + "Z" if match else text


def stored(pairs):
    """Pairs of the second reader, which gives strings as they are stored. Old providers store the NUL that ends a C string
    with it (8 % of all strings); it is not text, and neither Windows nor the program shows it. A NUL inside stays."""
    return [(name, text.rstrip("\0")) for name, text in pairs]


def exported(pairs):
    """Pairs of evtxexport and of the program, made comparable."""
    return [(name, filetime(guid(hexadecimal(text)))) for name, text in pairs]
