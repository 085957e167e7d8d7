# What is derived from rtl/: the C headers, and one shared object a
# configuration with the Verilated MMU (see sim/verilated).

RTL_FILES   := $(shell sed 's|#.*||; s|^|rtl/|; s|^rtl/$$||' rtl/files.f)

# ATLAS_CONFIGS=FILE: configurations of one's own, best with a BUILD of their own.
export ATLAS_CONFIGS
CONFIG_FILES := rtl/configs.txt $(ATLAS_CONFIGS)
configs_sh   := ATLAS_CONFIGS='$(ATLAS_CONFIGS)' rtl/configs.sh
RTL_CONFIGS  := $(shell $(configs_sh) list)

# Parameters of configuration $(1), as in "XLEN=64 LEVELS=3 ... PMA=256'h..."
config_params = $(shell $(configs_sh) params $(1))

$(BUILD)/include/mmu_pkg.h: rtl/mmu_pkg.sv rtl/pkg2h.awk
	@mkdir -p $(@D)
	@awk -f rtl/pkg2h.awk $< > $@

$(BUILD)/config-files: FORCE
	@mkdir -p $(@D)
	@echo '$(CONFIG_FILES)' | cmp -s - $@ || echo '$(CONFIG_FILES)' > $@

$(BUILD)/include/mmu_configs.h: $(CONFIG_FILES) rtl/configs.sh $(BUILD)/config-files
	@mkdir -p $(@D)
	@rtl/configs.sh header > $@.tmp
	@cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

DERIVED_HEADERS := $(BUILD)/include/mmu_pkg.h $(BUILD)/include/mmu_configs.h

# ---- Verilated ---------------------------------------------------------------
# build/rtl/NAME/mmu.so: the model of configuration NAME with its pins in C;
# build/rtl/NAME/wave.so: the same, able to write waveforms and a tenth slower.

VERILATOR      ?= verilator
VERILATOR_ROOT := $(shell $(VERILATOR) --getenv VERILATOR_ROOT 2> /dev/null)
VERILATOR_INC  := $(VERILATOR_ROOT)/include
VERILATE_FLAGS := --cc --prefix Vmmu -Irtl -Wall -O3 \
	--x-assign fast --x-initial unique --timescale 1ns/1ns rtl/waivers.vlt
RTL_CXXFLAGS   := -std=c++17 -O3 -fPIC -fno-semantic-interposition $(SANFLAGS) -I$(VERILATOR_INC) -I$(VERILATOR_INC)/vltstd -Isim/verilated

# Verilator's own run-time is the same for all: compiled once.
VERILATED_RT := $(patsubst %,$(BUILD)/rtl/runtime/%.o,verilated verilated_fst_c verilated_threads)

$(BUILD)/rtl/runtime/%.o: $(if $(VERILATOR_ROOT),$(VERILATOR_INC)/%.cpp)
	$(call need,$(VERILATOR),verilator)
	$(call need,$(CXX))
	@mkdir -p $(@D)
	@echo "  CXX $(<F)"
	@$(CXX) $(RTL_CXXFLAGS) -O1 -c -o $@ $<

# -x c++ -: all that Verilator wrote as one unit is quicker than file by file.
RTL_MODEL_DEPS := $(RTL_FILES) rtl/mmu_assert.svh rtl/waivers.vlt \
	sim/verilated/shim.cpp sim/verilated/shim.h $(VERILATED_RT)

# verilate_model: configuration, folder for Verilator's output, flags, what to say of it, files beside the RTL's
define verilate_model
	$(call need,$(VERILATOR),verilator)
	@mkdir -p $(2)
	@echo "  RTL $(1)$(if $(4), $(4))"
	@rm -f $(2)/*.cpp $(2)/*.h $(2)/*.cc
	@$(VERILATOR) $(VERILATE_FLAGS) $(3) --Mdir $(2) $(subst ',\',$(addprefix -G,$(call config_params,$(1)))) $(RTL_FILES) $(5)
	@for f in sim/verilated/shim.cpp $(2)/*.cpp; do echo "#include \"$(CURDIR)/$$f\""; done | \
		sed 's|"$(CURDIR)//|"/|' > $(2)/all.cc
	@$(CXX) $(RTL_CXXFLAGS) $(if $(findstring --trace,$(3)),-DSHIM_WAVE) -I$(2) -shared -Wl,-Bsymbolic -o $@.tmp \
		$(2)/all.cc $(VERILATED_RT) -lz
	@mv $@.tmp $@
endef

# As it was built last: an edit of the list builds anew only what it changes.
$(BUILD)/rtl/%/params: $(CONFIG_FILES) rtl/configs.sh $(BUILD)/config-files
	@mkdir -p $(@D)
	@rtl/configs.sh params $* > $@.tmp
	@cmp -s $@.tmp $@ && rm $@.tmp || mv $@.tmp $@

$(BUILD)/rtl/%/mmu.so: $(RTL_MODEL_DEPS) $(BUILD)/rtl/%/params
	$(call verilate_model,$*,$(@D)/v,--top-module mmu)

$(BUILD)/rtl/%/wave.so: $(RTL_MODEL_DEPS) $(BUILD)/rtl/%/params
	$(call verilate_model,$*,$(@D)/vw,--top-module mmu --trace-fst,with waveform)

# build/rtl/NAME/axi4.so, wb.so: the memory port goes over a bus and back (tb/bus).
$(BUILD)/rtl/%/axi4.so: $(RTL_MODEL_DEPS) $(BUILD)/rtl/%/params tb/bus/axi4_memory.sv tb/bus/on_bus.awk
	$(call verilate_on_bus,axi4,$*,$(@D)/va)

$(BUILD)/rtl/%/wb.so: $(RTL_MODEL_DEPS) $(BUILD)/rtl/%/params tb/bus/wb_memory.sv tb/bus/on_bus.awk
	$(call verilate_on_bus,wb,$*,$(@D)/vb)

# What the generated top and the ill-mannered memories leave unused is no fault of theirs.
define verilate_on_bus
	@mkdir -p $(3)
	@awk -v bus=$(1) -f tb/bus/on_bus.awk rtl/mmu.sv > $(3)/mmu_on_$(1).sv
	$(call verilate_model,$(2),$(3),--top-module mmu_on_$(1) -GW_MEM_TAG=5 -Wno-UNUSED,over $(1), \
		tb/bus/$(1)_memory.sv $(3)/mmu_on_$(1).sv)
endef

rtl-bus: $(BUILD)/rtl/$(CONFIG)/axi4.so $(BUILD)/rtl/$(CONFIG)/wb.so
.PHONY: rtl-bus
rtl: $(BUILD)/rtl/$(CONFIG)/mmu.so $(BUILD)/rtl/$(CONFIG)/wave.so
rtl-all: $(RTL_CONFIGS:%=$(BUILD)/rtl/%/mmu.so)
.PHONY: rtl rtl-all FORCE
FORCE:
.PRECIOUS: $(BUILD)/rtl/runtime/%.o $(BUILD)/rtl/%/params

# ---- Lint --------------------------------------------------------------------

lint-rtl:
	@rtl/lint.sh
.PHONY: lint-rtl
