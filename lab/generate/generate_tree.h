/*
 * The files of a host, written into the folders of a collection. Used by lab_generate.c only.
 */
#ifndef IW_LAB_GENERATE_TREE_H
#define IW_LAB_GENERATE_TREE_H

#include "lab/generate/lab_output.h"

/* Configuration, history, modules and web files of the host as they are now, below folder/HOST;
 * with traces of acts when is_after. */
bool iw_lab_tree_write_files(struct iw_lab_host *host, const char *folder, bool is_after);

/* registry/iis.reg, where the host's registry is collected (generate_registry.c). */
bool iw_lab_tree_write_registry(struct iw_lab_host *host, const char *folder, bool is_after);

/* What tells of the telemetry: Sysmon's configuration, the audit policy (generate_settings.c). */
bool iw_lab_tree_write_settings(struct iw_lab_host *host, const char *folder);

/* The same in the forms `collect: settings` names (generate_proofs.c). */
bool iw_lab_tree_write_proofs(struct iw_lab_host *host, const char *folder);

/* A text as UTF-16LE with its mark, otherwise as iw_lab_tree_put (generate_registry.c). */
bool iw_lab_tree_put_utf16(struct iw_lab_host *host, const char *folder, const char *path,
                           const char *text, size_t size_bytes);

/* changes.yml, estate.yml and trust.pem in the directory, where there are such
 * (generate_records.c). */
bool iw_lab_tree_write_records(struct iw_lab_world *world, const char *directory);

/* One file below folder/HOST, made with its folders; time is a FILETIME or 0. */
bool iw_lab_tree_put(struct iw_lab_host *host, const char *folder, const char *path,
                     const uint8_t *bytes, size_t size_bytes, uint64_t time);

/* The head, acts and truth of a run (generate_truth.c). */
void iw_lab_manifest_begin(const struct iw_lab_world *world);
void iw_lab_manifest_end(const struct iw_lab_world *world);
/* A JSON string with quotes. */
void iw_lab_manifest_text(FILE *stream, const char *text);

#endif
