/*
 * The table of known types.
 *
 * From the public reference of .NET Framework 4.8 (System.Web, System.Web.Mvc, System.Web.Http,
 * System.Web.Services, System.IdentityModel.Services): the four interfaces, and classes one may
 * extend that implement them. Classes that are sealed cannot be extended and are left out. Of
 * a base class from elsewhere that is not here nothing is known.
 */
#include "iis/pe/clr_roles.h"

#include "iis/pe/pe.h"

#define ASYNC (IW_CLR_HANDLER | IW_CLR_ASYNC_HANDLER)

static const struct {
    struct iw_str space, name;
    uint8_t roles;
} KNOWN[] = {
#define ROW(space, name, roles)                                                                    \
    {                                                                                              \
        {space, sizeof(space) - 1}, {name, sizeof(name) - 1}, roles                                \
    }
    ROW("System.Web", "IHttpModule", IW_CLR_MODULE),
    ROW("System.Web", "IHttpHandler", IW_CLR_HANDLER),
    ROW("System.Web", "IHttpAsyncHandler", ASYNC),
    ROW("System.Web", "IHttpHandlerFactory", IW_CLR_HANDLER_FACTORY),
    ROW("System.Web", "IHttpHandlerFactory2", IW_CLR_HANDLER_FACTORY),
    ROW("System.Web", "HttpApplication", ASYNC | IW_CLR_APPLICATION),
    ROW("System.Web", "HttpTaskAsyncHandler", ASYNC),
    ROW("System.Web", "DefaultHttpHandler", ASYNC),
    ROW("System.Web.UI", "Page", IW_CLR_HANDLER | IW_CLR_PAGE),
    ROW("System.Web.UI", "PageHandlerFactory", IW_CLR_HANDLER_FACTORY),
    ROW("System.Web.Routing", "UrlRoutingModule", IW_CLR_MODULE),
    ROW("System.Web.Routing", "UrlRoutingHandler", IW_CLR_HANDLER),
    ROW("System.Web.Mvc", "MvcHandler", ASYNC),
    ROW("System.Web.Mvc", "MvcHttpHandler", ASYNC),
    ROW("System.Web.Http.WebHost", "HttpControllerHandler", ASYNC),
    ROW("System.Web.Handlers", "ScriptModule", IW_CLR_MODULE),
    ROW("System.Web.Handlers", "ScriptResourceHandler", IW_CLR_HANDLER),
    ROW("System.Web.Services.Protocols", "WebServiceHandlerFactory", IW_CLR_HANDLER_FACTORY),
    ROW("System.IdentityModel.Services", "HttpModuleBase", IW_CLR_MODULE),
    ROW("System.IdentityModel.Services", "WSFederationAuthenticationModule", IW_CLR_MODULE),
    ROW("System.IdentityModel.Services", "SessionAuthenticationModule", IW_CLR_MODULE),
    ROW("System.IdentityModel.Services", "ClaimsAuthorizationModule", IW_CLR_MODULE),
#undef ROW
};

uint8_t iw_clr_known_roles(struct iw_str space, struct iw_str name)
{
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        if (iw_str_equal(KNOWN[i].name, name) && iw_str_equal(KNOWN[i].space, space))
            return KNOWN[i].roles;
    }
    return 0;
}
