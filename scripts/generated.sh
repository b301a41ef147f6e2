#!/usr/bin/env bash
# Fails where a generated file is not what its source says now; `make gen` mends it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

scripts/openapi.sh >"$tmp/openapi.json"
(cd web && npx --no-install openapi-typescript "$tmp/openapi.json" -o "$tmp/schema.d.ts" --default-non-nullable=false >/dev/null)

status=0
same() {
	diff -u "$1" "$2" | head -40
	if ! cmp -s "$1" "$2"; then
		echo "$1 is not up to date: run make gen" >&2
		status=1
	fi
}
same web/openapi.json "$tmp/openapi.json"
same web/src/platform/schema.d.ts "$tmp/schema.d.ts"
exit $status
