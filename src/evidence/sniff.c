/*
 * Recognition by content. A kind that is read is one row with a check of its own; everything else
 * is "unknown type", with a hint where a well-known beginning or ending tells the person what it
 * is and what to do about it.
 *
 * EVTX (reference: libevtx documentation, "Windows XML Event Log"): `ElfFile\0` at 0, chunks at
 * 4096 + i * 65536. Chunks carved from memory or disk begin with `ElfChnk\0` at 0. A log whose
 * header was overwritten is still a log: where the name says .evtx, the whole grid is looked at
 * (8 bytes a block), with and without room for a header. A file that claims to be a log and holds
 * none is lost, not skipped: a wiped log must not look like a clean one.
 *
 * JSON: sniff_json.c. Logs of requests: sniff_weblog.c.
 *
 * Not looked for: logs inside containers or images, logs at offsets off the grid.
 */
#include "evidence/sniff.h"

#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "evidence/sniff_json.h"
#include "evidence/sniff_server.h"
#include "evidence/sniff_weblog.h"
#include "evidence/sniff_xml.h"

#define HEAD_BYTES 4096U
#define EVTX_HEADER_BYTES 4096U
#define EVTX_CHUNK_BYTES 65536U
#define EVTX_MAGIC_BYTES 8U
#define BLOCK_BYTES 512U /* of a disk, and of a tar archive */

static const char EVTX_FILE_MAGIC[] = "ElfFile"; /* 8 bytes with the NUL */
static const char EVTX_CHUNK_MAGIC[] = "ElfChnk";

/* What we do not read but can name. First hit counts. */
struct known {
    const char *kind_name;
    const char *what;
    uint32_t offset; /* of the magic */
    struct iw_str magic;
    const char *ending; /* of the name, when magic is empty */
};

#define UNPACK "; unpack it and give the folder"
#define MOUNT "; mount it read-only and give the folder"

static const struct known KNOWN[] = {
    {"zip", "ZIP archive" UNPACK, 0, {"PK\3\4", 4}, NULL},
    {"zip", "empty ZIP archive", 0, {"PK\5\6", 4}, NULL},
    {"7z", "7-Zip archive" UNPACK, 0, {"7z\xBC\xAF\x27\x1C", 6}, NULL},
    {"gzip", "gzip file" UNPACK, 0, {"\x1F\x8B", 2}, NULL},
    {"xz",
     "xz file" UNPACK,
     0,
     {"\xFD"
      "7zXZ\0",
      6},
     NULL},
    {"zstd", "zstd file" UNPACK, 0, {"\x28\xB5\x2F\xFD", 4}, NULL},
    {"bzip2", "bzip2 file" UNPACK, 0, {"BZh", 3}, NULL},
    {"rar", "RAR archive" UNPACK, 0, {"Rar!\x1A\x07", 6}, NULL},
    {"cab", "cabinet archive" UNPACK, 0, {"MSCF\0\0\0\0", 8}, NULL},
    {"tar", "tar archive" UNPACK, 257, {"ustar", 5}, NULL},
    {"ewf", "EnCase image" MOUNT, 0, {"EVF\x09\x0D\x0A\xFF\0", 8}, NULL},
    {"vhdx", "VHDX image" MOUNT, 0, {"vhdxfile", 8}, NULL},
    {"vmdk", "VMDK image" MOUNT, 0, {"KDMV", 4}, NULL},
    {"qcow", "QCOW image" MOUNT, 0, {"QFI\xFB", 4}, NULL},
    {"ntfs", "NTFS volume image" MOUNT, 3, {"NTFS    ", 8}, NULL},
    {"evt", "event log of Windows XP/2003 (.evt)", 0, {"\x30\0\0\0LfLe", 8}, NULL},
    {"sqlite", "SQLite database", 0, {"SQLite format 3\0", 16}, NULL},
    {"pcap", "packet capture", 0, {"\xD4\xC3\xB2\xA1", 4}, NULL},
    {"pcapng", "packet capture", 0, {"\x0A\x0D\x0D\x0A", 4}, NULL},
    {"prefetch", "prefetch file", 0, {"MAM\x04", 4}, NULL},
    {"link", "Windows shortcut", 0, {"\x4C\0\0\0\x01\x14\x02\0", 8}, NULL},
    {"w3c", "W3C log of another program", 0, {"#Software:", 10}, NULL},
    {"w3c", "W3C log of another program", 0, {"#Version:", 9}, NULL},
    {"etl", "event trace (.etl)", 0, {NULL, 0}, ".etl"},
    {"xml", "XML without Windows events", 0, {"<?xml", 5}, NULL},
    {"xml", "XML without Windows events", 0, {"\xEF\xBB\xBF<", 4}, NULL},
    {"xml", "XML without Windows events", 0, {"\xFF\xFE<\0", 4}, NULL},
    {"xml", "XML without Windows events", 0, {"<Event", 6}, NULL},
    {"csv", "CSV", 0, {NULL, 0}, ".csv"},
    {"raw", "raw disk image" MOUNT, 510, {"\x55\xAA", 2}, NULL},
};

bool iw_sniff_is_evtx_name(struct iw_str path)
{
    return iw_str_ends_nocase(path, IW_STR(".evtx"));
}

/* Reads up to *n* bytes at *offset*. Returns their number, or -1 with errno. */
static ssize_t read_at(int fd, void *out, size_t n, uint64_t offset)
{
    int error;
    size_t got = iw_fd_read_at(fd, out, n, offset, &error);
    if (error == 0)
        return (ssize_t)got;
    errno = error;
    return -1;
}

static bool looks_like_text(struct iw_str head)
{
    bool is_utf16 =
        head.n >= 4 &&
        (memcmp(head.p, "\xFF\xFE", 2) == 0 || memcmp(head.p, "\xFE\xFF", 2) == 0 ||
         ((head.p[0] == 0) != (head.p[1] == 0) && (head.p[0] == 0) == (head.p[2] == 0) &&
          (head.p[1] == 0) == (head.p[3] == 0)));
    return is_utf16 ||
           (head.n != 0 && memchr(head.p, 0, head.n < BLOCK_BYTES ? head.n : BLOCK_BYTES) == NULL);
}

/* Whether the row settles what a file is, so that no events are looked for. A magic that stands
 * further in may be a text that somebody had logged: in the first block of archives and of disks
 * there are zeros as well, in text there are none. */
static bool is_settled_by(const struct known *known, struct iw_str head)
{
    return known != NULL && known->ending == NULL && (known->offset == 0 || !looks_like_text(head));
}

static const struct known *find_known(struct iw_str head, struct iw_str path)
{
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        const struct known *row = &KNOWN[i];
        if (row->ending != NULL) {
            if (iw_str_ends_nocase(path, iw_str_of(row->ending)))
                return row;
        } else if (head.n >= row->offset + row->magic.n &&
                   memcmp(head.p + row->offset, row->magic.p, row->magic.n) == 0) {
            return row;
        }
    }
    return NULL;
}

/* Moves *at* on by whole blocks to the one that holds the next data: holes of sparse files may be
 * terabytes. False: a hole up to the end. */
static bool skip_hole(int fd, uint64_t *at)
{
    off_t data = lseek(fd, (off_t)*at, SEEK_DATA);
    if (data < 0 && errno == ENXIO)
        return false;
    if (data > (off_t)*at)
        *at += ((uint64_t)data - *at) / EVTX_CHUNK_BYTES * EVTX_CHUNK_BYTES;
    return true;
}

/* Whether a chunk begins on the grid that starts at *first*. -1 with errno when a read fails. */
static int has_chunk_on_grid(int fd, uint64_t first, uint64_t size_bytes)
{
    char magic[EVTX_MAGIC_BYTES];
    for (uint64_t at = first; at < size_bytes; at += EVTX_CHUNK_BYTES) {
        ssize_t got;
        if (!skip_hole(fd, &at))
            return 0;
        got = read_at(fd, magic, sizeof magic, at);
        if (got < 0)
            return -1;
        if (got < (ssize_t)sizeof magic)
            return 0;
        if (memcmp(magic, EVTX_CHUNK_MAGIC, sizeof magic) == 0)
            return 1;
    }
    return 0;
}

static void refuse(struct iw_sniffed *ret, enum iw_source_state state, const char *kind_name)
{
    ret->kind = IW_EVIDENCE_UNKNOWN;
    ret->state = state;
    ret->kind_name = kind_name;
}

static void lose_unreadable(struct iw_sniffed *ret)
{
    refuse(ret, IW_SOURCE_LOST, "unknown");
    (void)snprintf(ret->reason, sizeof ret->reason, "cannot be read: %s", strerror(errno));
}

/* Named .evtx and does not begin like a log: perhaps its header was overwritten. */
static void sniff_claimed_evtx(int fd, struct iw_str head, uint64_t size_bytes,
                               const struct known *known, struct iw_sniffed *ret)
{
    int found = has_chunk_on_grid(fd, EVTX_HEADER_BYTES, size_bytes);
    if (found == 0)
        found = has_chunk_on_grid(fd, 0, size_bytes);
    if (found < 0) {
        lose_unreadable(ret);
        return;
    }
    if (found > 0)
        return;
    refuse(ret, IW_SOURCE_LOST, "evtx");
    if (size_bytes == 0)
        (void)snprintf(ret->reason, sizeof ret->reason, "named .evtx, but empty");
    else if (iw_bytes_are_zero(head.p, head.n))
        (void)snprintf(ret->reason, sizeof ret->reason,
                       "named .evtx, but zeros instead of an event log");
    else if (known != NULL && known->ending == NULL)
        (void)snprintf(ret->reason, sizeof ret->reason, "named .evtx, but looks like: %s",
                       known->what);
    else
        (void)snprintf(ret->reason, sizeof ret->reason, "named .evtx, but no event log in it");
}

/* Whether any block on the grid behind the header has a beginning. -1 with errno when a read fails.
 */
static int has_any_block(int fd, uint64_t size_bytes)
{
    char magic[EVTX_MAGIC_BYTES];
    for (uint64_t at = EVTX_HEADER_BYTES; at < size_bytes; at += EVTX_CHUNK_BYTES) {
        ssize_t got;
        if (!skip_hole(fd, &at))
            return 0;
        got = read_at(fd, magic, sizeof magic, at);
        if (got < 0)
            return -1;
        if (!iw_bytes_are_zero(magic, (size_t)got))
            return 1;
    }
    return 0;
}

/* Windows gives every log its first block when it makes the file: one without any was cut or
 * wiped. Blocks that are damaged are the reader's. */
static void sniff_evtx_body(int fd, uint64_t size_bytes, struct iw_sniffed *ret)
{
    int found = has_any_block(fd, size_bytes);
    if (found < 0)
        lose_unreadable(ret);
    if (found != 0)
        return;
    refuse(ret, IW_SOURCE_LOST, "evtx");
    if (size_bytes > EVTX_HEADER_BYTES)
        (void)snprintf(ret->reason, sizeof ret->reason,
                       "event log whose blocks of records are all zeros");
    else if (size_bytes == EVTX_HEADER_BYTES)
        (void)snprintf(ret->reason, sizeof ret->reason,
                       "event log that ends after its header: no block of records");
    else
        (void)snprintf(ret->reason, sizeof ret->reason,
                       "event log cut off inside its header, after %llu bytes",
                       (unsigned long long)size_bytes);
}

/* Event XML has no magic: asked of whatever is not known by one. -1 with errno when a read fails.
 */
static int has_event_xml(int fd, struct iw_str head, const struct known *known)
{
    char bytes[IW_SNIFF_XML_BYTES];
    ssize_t got;
    if (is_settled_by(known, head) && strcmp(known->kind_name, "xml") != 0)
        return 0;
    got = read_at(fd, bytes, sizeof bytes, 0);
    return got < 0 ? -1 : iw_sniff_event_xml((struct iw_str){bytes, (size_t)got});
}

/* Whether it is a part of the server and nothing else, so that no events are looked for: a comment
 * with events in it must not turn configuration into a log. Two letters alone make no program. */
static bool is_server_file(struct iw_str head, enum iw_evidence_kind kind)
{
    return kind == IW_EVIDENCE_PE ? !looks_like_text(head) : kind != IW_EVIDENCE_UNKNOWN;
}

/* Configurations may begin with pages of comment. False with errno: a read fails. */
static bool sniff_server(int fd, struct iw_str head, struct iw_server_sniff *ret)
{
    char bytes[IW_SNIFF_XML_BYTES];
    ssize_t got;
    *ret = iw_sniff_server(head);
    if (ret->kind != IW_EVIDENCE_UNKNOWN || head.n < HEAD_BYTES || !iw_sniff_server_goes_on(head))
        return true;
    got = read_at(fd, bytes, sizeof bytes, 0);
    if (got > 0)
        *ret = iw_sniff_server((struct iw_str){bytes, (size_t)got});
    return got >= 0;
}

/* What holds no events: perhaps a part of the server, else passed over. */
static void sniff_no_events(struct iw_str head, const struct known *known,
                            struct iw_server_sniff server, struct iw_sniffed *ret)
{
    refuse(ret, IW_SOURCE_SKIPPED, "unknown");
    ret->kind = server.kind;
    if (server.kind != IW_EVIDENCE_UNKNOWN) {
        ret->kind_name = server.kind_name;
        (void)snprintf(ret->reason, sizeof ret->reason, "%s: no events in it", server.what);
    } else if (head.n == 0) {
        (void)snprintf(ret->reason, sizeof ret->reason, "empty");
    } else if (known != NULL) {
        ret->kind_name = known->kind_name;
        (void)snprintf(ret->reason, sizeof ret->reason, "not read by this version: %s",
                       known->what);
    } else {
        (void)snprintf(ret->reason, sizeof ret->reason, "unknown type");
    }
}

void iw_sniff(int fd, struct iw_str path, uint64_t size_bytes, struct iw_sniffed *ret)
{
    char bytes[HEAD_BYTES];
    const struct known *known;
    struct iw_server_sniff server;
    struct iw_str head;
    int found;
    ssize_t got = read_at(fd, bytes, sizeof bytes, 0);

    memset(ret, 0, sizeof *ret);
    ret->kind = IW_EVIDENCE_EVTX;
    ret->kind_name = "evtx";
    ret->state = IW_SOURCE_PENDING;
    if (got < 0) {
        lose_unreadable(ret);
        return;
    }
    head = (struct iw_str){bytes, (size_t)got};
    if (head.n >= EVTX_MAGIC_BYTES && memcmp(head.p, EVTX_FILE_MAGIC, EVTX_MAGIC_BYTES) == 0) {
        sniff_evtx_body(fd, size_bytes, ret);
        return;
    }
    if (head.n >= EVTX_MAGIC_BYTES && memcmp(head.p, EVTX_CHUNK_MAGIC, EVTX_MAGIC_BYTES) == 0)
        return;
    known = find_known(head, path);
    if (iw_sniff_is_evtx_name(path)) {
        sniff_claimed_evtx(fd, head, size_bytes, known, ret);
        return;
    }
    if (!sniff_server(fd, head, &server)) {
        lose_unreadable(ret);
        return;
    }
    if (is_server_file(head, server.kind)) {
        sniff_no_events(head, known, server, ret);
        return;
    }
    /* Before events are looked for: what a client sends stands in such a log. */
    if (iw_sniff_is_web_log(head)) {
        ret->kind = IW_EVIDENCE_WEB_LOG;
        ret->kind_name = "iislog";
        return;
    }
    found = has_event_xml(fd, head, known);
    if (found < 0) {
        lose_unreadable(ret);
        return;
    }
    if (found > 0) {
        ret->kind = IW_EVIDENCE_XML;
        ret->kind_name = "xml";
        return;
    }
    if (head.n != 0 && (!is_settled_by(known, head) || iw_sniff_is_json_name(path)) &&
        iw_sniff_may_be_json(head, path)) {
        if (!iw_sniff_json(fd, path, known != NULL ? known->what : NULL, ret))
            lose_unreadable(ret);
        return;
    }
    sniff_no_events(head, known, server, ret);
}
