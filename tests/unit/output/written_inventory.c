/*
 * What the tests of inventory writers share.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "written_inventory.h"

struct iw_run run;
struct iw_buffer out;

static int begin(void (*fill)(struct iw_run *))
{
    iw_run_init(&run);
    iw_buffer_init(&out);
    if (fill != NULL)
        fill(&run);
    return 0;
}

int begin_sample(void **state)
{
    (void)state;
    return begin(sample_inventory_fill);
}

int begin_bare(void **state)
{
    (void)state;
    return begin(bare_inventory_fill);
}

int begin_hostile(void **state)
{
    (void)state;
    return begin(hostile_inventory_fill);
}

int begin_empty(void **state)
{
    (void)state;
    return begin(NULL);
}

int end(void **state)
{
    (void)state;
    iw_run_done(&run);
    iw_buffer_done(&out);
    return 0;
}

const char *shown(void)
{
    assert_false(out.failed);
    iw_buffer_add_char(&out, '\0');
    out.n--;
    return out.p;
}

void assert_shows(const char *text)
{
    if (strstr(shown(), text) == NULL)
        fail_msg("not shown: %s\nin:\n%s", text, out.p);
}

void assert_shows_not(const char *text)
{
    if (strstr(shown(), text) != NULL)
        fail_msg("shown: %s\nin:\n%s", text, out.p);
}
