/*
 * The commands `iiswarden-lab generate` and `iiswarden-lab check`.
 */
#ifndef IW_LAB_COMMAND_GENERATE_H
#define IW_LAB_COMMAND_GENERATE_H

#include <stdio.h>

/* argv[0] is the command's name. Exit status: 0 done, 1 a scenario was refused or could not be
 * written (the reason is on standard error), 2 wrong use. */
int iw_lab_command_generate(int argc, char **argv);
int iw_lab_command_check(int argc, char **argv);

/* Their lines of the usage text. */
void iw_lab_command_generate_usage(FILE *stream);

#endif
