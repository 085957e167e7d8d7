/*
 * Small seeded random numbers for tests: the same seed gives the same test, on
 * every machine. xoshiro256**, seeded by splitmix64. Not for secrets.
 */
#ifndef ATLAS_RNG_H
#define ATLAS_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* The seed that the environment names (SEED, any C number), else 1. A SEED that
 * is no number ends the program with one line on stderr. */
uint64_t rng_env_seed(void);

struct rng rng_seeded(uint64_t seed);

uint64_t rng_u64(struct rng *r);
/* 0 to n - 1; n must not be 0. */
uint64_t rng_below(struct rng *r, uint64_t n);
/* low to high, both included. */
uint64_t rng_between(struct rng *r, uint64_t low, uint64_t high);
/* True `percent` times in a hundred. */
bool rng_chance(struct rng *r, unsigned percent);

#endif
