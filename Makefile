# Yingda 应答: one program, and a console inside it. `make run` and `make test` need
# nothing prepared but Go and Node; README.md says how long they take.
#
# No tool is fetched at "latest": the Go version and modules are pinned by go.mod and
# go.sum, every JavaScript tool (vite, vitest, tsc, openapi-typescript, playwright) by
# web/package-lock.json, ONNX Runtime by its SHA-256 in scripts/onnxruntime.sh.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: help run prepare build console yingda asr gen test check e2e shots bench clean \
	check-format check-vet check-house check-gen check-web

# The caches of Go and npm live under HOME; a service account may have none.
ifneq ($(shell [ -n "$${HOME:-}" ] && mkdir -p "$$HOME" 2>/dev/null && [ -w "$$HOME" ] && echo yes),yes)
export HOME := $(CURDIR)/var/home
$(shell mkdir -p "$(HOME)")
endif

# The main program is pure Go. A checkout that git refuses to read is built without its
# commit. The flags are everybody's, so that build, test and vet share what was compiled.
VERSION ?= $(shell git describe --tags --match 'v*' 2>/dev/null)
export GOFLAGS := -trimpath -buildvcs=$(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false) $(GOFLAGS)
GO := CGO_ENABLED=0 go
BUILD := build $(if $(VERSION),-ldflags "-X yingda/platform/metrics.Version=$(VERSION)")

NODE := $(shell node -e 'const [a,b]=process.versions.node.split(".").map(Number); if (a>20||a===20&&b>=19) console.log("yes")' 2>/dev/null)
COMPILER := $(shell scripts/prepare.sh has-compiler && echo yes)
CONSOLE := $(shell find web/src web/public web/index.html web/package.json web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  %-8s %s\n", $$1, $$2}'

run: prepare ## everything embedded on http://localhost:8080 with the demo house; ARGS="--http-listen :8090" adds settings
	@$(MAKE) --no-print-directory build
	@exec bin/yingda serve --demo --sandbox-sms --sandbox-wechat $(ARGS)

prepare:
	@scripts/prepare.sh run

build: console yingda asr ## bin/yingda with the console inside; bin/yingda-asr and libonnxruntime.so where a C compiler is

yingda:
	@mkdir -p bin
	$(GO) $(BUILD) -o bin/yingda ./cmd/yingda

# The library is fetched even if the network fails us later: without it the robot is deaf, not broken.
asr:
ifeq ($(COMPILER),yes)
	@mkdir -p bin
	CGO_ENABLED=1 go $(BUILD) -o bin/yingda-asr ./cmd/yingda-asr
	@scripts/onnxruntime.sh bin/libonnxruntime.so || echo "make: no ONNX Runtime: the robot understands digits and real-time text, not speech" >&2
else
	@echo "make: no C compiler (apt-get install gcc libc6-dev): yingda-asr is not built; the robot understands digits and real-time text, not speech" >&2
endif

console:
ifeq ($(NODE),yes)
	@$(MAKE) --no-print-directory web/dist/index.html
else
	@echo "make: Node 20.19 or newer is missing: the binary serves the API without its console" >&2
endif

web/dist/index.html: web/node_modules/.package-lock.json $(CONSOLE)
	cd web && npx --no-install vite build --logLevel warn # what a page weighs is a matter of `make check`
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

gen: web/node_modules/.package-lock.json ## web/openapi.json from the Go routes, and the console's types from it
	scripts/openapi.sh > web/openapi.json.new
	@mv web/openapi.json.new web/openapi.json
	cd web && npm run --silent gen

# Packages whose tests hold calls in real time run one after the other: packets want the core.
REAL_TIME := ^yingda/(telephony|callee|speech/local|test)(/|$$)

test: asr ## all tests of Go and of the console; what is missing on this machine is listed as skipped
	scripts/gotest.sh $$($(GO) list ./... | grep -vE '$(REAL_TIME)')
	scripts/gotest.sh -p 1 $$($(GO) list ./... | grep -E '$(REAL_TIME)')
ifeq ($(COMPILER),yes)
	CGO_ENABLED=1 scripts/gotest.sh ./cmd/yingda-asr/...
endif
ifeq ($(NODE),yes)
	@$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	cd web && npm test --silent
else
	@echo "SKIPPED: Node is missing: the console's tests" >&2
endif

check: check-format check-vet check-house check-gen check-web ## format, vet, floors, languages, secrets, generated files, types, size of the first load

check-format:
	@bad=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); [ -z "$$bad" ] || { echo "gofmt these: $$bad"; exit 1; }
	@for s in scripts/*.sh .ci/run; do bash -n $$s; done

check-vet:
	$(GO) vet ./...
ifeq ($(COMPILER),yes)
	CGO_ENABLED=1 go vet ./cmd/yingda-asr/...
endif

check-house: # floors, faces, package stories, language files, paths and keys that must not be published
	$(GO) test -count=1 ./test -run '^Test(NoImport|Pure|Frameworks|EveryPackage|BothLanguages|NothingPrivate)'

check-gen:
ifeq ($(NODE),yes)
	@$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	scripts/generated.sh
else
	@echo "SKIPPED: Node is missing: whether the generated files are up to date" >&2
endif

check-web:
ifeq ($(NODE),yes)
	@$(MAKE) --no-print-directory web/dist/index.html
	cd web && npm run --silent typecheck && npx --no-install vitest run src/locale && node scripts/first-load.mjs
else
	@echo "SKIPPED: Node is missing: the console's checks" >&2
endif

e2e: build ## the newcomer's path in Chromium against the real binary
	cd web && npm run --silent e2e

shots: console ## a screenshot of every screen, both languages, four states, in web/shots
	cd web && npm run --silent shots

bench: yingda ## media of 200 robot calls against a bare loop, and the benchmarks of the pure parts
	bin/yingda bench media --mode robot --calls 200 --seconds 10
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 300ms ./scriptflow/... ./campaign ./platform/audio ./speech/whisper

clean: ## remove what was built; the data in var/ stays
	rm -rf bin web/dist/assets web/dist/.vite web/dist/index.html web/node_modules web/e2e/out web/shots
