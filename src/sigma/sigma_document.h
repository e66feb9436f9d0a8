/**
 * Documents of rule files: what each is, and what it came to on its own. What depends on other
 * documents (filters, correlations) is settled when all are read (sigma_link.h).
 */
#ifndef IW_SIGMA_SIGMA_DOCUMENT_H
#define IW_SIGMA_SIGMA_DOCUMENT_H

#include "sigma/sigma_correlation.h"
#include "sigma/sigma_filter.h"
#include "sigma/sigma_modifier.h"

/** What a document came to. */
struct iw_document {
    enum iw_rule_state state;
    enum iw_rule_kind kind;
    struct iw_str id, name, title, status;
    struct iw_str level, log_source;    /* as written: "high", "product/category/service" */
    struct iw_rule_plan *plan;          /* a rule, loaded */
    struct iw_filter *filter;           /* a filter, well formed */
    struct iw_correlation *correlation; /* a correlation, well formed */
    char reason[256];                   /* not loaded */
    uint32_t line, column;              /* of the trouble, or of the document */
};

/** Reads a document. IW_OK, whatever its state; IW_ENOMEM. */
enum iw_rc iw_document_load(const struct iw_load *load, const struct iw_yaml_node *root,
                            struct iw_document *ret);

/** What a document is refused for that cannot even be read as one: *err* says why. */
void iw_document_refuse(struct iw_document *doc, const struct iw_yaml_node *root,
                        const struct iw_error *err);

/** The text of a scalar, empty when *key* is not there or not text. */
struct iw_str iw_document_text(const struct iw_yaml_node *root, const char *key);
/** Texts of a list, or of one scalar; what is not text is passed over. IW_OK or IW_ENOMEM. */
enum iw_rc iw_document_texts(const struct iw_load *load, const struct iw_yaml_node *root,
                             const char *key, struct iw_text_list *ret);

#endif
