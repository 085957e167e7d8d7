/* The platform-level interrupt controller, at the place and of the shape of QEMU's `virt`. */
#ifndef KERNEL_PLIC_H
#define KERNEL_PLIC_H

#define PLIC_BASE  0x0c000000ul
#define PLIC_BYTES 0x00400000ul

/* Source numbers. */
#define PLIC_DISK 1

/* That source may interrupt S-mode of this hart: that is, end its wait. */
void plic_enable(unsigned source);
/* Claims and completes whatever is pending. */
void plic_finish(void);

#endif
