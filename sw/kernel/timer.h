/* The tick by which processes take turns. */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

/* Time of a turn, in units of the `time` register: 50,000 instructions of the machine here,
 * 5 ms under QEMU. */
#define TICK 50000

/* The next interrupt comes one tick from now; the pending one, if any, is gone. */
void timer_next(void);

#endif
