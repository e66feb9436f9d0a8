/*
 * The program. Everything is in cli.c, where tests can call it.
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return iw_cli_main(argc, (const char *const *)argv);
}
