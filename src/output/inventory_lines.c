/*
 * The parts of the table of an inventory: rows, and what components and web files have in common.
 */
#include "output/inventory_lines.h"

#include "output/inventory_words.h"

void iw_inventory_heading(struct iw_inventory_writer *writer, const char *text)
{
    iw_buffer_add_char(writer->out, '\n');
    iw_display_spaces(writer->out, IW_INVENTORY_HEADING_INDENT);
    iw_display_toned(writer->out, writer->style, IW_TONE_STRONG, text);
}

void iw_inventory_entry(struct iw_inventory_writer *writer, unsigned max_lines)
{
    writer->out->failed |= writer->scratch.failed;
    iw_display_spaces(writer->out, IW_INVENTORY_ENTRY_INDENT);
    iw_display_wrapped(writer->out, writer->style, IW_INVENTORY_ROW_INDENT, max_lines,
                       iw_buffer_str(&writer->scratch));
    iw_buffer_clear(&writer->scratch);
}

void iw_inventory_toned_entry(struct iw_inventory_writer *writer, enum iw_tone tone,
                              unsigned max_lines)
{
    iw_display_tone(writer->out, writer->style, tone);
    iw_inventory_entry(writer, max_lines);
    iw_display_plain(writer->out, writer->style);
}

static void add_label(struct iw_inventory_writer *writer, const char *label)
{
    iw_display_spaces(writer->out, IW_INVENTORY_ROW_INDENT);
    iw_display_tone(writer->out, writer->style, IW_TONE_FAINT);
    iw_display_cell(writer->out, iw_str_of(label),
                    IW_INVENTORY_TEXT_INDENT - IW_INVENTORY_ROW_INDENT);
    iw_display_plain(writer->out, writer->style);
}

void iw_inventory_row(struct iw_inventory_writer *writer, const char *label, struct iw_str text,
                      unsigned max_lines)
{
    if (text.n == 0)
        return;
    add_label(writer, label);
    iw_display_wrapped(writer->out, writer->style, IW_INVENTORY_TEXT_INDENT, max_lines, text);
}

void iw_inventory_warning_row(struct iw_inventory_writer *writer, const char *label,
                              struct iw_str text)
{
    if (text.n == 0)
        return;
    add_label(writer, label);
    iw_display_tone(writer->out, writer->style, IW_TONE_WARNING);
    iw_display_wrapped(writer->out, writer->style, IW_INVENTORY_TEXT_INDENT, 4, text);
    iw_display_plain(writer->out, writer->style);
}

void iw_inventory_scratch_row(struct iw_inventory_writer *writer, const char *label,
                              unsigned max_lines)
{
    writer->out->failed |= writer->scratch.failed;
    iw_inventory_row(writer, label, iw_buffer_str(&writer->scratch), max_lines);
    iw_buffer_clear(&writer->scratch);
}

void iw_inventory_list_rows(struct iw_inventory_writer *writer, const char *label,
                            struct iw_text_list list)
{
    for (size_t i = 0; i < list.n; i++)
        iw_inventory_row(writer, i == 0 ? label : "", list.items[i], 3);
}

void iw_inventory_add_joined(struct iw_buffer *scratch, struct iw_text_list list)
{
    for (size_t i = 0; i < list.n; i++) {
        if (i != 0)
            iw_buffer_add(scratch, IW_STR(", "));
        iw_buffer_add(scratch, list.items[i]);
    }
}

static void add_part(struct iw_buffer *scratch, struct iw_str text)
{
    if (text.n == 0)
        return;
    if (scratch->n != 0)
        iw_buffer_add(scratch, IW_STR(", "));
    iw_buffer_add(scratch, text);
}

/* Path and twin; or why there is no file. */
static void add_file_place(struct iw_inventory_writer *writer, const struct iw_item_file *file,
                           bool with_path)
{
    struct iw_buffer *scratch = &writer->scratch;
    const char *words = iw_inventory_file_words(file->state);
    if (with_path)
        iw_buffer_add(scratch, file->path);
    if (file->twin != NULL) {
        iw_buffer_add(scratch, IW_STR(" ("));
        iw_buffer_add(scratch, iw_str_of(file->twin));
        iw_buffer_add(scratch, IW_STR(" workers)"));
    }
    iw_inventory_scratch_row(writer, "file", 4);
    if (words == NULL)
        return;
    iw_buffer_add(scratch, iw_str_of(words));
    /* Of the others the words say it. */
    if (file->why != NULL &&
        (file->state == IW_ITEM_FILE_UNREADABLE || file->state == IW_ITEM_FILE_UNRESOLVED)) {
        iw_buffer_add(scratch, IW_STR(" ("));
        iw_buffer_add(scratch, iw_str_of(file->why));
        iw_buffer_add_char(scratch, ')');
    }
    writer->out->failed |= scratch->failed;
    iw_inventory_warning_row(writer, "", iw_buffer_str(scratch));
    iw_buffer_clear(scratch);
}

static void add_size(struct iw_inventory_writer *writer, const struct iw_item_file *file)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_display_bytes(scratch, file->size_bytes);
    if (iw_time_known(file->modified_ns)) {
        iw_buffer_add(scratch, IW_STR(", the collected copy is of "));
        iw_display_time(scratch, file->modified_ns, false);
        iw_buffer_add(scratch, IW_STR(" UTC"));
    }
    iw_inventory_scratch_row(writer, "size", 2);
    iw_buffer_add_hex(scratch, file->sha256, sizeof file->sha256);
    iw_inventory_scratch_row(writer, "sha256", 2);
}

/* What a PE file says of itself: claims of whoever built it. */
static void add_claims(struct iw_inventory_writer *writer, const struct iw_item_file *file)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_inventory_signature_add(file, scratch);
    iw_inventory_scratch_row(writer, "signed", 4);
    add_part(scratch, file->company);
    add_part(scratch, file->product);
    add_part(scratch, file->description);
    add_part(scratch, file->file_version);
    if (file->original_name.n != 0 && !iw_str_ends_nocase(file->path, file->original_name)) {
        iw_buffer_add(scratch, scratch->n != 0 ? IW_STR(", built as ") : IW_STR("built as "));
        iw_buffer_add(scratch, file->original_name);
    }
    iw_inventory_scratch_row(writer, "says", 3);
    iw_inventory_row(writer, "is", file->assembly, 2);
    for (size_t i = 0; i < file->roles.n; i++)
        add_part(scratch, iw_inventory_role_words(file->roles.items[i]));
    iw_inventory_scratch_row(writer, "can be", 2);
    iw_inventory_add_joined(scratch, file->types);
    iw_inventory_scratch_row(writer, "types", 4);
    if (file->n_damage != 0) {
        iw_display_counted(scratch, file->n_damage, "thing is", "things are");
        iw_buffer_add(scratch, IW_STR(" wrong with it as an executable file"));
        writer->out->failed |= scratch->failed;
        iw_inventory_warning_row(writer, "damage", iw_buffer_str(scratch));
        iw_buffer_clear(scratch);
    }
}

void iw_inventory_file_rows(struct iw_inventory_writer *writer, const struct iw_item_file *file,
                            bool with_path)
{
    if (file->state == IW_ITEM_FILE_NONE)
        return;
    add_file_place(writer, file, with_path);
    iw_inventory_row(writer, "copy", file->source, 3);
    if (file->state != IW_ITEM_FILE_READ)
        return;
    add_size(writer, file);
    if (file->is_pe)
        add_claims(writer, file);
    iw_inventory_list_rows(writer, "yara", file->yara);
}

void iw_inventory_approval_rows(struct iw_inventory_writer *writer, enum iw_approval approval,
                                struct iw_str why, const struct iw_first_seen *seen)
{
    struct iw_buffer *scratch = &writer->scratch;
    iw_buffer_add(scratch, iw_str_of(iw_inventory_approval_words(approval)));
    if (why.n != 0) {
        iw_buffer_add(scratch, IW_STR(": "));
        iw_buffer_add(scratch, why);
    }
    iw_inventory_scratch_row(writer, "approved", 3);
    if (!iw_time_known(seen->time_ns))
        return;
    iw_buffer_add(scratch, IW_STR("first at ")); /* it may have been there before */
    iw_display_time(scratch, seen->time_ns, false);
    iw_buffer_add(scratch, IW_STR(" UTC"));
    if (seen->by.n != 0) {
        iw_buffer_add(scratch, IW_STR(", by "));
        iw_buffer_add(scratch, seen->by);
    }
    iw_inventory_scratch_row(writer, "seen", 2);
}
