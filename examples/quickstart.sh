#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what quorate needs (Debian 12; as root or through sudo), build it in
# build-quickstart, and go the whole way once: make a ledger, mint a password,
# deal it to three PDF cards, request and approve its use, rejoin it with two
# cards and rotate it in one run, review what happened, verify the log.
#
#	sh examples/quickstart.sh
#
# Nothing of this machine is changed but for packages, the build directory and
# a new directory in /tmp, which is named at the end. As root the password is
# that of an account on a copy of /etc that only this script sees; else, or
# where no such copy can be had, a file plays the target.
set -eu

# Debian's programs before others of the same names, python3 above all.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
unset MAKEFLAGS DESTDIR
umask 077

script=$(cd "$(dirname "$0")" && pwd)/quickstart.sh
top=$(dirname "$(dirname "$script")")
build=$top/build-quickstart
# A test names another one.
quorate=${QUORATE:-$build/cmd/quorate}

say() {
	printf '%s\n' "$@"
}

step() {
	say '' "--- $1"
	shift
	[ $# -eq 0 ] || say "$@"
	say ''
}

die() {
	printf 'quickstart: %s\n' "$@" >&2
	exit 3
}

# logged WHAT COMMAND...: silent where it goes well
logged() {
	what=$1
	shift
	"$@" >"$build/quickstart.log" 2>&1 </dev/null || {
		tail -n 40 "$build/quickstart.log" >&2
		die "$what failed; all of it: $build/quickstart.log"
	}
}

install_and_build() {
	step '1. Packages and build'
	sh "$top/examples/install-packages.sh" build run demo
	mkdir -p "$build" || die "$top must be writable"
	[ -e "$build/build.ninja" ] ||
		logged 'meson setup' \
			meson setup -Dtests=disabled "$build" "$top"
	logged 'the build' ninja -C "$build"
	say "built: $quorate"
}

# show WORD...: a command as one would type it
show() {
	printf '$'
	for word; do
		case $word in
		*[!A-Za-z0-9_./=:,+@-]* | '') printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
}

# run [!] WORD...: show a quorate command, then run it; behind ! it must exit
# with the status that follows. What it said stays in the file `said`.
run() {
	want=0
	if [ "$1" = '!' ]; then
		want=$2
		shift 2
	fi
	show quorate "$@"
	status=0
	"$quorate" "$@" </dev/null >said 2>&1 || status=$?
	cat said
	[ "$status" -eq "$want" ] ||
		die "that ended with status $status, not $want"
	[ "$want" -eq 0 ] || say "(status $status)"
	say ''
}

# An account on a copy of /etc, in the mount namespace that we are in: what is
# mounted here must not be seen outside.
make_account() {
	mkdir "$dir/root"
	mount -t tmpfs none "$dir/root" || return 1
	touch "$dir/root/inside"
	[ ! -e "/proc/$PPID/root$dir/root/inside" ] || {
		umount "$dir/root"
		return 1
	}
	mkdir "$dir/root/etc" "$dir/root/work"
	touch "$dir/root/etc/quorate-quickstart"
	mount -t overlay none -o \
"lowerdir=/etc,upperdir=$dir/root/etc,workdir=$dir/root/work" /etc || return 1
	[ -e /etc/quorate-quickstart ] || return 1
	rm -f /etc/nologin
	useradd -M -s /bin/sh "$user"
}

# A ledger of this tour's own: this host's is left in peace. Alerts go to a
# program that keeps them in a file.
make_settings() {
	XDG_CONFIG_HOME=$dir/config
	export XDG_CONFIG_HOME
	mkdir -p config/quorate alerts.d
	printf '%s\n' "ledger = $dir/ledger.db" "hooks = $dir/alerts.d" \
		'syslog = none' >config/quorate/config
	printf '#!/bin/sh\ncat >>"%s"\n' "$dir/alerts" >alerts.d/to-file
	chmod 700 alerts.d/to-file
}

# The roster of the examples, with the target of this tour.
make_roster() {
	sed -e "s|\"db1.example.org\"|\"$target\"|" \
		-e "s|\"root\"|\"$user\"|" \
		-e "s|\"/etc/quorate/hooks/unix-account\"|\"$dir/$hook\"|" \
		-e "s|\"review_by\": .*|\"review_by\": \"$(date -d '+1 year' \
			+%F)\",|" "$top/examples/roster.json" >roster.json
	ssh-keygen -q -t ed25519 -N '' -C lars -f lars
}

prepare() {
	step '2. A ledger, its log, the people and what they guard' \
		'The auditor keeps the card: the log is held against it.'
	run log init --auditor-card auditor.pdf
	run import roster.json
	say "Lars approves with a key of his own, made on his own machine:" ''
	run person change lars --key-file lars.pub
}

deal() {
	step '3. Mint a password and deal it: any 2 of 3 people open it' \
		'Nobody has seen the password, this script neither.'
	run split db-root --policy '2 of (cfo, ciso, cto)' --mint \
		--output cards

	step '4. Look at a card, as a scanner would bring it' \
		'This reveals nothing.'
	run check cards/db-root-g1-c3-cto.pdf
}

declare_use() {
	step '5. Before anything is opened: who, why, and under which ticket' \
		'What is printed is what an approver reads and signs.'
	run request db-root --requester mona --reason 'no sign-on, disk full' \
		--ticket OPS-4711 --criterion 1 --output request.txt
	incident=$(sed -n 's/^incident: //p' request.txt)
	cat request.txt
	say ''
	run ! 1 reconstruct db-root cards/db-root-g1-c1-cfo.pdf \
		cards/db-root-g1-c3-cto.pdf --incident "$incident" --exec -- true

	step '6. Lars signs it, on his machine; only the signature comes back'
	show ssh-keygen -Y sign -n quorate -f lars request.txt
	ssh-keygen -q -Y sign -n quorate -f lars request.txt 2>&1
	say ''
	run approve "$incident" --approver lars --signature request.txt.sig
}

open() {
	step '7. One card opens nothing'
	run ! 1 reconstruct db-root cards/db-root-g1-c2-ciso.pdf \
		--incident "$incident" --exec -- true

	step '8. Two cards rejoin the password; seen is compromised: rotate' \
		'It goes to a program, not to a screen: the hook sets it on' \
		"$what." \
		'Then a new one is minted, dealt, and set; it is tried, and' \
		'the old one must be refused.'
	run reconstruct db-root cards/db-root-g1-c1-cfo.pdf \
		cards/db-root-g1-c3-cto.pdf --incident "$incident" \
		--then-rotate --output new-cards --exec -- "./$hook" apply
	run ! 1 status
}

close() {
	step '9. Old cards and new' \
		'An old one is known as such. Two new ones make their key' \
		'again; what it seals stays closed.'
	run ! 1 check cards/db-root-g1-c3-cto.pdf
	run drill db-root new-cards/db-root-g2-c1-cfo.pdf \
		new-cards/db-root-g2-c2-ciso.pdf --quorum

	step '10. Review: somebody else says what it was' \
		'Then nothing is due any more.'
	run review "$incident" --reviewer ina --classification emergency \
		--findings 'the disk was full of core dumps' \
		--actions 'a limit for core dumps' \
		--recording 'none:no terminal was opened'
	run status
}

verify() {
	step '11. The log, held against a card and against the auditor'\''s key' \
		'A card was printed before: what it saw can'\''t be changed unseen.'
	run log show --incident "$incident"
	run log verify --witness new-cards/db-root-g2-c3-cto.pdf \
		--auditor-key auditor.pdf --rebuild
	say "Another program, of Python's standard library alone, agrees:" ''
	run log export --output log.txt
	show python3 verify-log.py log.txt
	python3 "$top/examples/verify-log.py" log.txt

	step '12. What an auditor gets, and what hangs in the safe'
	run report --auditor-key auditor.pdf \
		--witness new-cards/db-root-g2-c3-cto.pdf --output report.html
	run form playbook db-root --output playbook.pdf
	say "Alerts: $(grep -c . alerts), the last of them:" ''
	tail -n 1 alerts
}

# tour DIR: from minting to the verified log.
tour() {
	cd "$dir"
	cp "$top/examples/hooks/$hook" "$dir/$hook"
	chmod 700 "$dir/$hook"
	QUORATE_NAME=db-root QUORATE_USER=$user QUORATE_TARGET=$target
	export QUORATE_NAME QUORATE_USER QUORATE_TARGET
	make_settings
	make_roster

	prepare
	deal
	declare_use
	open
	close
	verify

	step 'Done' \
		"old cards   $dir/cards" \
		"new cards   $dir/new-cards (look at one)" \
		"ledger      $dir/ledger.db" \
		"report      $dir/report.html" \
		"the hook    $dir/$hook" \
		"quorate     $quorate" \
		'' \
		"your hook   $quorate hook test HOOK --user THROWAWAY" \
		"go on       export XDG_CONFIG_HOME=$dir/config" \
		"            $quorate status db-root" \
		"next        $quorate --help" \
		"            $top/README.md" \
		"to end it   rm -r $dir $build"
}

case ${1:-} in
'')
	install_and_build
	dir=$(mktemp -d /tmp/quorate-quickstart.XXXXXX)
	apart='unshare -m'
	$apart true 2>/dev/null || apart='unshare -m --propagation unchanged'
	if [ "$(id -u)" -ne 0 ] || ! $apart true 2>/dev/null; then
		apart=
	fi
	# A child, not exec: what it mounts is looked for from out here.
	# shellcheck disable=SC2086 # words, or none
	$apart sh "$script" --tour "$dir" "${apart:+apart}"
	rmdir "$dir/root" 2>/dev/null || :
	;;
--tour)
	dir=$2
	user=emergency
	if [ "$3" = apart ] && make_account 2>/dev/null; then
		hook=unix-account
		target=localhost
		what="the account \"$user\" (on a copy of /etc, made for this)"
	else
		hook=demo-file
		target=$dir/target
		what="a file that plays the target ($target)"
	fi
	tour
	;;
*) die 'usage: sh examples/quickstart.sh' ;;
esac
