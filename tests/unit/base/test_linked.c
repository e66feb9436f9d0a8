/*
 * Linked lists: order, taking out at either end and in the middle, moving between lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/linked.h"

struct thing {
    int number;
    struct iw_link link;
};

/* The numbers of a list, forwards and backwards. */
static void list_is(const struct iw_linked *list, const int *numbers, size_t n)
{
    struct iw_link *link = list->first;
    for (size_t i = 0; i < n; i++, link = link->next) {
        assert_non_null(link);
        assert_ptr_equal(link->list, list);
        assert_int_equal(IW_LINKED_IN(link, struct thing, link)->number, numbers[i]);
    }
    assert_null(link);
    link = list->last;
    for (size_t i = n; i-- > 0; link = link->prev) {
        assert_non_null(link);
        assert_int_equal(IW_LINKED_IN(link, struct thing, link)->number, numbers[i]);
    }
    assert_null(link);
}

static void appended_and_removed(void **state)
{
    struct thing things[4] = {{.number = 1}, {.number = 2}, {.number = 3}, {.number = 4}};
    struct iw_linked list = {0}, other = {0};
    (void)state;
    list_is(&list, NULL, 0);
    for (size_t i = 0; i < 4; i++)
        iw_linked_append(&list, &things[i].link);
    list_is(&list, (const int[]){1, 2, 3, 4}, 4);
    iw_linked_remove(&things[1].link); /* in the middle */
    assert_null(things[1].link.list);
    list_is(&list, (const int[]){1, 3, 4}, 3);
    iw_linked_remove(&things[0].link); /* the first */
    iw_linked_remove(&things[3].link); /* the last */
    list_is(&list, (const int[]){3}, 1);
    iw_linked_append(&other, &things[3].link);
    iw_linked_remove(&things[2].link); /* the only one */
    list_is(&list, NULL, 0);
    iw_linked_append(&other, &things[2].link);
    list_is(&other, (const int[]){4, 3}, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(appended_and_removed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
