// Where a user program starts: argc in a0, argv in a1, the stack set (kernel/abi.h).
	.section .text.start, "ax"
	.globl	_start
_start:
	.option	push
	.option	norelax
	la	gp, __global_pointer$
	.option	pop
	la	tp, __tls_base		// errno is thread-local
	call	start
