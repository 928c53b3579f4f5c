#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for SSH keys, against Debian's sshd in the foreground on loopback,
# within the throw-away root: an account, a home and host keys of its own.

bats_require_minimum_version 1.5.0
load throwaway

setup_file() {
	begin_root
	export hook=/run/quorate-hook-test/ssh-key
	export source=$BATS_TEST_DIRNAME/../../examples/hooks/ssh-key
	export leaks=$BATS_TEST_DIRNAME/../tools/leaks.py
	export quorate=$(realpath "$build/cmd/quorate")
	export XDG_CONFIG_HOME=$root/config
	mkdir -p "$root/config/quorate" "$root/keys"
	echo 'ledger = none' >"$root/config/quorate/config"
	chmod 600 "$root/config/quorate/config"
	for k in one two three host; do
		ssh-keygen -q -t ed25519 -N '' -C "$k" -f "$root/keys/$k"
	done
	cat >"$root/prelude" <<-'END'
		mkdir -p /mnt/home/emergency /run/sshd /run/work
		chown emergency: /mnt/home/emergency
		chmod 711 /mnt
		usermod -d /mnt/home/emergency -p '*' emergency
		cp -p "$root"/keys/host* /run/sshd
		keys=$root/keys
		file=/mnt/home/emergency/.ssh/authorized_keys
		cd /run/work
		sed -i "s|^HOST_KEYS = .*|HOST_KEYS = '/run/sshd/host.pub'|" \
		    "$hook"
		port=$(/usr/bin/python3 -c 'import socket
		s = socket.socket(); s.bind(("127.0.0.1", 0))
		print(s.getsockname()[1])')
		# serve LINE...: of its settings
		serve() {
			printf '%s\n' "ListenAddress 127.0.0.1:$port" \
			    'HostKey /run/sshd/host' 'PidFile none' \
			    'UsePAM no' "$@" >/run/sshd/config
			/usr/sbin/sshd -D -e -f /run/sshd/config 2>>/run/sshd/said &
			pid=$!
			for i in $(seq 200); do
				! grep -q 'Server listening' /run/sshd/said ||
					break
				sleep 0.02
			done
		}
		down() {
			kill "$pid"
			wait "$pid" || true
			: >/run/sshd/said
		}
		trap 'kill "$pid"' EXIT
		# apply NEW [OLD [USER [TARGET]]]
		apply() {
			set -- "$1" "${2:-}" db "${3:-emergency}" \
			    "${4-localhost:$port}" 7
			if [ -n "$2" ]; then exec 4<"$2"; else exec 4<&-; fi
			new=$1
			shift 2
			"$tool" "$hook" apply "$@" <"$new" 2>said
			exec 4<&-
		}
		try() { "$tool" "$hook" verify db "${2:-emergency}" \
		    "${3-localhost:$port}" 7 <"$1" 2>said; }
		is() { [ "$1" = "$2" ] || {
		    echo "got \"$1\", want \"$2\": $(cat said)"
		    cat /run/sshd/said; exit 9; }; }
		said() { grep -q -- "$1" said || { cat said; exit 9; }; }
	END
}

setup() {
	[ "$(id -u)" -eq 0 ] || skip "wants root"
	is_private || skip "wants a mount namespace of its own"
	[ -x /usr/sbin/sshd ] || skip "no sshd"
}

# The lines of standard input, with sshd's settings as arguments where any
on_host() {
	run on_root <<-END
		$(cat "$root/prelude")
		$(cat)
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "minted: a fresh key each time, which ssh-keygen reads" {
	on_host <<-'END'
		pid=$$; trap - EXIT
		"$tool" "$hook" describe db emergency "" 7 >desc
		is "$(head -n 1 desc)" mints
		"$tool" "$hook" mint db emergency "" 7 >a
		"$tool" "$hook" mint db emergency "" 7 >b
		is "$(wc -c <a) $(wc -c <b)" '387 387'
		chmod 600 a b
		ssh-keygen -lf a | grep -q '^256 .*(ED25519)$'
		ssh-keygen -y -f a >a.pub
		ssh-keygen -y -f b >b.pub
		if cmp -s a.pub b.pub; then exit 9; fi
		# what is signed with it holds
		echo text | ssh-keygen -q -Y sign -n t -f a >sig 2>/dev/null
		echo "x $(cat a.pub)" >signers
		echo text | ssh-keygen -Y verify -n t -f signers -I x -s sig
	END
}

@test "refused: a key that isn't there, an account that is locked or none" {
	on_host <<-'END'
		serve
		is "$(try "$keys/one")" no
		is "$(apply "$keys/one")" yes
		is "$(try "$keys/one")" yes
		is "$(try "$keys/two")" no
		usermod -p '!' emergency
		is "$(try "$keys/one")" no
		is "$(try "$keys/one" nobody-of-this-name)" no
		is "$(apply "$keys/two" "" nobody-of-this-name)" no
		said 'no account "nobody-of-this-name"'
		usermod -p '*' emergency
		is "$(try "$keys/one")" yes
	END
}

@test "an agent that has its socket's name before it listens" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		cp /usr/bin/ssh-agent real
		cat >slow <<-'SLOW'
			#!/usr/bin/python3
			import os, socket, sys, time
			bound = socket.socket(socket.AF_UNIX)
			bound.bind(sys.argv[3])
			time.sleep(1)
			os.unlink(sys.argv[3])
			os.execv("/run/work/real", sys.argv)
		SLOW
		chmod 755 slow
		mount --bind slow /usr/bin/ssh-agent
		is "$(try "$keys/one")" yes
		is "$(try "$keys/two")" no
	END
}

@test "what is no key, or has a passphrase, changes nothing" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		cp -p "$file" before
		echo Tz7-a-password >password
		ssh-keygen -q -t ed25519 -N phrase -f locked
		sed '3s/./!/' "$keys/two" >spoilt
		for k in password locked spoilt "$keys/two.pub"; do
			is "$(apply "$k")" no
			said 'no private key'
			is "$(try "$k")" unknown
		done
		cmp "$file" before
	END
}

@test "down is for later; a stranger in its place isn't asked" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		down
		is "$(try "$keys/one")" later
		said 'Connection refused'
		# its key is another one than this host's
		ssh-keygen -q -t ed25519 -N '' -f /run/sshd/stranger
		sed -i 's|sshd/host.pub|sshd/stranger.pub|' "$hook"
		serve
		is "$(try "$keys/one")" unknown
		said 'Host key verification failed'
		down
		# something that stands still, something that hangs up
		sed -i 's/^PATIENCE = 20/PATIENCE = 1/' "$hook"
		timeout 20 /usr/bin/python3 -c 'import socket, sys
		s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
		print("Server listening", flush=True)
		c, _ = s.accept(); d, _ = s.accept(); d.close()
		s.accept()' "$port" >/run/sshd/said &
		pid=$!
		while [ ! -s /run/sshd/said ]; do sleep 0.02; done
		is "$(try "$keys/one")" later
		said 'no answer within'
		is "$(try "$keys/one")" later
		kill "$pid"
		trap - EXIT
	END
}

@test "names, hosts and ports that are none" {
	on_host <<-'END'
		pid=$$; trap - EXIT
		for u in '' -oProxyCommand=id 'a b' '$(id)' '../x' 'x
		y'; do
			is "$(printf x | "$tool" "$hook" apply db "$u" "" 7 \
			    2>said)" no
			is "$(printf x | "$tool" "$hook" verify db "$u" "" 7 \
			    2>said)" unknown
		done
		for t in -oProxyCommand=id 'a b' 'h:x' 'h:1:2' '[::1' 'a;b'; do
			is "$(try "$keys/one" emergency "$t")" unknown
			said 'is no HOST:PORT'
			is "$(apply "$keys/one" "" emergency "$t")" no
		done
		is "$(apply "$keys/one" "" emergency elsewhere.example)" no
		said 'the target is "elsewhere.example"'
		is "$(printf x | "$tool" "$hook" apply 'a
		b' emergency "" 7 2>said)" no
		[ ! -e "$file" ]
	END
}

@test "the old key goes, the new one comes, and twice is as good as once" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		is "$(stat -c '%U %a' "$file" "${file%/*}")" 'emergency 600
		emergency 700'
		is "$(cut -d ' ' -f 3- "$file")" quorate:db
		is "$(apply "$keys/two" "$keys/one")" yes
		is "$(try "$keys/two")" yes
		is "$(try "$keys/one")" no
		before=$(stat -c '%i %Y' "$file")
		is "$(apply "$keys/two" "$keys/one")" yes
		is "$(apply "$keys/two")" yes
		is "$(stat -c '%i %Y' "$file")" "$before"
		is "$(wc -l <"$file")" 1
		is "$(apply "$keys/three")" yes
		is "$(try "$keys/three")" yes
		is "$(try "$keys/two")" no
		is "$(ls -A "${file%/*}")" authorized_keys
	END
}

@test "other lines, options, owner and mode stay" {
	on_host <<-'END'
		serve
		mkdir -m 700 "${file%/*}"
		one=$(cut -d ' ' -f 1-2 "$keys/one.pub")
		three=$(cut -d ' ' -f 1-2 "$keys/three.pub")
		cat >"$file" <<-LINES
			# quorate:db is the emergency's

			from="127.0.0.1,::1",command="echo \"ssh-rsa AAAA\" q" $one quorate:db
			restrict,pty $three quorate:db2
			not a key at all
		LINES
		printf '%s  one of two' "$one" >>"$file"
		chmod 640 "$file"
		chown -R emergency:games "${file%/*}"
		usermod -a -G games emergency
		cp "$file" before
		# one account, the key of three was there before
		is "$(apply "$keys/two" "$keys/one")" yes
		two=$(cut -d ' ' -f 1-2 "$keys/two.pub")
		sed -e "3s|$one|$two|" -e '$d' before | cmp - "$file"
		is "$(stat -c '%U %G %a' "$file")" 'emergency games 640'
		is "$(try "$keys/two")" yes
		is "$(try "$keys/one")" no
		is "$(try "$keys/three")" yes
	END
}

@test "an unmarked line of the old key is taken over; two marked ones are not" {
	on_host <<-'END'
		serve
		mkdir -m 700 "${file%/*}"
		printf 'no-pty %s' "$(cat "$keys/one.pub")" >"$file"
		chown -R emergency: "${file%/*}"
		is "$(apply "$keys/two" "$keys/one")" yes
		is "$(cat "$file")" \
		    "no-pty $(cut -d ' ' -f 1-2 "$keys/two.pub") quorate:db"
		# a password that came before the first key
		echo Tz7-a-password >password
		is "$(apply "$keys/three" password)" yes
		is "$(try "$keys/three")" yes
		cat "$file" "$file" >both
		cat both >"$file"
		is "$(apply "$keys/two" "$keys/three")" no
		said '2 lines are marked quorate:db'
		cmp both "$file"
	END
}

@test "a home that leads elsewhere leads root nowhere" {
	on_host <<-'END'
		pid=$$; trap - EXIT
		mkdir -m 700 /run/roots
		cp "$keys/three.pub" /run/roots/authorized_keys
		ln -s /run/roots /mnt/home/emergency/.ssh
		is "$(apply "$keys/one")" no
		cmp /run/roots/authorized_keys "$keys/three.pub"
		rm /mnt/home/emergency/.ssh
		# nor is a file of root's changed in its place
		mkdir -m 700 "${file%/*}"
		chown emergency: "${file%/*}"
		cp "$keys/three.pub" "$file"
		is "$(apply "$keys/one")" no
		said "not the account's file"
		cmp "$file" "$keys/three.pub"
		is "$(ls -A "${file%/*}")" authorized_keys
		# another user changes nothing; the account itself may
		chown emergency: "$file"
		id=$(id -u emergency)
		for u in 65534 "$id"; do
			setpriv --reuid "$u" --regid "$u" --clear-groups \
			    env QUORATE_USER=emergency QUORATE_NAME=db \
			    "$hook" apply 3<"$keys/one.pub" 2>said && exit 9 ||
			    is $? 1
		done
		cp "$keys/one" key
		chown emergency: key
		setpriv --reuid 65534 --regid 65534 --clear-groups cat key &&
			exit 9 || true
		setpriv --reuid "$id" --regid "$id" --clear-groups \
		    env QUORATE_USER=emergency QUORATE_NAME=db sh -c \
		    'cat "$1" | "$0" apply 3<&0' "$hook" key
		grep -q quorate:db "$file"
	END
}

@test "no disk to write on: nothing is changed" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		mount -t tmpfs -o size=4k none /mnt/home/emergency
		mkdir -m 700 "${file%/*}"
		cp "$keys/three.pub" "$file"
		chown -R emergency: /mnt/home/emergency
		chmod 755 /mnt/home/emergency
		is "$(apply "$keys/one")" later
		said 'No space left'
		cmp "$file" "$keys/three.pub"
		mount -o remount,ro /mnt/home/emergency
		is "$(apply "$keys/one")" no
		cmp "$file" "$keys/three.pub"
		umount /mnt/home/emergency
		is "$(try "$keys/one")" yes
	END
}

@test "a server that asks for more, or for nothing, proves nothing" {
	on_host <<-'END'
		serve 'AuthenticationMethods publickey,password'
		is "$(apply "$keys/one")" yes
		is "$(try "$keys/one")" unknown
		said "doesn't suffice"
		is "$(try "$keys/two")" no
		down
		serve 'PermitEmptyPasswords yes'
		usermod -p '' emergency
		is "$(try "$keys/two")" unknown
		said 'lets anyone in'
		is "$(try "$keys/one")" unknown
	END
}

@test "no command is run, nothing is left; other kinds of keys" {
	on_host <<-'END'
		serve
		mkdir -m 700 "${file%/*}"
		echo "command=\"touch /run/work/ran\" $(cut -d ' ' -f 1-2 \
		    "$keys/one.pub") quorate:db" >"$file"
		chown -R emergency: "${file%/*}"
		chmod 777 /run/work
		is "$(try "$keys/one")" yes
		ssh-keygen -q -t rsa -b 2048 -N '' -m PEM -f rsa
		ssh-keygen -q -t ecdsa -N '' -f ec
		printf %s "$(cat "$keys/two")" >bare
		for k in rsa ec bare; do
			is "$(apply "$k")" yes
			is "$(try "$k")" yes
		done
		is "$(try "$keys/two")" yes
		is "$(try ec)" no
		[ ! -e ran ]
		if ls -d /tmp/quorate-ssh-*; then exit 9; fi
	END
}

@test "watched: no key in an argument, environment, file or output" {
	on_host <<-'END'
		strace -o /dev/null true || exit 0
		serve
		chmod 700 .
		is "$(apply "$keys/one")" yes
		watch() { /usr/bin/python3 -B "$leaks" --hooks 1 "$@"; }
		"$tool" "$hook" describe db emergency "" 7 >/dev/null
		/usr/bin/python3 -B "$leaks" --hooks 2 --secret-file key \
		    --allow-fd 1 -- "$tool" "$hook" mint db emergency "" 7 >key
		watch --secret-file key --secret-file "$keys/one" --fd 4 -- \
		    "$tool" "$hook" apply db emergency "localhost:$port" 7 \
		    <key 4<"$keys/one" >out
		is "$(cat out)" yes
		watch --secret-file key -- "$tool" "$hook" verify db \
		    emergency "localhost:$port" 7 <key >out
		is "$(cat out)" yes
		watch --secret-file "$keys/one" -- "$tool" "$hook" verify db \
		    emergency "localhost:$port" 7 <"$keys/one" >out
		is "$(cat out)" no
	END
}

@test "cards carry a key, on paper too, byte by byte" {
	on_host <<-'END'
		pid=$$; trap - EXIT
		"$tool" "$hook" mint db emergency "" 7 >key
		"$quorate" split db --policy '2 of (cfo, ciso, cto)' --names \
		    --user emergency --target host.example --note 'of sshd' \
		    --secret-file key --output cards 2>said
		"$quorate" reconstruct cards/*c1* cards/*c3* --output-fd 9 \
		    9>opened 2>said
		cmp key opened
	END
}

@test "held against its contract" {
	on_host <<-'END'
		serve
		"$quorate" hook test "$hook" --user emergency --target \
		    "localhost:$port" --yes >out 2>said </dev/null ||
			{ cat out said; exit 9; }
		if grep broken out; then exit 9; fi
	END
}

@test "the whole way: the first key dealt, rotated to minted ones, watched" {
	on_host <<-'END'
		serve
		is "$(apply "$keys/one")" yes
		"$quorate" split db --policy '2 of (cfo, ciso, cto)' --names \
		    --user emergency --target "localhost:$port" \
		    --secret-file "$keys/one" --output a 2>said
		rotate() {
			"$quorate" rotate db "$1"/*c1* "$1"/*c3* \
			    --hook "$hook" --output "$2" 2>said </dev/null
		}
		opened() {
			"$quorate" reconstruct "$1"/*c2* "$1"/*c3* \
			    --output-fd 9 9>"$2" 2>said
		}
		rotate a b || { cat said; exit 9; }
		said 'takes the new secret, and refuses the old one'
		opened b second
		is "$(try second)" yes
		is "$(try "$keys/one")" no
		is "$(wc -l <"$file")" 1
		if ! strace -o /dev/null true; then exit 0; fi
		/usr/bin/python3 -B "$leaks" --secret-file second \
		    --secret-from "'$quorate' reconstruct c/* --output-fd 9 \
		    9>&1 >/dev/null" -- "$quorate" rotate db b/*c1* b/*c3* \
		    --hook "$hook" --format txt --output c 2>said </dev/null ||
			{ cat said; exit 9; }
		said 'takes the new secret, and refuses the old one'
		opened c third
		is "$(try third)" yes
		is "$(try second)" no
	END
}
