# Each target is what a person would type. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run build generate test check e2e pictures soak prices bench postgres node chromium pgbouncer wrk fuzz
SHELL := /bin/bash

# The paths of this machine are in nothing that is built. All targets say so, for what they
# compile is then compiled once.
export GOFLAGS += -trimpath

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  %-10s%s\n", $$1, $$2 }' Makefile

run: build ## Build, and serve demo data from an SQLite file on this machine
	./usagegraph serve --demo --database sqlite:demo.db

# Without symbols the binary has 41 MB, not 58. usagegraph --version has the commit all the same.
build: ## Build the binary ./usagegraph
	@set -o pipefail; total=$$(go list -deps . | wc -l); n=0; \
	CGO_ENABLED=0 go build -v -ldflags '-s -w' -o usagegraph . 2>&1 | while IFS= read -r line; do \
		if [[ $$line == *[\ :#]* ]]; then echo "$$line"; \
		elif n=$$((n + 1)); [ -t 1 ]; then printf '\r\033[Kcompiled %d of at most %d packages: %s' $$n $$total "$$line"; \
		elif ((n % 50 == 0)); then echo "compiled $$n of at most $$total packages"; fi; \
	done && if [ -t 1 ]; then printf '\r\033[K'; fi

generate: ## Write the generated Go anew from schema.graphqls
	go generate .

test: postgres ## Run all tests, on SQLite and on PostgreSQL
	go run ./internal/withpostgres go test -timeout 5m ./...

check: generate ## Generated code current, formatted, vetted, free of races, fuzzed a little
	git diff --exit-code -- graph/generated.go models/models_gen.go
	test -z "$$(go tool gofumpt -l $$(git ls-files '*.go' | grep -v -e generated.go -e models_gen.go))"
	go vet ./...
	go tool staticcheck $$(go list ./... | grep -v usagegraph/graph$$)
	$(MAKE) postgres
	if command -v cc >/dev/null; then go run ./internal/withpostgres go test -race -timeout 30m ./graph/... ./resolvers; else echo "no C compiler: the race detector is left out"; fi
	$(MAKE) fuzz

e2e: build postgres node chromium pgbouncer ## The slow tests: thousands of cases of the oracles, query plans on 20,000 customers, 100,000 documents, 20,000 requests that graphql-js judges, suites of others
	go test -timeout 30m ./resolvers -run TestOracle -oracle-cases 2000
	go test -timeout 30m ./models/store -run TestPlans -plan-customers 20000
	go test -timeout 30m ./models/billing -run TestLedgerOracle -ledger-cases 2000
	go test -timeout 30m ./graph/engine -run TestDifferential -differential-cases 1000
	go test -timeout 30m ./graph/document -run TestNothingLeaks -leak-documents 100000
	cd e2e && npm ci --no-audit --no-fund
	go test ./graph/transport -run TestAudits -audits -v
	go test -timeout 30m ./graph/coerce -run TestCoercion -coercion-cases 20000 -v
	cd e2e && npm test
	go test ./graph/api -run TestFaults -faults -v
	go test ./graph/api -run TestPooler -pooler -v

pictures: build node chromium ## Take the pictures of docs/ anew
	cd e2e && npm ci --no-audit --no-fund && SCREENSHOTS=../docs node run.mjs browser

SOAK_SECONDS ?= 120
soak: postgres ## Load the binary on PostgreSQL for SOAK_SECONDS (120), hostile clients among others
	go test -timeout 1h ./graph/api -run TestSoak -soak $(SOAK_SECONDS)s -v

PRICE_CUSTOMERS ?= 5000
prices: postgres ## Measure time against cost on PRICE_CUSTOMERS (5000) customers, and write docs/prices.md
	go test -timeout 1h ./graph/document -run TestPrices -prices $(PRICE_CUSTOMERS) -v

# Servers, database and load generator share these cores.
BENCH_CPUS ?= 0,1
export BENCH_CACHE ?= .bench

bench: build postgres node wrk bench/node_modules ## Measure against PostGraphile and SQL by hand: 15 minutes; BENCH_QUICK=1: 3
	CGO_ENABLED=0 go build -o $(BENCH_CACHE)/ ./bench ./bench/handwritten
	taskset -c $(BENCH_CPUS) $(BENCH_CACHE)/bench

bench/node_modules: bench/package-lock.json
	cd bench && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# A number of values, for a time that is up sometimes fails a test of which no value did.
FUZZTIME ?= 5000x
fuzz: ## Fuzz each fuzz test with FUZZTIME values (5000x), or for FUZZTIME (10m)
	@set -e; for file in $$(git ls-files '*_test.go' | xargs grep -l '^func Fuzz'); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\).*/\1/p' $$file); do \
			echo "$$name in $$(dirname $$file)"; \
			go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./$$(dirname $$file); \
		done; \
	done

# What the targets need besides Go is installed where that can be done, and else named.
define installed
	@if $(found); then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(packages); \
	else echo "$(missing)"; exit 1; fi
endef

# The tests start a server themselves; this makes sure that there is one.
postgres: found = [ -n "$$TEST_DATABASE_URL" ] || command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
postgres: packages = postgresql
postgres: missing = The tests need a PostgreSQL server. Install one (Debian: apt-get install postgresql; macOS: brew install postgresql), or set TEST_DATABASE_URL to one on which they may make databases.
postgres:
	$(installed)

# The suites of others run in Node.
node: found = command -v node >/dev/null && command -v npm >/dev/null
node: packages = nodejs npm
node: missing = The suites of e2e/ need Node 18 or later with npm. Install it (Debian: apt-get install nodejs npm; macOS: brew install node).
node:
	$(installed)

# The playground is tried in a browser.
chromium: found = [ -x "$$CHROMIUM" ] || command -v chromium >/dev/null || [ -x /usr/bin/chromium-browser ] || [ -x /usr/bin/google-chrome ]
chromium: packages = chromium
chromium: missing = The browser tests need Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM to the program of Chromium or Chrome.
chromium:
	$(installed)

# Answers are compared through a pooler.
pgbouncer: found = command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]
pgbouncer: packages = pgbouncer
pgbouncer: missing = The tests of poolers need PgBouncer. Install it (Debian: apt-get install pgbouncer; macOS: brew install pgbouncer).
pgbouncer:
	$(installed)

# The load generator of the benchmark.
wrk: found = command -v wrk >/dev/null
wrk: packages = wrk
wrk: missing = The benchmark needs Linux and wrk. Install it (Debian: apt-get install wrk; Fedora: dnf install wrk).
wrk:
	$(installed)
