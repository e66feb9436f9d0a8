"""A second reader for real logs: frames and BinXML by the format document, on the lab's strict walker.

Looser than the walker only where Windows is: a nested value may be a bare template instance or a bare element. Frames are
found in file order; what cannot be read is told, not repaired. Nothing here knows how the product reads.
"""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import evtx_walk  # noqa: E402
import fields  # noqa: E402
from export_xml import Element, is_namespace  # noqa: E402

CHUNK_BYTES, FILE_HEADER_BYTES, CHUNK_HEADER_BYTES = 65536, 4096, 512


class Chunk(evtx_walk.Chunk):
    def __init__(self, data):
        super().__init__(data, checksums=False)
        self.templates_seen = Templates(self)

    def name(self, at):
        """As the walker's, but the name may lie in a former record that is still there."""
        offset = self.u32(at)
        self.names_seen = {} if offset == at + 4 else {offset: 0}
        return super().name(at)

    def instance(self, at, limit):
        identity, offset = struct.unpack_from("<II", self.data, at + 2)
        evtx_walk.need(offset == at + 10 or self.data[offset + 4:offset + 8] == self.data[at + 2:at + 6],
                       "template id %#x is not that of the definition" % identity)
        return super().instance(at, limit)

    def value(self, kind, at, size):
        if kind == 0:
            return 0, None  # may have bytes, which mean nothing
        if kind == 0x21:
            return kind, self.nested(at, at + size) if size else None
        if kind & 0x7F in (1, 2) and kind & 0x80:
            return kind, evtx_walk.array(kind & 0x7F, self.data[at:at + size] + self.missing_end(kind, at, size))
        return super().value(kind, at, size)

    def missing_end(self, kind, at, size):
        """The last string of an array may lack its NUL."""
        width = 2 if kind & 0x7F == 1 else 1
        return b"" if size == 0 or self.data[at + size - width:at + size] == bytes(width) else bytes(width)

    def nested(self, at, end):
        if self.data[at:at + 4] == b"\x0f\x01\x01\x00":
            at += 4
        if self.data[at] == 0x0C:
            return self.instance(at, end)[0]
        return self.element(at, None)[0]

    def record(self, at, size):
        """The tree of the record of this frame. Raises when the format is not kept."""
        return self.fragment(at + 24, at + size - 4)[0]

    def definition(self, offset):
        if not CHUNK_HEADER_BYTES <= offset <= CHUNK_BYTES - 28:
            raise evtx_walk.Damage("template offset %d" % offset)
        return self.element(offset + 28, [])[0]


class Templates(dict):
    """Definitions by offset, read when first asked for: their first user may be a record that is gone."""

    def __init__(self, chunk):
        super().__init__()
        self.chunk = chunk

    def __contains__(self, offset):
        return True

    def __missing__(self, offset):
        self[offset] = self.chunk.definition(offset)
        return self[offset]


def elements(tree):
    """The walker's tree as export_xml.Element; text is taken as it is, and not unescaped again."""
    made = Element(tree[1], [(name, "".join(piece[1] for piece in pieces)) for name, pieces in tree[2]
                             if not is_namespace(name)])
    for piece in tree[3]:
        if piece[0] == "text":
            made.text.append(piece[1])
        else:
            made.children.append(elements(piece))
    return made


def pairs_of(chunk, at, size):
    """The fields of the record of this frame, or None where the format is not kept."""
    try:
        return fields.of_tree(elements(chunk.record(at, size)))
    except (AttributeError, IndexError, KeyError, ValueError, RecursionError, struct.error, evtx_walk.Damage):
        return None


def frame_size(data, at, end):
    """Size of the whole frame at `at`, or 0."""
    if end - at < 28 or data[at:at + 4] != b"**\0\0":
        return 0
    size = struct.unpack_from("<I", data, at + 4)[0]
    if size < 28 or size > end - at or struct.unpack_from("<I", data, at + size - 4)[0] != size:
        return 0
    return size
