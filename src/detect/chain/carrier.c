/*
 * Sources: where Windows has the services of DFS Replication, of
 * the File Replication Service and of Windows Server Backup; the vendors' own descriptions of where
 * their agents are installed.
 */
#include "detect/chain/carrier.h"

#include "base/path_name.h"
#include "detect/drive_path.h"

#define PLACES 6U

struct carrier {
    const char *name;
    const char *places[PLACES]; /* detect/drive_path.h; NULL from some place on */
    const char *words;
};

static const struct carrier REPLICATIONS[] = {
    {"dfsrs.exe", {"windows\\system32"}, "replication of folders (DFSR)"},
    {"ntfrs.exe", {"windows\\system32"}, "replication of folders (FRS)"},
};

static const struct carrier BACKUPS[] = {
    {"wbengine.exe", {"windows\\system32"}, "Windows Server Backup"},
    {"veeamagent.exe",
     {"program files\\common files\\veeam\\", "program files (x86)\\common files\\veeam\\",
      "program files\\veeam\\", "program files (x86)\\veeam\\"},
     "a backup agent (Veeam)"},
    {"veeam.endpoint.service.exe",
     {"program files\\veeam\\endpoint backup"},
     "a backup agent (Veeam)"},
    {"bpbkar32.exe", {"program files\\veritas\\netbackup\\bin"}, "a backup agent (NetBackup)"},
    {"tar32.exe", {"program files\\veritas\\netbackup\\bin"}, "a backup agent (NetBackup)"},
    {"beremote.exe",
     {"program files\\veritas\\backup exec\\", "program files\\symantec\\backup exec\\"},
     "a backup agent (Backup Exec)"},
    {"cbengine.exe",
     {"program files\\microsoft azure recovery services agent\\bin"},
     "a backup agent (Azure Backup)"},
    {"dpmra.exe",
     {"program files\\microsoft data protection manager\\dpm\\bin"},
     "a backup agent (Data Protection Manager)"},
};

/* NULL: it is none of these. */
static const char *words_of(const struct carrier *carriers, size_t n, struct iw_str image)
{
    struct iw_str name = iw_path_name(image);
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(name, iw_str_of(carriers[i].name)))
            return IW_PATH_IN(image, carriers[i].places) ? carriers[i].words : NULL;
    }
    return NULL;
}
#define WORDS_OF(carriers, image) words_of(carriers, sizeof(carriers) / sizeof(carriers)[0], image)

const char *iw_carrier_words(struct iw_str image)
{
    const char *words = WORDS_OF(REPLICATIONS, image);
    return words != NULL ? words : WORDS_OF(BACKUPS, image);
}

bool iw_carrier_restores(struct iw_str image)
{
    return WORDS_OF(BACKUPS, image) != NULL;
}
