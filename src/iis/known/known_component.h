/**
 * Is a component one of Microsoft's own? The shipped catalogue, by name *and* image (or managed
 * type) *and* what the file's version information says.
 *
 * A name alone never makes a component known, and neither does a file alone: what is asked for is
 * that both are as Microsoft registers them. Where the file is not in evidence the answer says that
 * it was not looked at. Version information can be copied by anybody; that it agrees proves
 * nothing, that it does not agree is a contradiction. The answer is a fact, not a judgment.
 *
 * Pure: tables are constant, any thread may ask.
 */
#ifndef IW_IIS_KNOWN_KNOWN_COMPONENT_H
#define IW_IIS_KNOWN_KNOWN_COMPONENT_H

#include "base/error.h"
#include "iis/config/components.h"

/** What the version information of one file behind the component says; empty where it has none. */
struct iw_known_version {
    struct iw_str company;
};

struct iw_known_question {
    enum iw_component_kind kind;
    struct iw_str name;
    struct iw_str image; /* normal form, as server_path.h makes it for a 64-bit process; of a native
                            module's entry in modules: that of its globalModules entry */
    struct iw_str arguments, type;
    struct iw_str path, modules;          /* of a handler, as written; modules empty: by default */
    const struct iw_known_version *files; /* those that were read; NULL when n_files is 0 */
    size_t n_files;
};

enum iw_known_state {
    IW_KNOWN_UNKNOWN = 0,
    IW_KNOWN,
    IW_KNOWN_NAME_OTHER_IMAGE, /* Microsoft's name, but not what Microsoft registers under it */
    IW_KNOWN_IMAGE_OTHER_NAME, /* Microsoft's image or type, under a name it does not give it */
    IW_KNOWN_BUT_VERSION_DISAGREES, /* name and image fit; a file does not say Microsoft */
    IW_KNOWN_STATE_COUNT
};

enum iw_known_check {
    IW_KNOWN_NOT_CHECKED = 0, /* no file was there to look at */
    IW_KNOWN_AGREES,
    IW_KNOWN_DISAGREES
};

struct iw_known_answer {
    enum iw_known_state state;
    enum iw_known_check check; /* of version information, whatever the state */
    const char *why;           /* one line; static, never NULL */
    const char *product;       /* of the row that fits best; static; NULL: none fits */
    const char *name;          /* as Microsoft writes it; static; NULL: none fits, or it has none */
    const char *image;         /* image or type of that row; static; NULL: it has none */
    bool is_unverified;        /* no first-hand source stands behind that row */
    bool name_case_differs;    /* the name fits but for letter case: a key of its own to IIS */
};

struct iw_known_answer iw_known_component(const struct iw_known_question *asked);

/**
 * The question about a component of a configuration.
 *
 * @param native_image  of a native module's entry in modules: image of its globalModules entry as
 *                      written, else empty (then such an entry is never known)
 * @param arena         for the normal form of the image
 * @return IW_OK or IW_ENOMEM; files of *ret are none, for the caller to add
 */
enum iw_rc iw_known_ask(const struct iw_component *component, struct iw_str native_image,
                        struct iw_arena *arena, struct iw_known_question *ret);

/** "unknown", "known", "nameOtherImage", "imageOtherName", "versionDisagrees". Never NULL. */
const char *iw_known_state_name(enum iw_known_state state);

#endif
