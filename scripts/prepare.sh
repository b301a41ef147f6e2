#!/usr/bin/env bash
# Gets programs that the house can use and this machine lacks:
#
#   scripts/prepare.sh run            what `make run` uses
#   scripts/prepare.sh ci             what every test uses besides
#   scripts/prepare.sh has-compiler   exit 0 where C can be compiled; installs nothing
#
# With root and apt it installs them; otherwise, or where that fails, it says what is
# missing and what that costs, and ends well: nothing here is needed to run.
# YINGDA_NO_INSTALL=1 leaves the machine as it is.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1; }
has_compiler() { printf '#include <stdio.h>\nint main(void){return 0;}' | "${CC:-gcc}" -x c -o /dev/null - 2>/dev/null; }
has_font() { ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1; }

# test | Debian packages | what is lost without
for_run="has espeak-ng|espeak-ng|prompts are spoken by recorded syllables, which sounds like a machine
has redis-server|redis-server|the queue lives in memory and is lost at exit
has_compiler|gcc libc6-dev|no recogniser: the robot understands digits and real-time text, not speech"
for_ci="$for_run
has mariadbd || has mysqld|mariadb-server|the MySQL half of the database tests
has sipp|sip-tester|the carrier tests against sipp
has tcpdump|tcpdump|the test that looks at the packets on the wire
has chromium|chromium|the console's end-to-end test
has_font|fonts-noto-cjk|Chinese in screenshots"

list() { case $1 in run) echo "$for_run" ;; ci) echo "$for_ci" ;; esac; }

# missing prints the lines of the list whose test fails.
missing() {
	list "$1" | while IFS='|' read -r line; do
		test=${line%|*|*}
		eval "$test" || echo "$line"
	done
}

packages() { while IFS= read -r line; do line=${line%|*}; echo "${line##*|}"; done; }

may_install() { [ -z "${YINGDA_NO_INSTALL:-}" ] && [ "$(id -u)" = 0 ] && has apt-get; }

install() {
	echo "prepare: installing" "$@" >&2
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } >&2 </dev/null ||
		echo "prepare: apt-get did not succeed; going on without" >&2
}

main() {
	lacks=$(missing "$1")
	if [ -n "$lacks" ] && may_install; then
		# shellcheck disable=SC2046 # several packages are several words
		install $(packages <<<"$lacks" | xargs)
		lacks=$(missing "$1")
	fi
	[ -z "$lacks" ] && return
	echo "prepare: missing on this machine (root would install it):" >&2
	while IFS= read -r line; do
		rest=${line%|*}
		printf '  %-16s %s\n' "${rest##*|}" "${line##*|}" >&2
	done <<<"$lacks"
}

case ${1:-} in
has-compiler) has_compiler ;;
run | ci) main "$1" ;;
*) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
