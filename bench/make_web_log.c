/*
 * Writes a W3C log as a busy site has it: default columns of IIS 10, a header at the beginning and
 * at every restart, no line twice. The same bytes for the same size.
 *
 *   make_web_log BYTES > u_ex260105.log
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Lines between two restarts. */
#define LINES_PER_HEADER 500000U

static const char *const AGENTS[] = {
    "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/"
    "120.0.0.0+Safari/537.36",
    "Mozilla/5.0+(iPhone;+CPU+iPhone+OS+17_2+like+Mac+OS+X)+AppleWebKit/605.1.15+(KHTML,+like+"
    "Gecko)+Version/17.2+Mobile/15E148+Safari/604.1",
    "Mozilla/5.0+(compatible;+bingbot/2.0;++http://www.bing.com/bingbot.htm)",
    "-",
};
static const char *const STEMS[] = {"/",
                                    "/shop/product.aspx",
                                    "/shop/images/thumb.jpg",
                                    "/Content/site.css",
                                    "/Scripts/jquery-3.7.1.min.js",
                                    "/api/v2/orders",
                                    "/account/login.aspx",
                                    "/favicon.ico"};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int put_header(unsigned hours, unsigned minutes, unsigned seconds)
{
    return printf("#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
                  "#Date: 2026-01-05 %02u:%02u:%02u\r\n#Fields: date time s-ip cs-method "
                  "cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
                  "sc-status sc-substatus sc-win32-status time-taken\r\n",
                  hours, minutes, seconds);
}

static int put_line(uint64_t number, uint64_t *state)
{
    uint64_t random = next_random(state), second = number / 400 % 86400;
    unsigned hours = (unsigned)(second / 3600), minutes = (unsigned)(second / 60 % 60);
    unsigned seconds = (unsigned)(second % 60);
    char query[64] = "-";
    int n = 0;
    if (number % LINES_PER_HEADER == 0)
        n = put_header(hours, minutes, seconds);
    if (random % 3 == 0)
        (void)snprintf(query, sizeof query, "id=%" PRIu64 "&page=%u", number,
                       (unsigned)(random >> 8 & 63));
    return n + printf("2026-01-05 %02u:%02u:%02u 10.0.0.5 %s %s %s 443 - 10.%u.%u.%u %s "
                      "https://shop.example/ %s 0 0 %u\r\n",
                      hours, minutes, seconds, random >> 16 & 7 ? "GET" : "POST",
                      STEMS[random >> 20 & 7], query, (unsigned)(random >> 24 & 255),
                      (unsigned)(random >> 32 & 255), (unsigned)(random >> 40 & 255),
                      AGENTS[random >> 48 & 3], random >> 50 & 15 ? "200" : "404",
                      (unsigned)(random >> 54 & 1023));
}

int main(int argc, char **argv)
{
    uint64_t state = 88172645463325252U, n_bytes = 0, wanted;
    if (argc != 2 || (wanted = strtoull(argv[1], NULL, 10)) == 0) {
        (void)fputs("usage: make_web_log BYTES\n", stderr);
        return 64;
    }
    for (uint64_t number = 0; n_bytes < wanted; number++)
        n_bytes += (uint64_t)put_line(number, &state);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 70;
}
