/* The console: a 16550 UART, polled. */
#ifndef LIB_CONSOLE_H
#define LIB_CONSOLE_H

#include <stdarg.h>

void putchar(char c);
void puts(const char *text); /* and a newline */

/*
 * %s %c %d %u %x %p %%; `l` and `ll` before d, u, x; a width, with 0 before it
 * for zeroes and - for left: no more than the programs need.
 */
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vprintf(const char *format, va_list args);

#endif
