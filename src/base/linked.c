#include "base/linked.h"

void iw_linked_append(struct iw_linked *list, struct iw_link *link)
{
    link->list = list;
    link->next = NULL;
    link->prev = list->last;
    if (list->last != NULL)
        list->last->next = link;
    else
        list->first = link;
    list->last = link;
}

void iw_linked_remove(struct iw_link *link)
{
    struct iw_linked *list = link->list;
    if (link->prev != NULL)
        link->prev->next = link->next;
    else
        list->first = link->next;
    if (link->next != NULL)
        link->next->prev = link->prev;
    else
        list->last = link->prev;
    link->list = NULL;
}
