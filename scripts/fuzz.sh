#!/bin/sh
# Fuzzes every decoder of the library for $1 each, such as 10s, two at a time with one worker each. An input that fails is
# kept in testdata/fuzz of its package, where go test finds it from then on.
set -eu
go=${GO:-go}
time=$1
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

# fuzz TARGET PACKAGE
fuzz() {
	echo "fuzz $1 in $2 for $time"
	out=$said/$1
	$go test -run '^$' -fuzz "^$1\$" -fuzztime "$time" -parallel 1 "$2" >"$out" 2>&1 && return
	# Before 1.27 Go sometimes takes the end of the time for a failure: https://go.dev/issue/75804
	if ! grep -q 'context deadline exceeded' "$out" || grep -q 'Failing input written' "$out"; then
		cat "$out"
		return 1
	fi
}

other=
for package in $($go list ./socketio/...); do
	for target in $($go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		if [ -z "$other" ]; then
			fuzz "$target" "$package" &
			other=$!
		else
			fuzz "$target" "$package"
			wait "$other"
			other=
		fi
	done
done
[ -z "$other" ] || wait "$other"
