#!/bin/sh
# need.sh THING...: makes sure that each thing is there, or says in one sentence what to do.
# A browser, PostgreSQL, Redis and the Python client are installed through apt where they are missing and apt can be used.
set -eu

fail() {
	echo "parley: $*" >&2
	exit 1
}

# install NAME REMEDY PACKAGE...
apt_install() {
	what=$1
	shift
	command -v apt-get >/dev/null 2>&1 || fail "$what is missing and there is no apt-get here. Install: $*"
	as=""
	if [ "$(id -u)" != 0 ]; then
		sudo -n true 2>/dev/null || fail "$what is missing. Run: sudo apt-get install $*"
		as="sudo -n"
	fi
	echo "parley: $what is missing; installing $*"
	$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq "$@" >/dev/null ||
		fail "apt-get could not install $*. Install $what by hand."
}

need_go() {
	command -v go >/dev/null 2>&1 || fail "Go 1.26 or newer is needed to build. Get it from https://go.dev/dl/"
	version=$(go env GOVERSION)
	minor=$(echo "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ "${minor:-99}" -ge 26 ] || fail "Go 1.26 or newer is needed; this is $version. Get it from https://go.dev/dl/"
}

need_node() {
	command -v node >/dev/null 2>&1 || fail "Node.js ^20.19 or >= 22.12 is needed to build the web client. Get it from https://nodejs.org/"
	command -v npm >/dev/null 2>&1 || fail "npm is needed to build the web client. It comes with Node.js: https://nodejs.org/"
	node -e '
		const [major, minor] = process.versions.node.split(".").map(Number)
		const good = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
		process.exit(good ? 0 : 1)' ||
		fail "Node.js ^20.19 or >= 22.12 is needed; this is $(node --version). Get it from https://nodejs.org/"
}

need_cc() {
	command -v "${CC:-cc}" >/dev/null 2>&1 || apt_install "A C compiler (for the race detector)" gcc libc6-dev
}

need_browser() {
	[ -n "${CHROMIUM:-}" ] && return
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		command -v $name >/dev/null 2>&1 && return
	done
	apt_install "A browser (Chromium or Chrome, for the browser tests)" chromium fonts-noto-core
}

# The tests look for an interpreter in the same order.
need_python() {
	for name in python3 /usr/bin/python3; do
		$name -c 'import socketio, websocket, requests' >/dev/null 2>&1 && return
	done
	apt_install "python-socketio (for the tests with Python clients)" python3-socketio python3-websocket python3-requests
}

# The tests look in more places; these are the usual ones.
need_postgres() {
	command -v postgres >/dev/null 2>&1 && return
	for program in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres; do
		[ -x "$program" ] && return
	done
	apt_install "PostgreSQL (for the tests of the store on it)" postgresql
}

need_redis() {
	command -v redis-server >/dev/null 2>&1 || apt_install "Redis (for the tests of the adapter over it)" redis-server
}

for thing in "$@"; do
	"need_$thing"
done
