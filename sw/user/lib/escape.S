// Where an attempt goes on that was stopped. It may have been stopped because it has no
// stack left, so until longjmp() has set another this uses none.
	.section .text.attempt_escape, "ax"
	.globl	attempt_escape
attempt_escape:
	la	a0, attempt_back
	li	a1, 1
	tail	longjmp
