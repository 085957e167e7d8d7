#include "rng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t rng_env_seed(void)
{
	const char *text = getenv("SEED");
	if (!text || !*text)
		return 1;
	char *end;
	errno = 0;
	uint64_t seed = strtoull(text, &end, 0);
	if (errno || *end) {
		fprintf(stderr, "SEED=%s: not a number of 64 bits\n", text);
		exit(2);
	}
	return seed;
}

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

struct rng rng_seeded(uint64_t seed)
{
	struct rng r;
	for (unsigned i = 0; i < 4; i++)
		r.s[i] = splitmix64(&seed);
	return r;
}

static uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

uint64_t rng_u64(struct rng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

/* The bias of a remainder is below 2^-32 for all n that tests use. */
uint64_t rng_below(struct rng *r, uint64_t n)
{
	return rng_u64(r) % n;
}

uint64_t rng_between(struct rng *r, uint64_t low, uint64_t high)
{
	uint64_t n = high - low + 1;
	return n ? low + rng_below(r, n) : rng_u64(r);
}

bool rng_chance(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}
