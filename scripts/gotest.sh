#!/usr/bin/env bash
# Runs `go test` so that a skipped test is seen: go test hides them, and a hidden skip is
# a test that nobody misses. Prints each package's own closing line, everything about
# a package that failed, and at the end what was skipped and why. Exit status as go test's;
# in CI (CI=true) a skip is a failure too, except of what is switched on by hand
# ("… is not set").
set -euo pipefail

CGO_ENABLED=${CGO_ENABLED:-0} go test -v -timeout 15m "$@" 2>&1 | awk '
	/^=== (RUN|CONT|NAME)/ { test = $3 }
	/^=== / { next }
	/^ *[A-Za-z0-9_]+\.go:[0-9]+: / { said[test] = $0 } # the last word of each test
	/^ *--- SKIP/ {
		reason = said[$3]
		sub(/^[ \t]*[A-Za-z0-9_]+\.go:[0-9]+: /, "", reason)
		sub(/^SKIPPED: /, "", reason)
		why[reason] = why[reason] " " $3
		skips++
	}
	/^(ok|FAIL)[ \t]+[a-z]/ {
		if ($1 == "FAIL") printf "%s", body
		print; fflush(); body = ""
		next
	}
	/^\?|\[no test files\]/ { next }
	/^ *--- (PASS|SKIP)/ || /^PASS$/ { next }
	{ body = body $0 "\n" }
	END {
		printf "%s", body # what belongs to no package: a build that failed
		for (w in why) {
			printf "SKIPPED %s:%s\n", w, why[w]
			if (w !~ /is not set/) bad = 1
		}
		if (bad && ENVIRON["CI"] == "true") { print "in CI a skipped test is a failure"; exit 1 }
	}'
