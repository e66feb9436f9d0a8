"""Reads EVTX files by the format document alone, strictly: every size, offset, checksum and chain must be right.

For tests. Any deviation raises Damage with the place; nothing is repaired or skipped. An event is a pair: a dictionary of
the System part ("EventID", "Execution@ProcessID", ...) and a list of (name, value) of the payload, where a name is the
Name attribute of an element, or else its tag, and repeated elements of an array come one by one.
"""
import struct
import zlib


class Damage(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Damage(what)


def print_time(ticks):
    days, rest = divmod(ticks, 864000000000)
    import datetime
    date = datetime.date(1601, 1, 1) + datetime.timedelta(days=days)
    seconds, fraction = divmod(rest, 10000000)
    return "%sT%02d:%02d:%02d.%07dZ" % (date, seconds // 3600, seconds // 60 % 60, seconds % 60, fraction)


def print_guid(b):
    a, c, d = struct.unpack_from("<IHH", b)
    return "{%08x-%04x-%04x-%s-%s}" % (a, c, d, b[8:10].hex(), b[10:16].hex())


def print_sid(b):
    need(len(b) == 8 + 4 * b[1], "SID size")
    return "-".join(["S", str(b[0]), str(int.from_bytes(b[2:8], "big"))] +
                    [str(n) for n in struct.unpack_from("<%dI" % b[1], b, 8)])


def print_system_time(b):
    y, mo, _, d, h, mi, s, ms = struct.unpack("<8H", b)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ" % (y, mo, d, h, mi, s, ms)


def utf16(b):
    need(len(b) % 2 == 0, "odd UTF-16 size")
    return b.decode("utf-16-le", "surrogatepass")


INTEGERS = {3: "<b", 4: "<B", 5: "<h", 6: "<H", 7: "<i", 8: "<I", 9: "<q", 0xA: "<Q"}
SIZES = {3: 1, 4: 1, 5: 2, 6: 2, 7: 4, 8: 4, 9: 8, 0xA: 8, 0xB: 4, 0xC: 8, 0xD: 4, 0xF: 16, 0x11: 8, 0x12: 16,
         0x14: 4, 0x15: 8}


def scalar(kind, b):
    need(kind not in SIZES or len(b) == SIZES[kind], "value type %#x with size %d" % (kind, len(b)))
    if kind == 0:
        return None
    if kind == 1:
        return utf16(b)
    if kind == 2:
        return b.decode("cp1252")
    if kind in INTEGERS:
        return str(struct.unpack(INTEGERS[kind], b)[0])
    if kind in (0xB, 0xC):
        return "%f" % struct.unpack("<f" if kind == 0xB else "<d", b)
    if kind == 0xD:
        return "true" if any(b) else "false"
    if kind == 0xE:
        return b.hex().upper()
    if kind == 0xF:
        return print_guid(b)
    if kind == 0x11:
        return print_time(struct.unpack("<Q", b)[0])
    if kind == 0x12:
        return print_system_time(b)
    if kind == 0x13:
        return print_sid(b)
    if kind in (0x14, 0x15):
        return "%#x" % int.from_bytes(b, "little")
    raise Damage("value type %#x" % kind)


def array(kind, b):
    """Items of an array; strings end with a NUL each."""
    if kind in (1, 2):
        text = utf16(b) if kind == 1 else b.decode("cp1252")
        need(text == "" or text.endswith("\0"), "last string of an array without NUL")
        return text.split("\0")[:-1]
    items = []
    while b:
        size = 8 + 4 * b[1] if kind == 0x13 else SIZES[kind]
        items.append(scalar(kind, b[:size]))
        b = b[size:]
    return items


class Chunk:
    def __init__(self, data, checksums=True):
        need(data[:8] == b"ElfChnk\0", "chunk magic")
        self.data = data
        self.first_number, self.last_number, self.first_id, self.last_id, size, self.last_record, self.free, crc = \
            struct.unpack_from("<QQQQIIII", data, 8)
        flags, header_crc = struct.unpack_from("<II", data, 120)
        need(size == 128, "chunk header size")
        need(data[56:120] == bytes(64), "reserved bytes")
        if checksums and not flags & 4:
            need(zlib.crc32(data[512:self.free]) == crc, "chunk data checksum")
            need(zlib.crc32(data[:120] + data[128:512]) == header_crc, "chunk header checksum")
        self.names_seen = {}
        self.templates_seen = {}

    def u16(self, at):
        return struct.unpack_from("<H", self.data, at)[0]

    def u32(self, at):
        return struct.unpack_from("<I", self.data, at)[0]

    def name(self, at):
        """Name whose offset field is at `at`; returns text and the place behind field and inline name."""
        offset = self.u32(at)
        units = self.u16(offset + 6)
        end = offset + 8 + 2 * units
        text = utf16(self.data[offset + 8:end])
        need(self.u16(end) == 0, "name without NUL")
        value = 0
        for unit in struct.unpack("<%dH" % units, self.data[offset + 8:end]):
            value = (value * 65599 + unit) & 0xFFFFFFFF
        need(self.u16(offset + 4) == value & 0xFFFF, "name hash of " + text)
        if offset == at + 4:
            need(offset not in self.names_seen, "name defined twice")
            self.names_seen[offset] = value & 0xFFFF
            return text, end + 2
        need(offset in self.names_seen, "name reference to no name")
        return text, at + 4

    def check_chains(self):
        """All inline names and templates, and nothing else, are in the bucket of their hash."""
        chained = {}
        for bucket in range(64):
            at = self.u32(128 + 4 * bucket)
            while at:
                need(at not in chained, "name chain loops")
                chained[at] = bucket
                at = self.u32(at)
        need(chained == {at: value % 64 for at, value in self.names_seen.items()}, "name chains")
        chained = set()
        for bucket in range(32):
            at = self.u32(384 + 4 * bucket)
            while at:
                need(at not in chained, "template chain loops")
                chained.add(at)
                at = self.u32(at)
        need(chained == set(self.templates_seen), "template chains")

    def records(self):
        at = 512
        while at < self.free:
            magic, size, record_id, written = struct.unpack_from("<IIQQ", self.data, at)
            need(magic == 0x2A2A and size >= 28 and size % 8 == 0 and at + size <= self.free, "record at %d" % at)
            need(self.u32(at + size - 4) == size, "size copy at %d" % at)
            tree, end = self.fragment(at + 24, at + size - 4)
            need(at + size - 4 - end < 8, "more than padding behind the record's end")
            yield record_id, written, tree, at
            at += size
        need(at == self.free, "records end before the free space")

    def fragment(self, at, limit, slots=None):
        """`0f 01 01 00`, one element or template instance, EOF."""
        need(self.data[at:at + 4] == b"\x0f\x01\x01\x00", "fragment header at %d" % at)
        at += 4
        if self.data[at] == 0x0C:
            tree, at = self.instance(at, limit)
        else:
            tree, at = self.element(at, None)
        need(self.data[at] == 0, "EOF token at %d" % at)
        need(at < limit, "fragment longer than its room")
        return tree, at + 1

    def instance(self, at, limit):
        need(self.data[at + 1] == 1, "template instance")
        identity, offset = struct.unpack_from("<II", self.data, at + 2)
        at += 10
        if offset == at:
            size = self.u32(at + 20)
            need(self.u32(at + 4) == identity, "template id is not the start of its GUID")
            body = self.data[at + 24:at + 24 + size]
            need(body[:4] == b"\x0f\x01\x01\x00" and body[-1] == 0, "template body")
            tree, end = self.element(at + 28, [])
            need(end + 1 == at + 24 + size, "template body size")
            self.templates_seen[offset] = tree
            at += 24 + size
        need(offset in self.templates_seen, "reference to no template")
        count = self.u32(at)
        at += 4
        value_at = at + 4 * count
        values = []
        for i in range(count):
            size, kind, zero = struct.unpack_from("<HBB", self.data, at + 4 * i)
            need(zero == 0, "value descriptor")
            need(value_at + size <= limit, "values overrun the record")
            values.append(self.value(kind, value_at, size))
            value_at += size
        return self.substitute(self.templates_seen[offset], values), value_at

    def value(self, kind, at, size):
        if kind == 0x21:
            tree, end = self.fragment(at, at + size + 1)
            need(end == at + size, "nested fragment size")
            return kind, tree
        if kind & 0x80:
            return kind, array(kind & 0x7F, self.data[at:at + size])
        return kind, scalar(kind, self.data[at:at + size])

    def element(self, at, template):
        """An open-start-element token; template is a list in definitions (they have dependency ids), else None."""
        start = at
        token = self.data[at]
        need(token in (0x01, 0x41), "element token %#x at %d" % (token, at))
        at += 1
        dependency = 0xFFFF
        if template is not None:
            dependency = self.u16(at)
            at += 2
        size_at = at
        tag, at = self.name(at + 4)
        attributes = []
        if token == 0x41:
            list_end = at + 4 + self.u32(at)
            at += 4
            more = True
            while more:
                need(self.data[at] in (0x06, 0x46), "attribute token at %d" % at)
                more = self.data[at] == 0x46
                name, at = self.name(at + 1)
                pieces, at = self.pieces(at)
                attributes.append((name, pieces))
            need(at == list_end, "attribute list size at %d" % start)
        content = []
        if self.data[at] == 0x03:
            at += 1
        else:
            need(self.data[at] == 0x02, "end of start tag at %d" % at)
            at += 1
            while self.data[at] != 0x04:
                if self.data[at] in (0x01, 0x41):
                    child, at = self.element(at, template)
                    content.append(child)
                else:
                    pieces, at = self.pieces(at)
                    content += pieces
            at += 1
        need(self.u32(size_at) == at - size_at - 4, "size of element %s at %d" % (tag, start))
        return ("element", tag, attributes, content, dependency), at

    def pieces(self, at):
        """Texts, entity references, CDATA and substitutions standing together."""
        entities = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
        found = []
        while True:
            token = self.data[at]
            if token & 0xBF in (0x05, 0x07):
                skip = 2 if token & 0xBF == 0x05 else 1
                need(skip == 1 or self.data[at + 1] == 1, "value text type")
                units = self.u16(at + skip)
                found.append(("text", utf16(self.data[at + skip + 2:at + skip + 2 + 2 * units])))
                at += skip + 2 + 2 * units
            elif token & 0xBF == 0x09:
                name, at = self.name(at + 1)
                found.append(("text", entities[name]))
            elif token in (0x0D, 0x0E):
                found.append(("slot", self.u16(at + 1), self.data[at + 3], token == 0x0E))
                at += 4
            else:
                need(found and not more, "text expected at %d" % at if not found else "nothing follows at %d" % at)
                return found, at
            more = bool(token & 0x40)
            if not more and self.data[at] not in (0x05, 0x45, 0x07, 0x47, 0x09, 0x49, 0x0D, 0x0E):
                return found, at

    def substitute(self, tree, values):
        """The element with its slots filled: ("element", tag, {attribute: text}, [content]) or a list of them."""
        _, tag, attributes, content, dependency = tree
        if dependency != 0xFFFF and values[dependency][0] == 0:
            return None
        filled = []
        for name, pieces in attributes:
            text = self.fill(pieces, values)
            if text is not None:
                filled.append((name, [("text", text)]))
        result = []
        for piece in content:
            if piece[0] == "element":
                child = self.substitute(piece, values)
                if child is not None:
                    result += child if isinstance(child, list) else [child]
            elif piece[0] == "slot" and values[piece[1]][0] == 0x21:
                result.append(values[piece[1]][1])
            elif piece[0] == "slot" and values[piece[1]][0] & 0x80:
                items = values[piece[1]][1] or [""]
                return [("element", tag, filled, [("text", item)], 0xFFFF) for item in items]
            else:
                text = self.fill([piece], values)
                result += [] if text is None else [("text", text)]
        return ("element", tag, filled, result, 0xFFFF)

    @staticmethod
    def fill(pieces, values):
        text = None
        for piece in pieces:
            part = piece[1] if piece[0] == "text" else values[piece[1]][1]
            if part is not None:
                text = (text or "") + part
        return text


def content_text(element):
    return "".join(piece[1] for piece in element[3] if piece[0] == "text")


def attributes_of(element):
    return {name: "".join(piece[1] for piece in pieces) for name, pieces in element[2]}


def flatten(event):
    need(event[1] == "Event", "root element")
    system, payload = {}, []
    for child in event[3]:
        if child[1] == "System":
            for element in child[3]:
                if content_text(element):
                    system[element[1]] = content_text(element)
                for name, text in attributes_of(element).items():
                    system[element[1] + "@" + name] = text
        else:
            inner = child[3][0] if child[1] == "UserData" else child
            system["payload"] = inner[1]
            for element in inner[3]:
                payload.append((attributes_of(element).get("Name", element[1]), content_text(element)))
    return system, payload


def read(path, checksums=True):
    """All events of a file in file order."""
    with open(path, "rb") as stream:
        data = stream.read()
    need(data[:8] == b"ElfFile\0", "file magic")
    first, last, next_id, size, minor, major, block, count = struct.unpack_from("<QQQIHHHI", data, 8)
    flags, crc = struct.unpack_from("<II", data, 120)
    need((size, major, block) == (128, 3, 4096) and minor in (1, 2), "file header")
    if checksums and not flags & 4:
        need(zlib.crc32(data[:120]) == crc, "file header checksum")
    need(len(data) == 4096 + 65536 * count and last == max(count - 1, 0), "chunk count")
    number = 0
    for i in range(count):
        chunk = Chunk(data[4096 + 65536 * i:4096 + 65536 * (i + 1)], checksums)
        need(chunk.first_number == number + 1, "first record number of chunk %d" % i)
        ids = []
        for record_id, written, tree, at in chunk.records():
            system, payload = flatten(tree)
            need(system["EventRecordID"] == str(record_id), "record id inside and outside")
            system["written"] = print_time(written)
            ids.append(record_id)
            number += 1
            last_at = at
            yield system, payload
        need(chunk.last_number == number and (chunk.first_id, chunk.last_id) == (ids[0], ids[-1]), "chunk ids")
        need(chunk.last_record == last_at, "last record offset")
        chunk.check_chains()
        if i == count - 1:
            need(next_id == ids[-1] + 1, "next record id")
