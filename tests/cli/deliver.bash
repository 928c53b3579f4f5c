# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of the delivery hooks that encrypt have in common.

# A hook of examples/deliver as a site would have it: own_hook NAME
own_hook() {
	begin
	tools=$(realpath "$BATS_TEST_DIRNAME/../tools")
	local root=/run/quorate-deliver-test
	[ "$(id -u)" -eq 0 ] || root=$BATS_TEST_TMPDIR
	own=$(mktemp -d "$root-XXXXXX" 2>/dev/null || mktemp -d)
	chmod 755 "$own"
	hook=$own/$1
	install -m 755 "$BATS_TEST_DIRNAME/../../examples/deliver/$1" "$hook"
	out=$BATS_TEST_TMPDIR/out
	mkdir "$out"
	printf 'correct horse' >secret
}

configure() {
	printf '%s\n' "$@" >"$hook.conf"
	chmod 644 "$hook.conf"
}

# Deal what stands in the file secret: hand_out [POLICY [OPTION...]]
hand_out() {
	run --separate-stderr "$quorate" split db --deliver "$hook" \
	    --policy "${1:-2 of (cfo, ciso, cto)}" "${@:2}" <secret
	echo "$stderr"
}

# refused WORDS [POLICY]: nothing went out
refused() {
	hand_out "${@:2}"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"$1"* ]]
	[[ "$stderr" == *"no card went out"* ]]
	[ -z "$(ls -A "$out")" ]
}

# deliver CARD [VARIABLE=VALUE...]: by hand, as quorate would
deliver() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin QUORATE_CARD=2 \
	    QUORATE_CUSTODIAN=ciso QUORATE_FILE=db-2.txt "${@:2}" \
	    "$hook" deliver <"$1"
}

# Card 2 to ciso, as db-2.txt; it is cards/db-g1-c2.txt
leaves_no_plain_card() {
	"$quorate" split db -k 2 -n 2 --format txt --output cards <secret
	run env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin QUORATE_CARD=2 \
	    QUORATE_CUSTODIAN=ciso QUORATE_FILE=db-2.txt \
	    "$tools/leaks.py" --secret-file cards/db-g1-c2.txt -- \
	    "$hook" deliver <cards/db-g1-c2.txt
	echo "$output"
	[ "$status" -eq 0 ]
}
