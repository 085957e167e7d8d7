#include "story.h"

#include <stdlib.h>

#include "golden/rules.h"

static const struct golden_rule bus_rule = {"after the translation",
					    "nothing at that address takes such an access"};

/* An access that the MMU lets pass may still find nothing, in a machine. */
static bool refused_by_bus(const struct story *s)
{
	const struct subject *t = s->subject;

	if (s->answer.fault || !t->machine)
		return false;
	return t->bus_refused || !bus_answers(&t->machine->bus, s->answer.pa, t->request.bytes);
}

static struct mmu_answer bus_error(const struct story *s)
{
	return (struct mmu_answer){
	    .fault = true,
	    .tval = golden_address(s->subject->regs, &s->subject->request),
	    .cause = cause_of(s->subject->request.access, REASON_BUS_ERROR),
	    .reason = REASON_BUS_ERROR,
	    .level = s->answer.level,
	};
}

void story_open(struct story *s, const struct subject *subject)
{
	*s = (struct story){.subject = subject};
	s->result = golden_translate(subject->regs, &subject->memory, &subject->request, &s->walk);
	s->answer = s->result.answer;
	s->rule = golden_rule_of(&s->walk, &s->answer);
	if (refused_by_bus(s)) {
		s->answer = bus_error(s);
		s->rule = bus_rule;
	}
	story_advise(s);
}

void story_close(struct story *s)
{
	for (unsigned i = 0; i < s->advices; i++)
		free(s->advice[i]);
	s->advices = 0;
}

const struct fault_class *story_class(unsigned reason)
{
	static const struct fault_class classes[] = {
	    [CLASS_NO_MAPPING] = {"no mapping", "a page fault: nothing is mapped there",
				  "SIGSEGV, SEGV_MAPERR"},
	    [CLASS_FORBIDDEN] = {"mapping forbids it",
				 "a protection fault: something is mapped there, but not for this "
				 "access",
				 "SIGSEGV, SEGV_ACCERR"},
	    [CLASS_SOFTWARE] = {"software's turn",
				"a page fault to be resolved: mapped and allowed, and the "
				"operating system keeps track of use",
				NULL},
	    [CLASS_PHYSICAL] = {"physical memory forbids it",
				"an access fault: physical protection or the bus refuses",
				"SIGBUS"},
	};

	return &classes[reason >> 4 & 3];
}

uint64_t story_page_bytes(const struct story *s, const struct golden_read *leaf)
{
	const struct golden_mode *mode = golden_mode(s->subject->regs);

	if (leaf->level == 0 && golden_is_napot(mode, leaf->value))
		return 64 << 10;
	return (uint64_t)1 << golden_page_shift(mode, leaf->level);
}

uint64_t story_index(const struct story *s, unsigned level)
{
	const struct golden_mode *mode = golden_mode(s->subject->regs);
	uint64_t va = golden_address(s->subject->regs, &s->subject->request);

	return va >> golden_page_shift(mode, level) & LOW_BITS(mode->vpn_bits);
}

bool story_is_update(const struct golden_check *check)
{
	return check->asked.pte && check->asked.need == 1 << PMP_W;
}
