/*
 * The truth of lineage: a line for every process that starts, whatever is logged of it (members in
 * lab/score/README.md).
 */
#include "lab/evtx/lab_text.h"
#include "lab/generate/generate_tree.h"

static void put(FILE *stream, const char *key, const char *text)
{
    fprintf(stream, ",\"%s\":", key);
    if (text == NULL) {
        fputs("null", stream);
    } else {
        iw_lab_manifest_text(stream, text);
    }
}

static void put_logon(FILE *stream, const struct iw_lab_session *session)
{
    fprintf(stream, ",\"elevated\":%s", session->is_privileged ? "true" : "false");
    fputs(",\"user\":\"", stream);
    for (const char *at = session->domain; *at != '\0'; at++) { /* names of scenarios are plain */
        fputc(*at, stream);
    }
    fprintf(stream, "\\\\%s\"", session->user);
    put(stream, "sid", session->sid);
    put(stream, "logon_id", session->logon_id);
    put(stream, "logon_type", session->type);
    put(stream, "address", session->address);
}

void iw_lab_output_process(const struct iw_lab_host *host, const struct iw_lab_process *process,
                           const struct iw_lab_process *parent)
{
    const struct iw_lab_output *output = host->world->options.output;
    char time[32];
    if (output == NULL || output->lineage == NULL || host->is_copy) {
        return;
    }
    FILE *stream = output->lineage;
    iw_lab_text_print_time(iw_lab_host_time(host), time);
    fprintf(stream, "{\"type\":\"process\",\"pid\":%u,\"parent_pid\":%u", process->number,
            parent->number);
    put(stream, "host", host->name);
    put(stream, "time", time);
    put(stream, "guid", process->guid);
    put(stream, "image", process->image);
    put(stream, "parent_guid", parent->guid);
    put(stream, "parent_image", parent->image);
    put(stream, "worker_guid", process->worker_pool != NULL ? process->worker_guid : NULL);
    put(stream, "pool", process->worker_pool);
    put_logon(stream, process->session);
    fputs("}\n", stream);
}
