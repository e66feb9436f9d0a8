#include "evidence/sniff_text.h"

struct iw_str iw_sniff_narrow(struct iw_str head, char out[IW_SNIFF_TEXT_BYTES])
{
    bool has_mark =
        head.n >= 2 && (memcmp(head.p, "\xFF\xFE", 2) == 0 || memcmp(head.p, "\xFE\xFF", 2) == 0);
    size_t low, n = 0;
    if (head.n >= 3 && memcmp(head.p, "\xEF\xBB\xBF", 3) == 0)
        return (struct iw_str){head.p + 3, head.n - 3};
    if (!has_mark && (head.n < 4 || (head.p[0] == 0) == (head.p[1] == 0) ||
                      (head.p[1] == 0) != (head.p[3] == 0)))
        return head;
    low = has_mark ? (head.p[0] == '\xFE') : (head.p[0] == 0);
    for (size_t i = has_mark ? 2 : 0; i + 1 < head.n && n < IW_SNIFF_TEXT_BYTES; i += 2)
        out[n++] = head.p[i + 1 - low] == 0 ? head.p[i + low] : '?';
    return (struct iw_str){out, n};
}
