/*
 * The tables of words.
 */
#include "iis/signature/signature_reason.h"

#include <assert.h>

static const struct iw_signature_words STATES[IW_SIGNATURE_STATE_COUNT] = {
    [IW_SIGNATURE_NONE_EMBEDDED] = {"none-embedded",
                                    "no embedded signature: signed by a catalogue, or not at all"},
    [IW_SIGNATURE_UNANCHORED] = {"unanchored", "claims a signature that proves no name"},
    [IW_SIGNATURE_ANCHORED] = {"anchored", "signed by the one it names"},
    [IW_SIGNATURE_TAMPERED] = {"tampered", "not what was signed"},
    [IW_SIGNATURE_CATALOGUE] = {"catalogue", "known to a catalogue"},
};

static const struct iw_signature_words WHYS[IW_WHY_COUNT] = {
    {"digest", "the file's bytes are not those that were signed"},
    {"content", "what the signature says of the file is not what the signer signed"},
    {"signature", "the signature does not fit its certificate"},
    {"no-anchor", "the chain ends in no certificate you trust"},
    {"expired", "a certificate had expired at the time that counts"},
    {"not-yet-valid", "a certificate was not valid yet at the time that counts"},
    {"usage", "a certificate is not for signing code"},
    {"chain", "a certificate of the chain does not hold"},
    {"no-certificate", "the signer's certificate is missing"},
    {"unreadable", "the signature cannot be read"},
    {"algorithm", "made with an algorithm that is not known here"},
    {"signers", "not exactly one signer"},
    {"weak", "a certificate of the chain is signed with MD5 or weaker"},
    {"limit", "larger than a limit allows"},
    {"time-unproved", "has a time stamp that proves no time"},
    {"unsigned-bytes", "the certificate table holds bytes that no signature covers"},
};

static const struct iw_signature_words DAMAGES[IW_SIGNATURE_DAMAGE_COUNT] = {
    [IW_SIGNATURE_DAMAGE_TABLE] = {"table", "certificate table that is not wholly in the file"},
    [IW_SIGNATURE_DAMAGE_BEHIND] = {"behind", "bytes behind the certificate table"},
    [IW_SIGNATURE_DAMAGE_ENTRY] = {"entry", "entry of the certificate table that contradicts it"},
    [IW_SIGNATURE_DAMAGE_KIND] = {"kind", "entry or content of a kind that is not read"},
    [IW_SIGNATURE_DAMAGE_DER] = {"der", "structure that is damaged or not what it should be"},
    [IW_SIGNATURE_DAMAGE_NAME] = {"name", "name with bytes that are no text, or cut"},
    [IW_SIGNATURE_DAMAGE_MEMBER] = {"member", "member of a catalogue without readable digest"},
    [IW_SIGNATURE_DAMAGE_LIMIT] = {"limit", "part cut off by a limit"},
};

const struct iw_signature_words *iw_signature_state_words(enum iw_signature_state state)
{
    assert((unsigned)state < IW_SIGNATURE_STATE_COUNT);
    return &STATES[state];
}

const struct iw_signature_words *iw_signature_why_words(unsigned bit)
{
    assert(bit < IW_WHY_COUNT);
    return &WHYS[bit];
}

const struct iw_signature_words *iw_signature_damage_words(enum iw_signature_damage_kind kind)
{
    assert((unsigned)kind < IW_SIGNATURE_DAMAGE_COUNT);
    return &DAMAGES[kind];
}
