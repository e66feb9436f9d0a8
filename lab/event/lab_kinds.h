/*
 * Inside the catalogue: words in which the families of kinds (kinds_*.c) are written, and their
 * lists. Nobody but lab/event includes this.
 */
#ifndef IW_LAB_KINDS_H
#define IW_LAB_KINDS_H

#include "lab/event/lab_catalogue.h"

struct iw_lab_kind_family {
    const struct iw_lab_kind *kinds;
    size_t n_kinds;
};

extern const struct iw_lab_kind_family iw_lab_kinds_sysmon;
extern const struct iw_lab_kind_family iw_lab_kinds_security;
extern const struct iw_lab_kind_family iw_lab_kinds_other;

#define EVENTLOG_GUID "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}"
#define EVENTLOG_NAMESPACE "http://manifests.microsoft.com/win/2004/08/windows/eventlog"
#define AUDIT_SUCCESS 0x8020000000000000ULL
#define CLASSIC 0x80000000000000ULL
#define SYSTEM_KEYWORD 0x8080000000000000ULL
#define OPERATIONAL_KEYWORD 0x8000000000000000ULL

/* One field. Its recipe counts only in kinds with a weight; TEXT is for the others. */
#define STR(name, recipe)                                                                          \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_##recipe, NULL, 0                                  \
    }
#define CONSTANT(name, text)                                                                       \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_CONSTANT, text, 0                                  \
    }
#define CHOICE(name, texts)                                                                        \
    {                                                                                              \
        name, IW_LAB_TYPE_STRING, IW_LAB_RECIPE_CHOICE, texts, 0                                   \
    }
#define NUM(name, type, below)                                                                     \
    {                                                                                              \
        name, IW_LAB_TYPE_##type, IW_LAB_RECIPE_NUMBER, NULL, below                                \
    }
#define PID(name)                                                                                  \
    {                                                                                              \
        name, IW_LAB_TYPE_U32, IW_LAB_RECIPE_PROCESS_ID, NULL, 0                                   \
    }
#define PID_POINTER(name)                                                                          \
    {                                                                                              \
        name, IW_LAB_TYPE_SIZE, IW_LAB_RECIPE_PROCESS_ID, NULL, 0                                  \
    }
#define GUID(name)                                                                                 \
    {                                                                                              \
        name, IW_LAB_TYPE_GUID, IW_LAB_RECIPE_GUID, NULL, 0                                        \
    }
#define NO_GUID(name)                                                                              \
    {                                                                                              \
        name, IW_LAB_TYPE_GUID, IW_LAB_RECIPE_ZERO_GUID, NULL, 0                                   \
    }
#define LOGON_ID(name)                                                                             \
    {                                                                                              \
        name, IW_LAB_TYPE_HEX64, IW_LAB_RECIPE_LOGON_ID, NULL, 0                                   \
    }
#define SID(name)                                                                                  \
    {                                                                                              \
        name, IW_LAB_TYPE_SID, IW_LAB_RECIPE_SID, NULL, 0                                          \
    }
#define UNNAMED(n_items)                                                                           \
    {                                                                                              \
        NULL, IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY, IW_LAB_RECIPE_UNNAMED, NULL, n_items         \
    }
#define BINARY                                                                                     \
    {                                                                                              \
        "Binary", IW_LAB_TYPE_BINARY, IW_LAB_RECIPE_BINARY, NULL, 8                                \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, IW_LAB_TYPE_NULL, IW_LAB_RECIPE_CONSTANT, NULL, 0                                    \
    }
#define TEXT(name) CONSTANT(name, "-")

#define SUBJECT                                                                                    \
    SID("SubjectUserSid"), STR("SubjectUserName", USER), STR("SubjectDomainName", DOMAIN),         \
        LOGON_ID("SubjectLogonId")
#define N_OF(list) (sizeof(list) / sizeof(list)[0])

#endif
