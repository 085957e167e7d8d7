# make install: the command line, the models, and libatlas for C programs of one's own.
#
#   PREFIX    /usr/local; DESTDIR stands before all of it, for packages
#   CONFIGS   whose Verilated models are installed: sv32 sv39 rva23; none: CONFIGS=
#
# bin/atlas; include/atlas/mmu.h with mmu_pkg.h; lib/libatlas.so, lib/pkgconfig/atlas.pc;
# lib/atlas/NAME/mmu.so, wave.so; share/atlas/rtl, and beside it tb/integration; share/man/man1: a page a command.

VERSION := 0.1.0
SONAME  := libatlas.so.0

PREFIX  ?= /usr/local
DESTDIR ?=
CONFIGS ?= sv32 sv39 rva23

# The golden model, the Verilated ones, and lockstep: all behind mmu.h, without machine and
# command line, so that it needs no library but C's.
LIB_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard sim/*.c sim/golden/*.c sim/verilated/*.c))
LIB_OBJ := $(filter-out %/atlas.o %/cli.o,$(LIB_OBJ))

$(BUILD)/$(SONAME): $(LIB_OBJ) sim/libatlas.map
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=sim/libatlas.map -Wl,-z,defs \
		-o $@ $(LIB_OBJ) -ldl

$(BUILD)/atlas.pc: sim/atlas.pc.in sim/install.mk FORCE
	@sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' $< > $@

# A page a command, from its --help.
MAN_PAGES := $(addprefix $(BUILD)/man/,atlas.1 atlas-run.1 atlas-explain.1 atlas-replay.1)
man_name_atlas         := a RISC-V memory-management unit at work
man_name_atlas-run     := run a program with every access translated by the MMU
man_name_atlas-explain := explain a translation, or why it faults
man_name_atlas-replay  := put an address trace through a configuration of the MMU

$(BUILD)/man/%.1: $(BUILD)/atlas
	$(call need,help2man)
	@mkdir -p $(@D)
	@help2man --no-info --version-string="atlas $(VERSION)" --name="$(man_name_$*)" \
		"$(BUILD)/$(subst -, ,$*)" > $@.tmp
	@mv $@.tmp $@
man: $(MAN_PAGES)
.PHONY: man

install_models := $(foreach c,$(CONFIGS),$(BUILD)/rtl/$(c)/mmu.so $(BUILD)/rtl/$(c)/wave.so)
into = $(DESTDIR)$(PREFIX)

install: $(BUILD)/atlas $(BUILD)/$(SONAME) $(BUILD)/atlas.pc $(DERIVED_HEADERS) $(MAN_PAGES) $(install_models)
	@install -d $(into)/bin $(into)/include/atlas $(into)/lib/pkgconfig $(into)/share/man/man1 \
		$(into)/share/atlas/rtl/bus $(into)/share/atlas/tb/integration
	@install -m 755 $(BUILD)/atlas $(into)/bin/atlas
	@install -m 644 sim/mmu.h $(BUILD)/include/mmu_pkg.h $(into)/include/atlas
	@install -m 644 $(BUILD)/$(SONAME) $(into)/lib/$(SONAME)
	@ln -sf $(SONAME) $(into)/lib/libatlas.so
	@install -m 644 $(BUILD)/atlas.pc $(into)/lib/pkgconfig/atlas.pc
	@install -m 644 $(MAN_PAGES) $(into)/share/man/man1
	@install -m 644 rtl/*.sv rtl/*.svh rtl/files.f rtl/waivers.vlt rtl/mmu.core $(into)/share/atlas/rtl
	@install -m 644 rtl/bus/*.sv rtl/bus/*.svh $(into)/share/atlas/rtl/bus
	@install -m 644 tb/integration/*.sv tb/integration/*.v $(into)/share/atlas/tb/integration
	@for c in $(CONFIGS); do install -d $(into)/lib/atlas/$$c && \
		install -m 644 $(BUILD)/rtl/$$c/mmu.so $(BUILD)/rtl/$$c/wave.so $(into)/lib/atlas/$$c || exit 1; done
	@echo "atlas $(VERSION) is in $(into)"
.PHONY: install
