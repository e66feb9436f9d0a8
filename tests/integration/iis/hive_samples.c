/*
 * Writes hives for tests that compare readers and for fuzzing: hive_samples FOLDER. One a kind of
 * list, one of the time before big data; small ones (5 to 8) are without the large value.
 */
#include <stdio.h>

#include "tests/unit/iis/hive_make.h"

static uint8_t large[50000];
static const uint32_t number = 0x12345678;
static const char multi[] = "a\0\0\0b\0c\0\0\0\0";

static void fill(struct hive_make *make, bool is_small)
{
    uint32_t key = hive_make_path(make, "Microsoft\\InetStp");
    hive_make_text(make, key, "VersionString", 1, "Version 10.0");
    hive_make_text(make, key, "PathWWWRoot", 2, "%SystemDrive%\\inetpub\\wwwroot");
    hive_make_text(make, key, "", 1, "the default & more <text>");
    hive_make_dword(make, key, "MajorVersion", &number);
    hive_make_value(make, key, "Multi", 7, multi, sizeof multi);
    hive_make_value(make, key, "Qword", 11, "\1\2\3\4\5\6\7\10", 8);
    hive_make_value(make, key, "Binary", 3, large, 100);
    if (!is_small)
        hive_make_value(make, hive_make_path(make, "Large"), "Rules", 3, large, sizeof large);
    hive_make_path(make, "Classes\\CLSID\\{00000000-0000-0000-0000-000000000001}\\InprocServer32");
    make->keys[hive_make_path(make, "Wide")].is_wide = true;
}

int main(int argc, char **argv)
{
    static struct hive_make make;
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 31 + i / 257);
    for (int kind = 0; argc == 2 && kind < 9; kind++) {
        char path[4096];
        struct iw_str file;
        FILE *out;
        hive_make_init(&make);
        make.list = (enum hive_list)(kind < 5 ? kind % 4 : kind - 5);
        make.minor = kind == 4 ? 3 : 5;
        fill(&make, kind > 4);
        file = hive_make_finish(&make);
        if (snprintf(path, sizeof path, "%s/%d.hiv", argv[1], kind) >= (int)sizeof path ||
            (out = fopen(path, "wb")) == NULL)
            return 1;
        if (fwrite(file.p, 1, file.n, out) != file.n || fclose(out) != 0)
            return 1;
        hive_make_done(&make);
    }
    return argc == 2 ? 0 : 2;
}
