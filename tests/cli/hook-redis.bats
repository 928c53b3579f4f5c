#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The hook for an ACL user of Redis, on Debian's redis-server: in the
# foreground, in a directory of the test's own, ended by its id.

load common

setup() {
	begin
	command -v redis-server >/dev/null || skip "no redis-server"
	tool=${quorate%/cmd/quorate}/tests/tools/run-hook
	make_hook
	hook=$hooks/redis
	sed "s|^ADMIN = .*|ADMIN = \"$hooks/admin\"|
	    s|^AUTHORITIES = .*|AUTHORITIES = \"$hooks/ca\"|" \
	    "$BATS_TEST_DIRNAME/../../examples/hooks/redis" >"$hook"
	chmod 755 "$hook"
	mkdir server
	socket=$PWD/server/socket
	cat >server/acl <<-END
		user default on nopass ~* +ping
		user boss on >boss-password ~* &* +@all
		user fire on >old-password ~* &* +@all
		user weak on >old-password ~* +ping
		user open on nopass ~* +@all
		user shut off >old-password ~* +@all
	END
	start --aclfile "$PWD/server/acl"
}

teardown() {
	stop
	remove_hook
}

# start OPTION...: without a port, unless options say one
start() {
	redis-server --port 0 --unixsocket "$socket" --dir "$PWD/server" \
	    --save '' --daemonize no "$@" >>server/said 2>&1 3>&- 4>&- &
	pid=$!
	for _ in $(seq 250); do
		[ "$(redis-cli -s "$socket" ping 2>/dev/null)" != PONG ] ||
			return 0
		sleep 0.02
	done
	cat server/said
	return 1
}

stop() {
	[ -z "${pid:-}" ] || { kill -KILL "$pid" && wait "$pid" || true; }
	pid=
	rm -f "$socket"
}

# set_to SECRET [USER], with the old one in $old where that is set
set_to() {
	if [ -n "${old:-}" ]; then
		printf %s "$1" | "$tool" "$hook" apply n "${2-fire}" \
		    "$socket" 7 4< <(printf %s "$old") 3<&- 2>said
	else
		printf %s "$1" | "$tool" "$hook" apply n "${2-fire}" \
		    "$socket" 7 3<&- 4<&- 2>said
	fi
}

# try SECRET [USER [TARGET]]
try() {
	printf %s "$1" | "$tool" "$hook" verify n "${2-fire}" \
	    "${3-$socket}" 7 3<&- 4<&- 2>said
}

is() {
	[ "$1" = "$2" ] || { echo "got \"$1\", want \"$2\": $(cat said)"
		return 1; }
}

admin() {
	echo "$socket boss boss-password" >"$hooks/admin"
	chmod 600 "$hooks/admin"
}

@test "a wrong password is refused, and so is a user who isn't there or off" {
	is "$(try wrong-password)" no
	is "$(try old-password)" yes
	is "$(try old-password nobody)" no
	is "$(try old-password shut)" no
	old=wrong-password
	is "$(set_to new-password)" no
	grep -q 'give the old cards' said
	old=
	is "$(set_to new-password)" no
	is "$(try old-password)" yes
}

@test "a user that takes any password proves nothing" {
	is "$(try whatever-it-is open)" unknown
	grep -q 'takes any password' said
	is "$(try whatever-it-is default)" unknown
	admin
	is "$(set_to new-password open)" yes
	is "$(try whatever-it-is open)" no
	is "$(try new-password open)" yes
}

@test "a server that is down, or busy, or no server: for later, or unknown" {
	stop
	old=old-password
	is "$(set_to new-password)" later
	is "$(try old-password)" later
	port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	is "$(try old-password fire "127.0.0.1:$port")" later
	timeout 20 /usr/bin/python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()
for said in b"HTTP/1.1 400 no\r\n", b"-LOADING soon\r\n", b"*1\r\n", b"":
    c, _ = s.accept(); c.recv(99); c.sendall(said); c.close()' junk 3>&- &
	while [ ! -S junk ]; do sleep 0.02; done
	is "$(try old-password fire "$PWD/junk")" unknown
	is "$(try old-password fire "$PWD/junk")" later
	is "$(try old-password fire "$PWD/junk")" later
	is "$(try old-password fire "$PWD/junk")" later
}

@test "a server that stands still is for later, within the hook's own time" {
	kill -STOP "$pid"
	sed -i 's/^PATIENCE = 10/PATIENCE = 1/' "$hook"
	SECONDS=0
	answers="$(try old-password) $(old=old-password; set_to new-password)"
	kill -CONT "$pid"
	is "$answers" 'later later'
	[ "$SECONDS" -lt 10 ]
	is "$(try old-password)" yes
}

@test "names and places that are none" {
	admin
	for user in '' ' ' 'a b' $'a\nb' $'a\r\nFLUSHALL' '>x' '#x' -x; do
		is "$(set_to new-password "$user")" no
		is "$(try new-password "$user")" unknown
	done
	is "$(set_to new-password nobody)" no
	grep -q 'no user "nobody" in the ACL' said
	redis-cli -s "$socket" --user boss --pass boss-password ACL LIST \
	    2>/dev/null >list
	run ! grep -q nobody list
	is "$(set_to new-password shut)" no
	grep -q 'is off' said
	for place in '' relative example.org 10.0.0.1:6379 'localhost:x' \
	    'redis://localhost' 'localhost;x' tls: ; do
		is "$(try old-password fire "$place")" unknown
	done
	grep -q 'is no place of a server' said
	is "$(try old-password fire 10.0.0.1)" unknown
	grep -q 'by tls: alone' said
}

@test "with the old password: set, saved, and the old one refused" {
	run --separate-stderr "$tool" "$hook" describe n fire "$socket" 7
	[ "${lines[1]}" = "1 to 512" ]
	[ "${lines[2]}" = "needs old: 1" ]
	[ "${lines[3]}" = "single secret: 1" ]
	old=old-password
	is "$(set_to new-password)" yes
	is "$(try new-password)" yes
	is "$(try old-password)" no
	# set again, it is set still; the old one is of no use any more
	is "$(set_to new-password)" yes
	is "$(try new-password)" yes
	# nobody else's was touched, and it lasts
	is "$(try boss-password boss)" yes
	stop
	start --aclfile "$PWD/server/acl"
	is "$(try new-password)" yes
	is "$(try old-password)" no
	run ! grep -r new-password server
}

@test "by an administrator's line, which only its owner may read" {
	admin
	run --separate-stderr "$tool" "$hook" describe n fire "$socket" 7
	[ "${lines[2]}" = "needs old: 0" ]
	is "$(set_to new-password)" yes
	is "$(set_to other-password)" yes
	is "$(try other-password)" yes
	is "$(try new-password)" no
	chmod 644 "$hooks/admin"
	is "$(set_to new-password)" no
	grep -q 'can be read by others' said
	echo "$socket boss wrong-password" >"$hooks/admin"
	chmod 600 "$hooks/admin"
	is "$(set_to new-password)" no
	is "$(try other-password)" yes
}

@test "sessions of the old password are ended" {
	mkfifo in
	redis-cli -s "$socket" <in >out 2>&1 3>&- &
	client=$!
	exec 8>in
	printf 'AUTH fire old-password\nPING\n' >&8
	while ! grep -q PONG out; do sleep 0.02; done
	old=old-password
	is "$(set_to new-password)" yes
	printf 'ACL WHOAMI\n' >&8
	exec 8>&-
	wait "$client" || true
	run ! grep -q fire out
}

@test "what doesn't outlast a restart isn't set" {
	stop
	start --user fire on '>old-password' '~*' '&*' +@all
	old=old-password
	is "$(set_to new-password)" no
	grep -q 'no aclfile and no settings file' said
	is "$(try old-password)" yes
	stop
	# users within the settings, which are written again
	echo "user fire on >old-password ~* &* +@all" >server/conf
	redis-server "$PWD/server/conf" --port 0 --unixsocket "$socket" \
	    --dir "$PWD/server" --save '' >>server/said 2>&1 3>&- &
	pid=$!
	while [ "$(redis-cli -s "$socket" ping)" != PONG ]; do sleep 0.02; done
	is "$(set_to new-password)" yes
	is "$(try old-password)" no
	run ! grep -q new-password server/conf
	stop
	redis-server "$PWD/server/conf" --port 0 --unixsocket "$socket" \
	    --dir "$PWD/server" --save '' >>server/said 2>&1 3>&- &
	pid=$!
	while [ "$(redis-cli -s "$socket" ping)" != PONG ]; do sleep 0.02; done
	is "$(try new-password)" yes
	is "$(try old-password)" no
}

@test "what can't be saved isn't set" {
	stop
	start --aclfile "$PWD/server/acl"
	mv server elsewhere
	old=old-password socket=$PWD/elsewhere/socket
	is "$(set_to new-password)" no
	grep -q 'the server: ERR' said
	is "$(try old-password)" yes
}

@test "a user without the right to: nothing is changed, and it is said" {
	old=old-password
	is "$(set_to new-password weak)" no
	grep -q 'NOPERM' said
	grep -q 'it takes these rights' said
	is "$(try old-password weak)" yes
	# the rights that it names are enough
	rights=$(sed -n '/^RIGHTS = /,/^$/p' "$hook" |
	    /usr/bin/python3 -c 'import sys
exec(sys.stdin.read()); print(*["+" + r for r in RIGHTS.split()])')
	redis-cli -s "$socket" --user boss --pass boss-password ACL SETUSER \
	    weak $rights 2>/dev/null
	is "$(set_to new-password weak)" yes
	is "$(try new-password weak)" yes
	is "$(try old-password weak)" no
	[ ! -s said ]
}

@test "any byte arrives" {
	old=old-password
	for p in 'lead and trail ' '$(id) `id` "x" \n' $'a\r\nFLUSHALL\r\n' \
	    'pässwörd€' $'\001\377\t'; do
		is "$(set_to "$p")" yes
		is "$(try "$p")" yes
		is "$(try "${p}x")" no
		old=$p
	done
	printf 'nul\0within' >p
	is "$("$tool" "$hook" apply n fire "$socket" 7 <p \
	    4< <(printf %s "$old") 3<&- 2>said)" yes
	is "$("$tool" "$hook" verify n fire "$socket" 7 <p 4<&- 2>said)" yes
	is "$(try nul)" no
	is "$(try "$(printf %513s x)")" unknown
}

@test "through TLS, to a server whose name is right" {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	    -keyout server/key -out server/cert 2>/dev/null
	cp server/cert "$hooks/ca"
	port=$(/usr/bin/python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	stop
	start --aclfile "$PWD/server/acl" --tls-port "$port" \
	    --bind 127.0.0.1 --tls-cert-file "$PWD/server/cert" \
	    --tls-key-file "$PWD/server/key" --tls-auth-clients no
	is "$(try old-password fire "tls:localhost:$port")" yes
	is "$(try wrong-password fire "tls:localhost:$port")" no
	is "$(try old-password fire "tls:127.0.0.1:$port")" unknown
	is "$(try old-password fire "localhost:$port")" later
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	    -keyout other -out "$hooks/ca" 2>/dev/null
	is "$(try old-password fire "tls:localhost:$port")" unknown
	grep -qi 'certificate' said
}

@test "the whole way, watched: split, rotate, rotate once more" {
	printf old-password | deal redis a --names \
	    --policy '2 of (cfo, ciso, cto)' --user fire --target "$socket" \
	    2>/dev/null
	"$quorate" rotate redis a/*c1* a/*c3* --hook "$hook" --format txt \
	    --output b 2>said
	grep -q 'takes the new secret, and refuses the old one' said
	is "$(try "$(rejoin b/*c1* b/*c2*)")" yes
	is "$(try old-password)" no
	[ "$(id -u)" -eq 0 ] && strace -o /dev/null true ||
		skip "strace can't watch here"
	rejoin b/*c1* b/*c2* >second
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/../tools/leaks.py" --hooks 5 \
	    --secret-file second --secret-from "'$quorate' reconstruct c/* \
	    --output-fd 9 9>&1 >/dev/null" -- "$quorate" rotate redis b/*c1* \
	    b/*c3* --hook "$hook" --format txt --output c \
	    </dev/null 3<&- 4<&- 2>said || { cat said; false; }
	grep -q 'takes the new secret, and refuses the old one' said
	is "$(try "$(rejoin c/*c2* c/*c3*)")" yes
}

@test "held against its contract" {
	printf old-password >given
	"$quorate" hook test "$hook" --user fire --target "$socket" --yes \
	    --secret-file given >out 2>said </dev/null || {
		cat out said
		false
	}
	run ! grep -q broken out
}
