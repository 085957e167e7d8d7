# The MMU in SystemC: build/systemc/mmu_tlm.o for a platform of one's own, build/platform as
# an example of one. Only what stands here and the shims are C++.

SYSTEMC_CXXFLAGS := -std=c++17 $(OPT) -g -Wall -Wextra -Werror $(SANFLAGS) $(CPPFLAGS)

$(BUILD)/systemc/%.o: sim/systemc/%.cpp sim/systemc/mmu_tlm.h sim/mmu.h $(DERIVED_HEADERS)
	@mkdir -p $(@D)
	@echo '#include <systemc>' | $(CXX) -E -x c++ - > /dev/null 2>&1 || { \
		echo "make: systemc is not installed: run 'make deps' (Debian package libsystemc-dev)" >&2; exit 1; }
	@echo "  CXX $<"
	@$(CXX) $(SYSTEMC_CXXFLAGS) -c -o $@ $<

$(BUILD)/platform: $(BUILD)/systemc/platform.o $(BUILD)/systemc/mmu_tlm.o $(BUILD)/libatlas.a
	@echo "  LD  $@"
	@$(CXX) $(SYSTEMC_CXXFLAGS) -o $@ $^ -lsystemc $(LDLIBS)

bench-systemc: $(BUILD)/platform $(BUILD)/rtl/sv39_16/mmu.so
	@$(BUILD)/platform --config sv39_16 --pages 8 --allowed $(if $(JSON),--json)
	@$(BUILD)/platform --config sv39_16 $(if $(JSON),--json)
	@$(BUILD)/platform --model golden --allowed $(if $(JSON),--json)
	@$(BUILD)/platform --model golden --dmi --allowed --accesses 50000000 $(if $(JSON),--json)
.PHONY: bench-systemc
