/*
 * Who may change a server, as the estate says, and who did all the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

/* Who may change the server is what the estate says; Windows itself is in nobody's list. */
static void accounts_that_nobody_lists(void **state)
{
    static const char ESTATE[] =
        "estate:\n  servers:\n    - host: WEB01\n"
        "      operators: ['CORP\\anna']\n      deployers: ['CORP\\deploy']\n";
    static const struct {
        const char *user;
        bool is_found;
    } USERS[] = {
        {"CORP\\eve", true},     {"CORP\\anna", false},   {"NT AUTHORITY\\SYSTEM", false},
        {"S-1-5-18", false},     {"CORP\\deploy", false}, {"", false},
        {"S-1-5-21-9-2", false}, /* anna's SID is not known: perhaps it is she */
    };
    struct rig *rig = *state;
    struct iw_estate *estate = iw_estate_new();
    assert_non_null(estate);
    assert_int_equal(iw_estate_add_yaml(estate, iw_str_of(ESTATE), "estate.yml", NULL), IW_OK);
    for (size_t i = 0; i < sizeof USERS / sizeof USERS[0]; i++) {
        struct iw_inventory_component *row;
        struct iw_server_fact *fact;
        rig_again(rig);
        row = rig_component(rig, "globalModule", "Good", "C:\\Program Files\\g\\g.dll");
        row->known = IW_ITEM_KNOWN_AS_IT_IS;
        row->approval = IW_APPROVAL_CATALOGUE;
        fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 2000);
        fact->configuration = IW_STR("/system.webServer/modules/add");
        fact->new_value = IW_STR("Good");
        fact->user = iw_str_of(USERS[i].user);
        rig_none(rig); /* no estate */
        rig->input.estate = estate;
        if (USERS[i].is_found)
            rig_one(rig, IW_LEVEL_MEDIUM,
                    "Changed by an account that the estate does not list: Good");
        else
            rig_none(rig);
    }
    iw_estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(accounts_that_nobody_lists, rig_setup, rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
