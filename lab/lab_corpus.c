#include "lab_corpus.h"
bool iw_lab_corpus_write(const char *d, const struct iw_lab_corpus_options *o, struct iw_lab_error *e){(void)d;(void)o;return iw_lab_error_set(e,"no");}
