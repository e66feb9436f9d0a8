/*
 * A client artifact of Velociraptor: keys name, author, description, type, precondition,
 * parameters, sources (docs.velociraptor.app, "Artifacts"). What is collected stands in parameters
 * of type csv, so that nothing of evidence is ever part of the query itself. glob() is given its
 * root apart from the pattern, because a folder may hold what a pattern means something by; the
 * accessor "auto" reads files that are held open off the volume.
 */
#include "base/script_quote.h"
#include "output/collect_words.h"

#define MARGIN "      "

/* A field of CSV; texts hold no line ends (base/script_quote.h, collect.h). */
static void add_field(struct iw_buffer *out, struct iw_str text, char after)
{
    iw_buffer_add_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            iw_buffer_add_char(out, '"');
        iw_buffer_add_char(out, text.p[i]);
    }
    iw_buffer_add_char(out, '"');
    iw_buffer_add_char(out, after);
}

static void add_files(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_buffer_add(out, IW_STR("  - name: Files\n    type: csv\n    description: >-\n"
                              "      Folder and names in it; Recursive Y: at any depth below; "
                              "Variables Y: %SystemRoot% and the like are\n      replaced. Add "
                              "web roots that lie elsewhere.\n    default: |\n" MARGIN
                              "Folder,Mask,Recursive,Variables\n"));
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form != IW_NEED_FILES)
            continue;
        iw_buffer_add(out, IW_STR(MARGIN));
        add_field(out, need->folder, ',');
        add_field(out, need->mask, ',');
        iw_buffer_add(out, need->is_recursive ? IW_STR("Y,") : IW_STR("N,"));
        iw_buffer_add(out, need->is_literal ? IW_STR("N\n") : IW_STR("Y\n"));
    }
}

static void add_commands(const struct iw_needs *needs, struct iw_buffer *out)
{
    struct iw_buffer command;
    iw_buffer_init(&command);
    iw_buffer_add(out, IW_STR("  - name: Commands\n    type: csv\n    description: Commands of "
                              "PowerShell that only read, and the names of what they print.\n    "
                              "default: |\n" MARGIN "File,Command\n"));
    for (size_t i = 0; i < needs->n; i++) {
        const struct iw_need *need = &needs->items[i];
        if (need->form != IW_NEED_COMMAND)
            continue;
        iw_buffer_clear(&command);
        if (need->needs_roots) {
            iw_buffer_add(&command, IW_STR("$roots = "));
            iw_collect_roots(needs, &command);
            iw_buffer_add(&command, IW_STR("; "));
        }
        iw_buffer_add(&command, need->command);
        if (command.failed)
            out->failed = true;
        iw_buffer_add(out, IW_STR(MARGIN));
        add_field(out, need->file, ',');
        add_field(out, iw_buffer_str(&command), '\n');
    }
    iw_buffer_done(&command);
}

static const char SOURCES[] =
    "sources:\n"
    "  - name: Files\n"
    "    query: |\n"
    "      LET Wanted = SELECT Mask,\n"
    "          if(condition=Variables = \"Y\", then=expand(path=Folder), else=Folder) AS Base,\n"
    "          if(condition=Recursive = \"Y\", then=[Mask, \"**/\" + Mask], else=[Mask]) AS Globs\n"
    "        FROM Files\n"
    "\n"
    "      LET Found = SELECT * FROM foreach(row=Wanted, query={\n"
    "          SELECT OSPath, Size, Mtime, IsDir\n"
    "          FROM glob(globs=Globs, root=Base, accessor=\"auto\")\n"
    "          WHERE NOT IsDir\n"
    "        })\n"
    "        GROUP BY OSPath\n"
    "\n"
    "      SELECT OSPath, Size, Mtime, upload(file=OSPath, accessor=\"auto\", mtime=Mtime) AS "
    "Upload\n"
    "      FROM Found\n"
    "\n"
    "  - name: Commands\n"
    "    query: |\n"
    "      SELECT * FROM foreach(row=Commands, query={\n"
    "          SELECT File, ReturnCode, Stderr,\n"
    "              upload(accessor=\"data\", file=Stdout, name=\"commands/\" + File) AS Upload\n"
    "          FROM execve(length=10000000, argv=[\"powershell.exe\", \"-NoProfile\",\n"
    "              \"-NonInteractive\", \"-EncodedCommand\",\n"
    "              base64encode(string=utf16_encode(string=\n"
    "                \"$OutputEncoding = [Console]::OutputEncoding = \" +\n"
    "                \"[Text.Encoding]::UTF8; & { \" + Command + \" } | Out-String -Width "
    "65536\"))])"
    "\n"
    "        })\n";

void iw_output_needs_velociraptor(const struct iw_needs *needs, struct iw_buffer *out)
{
    iw_collect_remark("Import as an artifact of its own; the zip of a collection is read by "
                      "iiswarden once it is unpacked.\n",
                      out);
    iw_collect_notes(needs, out);
    iw_buffer_add(out,
                  IW_STR("name: Custom.Windows.IISWarden.Collect\nauthor: IISWarden\n"
                         "description: |\n  What IISWarden reads of a Windows web server: event "
                         "logs, configuration, components,\n  registry, web roots and logs of "
                         "requests. Reads only. Web roots that lie elsewhere are added to\n  the "
                         "parameter Files: see every virtualDirectory in applicationHost.config."
                         "\n\ntype: CLIENT\n\nprecondition: SELECT OS FROM info() WHERE OS = "
                         "'windows'\n\nparameters:\n"));
    add_files(needs, out);
    add_commands(needs, out);
    iw_buffer_add_char(out, '\n');
    iw_buffer_add(out, iw_str_of(SOURCES));
}
