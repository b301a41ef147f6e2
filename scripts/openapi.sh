#!/usr/bin/env bash
# Prints the API's OpenAPI document. Its version is the API's, not the build's: the file
# under web/ must not change with every commit.
set -euo pipefail
CGO_ENABLED=0 exec go run -ldflags '-X yingda/platform/metrics.Version=v1' ./cmd/yingda openapi
