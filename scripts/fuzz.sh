#!/bin/sh
# Fuzzes every decoder of the library for $1 each, such as 10s. An input that fails is kept in testdata/fuzz of its
# package, where go test finds it from then on.
set -eu
go=${GO:-go}
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for package in $($go list ./socketio/...); do
	for target in $($go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "fuzz $target in $package for $1"
		$go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package" >"$said" 2>&1 && continue
		# Before 1.27 Go sometimes takes the end of the time for a failure: https://go.dev/issue/75804
		if ! grep -q 'context deadline exceeded' "$said" || grep -q 'Failing input written' "$said"; then
			cat "$said"
			exit 1
		fi
	done
done
