/*
 * Prints all keys and values of a hive, one a line, for tests that compare it with other tools:
 *   key TAB path TAB last write time
 *   value TAB path TAB name TAB type TAB data in hexadecimal
 * Exit status: 0; 1 when the file is no hive or has damage (which is named).
 */
#include <stdio.h>

#include "base/buffer.h"
#include "base/timestamp.h"
#include "iis/hive/hive.h"

#define MAX_STACK 65536

struct place {
    struct iw_hive_key key;
    struct iw_str path;
};

static struct place stack[MAX_STACK];

static void print_values(struct iw_hive *hive, const struct place *place)
{
    struct iw_hive_values values;
    (void)iw_hive_values(hive, &place->key, &values);
    for (uint32_t i = 0; i < values.n; i++) {
        const struct iw_hive_value *value = &values.items[i];
        printf("value\t%.*s\t%.*s\t%u\t", IW_STR_ARG(place->path), IW_STR_ARG(value->name),
               value->type);
        for (size_t j = 0; j < value->data.n; j++)
            printf("%02x", (unsigned)(uint8_t)value->data.p[j]);
        putchar('\n');
    }
}

static void print_key(const struct place *place)
{
    char time[IW_TIME_TEXT_BYTES];
    iw_time_format(place->key.written_ns, time);
    printf("key\t%.*s\t%.*s\n", IW_STR_ARG(place->path), (int)sizeof time, time);
}

static void print_all(struct iw_hive *hive, struct iw_arena *arena)
{
    size_t n = iw_hive_root(hive, &stack[0].key) == IW_HIVE_FOUND;
    stack[0].path = IW_STR("");
    while (n != 0) {
        struct place place = stack[--n];
        struct iw_hive_keys keys;
        print_key(&place);
        print_values(hive, &place);
        (void)iw_hive_keys(hive, &place.key, &keys);
        for (uint32_t i = 0; i < keys.n && n < MAX_STACK; i++) {
            struct iw_buffer path;
            iw_buffer_init(&path);
            iw_buffer_printf(&path, "%.*s\\%.*s", IW_STR_ARG(place.path),
                             IW_STR_ARG(keys.items[i].name));
            stack[n++] = (struct place){keys.items[i], iw_arena_copy(arena, iw_buffer_str(&path))};
            iw_buffer_done(&path);
        }
    }
}

int main(int argc, char **argv)
{
    struct iw_arena arena;
    struct iw_hive *hive = NULL;
    struct iw_error err;
    uint64_t n_damage = 0;

    iw_arena_init(&arena, 0);
    if (argc != 2 || iw_hive_open_file(argv[1], &arena, &hive, &err) != IW_OK) {
        fprintf(stderr, "hive_print: %s\n", argc == 2 ? err.message : "one file, please");
        iw_arena_done(&arena);
        return 1;
    }
    print_all(hive, &arena);
    n_damage = iw_hive_damage_total(hive);
    for (unsigned i = 0; i < IW_HIVE_DAMAGE_COUNT; i++) {
        const struct iw_hive_damage *damage = &iw_hive_info(hive)->damage[i];
        if (damage->count != 0)
            fprintf(stderr, "damage\t%s\t%llu\n",
                    iw_hive_damage_row((enum iw_hive_damage_kind)i)->name,
                    (unsigned long long)damage->count);
    }
    iw_hive_close(hive);
    iw_arena_done(&arena);
    return n_damage != 0;
}
