/*
 * An export of regedit or reg.exe: which text it is, its lines, its keys.
 *
 * Microsoft "How to add, modify, or delete registry subkeys and values by using a .reg file". Read
 * are `Windows Registry Editor Version 5.00` (UTF-16 with its mark; without mark and in 8-bit text
 * too) and `REGEDIT4` (8-bit text: UTF-8 where a name is, else windows-1252). A key whose bracket
 * is missing is taken to the end of its line. What an export takes away is taken away, and counted:
 * an honest export takes nothing.
 */
#include "iis/hive/reg_inside.h"

#include "base/utf.h"

size_t iw_reg_line_end(const struct iw_reg_reader *reader, size_t at)
{
    const char *end =
        at < reader->text.n ? memchr(reader->text.p + at, '\n', reader->text.n - at) : NULL;
    return end != NULL ? (size_t)(end - reader->text.p) : reader->text.n;
}

void iw_reg_bad_line(struct iw_reg_reader *reader, size_t at)
{
    iw_hive_note_damage(reader->hive, IW_HIVE_DAMAGE_LINE, at);
}

struct iw_str iw_reg_utf8(struct iw_reg_reader *reader, struct iw_str text)
{
    if (iw_utf8_is_ascii(text) || iw_utf8_valid(text))
        return text;
    text = iw_ansi_to_arena((const uint8_t *)text.p, text.n, reader->hive->arena);
    reader->hive->no_memory |= text.p == NULL;
    return text.p != NULL ? text : IW_STR("");
}

static struct iw_str trim(struct iw_str line)
{
    while (line.n != 0 && memchr(" \t\r", line.p[line.n - 1], 3) != NULL)
        line.n--;
    while (line.n != 0 && memchr(" \t\r", line.p[0], 3) != NULL)
        line = (struct iw_str){line.p + 1, line.n - 1};
    return line;
}

/* UTF-16 as UTF-8, in the arena; the text itself when it is no UTF-16. */
static struct iw_str to_8_bit(struct iw_hive *hive)
{
    struct iw_str file = hive->file;
    bool has_mark = file.n >= 2 && memcmp(file.p, "\xFF\xFE", 2) == 0;
    size_t n_bad = 0, n;
    char *out;

    if (file.n >= 3 && memcmp(file.p, "\xEF\xBB\xBF", 3) == 0)
        return (struct iw_str){file.p + 3, file.n - 3};
    if (!has_mark && (file.n < 4 || file.p[1] != '\0' || file.p[3] != '\0'))
        return file;
    if (has_mark)
        file = (struct iw_str){file.p + 2, file.n - 2};
    out = iw_arena_alloc(hive->arena, file.n / 2 * 3 + 1);
    if (out == NULL) {
        hive->no_memory = true;
        return IW_STR("");
    }
    n = iw_utf16_to_utf8((const uint8_t *)file.p, file.n, out, &n_bad);
    if (n_bad != 0 || file.n % 2 != 0)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_TEXT, 0);
    return (struct iw_str){out, n};
}

/* The first line; false when it is not that of an export. */
static bool read_title(struct iw_reg_reader *reader)
{
    size_t end = iw_reg_line_end(reader, 0);
    struct iw_str title = trim((struct iw_str){reader->text.p, end});

    reader->is_regedit4 = iw_str_equal(title, IW_STR("REGEDIT4"));
    if (!reader->is_regedit4 &&
        !iw_str_begins_nocase(title, IW_STR("Windows Registry Editor Version 5")))
        return false;
    reader->hive->info.version_minor = reader->is_regedit4 ? 4 : 5;
    reader->at = end + 1;
    return true;
}

static void read_key(struct iw_reg_reader *reader, struct iw_str line)
{
    const char *end = memrchr(line.p, ']', line.n);
    struct iw_str path = {line.p + 1, line.n - 1};

    if (end != NULL)
        path.n = (size_t)(end - path.p);
    else
        iw_reg_bad_line(reader, (size_t)(line.p - reader->text.p));
    reader->is_passed = path.n != 0 && path.p[0] == '-';
    reader->key = IW_HIVE_NO_ID;
    if (reader->is_passed) {
        path = iw_reg_utf8(reader, (struct iw_str){path.p + 1, path.n - 1});
        iw_reg_delete_key(reader, path);
        return;
    }
    reader->key = iw_reg_add_key(reader, iw_reg_utf8(reader, path));
    reader->is_passed = reader->key == IW_HIVE_NO_ID;
    if (reader->key != IW_HIVE_NO_ID)
        reader->hive->nodes[reader->key].is_explicit = true;
}

static void read_lines(struct iw_reg_reader *reader)
{
    while (reader->at < reader->text.n && !reader->hive->no_memory) {
        size_t begin = reader->at, end = iw_reg_line_end(reader, begin);
        struct iw_str line = trim((struct iw_str){reader->text.p + begin, end - begin});
        if (line.n != 0 && (line.p[0] == '"' || line.p[0] == '@')) {
            iw_reg_read_value(reader);
            continue;
        }
        reader->at = end + 1;
        if (line.n == 0 || line.p[0] == ';')
            continue;
        if (line.p[0] == '[')
            read_key(reader, line);
        else
            iw_reg_bad_line(reader, begin);
    }
}

enum iw_rc iw_reg_open(struct iw_hive *hive)
{
    struct iw_reg_reader reader = {
        .hive = hive, .key = IW_HIVE_NO_ID, .scan_left = IW_LIMIT_REG_SCAN_BYTES};
    enum iw_rc rc = IW_OK;

    iw_map_init(&reader.names);
    iw_arena_init(&reader.fold, 0);
    iw_buffer_init(&reader.scratch);
    reader.text = to_8_bit(hive);
    if (reader.text.n == 0 || !read_title(&reader)) {
        rc = IW_EFORMAT;
    } else {
        hive->ops = &iw_reg_ops;
        hive->info.source = IW_HIVE_REG_TEXT;
        if (iw_reg_tree_init(&reader))
            read_lines(&reader);
    }
    iw_buffer_done(&reader.scratch);
    iw_arena_done(&reader.fold);
    iw_map_done(&reader.names);
    return hive->no_memory ? IW_ENOMEM : rc;
}
