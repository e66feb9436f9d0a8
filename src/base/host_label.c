#include "base/host_label.h"

struct iw_str iw_host_without_root(struct iw_str computer)
{
    if (computer.n > 1 && computer.p[computer.n - 1] == '.')
        computer.n--;
    return computer;
}

struct iw_str iw_host_label(struct iw_str computer)
{
    size_t dot = SIZE_MAX;
    bool has_letter = false;
    computer = iw_host_without_root(computer);
    for (size_t i = 0; i < computer.n; i++) {
        char c = iw_ascii_lower(computer.p[i]);
        if (c == ':')
            return computer; /* IPv6 */
        if (c == '.' && dot == SIZE_MAX)
            dot = i;
        has_letter = has_letter || (c != '.' && (c < '0' || c > '9'));
    }
    if (!has_letter || dot == SIZE_MAX || dot == 0)
        return computer; /* IPv4, or no domain */
    return (struct iw_str){computer.p, dot};
}
