/*
 * Verbs of files (see lab/scenarios/README.md).
 */
#include "lab/act/lab_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- contents */

static const char shell_page[] =
    "<%@ Page Language=\"C#\" %>\r\n<%@ Import Namespace=\"System.Diagnostics\" %>\r\n"
    "<%-- IISWARDEN-LAB SYNTHETIC: marks of a web shell, inert --%>\r\n<script "
    "runat=\"server\">\r\n"
    "void Page_Load(object s, EventArgs e) {\r\n"
    "    // ProcessStartInfo(\"cmd.exe\", \"/c \" + Request[\"c\"]) is what it would start\r\n"
    "    string c = Request[\"c\"]; Response.Write(\"<pre></pre>\");\r\n}\r\n</script>\r\n";
static const char shell_handler[] =
    "<%@ WebHandler Language=\"C#\" Class=\"H\" %>\r\n"
    "// IISWARDEN-LAB SYNTHETIC: marks of a web shell, inert: "
    "Assembly.Load(Convert.FromBase64String("
    "Request[\"k\"]))\r\npublic class H : System.Web.IHttpHandler {\r\n"
    "    public void ProcessRequest(System.Web.HttpContext c) { }\r\n"
    "    public bool IsReusable { get { return false; } }\r\n}\r\n";
static const char shell_asp[] =
    "<% ' IISWARDEN-LAB SYNTHETIC: marks of a web shell, inert: eval request(\"c\") %>\r\n";
static const char shell_php[] = "<?php /* IISWARDEN-LAB SYNTHETIC: marks of a web shell, inert: "
                                "system($_REQUEST['c']) */ ?>\r\n";

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length >= n && strcasecmp(text + length - n, ending) == 0;
}

static const char *shell_of(const char *path)
{
    return ends_with(path, ".ashx") || ends_with(path, ".asmx") ? shell_handler
           : ends_with(path, ".asp") || ends_with(path, ".cer") ? shell_asp
           : ends_with(path, ".php")                            ? shell_php
                                                                : shell_page;
}

static bool read_module(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                        const char *word, const char *path, struct iw_lab_content *content)
{
    struct iw_lab_pe_options *pe = &content->pe;
    struct iw_lab_world *world = play->host->world;
    uint64_t seed = iw_lab_random_of_text(path) + world->random.state;
    const char *bitness = iw_lab_yaml_text(play->yaml, node, "bitness", "64");
    const char *name = strrchr(path, '\\') == NULL ? path : strrchr(path, '\\') + 1;
    memset(content, 0, sizeof *content);
    content->kind = IW_LAB_CONTENT_PE;
    if (!iw_lab_pe_kind_named(word, &pe->kind)) {
        return iw_lab_world_fail(world, node, "no kind of module or program: %s", word);
    }
    if (!iw_lab_yaml_is_word("64 32", bitness)) {
        return iw_lab_world_fail(world, node, "bitness is 64 or 32");
    }
    if (!iw_lab_yaml_number(play->yaml, node, "seed", UINT32_MAX, &seed, world->error)) {
        return !(world->is_failed = true);
    }
    pe->name = iw_lab_arena_copy(&play->host->arena, name);
    pe->is_32 = strcmp(bitness, "32") == 0;
    pe->company = iw_lab_yaml_text(play->yaml, node, "company", NULL);
    pe->product = iw_lab_yaml_text(play->yaml, node, "product", NULL);
    pe->description = iw_lab_yaml_text(play->yaml, node, "description", NULL);
    pe->version = iw_lab_yaml_text(play->yaml, node, "version", NULL);
    pe->original_name = iw_lab_yaml_text(play->yaml, node, "original_name", NULL);
    pe->type_name = iw_lab_yaml_text(play->yaml, node, "type", NULL);
    pe->timestamp = 1740000000U + (uint32_t)(seed % 20000000U);
    pe->seed = seed;
    content->signer = iw_lab_yaml_text(play->yaml, node, "signer", NULL);
    content->is_embedded = content->signer != NULL;
    world->has_signed = world->has_signed || content->is_embedded;
    if (!iw_lab_yaml_flag(play->yaml, node, "tampered", &content->is_tampered, world->error)) {
        return !(world->is_failed = true);
    }
    return !content->is_tampered || content->is_embedded ||
           iw_lab_world_fail(world, node, "only what has a signer can be tampered with");
}

static bool read_size(const char *text, uint64_t *size_bytes)
{
    char *end = NULL;
    if (strspn(text, "0123456789") > 9) {
        return false;
    }
    *size_bytes = strtoull(text, &end, 10);
    if (*end == 'k' || *end == 'M') {
        *size_bytes <<= *end == 'k' ? 10 : 20;
        end++;
    }
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *size_bytes <= (64U << 20);
}

bool iw_lab_play_content(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                         const char *path, struct iw_lab_content *content)
{
    struct iw_lab_world *world = play->host->world;
    *content = iw_lab_content_by_name(play->host, path);
    if (node == NULL) {
        return true;
    }
    if (!iw_lab_yaml_check(play->yaml, node,
                           "page text module program copy_of size bitness company product "
                           "description version original_name seed signer tampered type",
                           world->error)) {
        return !(world->is_failed = true);
    }
    const char *page = iw_lab_yaml_text(play->yaml, node, "page", NULL);
    const char *text = iw_lab_yaml_text(play->yaml, node, "text", NULL);
    const char *copy = iw_lab_yaml_text(play->yaml, node, "copy_of", NULL);
    const char *size = iw_lab_yaml_text(play->yaml, node, "size", NULL);
    const char *module = iw_lab_yaml_text(play->yaml, node, "module",
                                          iw_lab_yaml_text(play->yaml, node, "program", NULL));
    if (page != NULL && strcmp(page, "shell") != 0 && strcmp(page, "plain") != 0) {
        return iw_lab_world_fail(world, node, "a page is shell or plain");
    }
    if (copy != NULL) {
        const struct iw_lab_file *original = iw_lab_host_file(play->host, copy);
        if (original == NULL) {
            return iw_lab_world_fail(world, node, "there is no file %s", copy);
        }
        *content = iw_lab_content_copy(play->host, &original->content);
        content->signer = original->is_inbox ? "Microsoft Windows" : content->signer;
    } else if (size != NULL) {
        *content = (struct iw_lab_content){.kind = IW_LAB_CONTENT_FILLED,
                                           .seed = iw_lab_random_of_text(path)};
        return read_size(size, &content->size_bytes) ||
               iw_lab_world_fail(world, node, "no size: %s (as 20k)", size);
    } else if (module != NULL) {
        return read_module(play, node, module, path, content);
    } else if (text != NULL || (page != NULL && strcmp(page, "shell") == 0)) {
        *content = (struct iw_lab_content){.kind = IW_LAB_CONTENT_TEXT,
                                           .text = text != NULL ? text : shell_of(path)};
    }
    return true;
}

/* ---- verbs */

static struct iw_lab_file *need_file(const struct iw_lab_play *play)
{
    const char *path = iw_lab_play_path(play, "file");
    struct iw_lab_file *file = path == NULL ? NULL : iw_lab_host_file(play->host, path);
    if (path != NULL && file == NULL) {
        iw_lab_play_fail(play, "there is no file %s on %s", path, play->host->name);
    }
    return file;
}

static bool play_write(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *path = process == NULL ? NULL : iw_lab_play_path(play, "file");
    struct iw_lab_content content;
    if (path == NULL ||
        !iw_lab_play_content(play, iw_lab_yaml_get(play->yaml, play->act->details, "content"), path,
                             &content)) {
        return false;
    }
    struct iw_lab_file *file = iw_lab_file_put(play->host, path, &content);
    file->shown = iw_lab_arena_copy(&play->host->arena, iw_lab_play_text(play, "shown", NULL));
    iw_lab_log_file_created(play->host, process, file);
    return true;
}

static bool play_modify(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    struct iw_lab_content content;
    if (file == NULL ||
        !iw_lab_play_content(play, iw_lab_yaml_get(play->yaml, play->act->details, "content"),
                             file->path, &content)) {
        return false;
    }
    uint64_t created = file->created;
    file = iw_lab_file_put(play->host, file->path, &content);
    file->created = created;
    iw_lab_log_file_modified(play->host, process, file->path);
    return true;
}

static bool play_rename(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    const char *to = file == NULL ? NULL : iw_lab_play_path(play, "to");
    if (to == NULL) {
        return false;
    }
    if (iw_lab_host_file(play->host, to) != NULL) {
        return iw_lab_play_fail(play, "there is a file %s already", to);
    }
    struct iw_lab_file *moved = iw_lab_file_put(play->host, to, &file->content);
    moved->created = file->created;
    moved->changed = file->changed;
    file->is_deleted = true;
    iw_lab_log_file_renamed(play->host, process, file->path, moved->path);
    return true;
}

static bool play_copy(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    const char *to = file == NULL ? NULL : iw_lab_play_path(play, "to");
    if (to == NULL) {
        return false;
    }
    struct iw_lab_content content = iw_lab_content_copy(play->host, &file->content);
    return iw_lab_deed_write(play->host, process, to, &content) != NULL;
}

static bool play_delete(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    return file != NULL && iw_lab_deed_delete(play->host, process, file->path);
}

static bool play_stream(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    struct iw_lab_content content;
    if (file == NULL ||
        !iw_lab_play_content(play, iw_lab_yaml_get(play->yaml, play->act->details, "content"),
                             iw_lab_play_text(play, "stream", ""), &content)) {
        return false;
    }
    iw_lab_log_stream(play->host, process, file->path, iw_lab_play_text(play, "stream", ""),
                      content.kind == IW_LAB_CONTENT_TEXT ? content.text : "");
    return true;
}

static bool play_set_time(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    struct iw_lab_file *file = process == NULL ? NULL : need_file(play);
    const char *text = iw_lab_play_text(play, "created", "");
    uint64_t created = 0;
    if (file == NULL) {
        return false;
    }
    if (!iw_lab_scenario_read_time(play->host->world->scenario, text, &created)) {
        return iw_lab_play_fail(play, "no time: %s", text);
    }
    iw_lab_log_file_time(play->host, process, file->path, created, file->created);
    file->created = file->changed = created;
    file->act = play->act;
    return true;
}

/* C$ is drive C, ADMIN$ its Windows; where other shares are nobody knows. */
static bool is_below_share(const char *path, const char *share)
{
    if (strcasecmp(share, "ADMIN$") == 0) {
        return strncasecmp(path, "C:\\Windows\\", 11) == 0;
    }
    return *share != '\0' &&
           (strlen(share) != 2 || share[1] != '$' || strncasecmp(path, share, 1) == 0);
}

static bool play_smb_write(struct iw_lab_play *play)
{
    const struct iw_lab_session *session = iw_lab_play_session(play, "session");
    const char *path = session == NULL ? NULL : iw_lab_play_path(play, "file");
    struct iw_lab_content content;
    if (path == NULL ||
        !iw_lab_play_content(play, iw_lab_yaml_get(play->yaml, play->act->details, "content"), path,
                             &content)) {
        return false;
    }
    if (strcmp(session->type, "3") != 0) {
        return iw_lab_play_fail(play, "a file comes over SMB in a network logon (type 3)");
    }
    const char *share = iw_lab_play_text(play, "share", "C$");
    if (!is_below_share(path, share)) {
        return iw_lab_play_fail(play, "%s is not below the share %s", path, share);
    }
    struct iw_lab_file *file = iw_lab_file_put(play->host, path, &content);
    iw_lab_log_share_write(play->host, session, share, file);
    return true;
}

const struct iw_lab_verb iw_lab_verbs_file[] = {
    {"write", "by* file* content:map shown", play_write},
    {"modify", "by* file* content:map", play_modify},
    {"rename", "by* file* to*", play_rename},
    {"copy", "by* file* to*", play_copy},
    {"delete", "by* file*", play_delete},
    {"stream", "by* file* stream* content:map", play_stream},
    {"set-time", "by* file* created*", play_set_time},
    {"smb-write", "file* session* share content:map", play_smb_write},
    {NULL, NULL, NULL}};
