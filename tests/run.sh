#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what the tests need (Debian 12; as root or through sudo), build
# afresh in build-test, run every test. The last line is `N passed, N failed`;
# the exit status is 0 where nothing failed. Logs stay in build-test/tests-log.
set -eu

# Debian's programs before others of the same names, python3 above all.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
unset LIBRARY_PATH MAKEFLAGS DESTDIR

cd "$(dirname "$0")/.."
build=$PWD/build-test
logs=$build/tests-log
passed=0
failed=0
skipped=0

finish() {
	[ "$skipped" -eq 0 ] || echo "$skipped skipped"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || exit 1
	exit 0
}

# step NAME LOG COMMAND...: what must work before anything can be tested
step() {
	name=$1 log=$2
	shift 2
	if ! "$@" >"$log" 2>&1 </dev/null; then
		tail -n 60 "$log"
		echo "$name failed"
		failed=1
		finish
	fi
}

# suite NAME KIND SECONDS COMMAND...: KIND is one of tally.py's
suite() {
	name=$1 kind=$2 seconds=$3 status=0
	shift 3
	log=$logs/$name.log
	timeout -k 10 "$seconds" "$@" >"$log" 2>&1 </dev/null || status=$?
	[ "$kind" != meson ] || log=$build/meson-logs/testlog.json
	counts=$(python3 tests/tally.py "$kind" "$log" "$status") ||
		counts='0 1 0'
	# shellcheck disable=SC2086 # three numbers
	set -- $counts
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	echo "$name: $1 passed, $2 failed, $3 skipped"
	[ "$2" -eq 0 ] || tail -n 60 "$logs/$name.log"
}

echo 'packages'
if ! sh examples/install-packages.sh build run test; then
	failed=1
	finish
fi

echo 'build'
rm -rf "$build"
mkdir "$build"
werror=false
[ "${CI:-}" != true ] || werror=true
step 'meson setup' "$build/setup.log" \
	meson setup "$build" -Dwerror="$werror" -Dtests=enabled
mkdir -p "$logs"
step 'the build' "$logs/build.log" ninja -C "$build"

# No test writes into a ledger of this host.
XDG_CONFIG_HOME=$build/config
mkdir -p "$XDG_CONFIG_HOME/quorate"
echo 'ledger = none' >"$XDG_CONFIG_HOME/quorate/config"
chmod go-w "$XDG_CONFIG_HOME/quorate/config"

QUORATE=$build/cmd/quorate
CMOCKA_MESSAGE_OUTPUT=TAP
export QUORATE CMOCKA_MESSAGE_OUTPUT XDG_CONFIG_HOME

suite meson meson 3600 meson test -C "$build" --no-rebuild
for file in tests/cli/*.bats tests/stories/*.bats; do
	name=${file#tests/}
	suite "$(echo "${name%.bats}" | tr / -)" tap 900 bats --tap "$file"
done
suite tally unittest 60 python3 tests/tally_test.py
# A hook or a tool may be in another language.
# shellcheck disable=SC2046 # names without blanks
suite shellcheck exit 120 shellcheck tests/*.sh tests/*/*.sh examples/*.sh \
	$(grep -l '^#!/bin/sh' examples/hooks/* tests/tools/*) \
	examples/alerts/* examples/deliver/* examples/systemd/quorate-textfile \
	.ci/run

finish
