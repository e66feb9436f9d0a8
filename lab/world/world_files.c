/*
 * Files of a host (see lab_world.h).
 *
 * What it does: a table by path (letters without case), what files of a name hold, bytes of
 * contents, and hashes of them. What it ignores: directories; a path is enough.
 */
#include "lab/lab_alloc.h"
#include "lab/sign/lab_sign.h"
#include "lab/world/lab_world.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define N_SLOTS 4096U
#define MAX_PATH_BYTES 500U
#define MAX_PART_BYTES 255U

bool iw_lab_is_path(const char *path)
{
    size_t length = strlen(path);
    bool has_drive = (path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z');
    if (!has_drive || path[1] != ':' || path[2] != '\\' || length > MAX_PATH_BYTES) {
        return false;
    }
    for (const char *c = path; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            return false;
        }
    }
    for (const char *part = path + 3;; part++) {
        size_t n = strcspn(part, "\\/:*?\"<>|");
        bool is_end = part[n] == '\0';
        if (n == 0 || n > MAX_PART_BYTES || part[n - 1] == '.' || part[n - 1] == ' ' ||
            (!is_end && part[n] != '\\')) {
            return false;
        }
        if (is_end) {
            return true;
        }
        part += n;
    }
}

static struct iw_lab_file **slot_of(const struct iw_lab_host *host, const char *path)
{
    return &host->file_slots[iw_lab_random_of_text(path) % N_SLOTS];
}

static struct iw_lab_file *find(const struct iw_lab_host *host, const char *path)
{
    struct iw_lab_file *file = host->file_slots == NULL ? NULL : *slot_of(host, path);
    while (file != NULL && strcasecmp(file->path, path) != 0) {
        file = file->next;
    }
    return file;
}

struct iw_lab_file *iw_lab_host_file(const struct iw_lab_host *host, const char *path)
{
    struct iw_lab_file *file = find(host, path);
    return file == NULL || file->is_deleted || file->is_phantom ? NULL : file;
}

bool iw_lab_host_has_lost(const struct iw_lab_host *host, const char *path)
{
    const struct iw_lab_file *file = find(host, path);
    return file != NULL && file->is_deleted;
}

struct iw_lab_file *iw_lab_file_put(struct iw_lab_host *host, const char *path,
                                    const struct iw_lab_content *content)
{
    if (host->file_slots == NULL) {
        host->file_slots = iw_lab_alloc_zeroed(N_SLOTS, sizeof(struct iw_lab_file *));
    }
    struct iw_lab_file *file = find(host, path);
    if (file == NULL) {
        struct iw_lab_file **slot = slot_of(host, path);
        file = iw_lab_arena_take(&host->arena, 1, sizeof *file);
        file->path = iw_lab_arena_copy(&host->arena, path);
        file->next = *slot;
        *slot = file;
        file->next_made = host->files;
        host->files = file;
        host->n_files++;
        file->created = host->now;
    } else if (file->is_deleted || file->is_phantom) {
        file->created = host->now;
    }
    file->content = *content;
    file->changed = host->now;
    file->act = host->world->act;
    file->is_compiled = false;
    file->is_inbox = false;
    file->is_deleted = false;
    file->is_phantom = false;
    file->is_hashed = false;
    file->shown = NULL;
    return file;
}

/* ---- contents */

static const struct {
    const char *ending;
    const char *magic;
    unsigned size_bytes;
} filled_kinds[] = {
    {".png", "\x89PNG\r\n\x1a\n", 2400},
    {".jpg", "\xff\xd8\xff\xe0", 5200},
    {".gif", "GIF89a", 900},
    {".ico", "", 1150},
    {".pdf", "%PDF-1.7\n", 9000},
    {".woff2", "wOF2", 7000},
    {".zip", "PK\x03\x04", 12000},
    {".docx", "PK\x03\x04", 14000},
};

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length >= n && strcasecmp(text + length - n, ending) == 0;
}

static struct iw_lab_content text_content(struct iw_lab_host *host, const char *format,
                                          const char *name)
{
    char text[1024];
    snprintf(text, sizeof text, "%s", format);
    char *place = strstr(text, "NAME");
    size_t room = place == NULL ? 0 : sizeof text - (size_t)(place - text);
    if (place != NULL) {
        char rest[1024];
        snprintf(rest, sizeof rest, "%.*s%s", 200, name, strstr(format, "NAME") + 4);
        snprintf(place, room, "%s", rest);
    }
    return (struct iw_lab_content){.kind = IW_LAB_CONTENT_TEXT,
                                   .text = iw_lab_host_intern(host, text)};
}

struct iw_lab_content iw_lab_content_by_name(struct iw_lab_host *host, const char *path)
{
    const char *name = strrchr(path, '\\') == NULL ? path : strrchr(path, '\\') + 1;
    uint64_t seed = iw_lab_random_of_text(path);
    for (size_t i = 0; i < sizeof filled_kinds / sizeof filled_kinds[0]; i++) {
        if (ends_with(name, filled_kinds[i].ending)) {
            return (struct iw_lab_content){.kind = IW_LAB_CONTENT_FILLED,
                                           .text = filled_kinds[i].magic,
                                           .size_bytes = filled_kinds[i].size_bytes +
                                                         seed % filled_kinds[i].size_bytes,
                                           .seed = seed};
        }
    }
    if (ends_with(name, ".dll") || ends_with(name, ".exe")) {
        return (struct iw_lab_content){
            .kind = IW_LAB_CONTENT_PE,
            .pe = {.kind = ends_with(name, ".dll") ? IW_LAB_PE_LIBRARY : IW_LAB_PE_PROGRAM,
                   .name = iw_lab_host_intern(host, name),
                   .timestamp = 1650000000U + (uint32_t)(seed % 100000000U),
                   .seed = seed,
                   .filling_bytes = 1024}};
    }
    if (ends_with(name, "web.config")) {
        return text_content(
            host,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n"
            "    <system.web>\r\n        <compilation targetFramework=\"4.8\" />\r\n"
            "        <httpRuntime targetFramework=\"4.8\" />\r\n    </system.web>\r\n"
            "</configuration>\r\n",
            name);
    }
    if (ends_with(name, ".aspx") || ends_with(name, ".ascx")) {
        return text_content(
            host,
            "<%@ Page Language=\"C#\" AutoEventWireup=\"true\" Title=\"NAME\" %>\r\n"
            "<asp:Content ID=\"Body\" runat=\"server\">\r\n    <h1>Welcome</h1>\r\n"
            "    <p>Synthetic page of an invented shop.</p>\r\n</asp:Content>\r\n",
            name);
    }
    if (ends_with(name, ".ashx") || ends_with(name, ".asmx")) {
        return text_content(host, "<%@ WebHandler Language=\"C#\" Class=\"Shop.NAME\" %>\r\n",
                            name);
    }
    return text_content(host, "/* NAME: synthetic content of an invented web site */\r\n", name);
}

struct iw_lab_content iw_lab_content_copy(struct iw_lab_host *host,
                                          const struct iw_lab_content *content)
{
    struct iw_lab_content copy = *content;
    if (content->kind == IW_LAB_CONTENT_CONFIG) {
        char *text = iw_lab_config_print(content->config);
        copy = (struct iw_lab_content){.kind = IW_LAB_CONTENT_TEXT,
                                       .text = iw_lab_arena_copy(&host->arena, text)};
        iw_lab_alloc_release(text);
    }
    return copy;
}

static uint8_t *fill(const struct iw_lab_content *content, size_t *size_bytes)
{
    struct iw_lab_random random = {.state = content->seed};
    size_t magic = content->text == NULL ? 0 : strlen(content->text);
    *size_bytes = magic + content->size_bytes;
    uint8_t *bytes = iw_lab_alloc_zeroed(*size_bytes + 1, 1);
    memcpy(bytes, content->text == NULL ? "" : content->text, magic);
    for (size_t i = magic; i < *size_bytes; i++) {
        bytes[i] = (uint8_t)(iw_lab_random_next(&random) >> 32);
    }
    return bytes;
}

uint8_t *iw_lab_content_bytes(const struct iw_lab_content *content, size_t *size_bytes)
{
    if (content->kind == IW_LAB_CONTENT_PE) {
        struct iw_lab_pe pe;
        iw_lab_pe_build(&pe, &content->pe);
        size_t middle = pe.size_bytes / 2;
        if (content->is_embedded) {
            iw_lab_sign_pe(&pe, content->signer);
        }
        pe.bytes[middle] ^= content->is_tampered ? 0xFF : 0;
        *size_bytes = pe.size_bytes;
        return pe.bytes;
    }
    if (content->kind == IW_LAB_CONTENT_FILLED) {
        return fill(content, size_bytes);
    }
    if (content->kind == IW_LAB_CONTENT_CONFIG) {
        char *text = iw_lab_config_print(content->config);
        *size_bytes = strlen(text);
        return (uint8_t *)text;
    }
    *size_bytes = strlen(content->text);
    return (uint8_t *)iw_lab_alloc_text(content->text, *size_bytes);
}

/* ---- hashes */

static size_t append_digest(char *out, size_t room, const char *name, const EVP_MD *kind,
                            const uint8_t *bytes, size_t size_bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n_bytes = 0;
    size_t used = (size_t)snprintf(out, room, "%s=", name);
    EVP_Digest(bytes, size_bytes, digest, &n_bytes, kind, NULL);
    for (unsigned i = 0; i < n_bytes; i++) {
        used += (size_t)snprintf(out + used, room - used, "%02X", digest[i]);
    }
    return used;
}

const char *iw_lab_host_hashes(struct iw_lab_host *host, const char *path)
{
    struct iw_lab_file *file = find(host, path);
    if (file == NULL ||
        file->is_deleted) { /* a program of Windows: invented, the same everywhere */
        struct iw_lab_content content = {.kind = IW_LAB_CONTENT_TEXT,
                                         .text = iw_lab_arena_copy(&host->arena, path)};
        file = iw_lab_file_put(host, path, &content);
        file->is_phantom = true;
        file->act = NULL;
    }
    if (!file->is_hashed) {
        char out[200];
        size_t size_bytes = 0;
        uint8_t *bytes = iw_lab_content_bytes(&file->content, &size_bytes);
        size_t used = append_digest(out, sizeof out, "SHA1", EVP_sha1(), bytes, size_bytes);
        used += append_digest(out + used, sizeof out - used, ",MD5", EVP_md5(), bytes, size_bytes);
        append_digest(out + used, sizeof out - used, ",SHA256", EVP_sha256(), bytes, size_bytes);
        iw_lab_alloc_release(bytes);
        if (file->hashes == NULL) {
            file->hashes = iw_lab_arena_take(&host->arena, sizeof out, 1);
        }
        memcpy(file->hashes, out, sizeof out);
        file->is_hashed = true;
    }
    return file->hashes;
}
