/*
 * Change records and estates. The first byte says what the rest is: records as YAML, as CSV by a
 * fixed map, as CSV behind a map and a NUL, an estate, or a glob, a NUL and a text. Whatever it is,
 * reading ends, counts hold, and every answer is one line of valid UTF-8.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/limits.h"
#include "base/utf.h"
#include "iis/change/changes.h"
#include "iis/change/estate.h"
#include "iis/change/text_glob.h"

static const char map_text[] = "id: Id\nhosts: Hosts\nfrom: From\nto: To\npath: Path\n"
                               "component: {kind: {value: globalModule}, name: Module}\n"
                               "actors: Actors\nsha256: Hash\nexpires: Expires\nreason: Why\n"
                               "time_zone: \"+01:00\"\n";

static void require_line(struct iw_str text)
{
    FUZZ_REQUIRE(iw_utf8_valid(text));
    for (size_t i = 0; i < text.n; i++)
        FUZZ_REQUIRE((unsigned char)text.p[i] >= 0x20 && text.p[i] != 0x7F);
}

static void require_problems(const struct iw_change_problem *problems, size_t n)
{
    FUZZ_REQUIRE(n <= IW_LIMIT_CHANGE_PROBLEMS);
    for (size_t i = 0; i < n; i++) {
        require_line(problems[i].what);
        require_line(problems[i].id);
        FUZZ_REQUIRE(problems[i].what.n != 0);
    }
}

static void require_rc(enum iw_rc rc, const struct iw_error *err)
{
    FUZZ_REQUIRE(rc == IW_OK || rc == IW_EFORMAT || rc == IW_ERULE || rc == IW_ELIMIT);
    FUZZ_REQUIRE(rc == IW_OK || (err->rc == rc && err->message[0] != '\0'));
}

/* Acts that ask every clause, and ones that know next to nothing. */
static const struct iw_act *acts(size_t *ret_n)
{
    static struct iw_act list[4];
    const int64_t when = 1767607200LL * IW_NS_PER_SECOND;
    list[0] = (struct iw_act){.host = IW_STR("web01"),
                              .computer = IW_STR("WEB01.corp.example"),
                              .first_ns = when,
                              .last_ns = when,
                              .actor = IW_STR("CORP\\deploy"),
                              .actor_sid = IW_STR("S-1-5-21-1-2-3-1104"),
                              .action = IW_ACT_ADD,
                              .component_kind = IW_STR("globalModule"),
                              .component_name = IW_STR("ContosoAuth"),
                              .path = IW_STR("C:\\inetpub\\wwwroot\\shop\\bin\\x.dll"),
                              .has_sha256 = true,
                              .is_signature_known = true,
                              .publisher = IW_STR("Contoso Ltd")};
    list[1] = (struct iw_act){.host = IW_STR("web01"),
                              .first_ns = when,
                              .last_ns = IW_TIME_UNKNOWN,
                              .actor = IW_STR("deploy\n\xFF"),
                              .path = IW_STR("\\Device\\HarddiskVolume3\\inetpub\\x.dll")};
    list[2] = (struct iw_act){
        .first_ns = IW_TIME_UNKNOWN, .last_ns = IW_TIME_UNKNOWN, .path = IW_STR("%Shop%\\x.dll")};
    list[3] = (struct iw_act){.host = IW_STR("10.0.0.7"), .still_ns = INT64_MAX};
    *ret_n = sizeof list / sizeof list[0];
    return list;
}

static void judge_all(const struct iw_changes *changes)
{
    struct iw_arena arena;
    size_t n;
    const struct iw_act *list = acts(&n);

    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++) {
        struct iw_change change;
        FUZZ_REQUIRE(iw_changes_judge(changes, &list[i], &arena, &change) == IW_OK);
        FUZZ_REQUIRE((change.status == IW_CHANGE_NOT_CHECKED) == (iw_changes_count(changes) == 0));
        FUZZ_REQUIRE((change.record.n == 0) == (change.status == IW_CHANGE_NOT_CHECKED ||
                                                change.status == IW_CHANGE_UNEXPLAINED));
        /* Texts of these acts are known to be valid but for one actor. */
        if (i != 1)
            require_line(change.why);
    }
    iw_arena_done(&arena);
}

static void read_changes(struct iw_str bytes, unsigned form)
{
    struct iw_changes *changes = iw_changes_new();
    const char *nul = bytes.n != 0 ? memchr(bytes.p, '\0', bytes.n) : NULL;
    struct iw_str map = iw_str_of(map_text);
    struct iw_error err = {.rc = IW_OK};
    const struct iw_change_problem *problems;
    size_t n;
    enum iw_rc rc;

    FUZZ_REQUIRE(changes != NULL);
    if (form == 2 && nul != NULL) {
        map = (struct iw_str){bytes.p, (size_t)(nul - bytes.p)};
        bytes = (struct iw_str){nul + 1, bytes.n - map.n - 1};
    }
    rc = form == 0 ? iw_changes_add_yaml(changes, bytes, "f", &err)
                   : iw_changes_add_csv(changes, bytes, "f", map, "m", &err);
    require_rc(rc, &err);
    problems = iw_changes_problems(changes, &n);
    require_problems(problems, n);
    judge_all(changes);
    iw_changes_free(changes);
}

static void read_estate(struct iw_str bytes)
{
    struct iw_estate *estate = iw_estate_new();
    struct iw_error err = {.rc = IW_OK};
    const struct iw_estate_server *servers, *found;
    const struct iw_change_problem *problems;
    size_t n, n_problems;

    FUZZ_REQUIRE(estate != NULL);
    require_rc(iw_estate_add_yaml(estate, bytes, "f", &err), &err);
    problems = iw_estate_problems(estate, &n_problems);
    require_problems(problems, n_problems);
    servers = iw_estate_servers(estate, &n);
    for (size_t i = 0; i < n && i < 64; i++) {
        enum iw_holds holds;
        require_line(servers[i].host);
        FUZZ_REQUIRE(servers[i].host.n != 0);
        FUZZ_REQUIRE(iw_estate_find(estate, servers[i].host, IW_STR(""), &found) == IW_OK);
        FUZZ_REQUIRE(iw_estate_lists_account(estate, &servers[i], 3, IW_STR("CORP\\joe"),
                                             IW_STR(""), &holds) == IW_OK);
        for (size_t k = 0; k < servers[i].operators.n; k++)
            FUZZ_REQUIRE(iw_estate_lists_account(estate, &servers[i], IW_ESTATE_OPERATORS,
                                                 servers[i].operators.items[k], IW_STR(""),
                                                 &holds) == IW_OK &&
                         holds == IW_HOLDS_YES);
    }
    iw_estate_free(estate);
}

/* What matches as a whole could begin and end as it does, wherever it is cut. */
static void match_glob(struct iw_str bytes)
{
    const char *nul = bytes.n != 0 ? memchr(bytes.p, '\0', bytes.n) : NULL;
    struct iw_arena arena;
    struct iw_glob glob;
    struct iw_str pattern = bytes, text = {NULL, 0};

    if (nul != NULL) {
        pattern.n = (size_t)(nul - bytes.p);
        text = (struct iw_str){nul + 1, bytes.n - pattern.n - 1};
    }
    if (text.n > 256 || !iw_utf8_is_ascii(text))
        return;
    iw_arena_init(&arena, 0);
    if (iw_glob_read(pattern, '\\', &arena, &glob) == IW_OK) {
        const bool matches = iw_glob_matches(&glob, text);
        if (iw_glob_is_literal(&glob) && iw_utf8_is_ascii(pattern))
            FUZZ_REQUIRE(matches == iw_str_equal(pattern, text));
        for (size_t cut = 0; matches && cut <= text.n; cut++) {
            FUZZ_REQUIRE(iw_glob_could_begin(&glob, (struct iw_str){text.p, cut}));
            FUZZ_REQUIRE(iw_glob_could_end(
                &glob, (struct iw_str){text.n != 0 ? text.p + cut : NULL, text.n - cut}));
        }
    }
    iw_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned form = size != 0 ? data[0] % 5 : 0;
    const struct iw_str rest = {size > 1 ? (const char *)data + 1 : "", size > 1 ? size - 1 : 0};

    if (form < 3)
        read_changes(rest, form);
    else if (form == 3)
        read_estate(rest);
    else
        match_glob(rest);
    return 0;
}
