# What is derived from rtl/: the C headers, and one shared object a
# configuration with the Verilated MMU (see sim/verilated).

RTL_FILES   := $(shell sed 's|#.*||; s|^|rtl/|; s|^rtl/$$||' rtl/files.f)
RTL_CONFIGS := $(shell awk '/^[a-z]/ {print $$1}' rtl/configs.txt)

# Parameters of configuration $(1), as in "XLEN=64 LEVELS=3 ..."
config_params = $(shell awk '$$1 == "$(1)" {$$1 = ""; print}' rtl/configs.txt)

$(BUILD)/include/mmu_pkg.h: rtl/mmu_pkg.sv rtl/pkg2h.awk
	@mkdir -p $(@D)
	@awk -f rtl/pkg2h.awk $< > $@

$(BUILD)/include/mmu_configs.h: rtl/configs.txt rtl/configs2h.awk
	@mkdir -p $(@D)
	@awk -f rtl/configs2h.awk $< > $@

DERIVED_HEADERS := $(BUILD)/include/mmu_pkg.h $(BUILD)/include/mmu_configs.h
