#include "console.h"

#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

#define UART_THR     0 /* write: transmit */
#define UART_LSR     5 /* line status */
#define LSR_TX_READY 0x20

void putchar(char c)
{
	volatile uint8_t *uart = (volatile uint8_t *)UART_BASE;

	while (!(uart[UART_LSR] & LSR_TX_READY))
		;
	uart[UART_THR] = (uint8_t)c;
}

static void print(const char *text)
{
	while (*text)
		putchar(*text++);
}

void puts(const char *text)
{
	print(text);
	putchar('\n');
}

struct field {
	int width;
	bool left, zeroes;
};

static void pad(int count, char c)
{
	while (count-- > 0)
		putchar(c);
}

static void print_field(const char *text, struct field f)
{
	int length = 0;

	while (text[length])
		length++;
	if (!f.left)
		pad(f.width - length, f.zeroes ? '0' : ' ');
	print(text);
	if (f.left)
		pad(f.width - length, ' ');
}

static void print_number(uint64_t value, unsigned base, bool negative, struct field f)
{
	char text[24], *p = text + sizeof text;

	*--p = 0;
	do {
		*--p = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	if (negative)
		*--p = '-';
	print_field(p, f);
}

static uint64_t unsigned_argument(va_list *args, int longs)
{
	switch (longs) {
	case 0:
		return va_arg(*args, unsigned);
	case 1:
		return va_arg(*args, unsigned long);
	default:
		return va_arg(*args, unsigned long long);
	}
}

static int64_t signed_argument(va_list *args, int longs)
{
	switch (longs) {
	case 0:
		return va_arg(*args, int);
	case 1:
		return va_arg(*args, long);
	default:
		return va_arg(*args, long long);
	}
}

static void print_signed(int64_t value, struct field f)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

	print_number(magnitude, 10, value < 0, f);
}

/* One conversion, after its '%'. Gives where the format goes on. */
static const char *convert(const char *p, va_list *args)
{
	struct field f = {0};
	int longs = 0;

	for (; *p == '-' || *p == '0'; p++) {
		f.left |= *p == '-';
		f.zeroes |= *p == '0';
	}
	for (; *p >= '0' && *p <= '9'; p++)
		f.width = f.width * 10 + (*p - '0');
	for (; *p == 'l'; p++)
		longs++;

	switch (*p) {
	case 's':
		print_field(va_arg(*args, const char *), f);
		break;
	case 'c':
		putchar((char)va_arg(*args, int));
		break;
	case 'd':
		print_signed(signed_argument(args, longs), f);
		break;
	case 'u':
		print_number(unsigned_argument(args, longs), 10, false, f);
		break;
	case 'x':
		print_number(unsigned_argument(args, longs), 16, false, f);
		break;
	case 'p':
		print("0x");
		print_number((uintptr_t)va_arg(*args, void *), 16, false, f);
		break;
	default:
		putchar(*p);
	}
	return p + 1;
}

void vprintf(const char *format, va_list args)
{
	va_list rest;

	va_copy(rest, args);
	while (*format) {
		if (*format == '%') {
			format = convert(format + 1, &rest);
		} else {
			putchar(*format++);
		}
	}
	va_end(rest);
}

void printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}
