#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what is missing of the sections of packages.txt beside this script:
#
#	sh install-packages.sh build run test
#
# As root, or through sudo. Says nothing where nothing is missing. No service
# is started by it: the tests start the servers that they want.
set -eu

list=$(dirname "$0")/packages.txt

die() {
	printf 'install-packages: %s\n' "$@" >&2
	exit 3
}

[ $# -gt 0 ] || die 'name a section of packages.txt: build, run, test'
command -v apt-get >/dev/null ||
	die "this is no Debian; install by hand what $list names"

wanted=
for section; do
	some=$(awk -v s="$section" '$1 == s { $1 = ""; print }' "$list")
	[ -n "$some" ] || die "$list has no section $section"
	wanted="$wanted $some"
done

missing=
for package in $wanted; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
		2>/dev/null) || state=none
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	as_root='env'
elif command -v sudo >/dev/null; then
	as_root='sudo env'
else
	die "not root, and no sudo; as root: apt-get install$missing"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

# What a package's script asks before it starts a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap '$as_root rm -f "$log" "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
	$as_root chmod 755 "$policy"
fi

apt() {
	$as_root DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y \
		-o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
		"$@" </dev/null >>"$log" 2>&1
}

printf 'install-packages: installing%s\n' "$missing" >&2
# A stale list may do; a foreign source that fails is no reason to stop.
apt update || :
# shellcheck disable=SC2086 # a list of words
if ! apt install --no-install-recommends $missing; then
	tail -n 30 "$log" >&2
	die "apt-get failed; by hand: apt-get install$missing"
fi
