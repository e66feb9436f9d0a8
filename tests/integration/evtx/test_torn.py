#!/usr/bin/env python3
"""Sectors a disk lost and templates that were overwritten, in files of the lab. Nothing of it may pass in silence.

usage: test_torn.py FOLDER
"""
import json
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import evidence  # noqa: E402
import second_reader  # noqa: E402

N_RECORDS, CHUNK, SECTOR = 20, second_reader.FILE_HEADER_BYTES, 512


def write(folder, second_half=None):
    """A file of one chunk, and [(offset, size)] of its records. The second half may have an element of its own instead."""
    source, target = os.path.join(folder, "whole.ndjson"), os.path.join(folder, "whole.evtx")
    with open(source, "w") as stream:
        for i in range(N_RECORDS):
            event = {"time": "2026-01-05T10:00:00.0000000Z", "channel": "Lab/Operational", "provider": "Lab",
                     "computer": "WEB01.lab.example", "event_id": 1}
            if second_half and i >= N_RECORDS // 2:
                event["user_data"] = {"Root": {second_half: str(i)}}
            else:
                event["data"] = {"N": str(i), "Filler": "x" * 400}
            stream.write(json.dumps(event) + "\n")
    subprocess.run([evidence.LAB, "write", source, "-o", target], check=True, stdout=subprocess.DEVNULL)
    with open(target, "rb") as stream:
        content = stream.read()
    frames, at = [], CHUNK + second_reader.CHUNK_HEADER_BYTES
    while len(frames) < N_RECORDS:
        frames.append((at, second_reader.frame_size(content, at, len(content))))
        at += frames[-1][1]
    return content, frames


def account(folder, content, *options):
    path = os.path.join(folder, "torn.evtx")
    with open(path, "wb") as stream:
        stream.write(content)
    lines, manifest = evidence.run_with_manifest(folder, "events", [path], *options)
    source = manifest["sources"][0]
    return lines, source["lost_bytes"], {row["kind"]: (row["count"], row["first_offset"]) for row in source["damage"]}


def zeroed(content, begin, end):
    return content[:begin] + bytes(end - begin) + content[end:]


def check_former(verdict, folder):
    """Former records are read with their own template or not at all: another one would give their values wrong names."""
    content, frames = write(folder, "Beta")
    half, content = N_RECORDS // 2, bytearray(content)
    struct.pack_into("<I", content, CHUNK + 48, frames[half][0] - CHUNK)  # the second half is former records now
    struct.pack_into("<I", content, CHUNK + 44, frames[half - 1][0] - CHUNK)
    struct.pack_into("<Q", content, CHUNK + 32, half)
    for at, _ in frames[half:]:
        struct.pack_into("<Q", content, at + 8, struct.unpack_from("<Q", content, at + 8)[0] + 1000)
    lines, lost, damage = account(folder, bytes(content))
    verdict.equal((len(lines), lost, damage), (half, 0, {"stale": (half, frames[half][0])}), "former records")
    lines, lost, damage = account(folder, bytes(content), "--recover")
    verdict.equal([(line["recovered"], line["cut"], line["fields"].get("Beta")) for line in lines[half:]],
                  [(True, False, str(i)) for i in range(half, N_RECORDS)], "former records read")

    # The definition of the second half stands in its first record, and in it the name that no one else has:
    # next, hash, count, characters, NUL; 24 bytes of definition before its fragment header.
    name = bytes(content).index("Beta".encode("utf-16-le"), frames[half][0])
    broken = {"another template": content.rindex(b"\x0f\x01\x01\x00", 0, name) - 20, "another name": name + 2,
              "another hash": name - 4, "a name without end": name + 8}
    for what, at in broken.items():
        damaged = bytearray(content)
        damaged[at] ^= 0x15
        lines, lost, damage = account(folder, bytes(damaged), "--recover")
        former = lines[half:]
        verdict.equal([line["fields"]["EventRecordID"] for line in former if not line["cut"]], [], what + ": shown as whole")
        verdict.equal([line["fields"] for line in former if str(half + 3) in line["fields"].values()], [],
                      what + ": a value under some name")
        verdict.equal([line["cut"] for line in lines[:half]], [False] * half, what + ": live records")


def main():
    folder, verdict = sys.argv[1], evidence.Verdict()
    os.makedirs(folder, exist_ok=True)
    content, frames = write(folder)
    free = frames[-1][0] + frames[-1][1]
    verdict.equal(struct.unpack_from("<I", content, CHUNK + 48)[0], free - CHUNK, "the lab's free-space offset")

    lines, lost, damage = account(folder, content)
    verdict.equal((len(lines), lost, damage), (N_RECORDS, 0, {}), "whole")

    # All behind the tenth record is gone; the header still knows the twentieth.
    begin = frames[10][0]
    lines, lost, damage = account(folder, zeroed(content, begin, free))
    verdict.equal((len(lines), lost, damage), (10, free - begin, {"record-header": (1, begin)}), "live records zeroed")

    # The same from a sector border in the middle of a record: that one is read, cut, and said to be.
    borders = [(at + size - 1) // SECTOR * SECTOR for at, size in frames]
    index = next(i for i in range(5, 15) if borders[i] - frames[i][0] > 500 and sum(frames[i]) - borders[i] > 100)
    border, end = borders[index], sum(frames[index])
    lines, lost, damage = account(folder, zeroed(content, border, free))
    verdict.equal((len(lines), lost, damage),
                  (index + 1, free - end, {"record-cut": (1, frames[index][0]), "record-header": (1, end)}), "record torn")
    verdict.equal([line["cut"] for line in lines], [False] * index + [True], "record torn: which is cut")
    verdict.equal(lines[-1]["fields"]["Filler"].strip("x"), "", "record torn: what is left of the value")
    verdict.check(len(lines[-1]["fields"]["Filler"]) < 400, "record torn: the value is not whole")

    # An archived log's header counts to the end of the chunk: zeros behind the last record it knows are no loss.
    archived = bytearray(content)
    struct.pack_into("<I", archived, CHUNK + 48, 65536)
    lines, lost, damage = account(folder, bytes(archived))
    verdict.equal((len(lines), lost, damage), (N_RECORDS, 0, {}), "free-space offset at the end of the chunk")

    # A size copy that is wrong and not zero: nothing says that values are missing.
    flipped = bytearray(content)
    flipped[frames[7][0] + frames[7][1] - 4] ^= 0x10
    lines, lost, damage = account(folder, bytes(flipped))
    verdict.equal((len(lines), lost, damage), (N_RECORDS, 0, {"record-frame": (1, frames[7][0])}), "size copy flipped")
    verdict.equal([line["cut"] for line in lines], [False] * N_RECORDS, "size copy flipped: none is cut")
    check_former(verdict, folder)
    verdict.end("zeroed sectors and overwritten templates: every loss named")


main()
