# make wave SCENE=NAME: a scene of sw/user/programs/scene.c in GTKWave, under page tables
# (Sv39) or, for those that need them, segments. make pictures: all of them as docs/figures.

SCENES_OF_PAGES    := null kernel readonly noexec walk hit lazy dirty cow isolate share superpage
SCENES_OF_SEGMENTS := segment limit

$(foreach t,sv39 both,$(eval $(call KERNEL_IMAGE,64,scene-$(t),$(t),$(BUILD)/sw/user64/scene.elf,scene,8)))

# What a scene needs: image and configuration.
scene_image  = $(BUILD)/sw/rv64/kernel-scene-$(if $(filter $(SCENES_OF_SEGMENTS),$(1)),both,sv39).elf
scene_config = $(if $(filter $(SCENES_OF_SEGMENTS),$(1)),rva23,sv39)
scene_needs  = $(BUILD)/atlas $(foreach s,$(1),$(call scene_image,$(s)) $(BUILD)/rtl/$(call scene_config,$(s))/wave.so)

ifdef SCENE
ifeq ($(filter $(SCENE),$(SCENES_OF_PAGES) $(SCENES_OF_SEGMENTS)),)
$(error make wave: no scene $(SCENE): one of $(SCENES_OF_PAGES) $(SCENES_OF_SEGMENTS))
endif
wave: $(call scene_needs,$(SCENE))
	$(call need,gtkwave)
	@for save in $$(SEED=$(SEED) sim/waves/scene.sh $(SCENE) $(call scene_image,$(SCENE)) \
		$(call scene_config,$(SCENE)) $(BUILD)/scenes); do gtkwave $$save & done; wait
endif

# For its test: all in one image, small and quick.
$(eval $(call KERNEL_IMAGE,32,scene-test,both,$(BUILD)/sw/user32/scene.elf,scene null;scene limit,8))
scene-test: $(BUILD)/atlas $(BUILD)/sw/rv32/kernel-scene-test.elf $(BUILD)/rtl/kernel32/wave.so

pictures: $(sort $(call scene_needs,$(SCENES_OF_PAGES) $(SCENES_OF_SEGMENTS)))
	$(call need,gtkwave)
	$(call need,Xvfb,xvfb)
	$(call need,convert,imagemagick)
	@$(foreach s,$(SCENES_OF_PAGES) $(SCENES_OF_SEGMENTS),sim/waves/picture.sh docs/figures \
		$$(sim/waves/scene.sh $(s) $(call scene_image,$(s)) $(call scene_config,$(s)) $(BUILD)/scenes) &&) true
.PHONY: pictures scene-test
