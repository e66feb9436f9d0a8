/*
 * Files that say what a host logs. The first byte says which kind the rest is, or that it is the
 * operator's word. Whatever it is: reading ends, an error has words, and what is asked of it gets
 * an answer in one line of valid UTF-8 that never claims more than its parts.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/utf.h"
#include "coverage/proofs.h"

#define N_KINDS 5U

static const struct iw_sense_subject SUBJECTS[] = {
    {.path = {"C:\\inetpub\\wwwroot", 18}, .is_folder = true},
    {.path = {"C:\\inetpub\\wwwroot\\a.aspx", 25}, .image = {"System", 6}},
    {.image = {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", 36}},
    {.parent_image = {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", 36}},
    {.path = {"", 0}},
};

static void require_line(struct iw_str text)
{
    FUZZ_REQUIRE(iw_utf8_valid(text));
    for (size_t i = 0; i < text.n; i++)
        FUZZ_REQUIRE((unsigned char)text.p[i] >= 0x20 && text.p[i] != 0x7F);
}

static void require_answer(const struct iw_proof_answer *answer)
{
    FUZZ_REQUIRE(answer->state <= IW_PROOF_NOT_LOGGED);
    FUZZ_REQUIRE(answer->state == IW_PROOF_SILENT || (answer->why.n != 0 && answer->source.n != 0));
    require_line(answer->source);
    FUZZ_REQUIRE(!answer->is_in_force || answer->from_ns == 5);
}

static void ask_all(const struct iw_proofs *proofs)
{
    struct iw_arena scratch;
    iw_arena_init(&scratch, 0);
    for (unsigned sense = 0; sense < IW_SENSE_COUNT; sense++) {
        for (size_t i = 0; i < sizeof SUBJECTS / sizeof SUBJECTS[0]; i++) {
            struct iw_proof_answer answer;
            FUZZ_REQUIRE(iw_proofs_ask(proofs, IW_STR("web01"), (enum iw_sense)sense, &SUBJECTS[i],
                                       i % 2 == 0 ? IW_TIME_UNKNOWN : 6, &scratch,
                                       &answer) == IW_OK);
            require_answer(&answer);
            require_line(answer.why);
            iw_arena_reset(&scratch);
        }
    }
    iw_arena_done(&scratch);
}

static enum iw_rc add(struct iw_proofs *proofs, unsigned kind, struct iw_str bytes,
                      struct iw_error *err)
{
    const struct iw_proof_place place = {IW_STR("web01"), IW_STR("a.xml")};
    if (kind == N_KINDS - 1)
        return iw_proofs_add_telemetry(proofs, bytes, "t.yml", err);
    return iw_proofs_add_file(proofs, (enum iw_proof_file_kind)kind, bytes, &place, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_error err = {.rc = IW_OK};
    const struct iw_proof_note *notes;
    enum iw_rc rc;
    size_t n;
    FUZZ_REQUIRE(proofs != NULL);
    if (size > 1) {
        struct iw_str bytes = {(const char *)data + 1, size - 1};
        rc = add(proofs, data[0] % N_KINDS, bytes, &err);
        FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT || rc == IW_ELIMIT || rc == IW_ERULE);
        FUZZ_REQUIRE(rc == IW_OK || (err.rc == rc && err.message[0] != '\0'));
        FUZZ_REQUIRE(iw_proofs_settle(proofs) == IW_OK);
        ask_all(proofs);
        FUZZ_REQUIRE(iw_proofs_config_in_force(proofs, IW_STR("WEB01"), bytes, 5, NULL) == IW_OK);
        ask_all(proofs);
        notes = iw_proofs_notes(proofs, &n);
        for (size_t i = 0; i < n; i++)
            require_line(notes[i].what);
    }
    iw_proofs_free(proofs);
    return 0;
}
