#include "detect/chain/chain_forms.h"

static bool take_record(struct iw_fact *fact, struct iw_str payload)
{
    struct iw_str record = iw_chain_fact_record(payload);
    if (record.n != sizeof fact->content)
        return false;
    memcpy(fact->content, record.p, sizeof fact->content);
    return true;
}

/* The event that says what the i-th variant says, unless one before it does. */
static bool is_new(const struct iw_fact *fact, size_t i)
{
    struct iw_str said = iw_chain_fact_said(fact->variants[i]);
    for (size_t before = 0; before < i; before++) {
        if (iw_str_equal(iw_chain_fact_said(fact->variants[before]), said))
            return false;
    }
    return !iw_str_equal(iw_chain_fact_said(fact->payload), said);
}

/* The record of whichever form of that event tells it. */
static void name_record(const struct iw_fact *fact, struct iw_fact *event)
{
    struct iw_str said = iw_chain_fact_said(event->payload);
    bool is_named = take_record(event, event->payload);
    for (size_t i = 0; i < fact->n_variants && !is_named; i++)
        is_named = iw_str_equal(iw_chain_fact_said(fact->variants[i]), said) &&
                   take_record(event, fact->variants[i]);
}

static enum iw_rc see_pretender(const struct iw_fact *fact, struct iw_str payload,
                                iw_chain_form_see *see, void *context, struct iw_error *err)
{
    struct iw_fact event = *fact;
    event.payload = payload;
    event.copies = NULL;
    event.variants = NULL;
    event.n_copies = event.n_variants = 0;
    event.n_copies_hidden = 0;
    name_record(fact, &event);
    return see(context, &event, err);
}

enum iw_rc iw_chain_forms_see(const struct iw_fact *fact, iw_chain_form_see *see, void *context,
                              struct iw_error *err)
{
    struct iw_fact event = *fact;
    if (!iw_chain_fact_says_all(iw_chain_fact_kind_of(fact->payload)))
        return see(context, fact, err);
    name_record(fact, &event);
    IW_TRY(see(context, &event, err));
    for (size_t i = 0; i < fact->n_variants; i++) {
        if (is_new(fact, i))
            IW_TRY(see_pretender(fact, fact->variants[i], see, context, err));
    }
    return IW_OK;
}
