#include "result/inventory.h"

#include <string.h>

static const char *const FILE_STATES[IW_ITEM_FILE_STATE_COUNT] = {
    [IW_ITEM_FILE_NONE] = "none",
    [IW_ITEM_FILE_READ] = "read",
    [IW_ITEM_FILE_UNREADABLE] = "unreadable",
    [IW_ITEM_FILE_MISSING] = "missing",
    [IW_ITEM_FILE_NOT_COLLECTED] = "not-collected",
    [IW_ITEM_FILE_UNRESOLVED] = "unresolved",
    [IW_ITEM_FILE_REMOTE] = "remote",
};

static const char *const SIGNATURES[IW_ITEM_SIGNATURE_COUNT] = {
    [IW_ITEM_SIGNATURE_UNKNOWN] = "unknown",
    [IW_ITEM_SIGNATURE_ANCHORED] = "anchored",
    [IW_ITEM_SIGNATURE_UNANCHORED] = "unanchored",
    [IW_ITEM_SIGNATURE_TAMPERED] = "tampered",
    [IW_ITEM_SIGNATURE_CATALOGUE] = "catalogue",
    [IW_ITEM_SIGNATURE_NONE_EMBEDDED] = "none-embedded",
};

static const char *const APPROVALS[IW_APPROVAL_COUNT] = {
    [IW_APPROVAL_NOT_ASKED] = "not-asked",   [IW_APPROVAL_BASELINE] = "baseline",
    [IW_APPROVAL_APPROVED] = "approved",     [IW_APPROVAL_CHANGE_RECORD] = "change-record",
    [IW_APPROVAL_KNOWN_HASH] = "known-hash", [IW_APPROVAL_CATALOGUE] = "catalogue",
    [IW_APPROVAL_EXPIRED] = "expired",       [IW_APPROVAL_NONE] = "none",
};

void iw_inventory_init(struct iw_inventory *inventory)
{
    memset(inventory, 0, sizeof *inventory);
    iw_arena_init(&inventory->arena, 0);
}

void iw_inventory_done(struct iw_inventory *inventory)
{
    iw_arena_done(&inventory->arena);
    memset(inventory, 0, sizeof *inventory);
}

bool iw_inventory_reserve(struct iw_inventory *inventory, size_t n_more)
{
    struct iw_inventory_server *servers;
    if (n_more == 0)
        return true;
    servers = iw_arena_calloc(&inventory->arena, inventory->n_servers + n_more, sizeof *servers);
    if (servers == NULL)
        return false;
    if (inventory->n_servers != 0)
        memcpy(servers, inventory->servers, inventory->n_servers * sizeof *servers);
    inventory->servers = servers;
    return true;
}

struct iw_str iw_inventory_attribute(const struct iw_inventory_component *component,
                                     const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < component->attributes.n; i++) {
        struct iw_str line = component->attributes.items[i];
        if (line.n > n && line.p[n] == '=' && memcmp(line.p, name, n) == 0)
            return (struct iw_str){line.p + n + 1, line.n - n - 1};
    }
    return IW_STR("");
}

const char *iw_item_file_state_name(enum iw_item_file_state state)
{
    return FILE_STATES[state];
}

const char *iw_item_signature_name(enum iw_item_signature signature)
{
    return SIGNATURES[signature];
}

const char *iw_approval_name(enum iw_approval approval)
{
    return APPROVALS[approval];
}

const char *iw_item_known_name(enum iw_item_known known)
{
    static const char *const NAMES[] = {
        [IW_ITEM_KNOWN_NOT_ASKED] = "not-asked",
        [IW_ITEM_KNOWN_AS_IT_IS] = "yes",
        [IW_ITEM_KNOWN_NAME_OTHER_IMAGE] = "name-other-image",
        [IW_ITEM_KNOWN_IMAGE_OTHER_NAME] = "image-other-name",
        [IW_ITEM_KNOWN_VERSION_DISAGREES] = "version-disagrees",
        [IW_ITEM_KNOWN_UNKNOWN] = "no",
    };
    return NAMES[known];
}
