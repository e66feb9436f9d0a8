#include "failing_forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "tests/support/skip_because.h"

void every_form_survives_failures(size_t n_forms, void (*write)(size_t form), struct iw_buffer *out)
{
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (size_t form = 0; form < n_forms; form++) {
        uint64_t n = 1;
        for (;; n++) {
            iw_buffer_done(out);
            iw_buffer_init(out);
            iw_alloc_fail_at(n);
            write(form);
            if (iw_alloc_count() < n)
                break;
            if (!out->failed)
                fail_msg("form %zu hides that allocation %u failed", form, (unsigned)n);
        }
        iw_alloc_fail_at(0);
        assert_false(out->failed);
        assert_true(n > 2);
    }
}
