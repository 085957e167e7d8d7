/*
 * The pins of the Verilated module mmu, as C sees them: one shared object a
 * configuration (build/rtl/NAME/mmu.so, or wave.so with waveforms) exports the functions below. The
 * only C++ is behind them; all behaviour around the pins is in model.c.
 *
 * Signal names and meanings are those of rtl/mmu.sv; values are right-aligned.
 */
#ifndef ATLAS_SHIM_H
#define ATLAS_SHIM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct shim_request {
	uint64_t va;
	uint8_t access, size, priv, tag; /* access: data port only; size: bytes less one */
	bool valid, sum, mxr;            /* sum, mxr: data port only */
};

struct shim_answer {
	uint64_t pa, tval;
	uint8_t tag, cause, reason, level, memory;
	bool valid, fault, pte;
};

struct shim_inputs {
	struct shim_request fetch, data;
	bool csr_write;
	uint16_t csr_number;
	uint64_t csr_wdata;
	bool fence_valid, fence_rs1_x0, fence_rs2_x0;
	uint64_t fence_va;
	uint16_t fence_asid;
	bool mem_req_ready, mem_ans_valid, mem_ans_error;
	uint8_t mem_ans_tag;
	uint64_t mem_ans_data;
};

/* What the inputs of this cycle bring about before its clock edge. */
struct shim_settled {
	bool fetch_req_ready, data_req_ready, fence_ready;
	bool mem_req_valid, mem_req_swap;
	uint8_t mem_req_tag;
	uint64_t mem_req_addr, mem_req_expected, mem_req_desired;
	uint64_t csr_rdata;
};

/* The registers at reset are random, drawn from the seed. */
void *shim_new(uint64_t seed);
void shim_delete(void *shim);
/* Drives the inputs with the clock low. Without shim_clock() it changes no state. */
void shim_settle(void *shim, const struct shim_inputs *in, struct shim_settled *out);
/* The rising edge; the answers of the new cycle. */
void shim_clock(void *shim, struct shim_answer *fetch, struct shim_answer *data);
/* Time starts at zero when reset ends: cycle c stands at 10 c ns in a waveform. */
void shim_reset(void *shim, bool asserted);
/* In wave.so only. False if the file cannot be written. */
bool shim_wave_open(void *shim, const char *path);
void shim_wave_on(void *shim, bool on);

#ifdef __cplusplus
}
#endif
#endif
