"""A hive of the registry, as small as it can be: keys with numbers. Layout: M. Suhanov, "Windows registry file format specification"."""
import struct

TIME = 133_000_000_000_000_000  # of every key: 2022-06-18, before all events of these tests
NONE = 0xFFFFFFFF


class Cells:
    """The one bin. A cell is addressed from its begin; its size stands before what it holds."""

    def __init__(self):
        self.content = bytearray(32)

    def add(self, body):
        at = len(self.content)
        size = -(-(len(body) + 4) // 8) * 8
        self.content += struct.pack("<i", -size) + body + bytes(size - 4 - len(body))
        return at

    def put(self, at, offset, value):
        struct.pack_into("<I", self.content, at + 4 + offset, value)


def add_values(cells, numbers):
    offsets = []
    for name, number in numbers.items():
        offsets.append(cells.add(struct.pack("<2sHIIIHH", b"vk", len(name), 0x80000004, number, 4, 1, 0) + name.encode()))
    return cells.add(struct.pack(f"<{len(offsets)}I", *offsets)) if offsets else NONE


def add_key(cells, name, tree, parent=NONE):
    """tree: {name of a key: tree, name of a value: number}"""
    keys = sorted(((one, below) for one, below in tree.items() if isinstance(below, dict)), key=lambda one: one[0].upper())
    numbers = {one: number for one, number in tree.items() if not isinstance(number, dict)}
    flags = 0x2C if parent == NONE else 0x20
    at = cells.add(struct.pack("<2sHQIIIIIIIIIIIIIIIHH", b"nk", flags, TIME, 0, parent if parent != NONE else 0, len(keys), 0, NONE, NONE,
                               len(numbers), NONE, NONE, NONE, 0, 0, 0, 0, 0, len(name), 0) + name.encode())
    if keys:
        below = [(add_key(cells, one, more, at), one) for one, more in keys]
        entries = b"".join(struct.pack("<I4s", place, one.encode()[:4].ljust(4, b"\0")) for place, one in below)
        cells.put(at, 28, cells.add(struct.pack("<2sH", b"lf", len(below)) + entries))
    cells.put(at, 40, add_values(cells, numbers))
    return at


def hive(tree):
    cells = Cells()
    root = add_key(cells, "ROOT", tree)
    size = -(-len(cells.content) // 4096) * 4096
    left = size - len(cells.content)
    cells.content += struct.pack("<i", left) + bytes(left - 4) if left else b""
    cells.content[:32] = struct.pack("<4sIIQQI", b"hbin", 0, size, 0, TIME, 0)
    head = bytearray(4096)
    struct.pack_into("<4sIIQIIIIIII", head, 0, b"regf", 1, 1, TIME, 1, 5, 0, 1, root, size, 1)
    total = 0
    for (word,) in struct.iter_unpack("<I", bytes(head[:508])):
        total ^= word
    struct.pack_into("<I", head, 508, total)
    return bytes(head + cells.content)


def software(command_lines=None):
    """SOFTWARE, whose audit of command lines is told, or not set."""
    audit = {} if command_lines is None else {"ProcessCreationIncludeCmdLine_Enabled": command_lines}
    return hive({"Classes": {}, "Clients": {}, "Policies": {},
                 "Microsoft": {"Windows": {"CurrentVersion": {"Policies": {"System": {"Audit": audit}}}}, "Windows NT": {}}})
