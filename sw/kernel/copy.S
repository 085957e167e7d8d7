// Accesses of the kernel that may fault. From copy_start to copy_end a fault that cannot be
// resolved goes on at copy_failed, which gives 1; nothing here changes the stack.
#include "csr.h"

	.text
	.globl	copy_start, copy_end, copy_failed
copy_start:

	// int copy_bytes(void *to, const void *from, size_t bytes): 0: all were copied.
	.globl	copy_bytes
copy_bytes:
	or	t0, a0, a1
	or	t0, t0, a2
	andi	t0, t0, WORD - 1
	beqz	t0, 2f
1:	beqz	a2, 3f
	lbu	t0, (a1)
	sb	t0, (a0)
	addi	a0, a0, 1
	addi	a1, a1, 1
	addi	a2, a2, -1
	j	1b
2:	beqz	a2, 3f
	LX	t0, (a1)
	SX	t0, (a0)
	addi	a0, a0, WORD
	addi	a1, a1, WORD
	addi	a2, a2, -WORD
	j	2b
3:	li	a0, 0
	ret

	// int copy_word(uint32_t *to, const volatile uint32_t *from)
	.globl	copy_word
copy_word:
	lw	t0, (a1)
	sw	t0, (a0)
	li	a0, 0
	ret

	// int copy_run(xword to): calls what is there, which returns by t1.
	.globl	copy_run
copy_run:
	jalr	t1, (a0)
	li	a0, 0
	ret

copy_end:
copy_failed:
	li	a0, 1
	ret
