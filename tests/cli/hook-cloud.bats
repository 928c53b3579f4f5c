#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The template for tenants in the cloud, against a stub of their APIs: the
# right requests, secrets in bodies alone, each status mapped.

load common

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	for name in localhost app; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 1 \
		    -subj "/CN=$name" -addext subjectAltName=DNS:localhost \
		    -keyout $name.key -out $name.crt 2>/dev/null
	done
}

setup() {
	begin
	make_hook
	tool=${quorate%/cmd/quorate}/tests/tools/run-hook
	leaks=$BATS_TEST_DIRNAME/../tools/leaks.py
	hook=$hooks/cloud
	cp "$BATS_FILE_TMPDIR"/*.key "$BATS_FILE_TMPDIR"/*.crt .
	serve
	sed "s|^entra_login=.*|entra_login=https://localhost:$port/login|
	    s|^entra_graph=.*|entra_graph=https://localhost:$port/graph|
	    s|^aws_iam=.*|aws_iam=https://localhost:$port/iam|
	    s|^settings=.*|settings=$hooks/settings|
	    s|^authorities=.*|authorities=$PWD/localhost.crt|" \
	    "$BATS_TEST_DIRNAME/../../examples/hooks/cloud-template" >"$hook"
	chmod 755 "$hook"
	mkdir -p "$hooks/settings/contoso.example" "$hooks/settings/123456789012"
	cp app.key app.crt "$hooks/settings/contoso.example"
	echo 6731de76-14a6-49ae-97bc-6eba6914391e \
	    >"$hooks/settings/contoso.example/app-id"
	cp "$hooks/settings/contoso.example/app-id" \
	    "$hooks/settings/contoso.example/verify-app-id"
	echo 'AKIDEXAMPLE wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' \
	    >"$hooks/settings/123456789012/keys"
	chmod 600 "$hooks"/settings/*/*
	# What each call answers, unless a test says otherwise.
	echo '{"token_type":"Bearer", "access_token":"tOk.en-1"}' >answer-login
	echo '<UpdateLoginProfileResponse/>' >answer-iam
}

teardown() {
	[ -z "${pid:-}" ] || kill "$pid" || true
	remove_hook
}

# A stub: what it is asked goes to "asked", a line of JSON each. What it
# answers: statuses, one a request, in status-PLACE; the body in answer-PLACE.
serve() {
	cat >stub.py <<-'END'
		import http.server, json, os, ssl, time
		class Stub(http.server.BaseHTTPRequestHandler):
		    protocol_version = "HTTP/1.1"
		    def answer(self):
		        size = int(self.headers.get("Content-Length", 0))
		        body = self.rfile.read(size).decode()
		        place = self.path.split("/")[1]
		        json.dump({"method": self.command, "path": self.path,
		            "headers": {k.lower(): v for k, v in
		            self.headers.items()}, "body": body,
		            "at": time.time()}, asked)
		        asked.write("\n")
		        asked.flush()
		        status = 200
		        if os.path.exists("status-" + place):
		            first, *rest = open("status-" + place).read().split()
		            open("status-" + place, "w").write(
		                " ".join(rest or [first]))
		            status = int(first)
		        elif place == "graph":
		            status = 204
		        if status == 0:
		            self.close_connection = True
		            return
		        try:
		            said = open("answer-" + place, "rb").read()
		        except FileNotFoundError:
		            said = b""
		        self.send_response(status)
		        if os.path.exists("retry-after"):
		            self.send_header("Retry-After",
		                open("retry-after").read().strip())
		        if status == 302:
		            self.send_header("Location", "/elsewhere")
		        if status == 204:
		            said = b""
		        self.send_header("Content-Length", str(len(said)))
		        self.end_headers()
		        self.wfile.write(said)
		    do_GET = do_POST = do_PATCH = do_PUT = answer
		    def log_message(self, *_):
		        pass
		asked = open("asked", "a")
		server = http.server.ThreadingHTTPServer(("localhost", 0), Stub)
		server.daemon_threads = True
		with open("port.new", "w") as file:
		    file.write(str(server.server_port))
		os.rename("port.new", "port")
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain("localhost.crt", "localhost.key")
		server.socket = context.wrap_socket(server.socket,
		    server_side=True)
		server.serve_forever()
	END
	/usr/bin/python3 stub.py 3>&- 4>&- &
	pid=$!
	while [ ! -e port ]; do sleep 0.02; done
	port=$(cat port)
}

# ask VERB SECRET [USER [TARGET]]
ask() {
	printf %s "$2" | "$tool" "$hook" "$1" n "${3-alice@contoso.example}" \
	    "${4-entra:contoso.example}" 7 2>said 3<&- 4<&-
}

aws() {
	ask "$1" "$2" "${3-alice}" aws:123456789012
}

is() {
	[ "$1" = "$2" ] || { echo "got \"$1\", want \"$2\": $(cat said)"
		return 1; }
}

# No second try: that has a test of its own.
once() {
	sed -i 's/^tries=3/tries=1/' "$hook"
}

# What the Nth request had, as Python: asked N EXPRESSION, of the object r
asked() {
	/usr/bin/python3 -c 'import json, sys
from urllib.parse import parse_qs, unquote
r = [json.loads(line) for line in open("asked")]
r = r[int(sys.argv[1])] if sys.argv[1] else r
form = parse_qs(r["body"]) if isinstance(r, dict) else None
print(eval("(" + sys.argv[2] + ")"))' "$1" "$2"
}

@test "names, tenants and secrets that are none: nothing is asked" {
	for user in '' '../x' 'a b' 'a/b' -x 'a?b' $'a\nb' 'a#b' 'ä'; do
		is "$(ask apply 'Some-secret7' "$user")" no
		is "$(ask verify 'Some-secret7' "$user")" unknown
	done
	for target in '' contoso gcp:x entra: entra:../x 'entra:a b' entra:-x \
	    entra:.. 'aws:1;2' 'entra:a/b'; do
		is "$(ask apply 'Some-secret7' alice "$target")" no
		is "$(ask verify 'Some-secret7' alice "$target")" unknown
	done
	for secret in short $'with\nline feed' $'line feed\n' 'pässwörd€' \
	    "$(printf %129s x)"; do
		is "$(ask apply "$secret")" no
		is "$(ask verify "$secret")" unknown
	done
	is "$(ask apply 'Some-secret7' alice entra:nobody.example)" no
	grep -q 'settings/nobody.example/app.key' said
	[ ! -s asked ]
}

@test "keys that others can read aren't used" {
	chmod 640 "$hooks/settings/contoso.example/app.key" \
	    "$hooks/settings/123456789012/keys"
	is "$(ask apply 'Some-secret7')" no
	grep -q 'can be read by others' said
	is "$(aws apply 'Some-secret7')" no
	[ ! -s asked ]
}

@test "a server that is down, hangs up, stands still, or is another" {
	echo 0 >status-login
	is "$(ask apply 'Some-secret7')" later
	is "$(ask verify 'Some-secret7')" later
	rm status-login
	# the request went out, and who knows
	echo 0 >status-graph
	is "$(ask apply 'Some-secret7')" unknown
	echo 0 >status-iam
	is "$(aws apply 'Some-secret7')" unknown
	sed -i 's/^patience=12/patience=1/' "$hook"
	kill -STOP "$pid"
	answers="$(ask apply 'Some-secret7') $(aws apply 'Some-secret7')"
	kill -CONT "$pid"
	is "$answers" 'later unknown'
	sed -i "s|^authorities=.*|authorities=$PWD/app.crt|" "$hook"
	is "$(ask apply 'Some-secret7')" no
	grep -q 'certificate' said
	is "$(aws apply 'Some-secret7')" no
	kill "$pid"
	wait "$pid" || true
	pid=
	is "$(ask apply 'Some-secret7')" later
	is "$(aws apply 'Some-secret7')" later
	is "$(ask verify 'Some-secret7')" later
}

@test "Entra ID: what is asked to set a password" {
	secret='q"uo\te '\''%s $(id) <&> {}@=+'
	is "$(ask apply "$secret")" yes
	[ ! -s said ]
	is "$(asked '' 'len(r)')" 3
	is "$(asked 0 'r["method"], r["path"], form["client_id"],
	    form["grant_type"], form["scope"]')" "('POST', '/login/contoso.example/oauth2/v2.0/token', ['6731de76-14a6-49ae-97bc-6eba6914391e'], ['client_credentials'], ['https://localhost:$port/graph/.default'])"
	is "$(asked 1 'r["method"], r["path"], r["headers"]["authorization"],
	    r["headers"]["content-type"]')" "('PATCH', '/graph/v1.0/users/alice@contoso.example', 'Bearer tOk.en-1', 'application/json')"
	is "$(asked 1 'json.loads(r["body"])["passwordProfile"]["password"]')" \
	    "$secret"
	is "$(asked 1 'json.loads(r["body"])["passwordProfile"]["forceChangePasswordNextSignIn"]')" False
	is "$(asked 2 'r["path"]')" \
	    /graph/v1.0/users/alice@contoso.example/revokeSignInSessions
	# the assertion is what Microsoft documents, and signed by our key
	asked 0 'form["client_assertion"][0]' >jwt
	/usr/bin/python3 - <<-'END' >claims
		import base64, json
		un = lambda s: base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
		head, claims, signed = open("jwt").read().strip().split(".")
		open("signed", "w").write(head + "." + claims)
		open("signature", "wb").write(un(signed))
		h, c = json.loads(un(head)), json.loads(un(claims))
		print(h["alg"], un(h["x5t#S256"]).hex())
		print(c["iss"] == c["sub"], c["aud"].split("/", 3)[3],
		    0 < c["exp"] - c["nbf"] <= 600, len(c["jti"]))
	END
	is "$(cat claims)" "PS256 $(openssl x509 -in app.crt -outform DER |
	    sha256sum | cut -d ' ' -f 1)
True login/contoso.example/oauth2/v2.0/token True 32"
	openssl x509 -in app.crt -noout -pubkey >app.pub
	openssl dgst -sha256 -verify app.pub -signature signature \
	    -sigopt rsa_padding_mode:pss signed
	# set again, it is set still
	is "$(ask apply "$secret")" yes
}

@test "Entra ID: what the answer to the new password means" {
	once
	while read -r status want; do
		echo "$status" >status-graph
		is "$status $(ask apply 'Some-secret7')" "$status $want"
	done <<-END
		204 yes
		200 yes
		302 unknown
		400 no
		401 no
		403 no
		404 no
		408 later
		418 no
		429 later
		500 unknown
		502 unknown
		503 later
		504 unknown
	END
	echo 400 >status-graph
	echo '{"error":{"code":"Request_BadRequest","message":"Some-secret7"}}' \
	    >answer-graph
	is "$(ask apply 'Some-secret7')" no
	grep -q 'the provider says 400 Request_BadRequest' said
	run ! grep -q Some-secret7 said
	# set, though the sessions go on
	echo 204 403 >status-graph
	is "$(ask apply 'Some-secret7')" yes
}

@test "Entra ID: without a token nothing was changed" {
	once
	for status in 400 401 403 302; do
		echo $status >status-login
		is "$status $(ask apply 'Some-secret7')" "$status no"
	done
	for status in 429 500 503; do
		echo $status >status-login
		is "$status $(ask apply 'Some-secret7')" "$status later"
	done
	rm status-login
	echo '{}' >answer-login
	is "$(ask apply 'Some-secret7')" no
	grep -q 'the answer has none' said
	run ! grep -q /graph/ asked
}

@test "asked too often: once more, but not where it would take too long" {
	echo 1 >retry-after
	echo 429 503 204 >status-graph
	is "$(ask apply 'Some-secret7')" yes
	is "$(asked '' '[x["path"].split("/")[1] for x in r]')" \
	    "['login', 'graph', 'graph', 'graph', 'graph']"
	is "$(asked '' 'r[2]["at"] - r[1]["at"] >= 1')" True
	: >asked
	echo 600 >retry-after
	echo 429 >status-graph
	SECONDS=0
	is "$(ask apply 'Some-secret7')" later
	[ "$SECONDS" -lt 10 ]
	# no time is left: nothing is asked, and that is for later
	sed -i 's/^within=50/within=0/' "$hook"
	rm status-graph
	is "$(ask apply 'Some-secret7')" later
	is "$(aws apply 'Some-secret7')" later
}

@test "Entra ID: a login, and what its failures mean" {
	secret='p&ss=w+rd %41"\'
	is "$(ask verify "$secret")" yes
	is "$(asked 0 'r["path"], form["grant_type"], form["username"],
	    form["scope"]')" "('/login/contoso.example/oauth2/v2.0/token', ['password'], ['alice@contoso.example'], ['openid'])"
	is "$(asked 0 'form["password"][0]')" "$secret"
	echo '{}' >answer-login
	is "$(ask verify "$secret")" unknown
	echo 400 >status-login
	while read -r number want; do
		printf '{"error":"invalid_grant","error_description":"AADSTS%s: x y. Trace ID: 1", "error_codes":[%s],"timestamp":"t"}' \
		    "$number" "$number" >answer-login
		is "$number $(ask verify "$secret")" "$number $want"
	done <<-END
		50126 no
		50053 later
		50196 later
		50076 unknown
		50079 unknown
		50055 unknown
		50034 unknown
		53003 unknown
		7000218 unknown
		65001 unknown
	END
	grep -q 'neither yes nor no: AADSTS65001' said
	grep -q 'hint: log in by hand' said
	: >asked
	# an attempt counts: it isn't made again
	for pair in '401 unknown' '403 unknown' '404 unknown' '429 later' \
	    '500 later' '503 later' '302 unknown'; do
		echo ${pair% *} >status-login
		is "${pair% *} $(ask verify "$secret")" "$pair"
	done
	is "$(asked '' 'len(r)')" 7
	rm "$hooks/settings/contoso.example/verify-app-id"
	is "$(ask verify "$secret")" unknown
}

@test "AWS: what is asked, and signed" {
	secret='p&ss=w+rd %41"\'
	is "$(aws apply "$secret")" yes
	is "$(asked 0 'r["method"], r["path"], form["Action"],
	    form["UserName"], form["Version"], form["PasswordResetRequired"]')" \
	    "('POST', '/iam/', ['UpdateLoginProfile'], ['alice'], ['2010-05-08'], ['false'])"
	is "$(asked 0 'form["Password"][0]')" "$secret"
	/usr/bin/python3 - <<-'END'
		import hashlib, hmac, json, re
		r = json.loads(open("asked").readline())
		h, key = r["headers"], b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
		scope, names, sig = re.fullmatch(r"AWS4-HMAC-SHA256 Credential="
		    r"AKIDEXAMPLE/(\S+?), ?SignedHeaders=(\S+?), ?Signature=(\w+)",
		    h["authorization"]).groups()
		sha = lambda b: hashlib.sha256(b.encode()).hexdigest()
		canonical = "\n".join([r["method"], r["path"], ""] + ["%s:%s" % (
		    n, h[n]) for n in names.split(";")] + ["", names,
		    sha(r["body"])])
		for part in scope.split("/"):
		    key = hmac.new(key, part.encode(), "sha256").digest()
		text = "\n".join(["AWS4-HMAC-SHA256", h["x-amz-date"], scope,
		    sha(canonical)])
		assert "host" in names and "x-amz-date" in names
		assert scope.endswith("/us-east-1/iam/aws4_request"), scope
		assert hmac.new(key, text.encode(), "sha256").hexdigest() == sig
	END
}

@test "AWS: what the answers mean, and what can't be asked" {
	is "$(aws apply 'Some-secret7' root)" no
	grep -q "no call for the root user's password" said
	is "$(aws verify 'Some-secret7')" unknown
	grep -q 'no call that tries a console password' said
	[ ! -s asked ]
	once
	while read -r status code want; do
		echo "$status" >status-iam
		echo "<ErrorResponse><Error><Type>Sender</Type><Code>$code</Code><Message>Some-secret7</Message></Error></ErrorResponse>" >answer-iam
		is "$status $code $(aws apply 'Some-secret7')" \
		    "$status $code $want"
		run ! grep -q Some-secret7 said
	done <<-END
		400 PasswordPolicyViolation no
		400 ValidationError no
		400 Throttling later
		403 AccessDenied no
		403 InvalidClientTokenId no
		403 SignatureDoesNotMatch no
		404 NoSuchEntity no
		409 EntityTemporarilyUnmodifiable later
		409 LimitExceeded no
		429 TooManyRequests later
		500 ServiceFailure unknown
		503 ServiceUnavailable later
	END
	"$tool" "$hook" describe n alice aws:123456789012 7 </dev/null >desc
	is "$(grep wrong desc)" 'wrong logins: 0 in 0'
}

@test "minted: what rules for passwords ask for, and people can type" {
	"$tool" "$hook" describe n alice entra:contoso.example 7 </dev/null >desc
	is "$(head -n 1 desc)" mints
	for _ in $(seq 20); do
		"$tool" "$hook" mint n alice entra:contoso.example 7 \
		    </dev/null >minted
		is "$(wc -c <minted)" 28
		for kind in '[A-Z]' '[a-z]' '[0-9]' '[^A-Za-z0-9]'; do
			grep -q "$kind" minted
		done
		run ! grep -q '[0O1lI"\\ ]' minted
		cat minted >>all
		echo >>all
	done
	is "$(sort -u all | wc -l)" 20
}

@test "watched: secrets stand in requests' bodies and nowhere else" {
	[ "$(id -u)" -eq 0 ] && strace -o /dev/null true ||
		skip "strace can't watch here"
	printf %s 'Tz7/canary+Qx9"\z' >secret
	cut -d ' ' -f 2 "$hooks/settings/123456789012/keys" >aws-key
	grep -v -e ----- app.key | tr -d '\n' | cut -c 40-120 >app-key-part
	printf tOk.en-1 >token
	watch() { /usr/bin/python3 -B "$leaks" --hooks 1 "$@" <secret \
	    3<&- 4<&-; }
	watch --secret-file secret --secret-file token -- "$tool" "$hook" \
	    apply n alice entra:contoso.example 7
	watch --secret-file secret --secret-file token -- "$tool" "$hook" \
	    verify n alice entra:contoso.example 7
	watch --secret-file secret --secret-file aws-key -- "$tool" "$hook" \
	    apply n alice aws:123456789012 7
	/usr/bin/python3 -B "$leaks" --hooks 2 --secret-file minted \
	    --allow-fd 1 -- "$tool" "$hook" mint n alice entra: 7 \
	    </dev/null >minted 3<&- 4<&-
	is "$(asked '' '[x for x in r if "canary" in x["path"] + str(
	    x["headers"])]')" '[]'
}

@test "the whole way, where a second factor hides the answer" {
	printf %s 'Old-secret7' | deal root a --names \
	    --policy '2 of (cfo, ciso, cto)' --user alice@contoso.example \
	    --target entra:contoso.example 2>/dev/null
	echo 200 400 >status-login
	printf '{"error_codes":[50076],"access_token":"tOk.en-1"}' >answer-login
	run --separate-stderr "$quorate" rotate root a/*c1* a/*c2* \
	    --hook "$hook" --format txt --output b
	echo "$status: $stderr"
	[[ "$stderr" == *"neither yes nor no: AADSTS50076"* ]]
	[[ "$stderr" != *"refuses the old one"* ]]
	# both sets are there, and the new one opens what was set
	is "$(asked 1 'json.loads(r["body"])["passwordProfile"]["password"]')" \
	    "$(rejoin b/*c1* b/*c3*)"
	is "$(rejoin a/*c1* a/*c3*)" 'Old-secret7'
}
