/*
 * Registry keys of a host as regedit exports them (see generate_tree.h).
 *
 * What it does: HOST/registry/iis.reg, UTF-16LE with its mark, the keys that decide what a web
 * server loads, in order; long binary values broken as regedit breaks them. A value that an act set
 * is a trace of it.
 * Format: "Windows Registry Editor Version 5.00", Microsoft's description of .reg files; hex(2) is
 * REG_EXPAND_SZ, hex(7) REG_MULTI_SZ, both UTF-16LE with their NULs.
 * What it ignores: keys nobody exports for IIS.
 */
#include "lab/evtx/lab_text.h"
#include "lab/generate/generate_tree.h"
#include "lab/lab_alloc.h"

#include <stdlib.h>
#include <string.h>

#define LINE_COLUMNS 76 /* a byte that ends beyond is the last of its line */

static bool is_exported(const char *path)
{
    static const char *const keys[] = {
        "HKLM\\SOFTWARE\\Microsoft\\InetStp\\", "HKLM\\SOFTWARE\\Classes\\CLSID\\",
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\",
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\WAS\\",
        "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment\\"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strncasecmp(path, keys[i], strlen(keys[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void put_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

/* The bytes of a text; in a list | parts the texts. column: where the line stands already. */
static void put_hex(FILE *out, const char *text, bool is_list, size_t column)
{
    size_t size_bytes = strlen(text);
    uint16_t *units = iw_lab_alloc_zeroed(size_bytes + 2, sizeof *units);
    size_t n_units = iw_lab_text_to_utf16(text, size_bytes, units) + (is_list ? 2 : 1);
    for (size_t i = 0; i < n_units * 2; i++) {
        unsigned unit = is_list && units[i / 2] == '|' ? 0 : units[i / 2];
        fprintf(out, "%02x", i % 2 == 0 ? unit & 0xFF : unit >> 8);
        column += 3;
        if (i + 1 < n_units * 2) {
            fputs(column > LINE_COLUMNS ? ",\\\r\n  " : ",", out);
            column = column > LINE_COLUMNS ? 2 : column;
        }
    }
    iw_lab_alloc_release(units);
}

static void put_value(FILE *out, const struct iw_lab_registry_value *value)
{
    const char *name = strrchr(value->path, '\\') + 1;
    bool is_default = strcmp(name, "(Default)") == 0;
    if (is_default) {
        fputc('@', out);
    } else {
        put_quoted(out, name);
    }
    size_t column = is_default ? 9 : strlen(name) + 10;
    if (strcmp(value->kind, "dword") == 0) {
        fprintf(out, "=dword:%08lx\r\n", strtoul(value->data, NULL, 0));
    } else if (strcmp(value->kind, "sz") == 0) {
        fputc('=', out);
        put_quoted(out, value->data);
        fputs("\r\n", out);
    } else {
        bool is_list = strcmp(value->kind, "multi") == 0;
        fputs(is_list ? "=hex(7):" : "=hex(2):", out);
        put_hex(out, value->data, is_list, column);
        fputs("\r\n", out);
    }
}

static size_t key_bytes(const char *path)
{
    return (size_t)(strrchr(path, '\\') - path);
}

static int compare_values(const void *a, const void *b)
{
    const struct iw_lab_registry_value *const *x = a, *const *y = b;
    size_t of_x = key_bytes((*x)->path), of_y = key_bytes((*y)->path);
    int order = strncasecmp((*x)->path, (*y)->path, of_x < of_y ? of_x : of_y);
    if (order != 0 || of_x != of_y) { /* a key stands before those below it */
        return order != 0 ? order : (of_x > of_y) - (of_x < of_y);
    }
    return strcasecmp((*x)->path + of_x, (*y)->path + of_y);
}

static void put_values(FILE *out, const struct iw_lab_registry_value *const *values, size_t n)
{
    fputs("Windows Registry Editor Version 5.00\r\n", out);
    for (size_t i = 0; i < n; i++) {
        size_t length = key_bytes(values[i]->path);
        if (i == 0 || key_bytes(values[i - 1]->path) != length ||
            strncasecmp(values[i]->path, values[i - 1]->path, length) != 0) {
            fprintf(out, "\r\n[HKEY_LOCAL_MACHINE%.*s]\r\n", (int)(length - 4),
                    values[i]->path + 4);
        }
        put_value(out, values[i]);
    }
    fputs("\r\n", out);
}

static void trace_value(struct iw_lab_host *host, const struct iw_lab_registry_value *value,
                        const char *data, const char *source)
{
    struct iw_lab_trace trace = {.act = value->act->id,
                                 .host = host->name,
                                 .source = source,
                                 .kind = "registry",
                                 .name = value->path,
                                 .image = data,
                                 .filetime = host->now};
    iw_lab_output_trace(host->world->options.output, &trace);
}

/* Each text of a list is a trace of its own; of a variable (`NAME=value`) the value is. */
static void trace_list(struct iw_lab_host *host, const struct iw_lab_registry_value *value,
                       const char *source)
{
    const char *at = value->data;
    while (*at != '\0') {
        size_t n = strcspn(at, "|");
        char *text = iw_lab_alloc_zeroed(n + 1, 1);
        char *sign;
        memcpy(text, at, n);
        sign = strchr(text, '=');
        trace_value(host, value, sign != NULL ? sign + 1 : text, source);
        iw_lab_alloc_release(text);
        at += n + (at[n] != '\0');
    }
}

static void trace_values(struct iw_lab_host *host,
                         const struct iw_lab_registry_value *const *values, size_t n,
                         const char *source)
{
    for (size_t i = 0; i < n; i++) {
        if (values[i]->act == NULL) {
            continue;
        }
        if (strcmp(values[i]->kind, "multi") == 0) {
            trace_list(host, values[i], source);
        } else {
            trace_value(host, values[i], values[i]->data, source);
        }
    }
}

bool iw_lab_tree_put_utf16(struct iw_lab_host *host, const char *folder, const char *path,
                           const char *text, size_t size_bytes)
{
    uint16_t *units = iw_lab_alloc_zeroed(size_bytes + 1, sizeof *units);
    uint8_t *bytes = iw_lab_alloc_zeroed(2 * size_bytes + 2, 1);
    size_t n_units = iw_lab_text_to_utf16(text, size_bytes, units);
    bytes[0] = 0xFF;
    bytes[1] = 0xFE;
    for (size_t i = 0; i < n_units; i++) {
        bytes[2 * i + 2] = (uint8_t)(units[i] & 0xFF);
        bytes[2 * i + 3] = (uint8_t)(units[i] >> 8);
    }
    bool ok = iw_lab_tree_put(host, folder, path, bytes, 2 * n_units + 2, 0);
    iw_lab_alloc_release(bytes);
    iw_lab_alloc_release(units);
    return ok;
}

bool iw_lab_tree_write_registry(struct iw_lab_host *host, const char *folder, bool is_after)
{
    const struct iw_lab_registry_value **values;
    char *text = NULL;
    char source[64];
    size_t size_bytes = 0, n = 0;
    bool is_only = is_after && host->world->options.is_only_4688;
    if (!host->collection.has_registry || is_only ||
        iw_lab_world_is_without(host->world, "configuration")) {
        return true;
    }
    for (struct iw_lab_registry_value *value = host->registry; value != NULL; value = value->next) {
        n++;
    }
    values = iw_lab_alloc_zeroed(n + 1, sizeof *values);
    n = 0;
    for (struct iw_lab_registry_value *value = host->registry; value != NULL; value = value->next) {
        if (is_exported(value->path)) {
            values[n++] = value;
        }
    }
    qsort(values, n, sizeof *values, compare_values);
    FILE *out = open_memstream(&text, &size_bytes);
    put_values(out, values, n);
    fclose(out);
    bool ok = iw_lab_tree_put_utf16(host, folder, "registry/iis.reg", text, size_bytes);
    snprintf(source, sizeof source, "%s/registry/iis.reg", host->name);
    if (ok && is_after && host->world->options.output->manifest != NULL) {
        trace_values(host, values, n, source);
    }
    free(text);
    iw_lab_alloc_release(values);
    return ok;
}
