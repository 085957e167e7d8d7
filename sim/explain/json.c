/* The explanation for programs: the same as one JSON object. Addresses, register and
 * PTE values are strings in hexadecimal, since JSON's numbers do not hold 64 bits. */
#include "story.h"

#include <inttypes.h>
#include <jansson.h>

static void put(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

static json_t *hex(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *level_of(uint8_t level)
{
	return level == LEVEL_NONE ? json_null() : json_integer(level);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *json_request(const struct mmu_request *r)
{
	static const char *const priv[] = {"U", "S", "?", "M"};
	json_t *o = json_object();

	put(o, "access", json_string(mmu_access_name(r->access)));
	put(o, "bytes", json_integer(r->bytes));
	put(o, "va", hex(r->va));
	put(o, "priv", json_string(priv[r->priv & 3]));
	put(o, "sum", json_boolean(r->sum));
	put(o, "mxr", json_boolean(r->mxr));
	return o;
}

static json_t *json_segment(const struct golden_segments *all, unsigned i, uint64_t va)
{
	const struct golden_segment *s = &all->segment[i];
	json_t *o = json_object();

	put(o, "number", json_integer(i));
	put(o, "base", hex(s->base));
	put(o, "last", hex(s->last));
	put(o, "phys", hex(s->phys));
	put(o, "cfg", hex(s->cfg));
	put(o, "of_this_space", json_boolean(golden_segment_in_space(all, s)));
	put(o, "holds_address", json_boolean(golden_segment_holds(s, va, 1)));
	return o;
}

static json_t *json_segments(const struct story *s)
{
	static const char *const modes[] = {"paging", "segments", "both"};
	const struct golden_regs *regs = s->subject->regs;
	unsigned mode = golden_segment_mode(regs, &s->subject->request);
	uint64_t va = golden_address(regs, &s->subject->request);
	json_t *o, *considered;

	if (mode == SEGMODE_PAGING)
		return json_null();
	o = json_object();
	considered = json_array();
	for (unsigned i = 0; i < regs->config.segments; i++)
		if (golden_bit(regs->segments.segment[i].cfg, SEG_V))
			json_array_append_new(considered, json_segment(&regs->segments, i, va));
	put(o, "mode", json_string(modes[mode]));
	put(o, "segctl", hex(regs->segments.ctl));
	put(o, "asid", json_integer(regs->segments.ctl >> SEGCTL_ASID));
	put(o, "considered", considered);
	put(o, "answered", s->walk.segment < 0 ? json_null() : json_integer(s->walk.segment));
	return o;
}

static json_t *json_satp(const struct golden_regs *regs)
{
	json_t *o = json_object();

	put(o, "value", hex(regs->satp));
	put(o, "mode", json_string(golden_mode(regs)->name));
	put(o, "asid", json_integer(golden_satp_asid(regs)));
	put(o, "root", hex(golden_satp_ppn(regs) << 12));
	return o;
}

static json_t *json_level(const struct story *s, const struct golden_read *read)
{
	const struct golden_decoded d = golden_decode(s->subject->regs, read->value);
	json_t *o = json_object();

	put(o, "level", json_integer(read->level));
	put(o, "index", number(story_index(s, read->level)));
	put(o, "address", hex(read->address));
	put(o, "bus_error", json_boolean(read->error));
	if (read->error)
		return o;
	put(o, "value", hex(read->value));
	put(o, "flags", json_string(d.flags));
	put(o, "kind", json_string(d.kind));
	put(o, "ppn", hex(d.ppn));
	put(o, "rsw", json_integer(d.rsw));
	put(o, "n", json_boolean(d.n));
	put(o, "pbmt", json_integer(d.pbmt));
	put(o, "bits_60_59", json_integer(d.rsw_high));
	put(o, "bits_58_54", json_integer(d.reserved));
	if (golden_is_pointer(read->value))
		put(o, "next_table", hex(d.ppn << 12));
	else if (golden_bit(read->value, PTE_V))
		put(o, "page_bytes", number(story_page_bytes(s, read)));
	return o;
}

static json_t *json_walk(const struct story *s)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < s->walk.length; i++)
		json_array_append_new(array, json_level(s, &s->walk.read[i]));
	return array;
}

static json_t *json_check(const struct story *s, const struct golden_check *check)
{
	const struct golden_regs *regs = s->subject->regs;
	const struct golden_pmp_check *asked = &check->asked;
	const struct mmu_pma *region = golden_pma_region(&regs->config, asked->pa);
	int entry = golden_pmp_entry(&regs->pmp, asked->pa, asked->bytes);
	json_t *o = json_object();

	put(o, "what",
	    json_string(story_is_update(check) ? "PTE update"
			: asked->pte           ? "PTE read"
					       : "access"));
	put(o, "level", level_of(asked->level));
	put(o, "address", hex(asked->pa));
	put(o, "bytes", json_integer(asked->bytes));
	put(o, "pmp_entry", entry < 0 ? json_null() : json_integer(entry));
	put(o, "memory",
	    region ? json_string(golden_attributes(region->attributes).text) : json_null());
	put(o, "refused",
	    check->refusal ? json_string(mmu_reason_name(check->refusal)) : json_null());
	return o;
}

static json_t *json_checks(const struct story *s)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < s->walk.checks; i++)
		json_array_append_new(array, json_check(s, &s->walk.check[i]));
	return array;
}

static json_t *json_update(const struct golden_update *update)
{
	json_t *o;

	if (!update->needed)
		return json_null();
	o = json_object();
	put(o, "address", hex(update->address));
	put(o, "from", hex(update->expected));
	put(o, "to", hex(update->desired));
	return o;
}

static json_t *json_fault(const struct mmu_answer *a)
{
	const struct fault_class *class = story_class(a->reason);
	json_t *o;

	if (!a->fault)
		return json_null();
	o = json_object();
	put(o, "reason", json_string(mmu_reason_name(a->reason)));
	put(o, "level", level_of(a->level));
	put(o, "on_pte", json_boolean(a->pte));
	put(o, "cause", a->cause == CAUSE_NONE ? json_null() : json_integer(a->cause));
	put(o, "cause_name",
	    a->cause == CAUSE_NONE ? json_null() : json_string(hart_cause_name(a->cause)));
	put(o, "tval", hex(a->tval));
	put(o, "class", json_string(class->name));
	put(o, "class_means", json_string(class->kind));
	put(o, "signal", text_or_null(class->signal));
	return o;
}

static json_t *json_advice(const struct story *s)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < s->advices; i++)
		json_array_append_new(array, json_string(s->advice[i]));
	return array;
}

static void put_subject(json_t *o, const struct subject *t)
{
	put(o, t->machine ? "program" : "image", json_string(t->name));
	put(o, "config", json_string(t->config));
	if (!t->machine)
		return;
	put(o, "fault_number", t->fault ? number(t->fault) : json_null());
	put(o, "pc", hex(t->pc));
	put(o, "instructions", number(t->machine->steps));
}

static json_t *json_of(const struct story *s)
{
	const struct golden_regs *regs = s->subject->regs;
	json_t *o = json_object(), *rule = json_object();

	put_subject(o, s->subject);
	put(o, "request", json_request(&s->subject->request));
	put(o, "translated_address", hex(golden_address(regs, &s->subject->request)));
	put(o, "segments", json_segments(s));
	put(o, "satp", json_satp(regs));
	put(o, "walk", json_walk(s));
	put(o, "checks", json_checks(s));
	put(rule, "step", json_string(s->rule.step));
	put(rule, "text", json_string(s->rule.text));
	put(o, "decided_by", rule);
	put(o, "fault", json_fault(&s->answer));
	put(o, "physical_address", s->answer.fault ? json_null() : hex(s->answer.pa));
	put(o, "memory",
	    s->answer.fault ? json_null() : json_string(mmu_memory_name(s->answer.memory)));
	put(o, "update", json_update(&s->result.update));
	put(o, "advice", json_advice(s));
	return o;
}

bool story_json(FILE *out, const struct story *s)
{
	json_t *object = json_of(s);
	bool ok = object && json_dumpf(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF;

	json_decref(object);
	return ok && fflush(out) == 0;
}
