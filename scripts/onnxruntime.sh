#!/bin/sh
# Puts ONNX Runtime's shared library at bin/libonnxruntime.so (or at $1), where
# yingda-asr looks for it. It comes out of the npm package onnxruntime-node, which
# carries Microsoft's own builds; the package is packed, never installed, so none of
# its scripts run, and its published sha512 is checked. Does nothing when the right
# file is already there.
set -eu

version=1.24.3
integrity='sha512-JH7+czbc8ALA819vlTgcV+Q214/+VjGeBHDjX81+ZCD0PCVCIFGFNtT0V4sXG/1JXypKPgScQcB3ij/hk3YnTg=='
out=${1:-bin/libonnxruntime.so}

case $(uname -m) in
x86_64 | amd64) arch=x64 sum=92ba8e44d31b80a34f5e805076a044122c3be1fffe0d88ed790de7267b0b2682 ;;
aarch64 | arm64) arch=arm64 sum=33032cb5b91c12edbf028d7c69fa40a31848d66c0095448758af237d5e0b07db ;;
*)
	echo "onnxruntime.sh: no build for $(uname -m); the local recogniser stays off" >&2
	exit 2
	;;
esac

right() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$sum" ]; }

if right "$out"; then exit 0; fi
command -v npm >/dev/null || {
	echo "onnxruntime.sh: npm is missing; the local recogniser stays off" >&2
	exit 2
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
(cd "$tmp" && npm pack --silent --ignore-scripts "onnxruntime-node@$version" >/dev/null)
pack=$tmp/onnxruntime-node-$version.tgz

got=sha512-$(openssl dgst -sha512 -binary "$pack" 2>/dev/null | base64 | tr -d '\n')
if [ "$got" = "sha512-" ]; then # no openssl: node is there, npm was
	got=$(node -e 'const c=require("crypto"),f=require("fs");console.log("sha512-"+c.createHash("sha512").update(f.readFileSync(process.argv[1])).digest("base64"))' "$pack")
fi
if [ "$got" != "$integrity" ]; then
	echo "onnxruntime.sh: onnxruntime-node $version is not the published package ($got)" >&2
	exit 1
fi

member=package/bin/napi-v6/linux/$arch/libonnxruntime.so.1
tar -xzf "$pack" -C "$tmp" "$member"
right "$tmp/$member" || {
	echo "onnxruntime.sh: unexpected library inside the package" >&2
	exit 1
}
mkdir -p "$(dirname "$out")"
mv "$tmp/$member" "$out.new"
chmod 755 "$out.new"
mv "$out.new" "$out" # at once: a running build never sees half a library
echo "onnxruntime.sh: ONNX Runtime $version ($arch) at $out" >&2
