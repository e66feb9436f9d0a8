#include "coverage/link_root.h"

#include "base/path_name.h"

static const struct iw_link_root *find(const struct iw_link_host *host, struct iw_str key)
{
    size_t low = 0, high = host->n_roots;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(host->roots[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low != host->n_roots && iw_str_equal(host->roots[low].key, key) ? &host->roots[low]
                                                                           : NULL;
}

const struct iw_link_root *iw_link_root_of(const struct iw_link_host *host, struct iw_str key)
{
    const struct iw_link_root *root = NULL;
    for (size_t n = key.n; n != 0 && root == NULL; n--) {
        if (n == key.n || key.p[n] == '\\')
            root = find(host, (struct iw_str){key.p, n});
    }
    return root;
}

const struct iw_link_root *iw_link_root_around(const struct iw_link_host *host,
                                               const struct iw_link_root *root)
{
    return iw_link_root_of(host, iw_path_folder(root->key));
}

struct iw_str iw_link_root_far_words(const struct iw_link_root *root)
{
    return root->key.n != 0
               ? IW_STR("what others write there only the logs of the server that has the folder "
                        "can tell")
               : IW_STR("which folder that is is not known, and what is written there is not "
                        "asked about");
}
