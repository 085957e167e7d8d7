# make formal: the proofs of tb/formal/proofs.txt (P=name for one)

formal:
	$(call need,yosys)
	$(call need,z3)
	@mkdir -p $(BUILD)/formal
	@JOBS=$(JOBS) tb/formal/formal.sh $(BUILD)/formal $(P)
