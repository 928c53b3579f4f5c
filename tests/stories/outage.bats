#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# An outage at night: two of three pages open the account of a host, and
# after it the account has another password, on other pages. On a throw-away
# root, with the real hook.

load ../cli/common
load ../cli/throwaway

setup() {
	begin
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	begin_root
	is_private || skip "wants a mount namespace of its own"
}

@test "two pages open the account; after the rotation only new ones do" {
	"$quorate" split db-root --mint --user emergency \
	    --policy '2 of (cfo, ciso, cto)' --output pages 2>said
	[ -z "$(find . -name '*.txt')" ]
	run on_root <<-'END'
		enter() { "$quorate" reconstruct "$@" --exec=stdin -- \
			sh -c 'cat >/mnt/pw; printf "%s\n" "$(cat /mnt/pw)" |
			pamtester login emergency authenticate' 2>&1; }
		"$quorate" reconstruct pages/*cfo.pdf pages/*cto.pdf \
			--exec=stdin -- sh -c 'printf emergency: >/mnt/line
				cat >>/mnt/line; chpasswd </mnt/line'
		enter db-root pages/*cfo.pdf pages/*ciso.pdf
		"$quorate" rotate db-root pages/*ciso.pdf pages/*cto.pdf \
			--hook "$hook" --output new 2>/mnt/said
		cat /mnt/said
		grep -q "takes the new secret, and refuses the old one" \
			/mnt/said
		if enter pages/*cfo.pdf pages/*ciso.pdf; then exit 9; fi
		enter new/*-g2-c1.pdf new/*-g2-c3.pdf
		"$quorate" check new/*.pdf
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(find new -name 'db-root-g2-c?.pdf' | wc -l)" -eq 3 ]
}
