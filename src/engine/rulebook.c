/*
 * Compiling rules, the same for every command; and the two commands that need no evidence.
 */
#include "engine/rulebook.h"

#include "sigma/sigma_lint.h"

static enum iw_rc compile(struct iw_sigma_compiler *compiler, const struct iw_rule_choice *choice,
                          const struct iw_sigma_placeholders *placeholders,
                          struct iw_sigma_ruleset **ret, struct iw_error *err)
{
    const struct iw_sigma_options options = {.placeholders = placeholders,
                                             .takes_context = choice->takes_context,
                                             .runs_correlations =
                                                 choice->is_hunt || choice->takes_context,
                                             .defers_context = choice->is_hunt};
    iw_sigma_compiler_set_options(compiler, &options);
    if (!choice->no_builtin)
        IW_TRY(iw_sigma_compiler_add_builtin(compiler));
    for (size_t i = 0; i < choice->n_paths; i++)
        IW_TRY(iw_sigma_compiler_add_path(compiler, choice->paths[i], err));
    return iw_sigma_compiler_finish(compiler, ret);
}

enum iw_rc iw_rulebook_open(struct iw_rulebook *book, const struct iw_rule_choice *choice,
                            struct iw_run *run, struct iw_error *err)
{
    struct iw_sigma_placeholders *placeholders = NULL;
    struct iw_sigma_compiler *compiler;
    struct iw_error detail = {.rc = IW_OK};
    enum iw_rc rc;

    memset(book, 0, sizeof *book);
    if (iw_names_init(&book->names) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (choice->placeholders_path != NULL)
        IW_TRY(iw_sigma_placeholders_read(choice->placeholders_path, &placeholders, err));
    compiler = iw_sigma_compiler_new(&book->names, &run->rules);
    rc = compiler != NULL ? compile(compiler, choice, placeholders, &book->ruleset, &detail)
                          : IW_ENOMEM;
    iw_sigma_compiler_free(compiler);
    /* They are needed only while rules are read. */
    iw_sigma_placeholders_free(placeholders);
    if (rc == IW_EIO && err != NULL)
        *err = detail;
    else if (rc != IW_OK)
        (void)iw_error_set(err, rc, "no memory");
    return rc;
}

void iw_rulebook_close(struct iw_rulebook *book)
{
    iw_sigma_ruleset_free(book->ruleset);
    iw_names_done(&book->names);
    memset(book, 0, sizeof *book);
}

enum iw_rc iw_engine_rules_list(const struct iw_rule_choice *choice, struct iw_run *run,
                                struct iw_error *err)
{
    struct iw_rule_choice hunted = *choice;
    struct iw_rulebook book;
    enum iw_rc rc;
    hunted.is_hunt = true;
    rc = iw_rulebook_open(&book, &hunted, run, err);
    iw_rulebook_close(&book);
    return rc;
}

enum iw_rc iw_engine_rules_check(const struct iw_rule_choice *choice, struct iw_run *run,
                                 struct iw_rule_problems *problems, struct iw_error *err)
{
    struct iw_rule_choice hunted = *choice;
    struct iw_rulebook book;
    enum iw_rc rc;
    hunted.is_hunt = true;
    rc = iw_rulebook_open(&book, &hunted, run, err);
    if (rc == IW_OK) {
        rc = iw_sigma_lint(book.ruleset, &run->rules, &book.names, problems);
        if (rc != IW_OK)
            (void)iw_error_set(err, rc, "no memory");
    }
    iw_rulebook_close(&book);
    return rc;
}

const struct iw_rule_check *iw_engine_rule_checks(size_t *ret_n)
{
    return iw_sigma_checks(ret_n);
}
