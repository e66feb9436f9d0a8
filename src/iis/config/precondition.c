/*
 * Conditions, separated by commas: Microsoft's reference of IHttpServer::SatisfiesPrecondition and
 * of globalModules/add; classicMode as installed files write it. appPoolName takes names separated
 * by semicolons.
 */
#include "iis/config/precondition.h"

#include "iis/config/web_pattern.h"

static struct iw_str after(struct iw_str text, size_t n)
{
    return (struct iw_str){text.p + n, text.n - n};
}

static bool names(struct iw_str list, struct iw_str name)
{
    while (list.n != 0)
        if (iw_str_equal_nocase(iw_web_list_next(&list, ';'), name))
            return true;
    return false;
}

static enum iw_precondition is(bool holds)
{
    return holds ? IW_PRECONDITION_HOLDS : IW_PRECONDITION_FAILS;
}

static enum iw_precondition judge_one(struct iw_str condition, const struct iw_server_pool *pool)
{
    if (condition.n == 0 || iw_str_equal_nocase(condition, IW_STR("managedHandler")))
        return IW_PRECONDITION_HOLDS;
    if (pool == NULL)
        return IW_PRECONDITION_UNKNOWN;
    if (iw_str_equal_nocase(condition, IW_STR("bitness32")))
        return is(pool->is_32);
    if (iw_str_equal_nocase(condition, IW_STR("bitness64")))
        return is(!pool->is_32);
    if (iw_str_equal_nocase(condition, IW_STR("integratedMode")))
        return is(!pool->is_classic);
    if (iw_str_equal_nocase(condition, IW_STR("classicMode")) ||
        iw_str_equal_nocase(condition, IW_STR("ISAPIMode")))
        return is(pool->is_classic);
    if (iw_str_begins_nocase(condition, IW_STR("runtimeVersion")))
        return is(iw_str_equal_nocase(after(condition, sizeof "runtimeVersion" - 1), pool->clr));
    if (iw_str_begins_nocase(condition, IW_STR("appPoolName=")))
        return is(names(after(condition, sizeof "appPoolName=" - 1), pool->name));
    return IW_PRECONDITION_UNKNOWN;
}

enum iw_precondition iw_precondition_judge(struct iw_str conditions,
                                           const struct iw_server_pool *pool)
{
    enum iw_precondition all = IW_PRECONDITION_HOLDS;

    while (conditions.n != 0) {
        enum iw_precondition one = judge_one(iw_web_list_next(&conditions, ','), pool);
        if (one == IW_PRECONDITION_FAILS)
            return one;
        if (one == IW_PRECONDITION_UNKNOWN)
            all = one;
    }
    return all;
}
