# Derives the C table of configurations from configs.txt:
# MMU_CONFIGS(X) with X(name, xlen, levels, asid_bits, pa_bits, fetch_entries, data_entries).
/^[a-z]/ {
	delete p
	for (i = 2; i <= NF; i++) {
		split($i, kv, "=")
		p[kv[1]] = kv[2]
	}
	n = split("XLEN LEVELS W_ASID W_PA FETCH_ENTRIES DATA_ENTRIES", want, " ")
	row = sprintf("X(%s", $1)
	for (i = 1; i <= n; i++) {
		if (!(want[i] in p)) {
			printf "%s:%d: configuration %s lacks %s\n", FILENAME, FNR, $1, want[i] > "/dev/stderr"
			failed = 1
			exit
		}
		row = row ", " p[want[i]]
	}
	if (NF != n + 1) {
		printf "%s:%d: configuration %s has an unknown parameter\n", FILENAME, FNR, $1 > "/dev/stderr"
		failed = 1
		exit
	}
	rows = rows " \\\n\t" row ")"
}
END {
	if (failed) exit 1
	print "/* Derived from rtl/configs.txt; edit that file. */"
	print "#ifndef MMU_CONFIGS_H\n#define MMU_CONFIGS_H\n"
	printf "#define MMU_CONFIGS(X)%s\n\n#endif\n", rows
}
