# make        builds bin/parley with the web client inside
# make run    builds and serves on http://localhost:3000, data in ./data
# make test   passes every test there is, and installs what that needs
# make test FUZZTIME=1m  fuzzes each decoder for a minute instead of some seconds
# make fmt    formats; make lint looks for mistakes; make bench, bench-chat, bench-store and bench-web measure
# make tour   walks every screen and keeps pictures of them (TOUR="-to folder -only part of a name")
# make chaos  30 minutes of kill -9 and other faults, judged by what the clients saw (CHAOS="-rounds 200 -only kill")

GO        ?= go
LISTEN    ?= localhost:3000
DATA      ?= ./data
FUZZTIME  ?= 5s
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
export GOFLAGS += -buildvcs=false

CLIENT    := web/static/dist/index.html
NPM       := web/node_modules/.package-lock.json
PRETTIER  := --config .prettierrc.json --log-level warn
WEB_FILES := $(shell find web/src web/public web/worker web/scripts -type f 2>/dev/null) $(wildcard web/*.html web/*.json web/*.ts web/*.js web/.npmrc)

.PHONY: all run test fmt lint types bench bench-chat bench-store bench-web chaos tour clean bin/parley need-build need-test test-cross test-go test-fuzz test-web test-browser

all: bin/parley

bin/parley: need-build $(CLIENT)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $@ ./cmd/parley

$(CLIENT): $(NPM) $(WEB_FILES)
	cd web && npm run --silent build

$(NPM): web/package.json web/package-lock.json
	@sh scripts/need.sh node
	cd web && npm ci --no-progress
	@touch $@

run: bin/parley
	bin/parley serve --listen $(LISTEN) --data $(DATA)

test: need-build need-test lint test-cross test-go test-fuzz test-web test-browser

# The library has a driver of its own on Linux; elsewhere it must build, and the command with it.
test-cross:
	GOOS=darwin $(GO) build -o /dev/null ./cmd/parley
	GOOS=windows $(GO) build -o /dev/null ./cmd/parley

test-go: $(CLIENT)
	$(GO) test -race ./...

test-fuzz:
	@GO="$(GO)" sh scripts/fuzz.sh $(FUZZTIME)

test-web: $(NPM) bin/parley
	cd web && npm run --silent sizes && npm run --silent check && npm test --silent && PARLEY_BIN=$(abspath bin/parley) npm run --silent test:server

test-browser: bin/parley
	PARLEY_BIN=$(abspath bin/parley) node e2e/run.mjs

lint: need-build $(NPM)
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); \
	  if [ -n "$$unformatted" ]; then echo "Run 'make fmt': not formatted: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	web/node_modules/.bin/oxlint -c web/.oxlintrc.json --deny-warnings -A no-console -A unicorn/consistent-function-scoping e2e bench/web
	cd web && npm run --silent lint && npx prettier $(PRETTIER) --check ../e2e ../bench/web

fmt: $(NPM)
	git ls-files -co --exclude-standard '*.go' | xargs gofmt -w
	cd web && npm run --silent fmt && npx prettier $(PRETTIER) --write ../e2e ../bench/web

# The web client's view of the contract is printed from internal/wire.
types:
	$(GO) generate ./internal/wire

bench:
	$(GO) run ./bench $(BENCH)

bench-chat:
	taskset -c 1-$$(( $$(nproc) - 1 )) $(GO) run ./bench/chat $(BENCH)

# The web client in a real browser, beside its budgets; BENCH=-quick for a minute, BENCH=-write for docs/performance-web.md.
bench-web: bin/parley
	@sh scripts/need.sh browser
	PARLEY_BIN=$(abspath bin/parley) node bench/web/main.mjs $(BENCH)

# Pictures go to e2e/artifacts/tour; TOUR=-readme takes docs/parley.png anew.
tour: bin/parley
	@sh scripts/need.sh browser
	PARLEY_BIN=$(abspath bin/parley) node e2e/tour.mjs $(TOUR)

chaos:
	$(GO) run ./e2e/chaos $(CHAOS)

# Two million messages in each database, then questions and sends; writes docs/store.md. BENCH="-messages 100000" for less, printed only.
bench-store: need-build
	@sh scripts/need.sh postgres
	$(GO) test -run '^$$' -bench BenchmarkStore -benchtime 1x -timeout 3h ./internal/store/storebench -args -page $(abspath docs/store.md) $(BENCH)

clean:
	rm -rf bin web/static/dist web/node_modules conformance/node_modules bench/peers/node/node_modules e2e/artifacts

need-build:
	@sh scripts/need.sh go node

need-test:
	@sh scripts/need.sh cc browser python postgres redis
