/**
 * Inventories made by hand, their documents and comparisons. Everything lives in the rig.
 */
#ifndef IW_TESTS_UNIT_IIS_BASELINE_MAKE_H
#define IW_TESTS_UNIT_IIS_BASELINE_MAKE_H

#include "iis/baseline/baseline.h"

enum { BASELINE_MAKE_SERVERS = 4, BASELINE_MAKE_ITEMS = 12 };

struct baseline_make {
    struct iw_arena arena;
    struct iw_inventory inventory;
    struct iw_inventory_server servers[BASELINE_MAKE_SERVERS];
    struct iw_inventory_component components[BASELINE_MAKE_SERVERS][BASELINE_MAKE_ITEMS];
    struct iw_inventory_web_file web_files[BASELINE_MAKE_SERVERS][BASELINE_MAKE_ITEMS];
    struct iw_inventory_root roots[BASELINE_MAKE_SERVERS];
    struct iw_item_file files[BASELINE_MAKE_SERVERS][BASELINE_MAKE_ITEMS][2];
};

/** One authoritative server of that name, with a collected root `C:\inetpub\wwwroot` of "Default
 * Web Site". */
void baseline_make_begin(struct baseline_make *make, const char *host);
void baseline_make_end(struct baseline_make *make);
/** One more server; its number. */
size_t baseline_make_server(struct baseline_make *make, const char *host);

/** An entry of the server that was made last. */
struct iw_inventory_component *baseline_make_component(struct baseline_make *make, const char *kind,
                                                       const char *name, const char *image);
/** Gives the component its x64 twin: read, all bytes of its hash *byte*; -1: not collected. */
void baseline_make_hash(struct baseline_make *make, struct iw_inventory_component *component,
                        int byte);
struct iw_inventory_web_file *baseline_make_web_file(struct baseline_make *make, const char *path,
                                                     int byte);

/** The document; asserts that writing it twice gives the same bytes. Lives in *make*. */
struct iw_str baseline_make_document(struct baseline_make *make, bool is_farm,
                                     struct iw_text_list *ret_notes);
/** Compares *now* with the document, which must be readable. Lives in *now*. */
void baseline_make_compare(struct iw_str document, struct baseline_make *now, int64_t now_ns,
                           struct iw_baseline_differences *ret);
/** Is *part* in one of the texts? */
bool baseline_make_says(const struct iw_text_list *texts, const char *part);

#endif
