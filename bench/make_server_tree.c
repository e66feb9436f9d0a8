/*
 * Writes a collected server for measuring: applicationHost.config, and in the folders of its one
 * site web.config files and assemblies. Synthetic, and the same bytes for the same numbers.
 *
 *   make_server_tree DIR [N_CONFIGS [N_DLLS]]     default 1000 and 10000
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lab/pe/lab_pe.h"

#define PATH_BYTES 1024

/* Programs of 20 to 180 kB, as modules and assemblies are. */
static const uint32_t FILLING_BYTES[] = {20000, 40000, 60000, 100000, 180000};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            die(path);
        *at = '/';
    }
}

static void put(char *path, const void *bytes, size_t n)
{
    FILE *stream;
    make_folders(path);
    stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes, 1, n, stream) != n || fclose(stream) != 0)
        die(path);
}

static void put_server(const char *folder)
{
    static const char TEXT[] =
        "<configuration><system.applicationHost><applicationPools><add name=\"P\"/>"
        "</applicationPools><sites><site name=\"S\" id=\"1\"><application path=\"/\" "
        "applicationPool=\"P\"><virtualDirectory path=\"/\" physicalPath=\"C:\\web\"/>"
        "</application></site></sites></system.applicationHost></configuration>";
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path,
                   "%s/WEB01/C/Windows/System32/inetsrv/config/applicationHost.config", folder);
    put(path, TEXT, sizeof TEXT - 1);
}

static void put_config(const char *folder, unsigned long i)
{
    char path[PATH_BYTES], text[2048];
    int n = snprintf(text, sizeof text,
                     "<?xml version=\"1.0\"?>\n<configuration>\n  <system.webServer>\n"
                     "    <modules>\n      <add name=\"M%lu\" type=\"App%lu.Module, App%lu\"/>\n"
                     "    </modules>\n    <handlers>\n      <add name=\"H%lu\" path=\"*.h%lu\" "
                     "verb=\"*\" type=\"App%lu.Handler, App%lu\"/>\n    </handlers>\n"
                     "  </system.webServer>\n</configuration>\n",
                     i, i, i, i, i, i, i);
    (void)snprintf(path, sizeof path, "%s/WEB01/C/web/app%lu/web.config", folder, i);
    put(path, text, (size_t)n);
}

static void put_dll(const char *folder, unsigned long i, unsigned long n_configs)
{
    struct iw_lab_pe_options options = {
        .kind = i % 20 == 0 ? IW_LAB_PE_MANAGED_MODULE : IW_LAB_PE_LIBRARY,
        .company = "Contoso",
        .version = "1.2.3.4",
        .seed = i,
        .filling_bytes = FILLING_BYTES[i % (sizeof FILLING_BYTES / sizeof FILLING_BYTES[0])],
    };
    char path[PATH_BYTES];
    struct iw_lab_pe pe;
    (void)snprintf(path, sizeof path, "%s/WEB01/C/web/app%lu/bin/lib%lu.dll", folder,
                   n_configs != 0 ? i % n_configs : 0, i);
    iw_lab_pe_build(&pe, &options);
    put(path, pe.bytes, pe.size_bytes);
    iw_lab_pe_done(&pe);
}

int main(int argc, char **argv)
{
    unsigned long n_configs = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
    unsigned long n_dlls = argc > 3 ? strtoul(argv[3], NULL, 10) : 10000;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: make_server_tree DIR [N_CONFIGS [N_DLLS]]\n");
        return 64;
    }
    put_server(argv[1]);
    for (unsigned long i = 0; i < n_configs; i++)
        put_config(argv[1], i);
    for (unsigned long i = 0; i < n_dlls; i++)
        put_dll(argv[1], i, n_configs);
    return 0;
}
