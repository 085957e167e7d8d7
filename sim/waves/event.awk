# Finds in a VCD when a port accepts a request for an address, between two cycles: prints the
# times, in ns, of the first and of the last.
#
# Usage: fst2vcd F.fst | awk -f sim/waves/event.awk -v port=data -v address=0x58000000 \
#            -v from=100 -v to=200

function binary(hex,   i, digit, bits) {
	sub(/^0x/, "", hex)
	for (i = 1; i <= length(hex); i++) {
		digit = index("0123456789abcdef", substr(hex, i, 1)) - 1
		bits = bits (digit >= 8) (digit % 8 >= 4) (digit % 4 >= 2) digit % 2
	}
	sub(/^0+/, "", bits)
	return bits
}

BEGIN {
	wanted = binary(address)
	valid_name = port "_req_valid"
	ready_name = port "_req_ready"
	va_name = port "_req_va"
}

# The outermost scope comes first.
$1 == "$var" && !($5 in id) { id[$5] = $4 }

/^#/ {
	now = value[id[valid_name]] == "1" && value[id[ready_name]] == "1" &&
		value[id[va_name]] == wanted && time >= 10 * from && time <= 10 * to
	if (now && !before) {
		if (first == "")
			first = time
		last = time
	}
	before = now
	time = substr($0, 2)
}

/^[01]/ { value[substr($0, 2)] = substr($0, 1, 1) }
/^b/ {
	bits = substr($1, 2)
	sub(/^0+/, "", bits)
	value[$2] = bits
}

END { if (first != "") print first, last }
