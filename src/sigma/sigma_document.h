/**
 * One YAML document as a rule plan: metadata, log source, detection, condition.
 */
#ifndef IW_SIGMA_SIGMA_DOCUMENT_H
#define IW_SIGMA_SIGMA_DOCUMENT_H

#include "sigma/sigma_modifier.h"

/** What a document came to. */
struct iw_document {
    enum iw_rule_state state;
    struct iw_str id, title;
    struct iw_str level, log_source; /* as written: "high", "product/category/service" */
    struct iw_rule_plan *plan;       /* loaded only */
    char reason[256];                /* not loaded */
    uint32_t line, column;           /* of the trouble, or of the document */
    bool is_action;                  /* a Sigma 1 collection action: `global`, `repeat` */
    bool is_reset;                   /* the action `reset` */
    bool is_tests;                   /* no rule but tests of rules: passed over */
};

/** Reads a document. IW_OK, whatever its state; IW_ENOMEM. */
enum iw_rc iw_document_load(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_document *ret);

#endif
