#include "lab_demo.h"
bool iw_lab_demo_write(const char *d, struct iw_lab_error *e){(void)d;return iw_lab_error_set(e,"no");}
