# Replication Playground. `make` alone lists the targets.
#
# Each target fetches what it still lacks (see .ci/setup), and nothing more than it needs.

# The port of `make serve`.
PORT ?= 8080

# The tool must have the crate's version, so the crate's is the only one that is written down.
WASM_BINDGEN_VERSION := $(shell sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' Cargo.toml)
WASM_PACK_VERSION := 0.15.1
GECKODRIVER_VERSION := 0.37.1
MDBOOK_VERSION := 0.5.4

# Tools built by cargo are kept outside the clone, one folder for each version.
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/replication-playground
# They come first, and rustup's folder last: a shell that is older than rustup does not have it.
CACHED := $(TOOLS)/wasm-bindgen-cli-$(WASM_BINDGEN_VERSION)/bin:$(TOOLS)/wasm-pack-$(WASM_PACK_VERSION)/bin:$(TOOLS)/geckodriver-$(GECKODRIVER_VERSION)/bin:$(TOOLS)/mdbook-$(MDBOOK_VERSION)/bin
export PATH := $(CURDIR)/node_modules/.bin:$(CACHED):$(PATH):$(HOME)/.cargo/bin
export TOOLS WASM_BINDGEN_VERSION WASM_PACK_VERSION GECKODRIVER_VERSION MDBOOK_VERSION

# What goes from the Rust core to the page.
WASM_TARGET := wasm32-unknown-unknown
WASM := $(or $(CARGO_TARGET_DIR),target)/$(WASM_TARGET)/release/replication_playground.wasm
GLUE := www/pkg/replication_playground_bg.wasm
# What makes the file small once it is gzipped, measured. A function that has one caller stays a function: many small
# ones take 16 kB less than the huge ones that they would grow into. What is computed twice stays so where it is short
# (browsers see to that), and the lowest kilobyte counts as unused: it is the far end of the stack.
WASM_OPT := -O3 --one-caller-inline-max-function-size=0 --skip-pass=local-cse --low-memory-unused \
	--strip-producers --strip-target-features
# What the page needs besides the element; dist/ has it at the same places.
PAGE := index.html www/icon.svg www/page.css
# What `make bench` builds besides the core.
BENCH_CRATES := tests/bench/baselines tests/bench/engine
# Fetched when they are asked for.
TEXTS := lessons runs

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build dist sites serve test test-native test-wasm test-e2e test-firefox check check-rust check-js \
	format bench clean setup-build setup-check setup-wasm setup-e2e setup-sites setup-firefox FORCE

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/\1#\2/p' Makefile | \
		while IFS='#' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

## Build and serve

build: $(GLUE) ## build dist/, a folder that any static host can serve
	rm -rf dist && mkdir dist
	esbuild www/element.js --bundle --format=esm --target=es2022 --minify --sourcemap \
		--loader:.css=text --loader:.run=text --log-level=warning \
		--outfile=dist/replication-playground.js
	esbuild www/plots.js --bundle --format=esm --target=es2022 --minify --loader:.css=text --log-level=warning \
		--outfile=dist/plots.js
	cp $(GLUE) dist/
	cp --parents $(PAGE) dist/
	for texts in $(TEXTS); do cp -r www/$$texts dist/; done
	@find dist -type f | sort | while read -r file; do \
		printf '%9d bytes, %8d gzipped  %s\n' "$$(wc -c < "$$file")" "$$(gzip -9c "$$file" | wc -c)" "$$file"; \
	done

dist: build ## the same as build

sites: setup-sites dist ## build the example sites (mdBook, Docusaurus, plain pages) into dist/sites/
	@.ci/sites mdbook docusaurus plain

serve: build ## build, then serve the playground (PORT=8080)
	@PORT=$(PORT) node .ci/serve.js dist

# cargo knows what is out of date, so it is always asked; it leaves the file alone if nothing is.
$(WASM): FORCE | setup-build
	cargo build --release --target $(WASM_TARGET) --lib

$(GLUE): $(WASM) Makefile
	wasm-bindgen --target web --out-dir www/pkg $(WASM)
	wasm-opt $(WASM_OPT) $@ -o $@.small && mv $@.small $@

FORCE:

## Test

test: test-native test-wasm test-e2e test-firefox ## run every test

test-native: setup-build ## test the core on this machine
	cargo test

test-wasm: setup-wasm ## test the core and its bindings in Chromium and in Firefox
	WASM_BINDGEN_TEST_TIMEOUT=120 wasm-pack test --mode no-install --headless --chrome
	WASM_BINDGEN_TEST_TIMEOUT=120 wasm-pack test --mode no-install --headless --firefox

test-e2e: setup-e2e sites ## test the page, and the example sites, in Chromium
	playwright test --config tests/e2e

test-firefox: setup-firefox build ## test the page in Firefox
	cargo build --release --bin replay
	node --test --test-reporter=spec tests/firefox/*.test.js

# In a folder of its own: a library for the page has the same file name in each profile.
bench: setup-build ## measure the core, and beside it the same model without it (BENCH=--long: runs of an hour)
	cargo bench --target-dir target/bench
	WASM_OPT='$(WASM_OPT)' node tests/bench/compare.js $(BENCH)

## Check

check: check-rust check-js ## formatting, lints, types and docs

check-rust: setup-check
	cargo fmt --check
	for crate in $(BENCH_CRATES); do cargo fmt --check --manifest-path $$crate/Cargo.toml || exit 1; done
	cargo clippy --all-targets -- -D warnings
	cargo clippy --target $(WASM_TARGET) --tests -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --lib --target $(WASM_TARGET)

# The types of the core's functions come with the glue.
check-js: $(GLUE)
	prettier --check --log-level=warn .
	eslint --max-warnings=0 .
	tsc
	tsc --project tests/e2e

format: setup-check ## format all sources
	cargo fmt
	for crate in $(BENCH_CRATES); do cargo fmt --manifest-path $$crate/Cargo.toml; done
	prettier --write --log-level=warn .

clean: ## remove what was built (not the tools in the cache)
	rm -rf dist www/pkg
	cargo clean

## Set-up

setup-build:
	@.ci/setup cc wasm-target wasm-bindgen npm

setup-check: setup-build
	@.ci/setup lints

setup-wasm: setup-build
	@.ci/setup wasm-pack chromedriver firefox

setup-e2e: setup-build
	@.ci/setup chromium

setup-sites: setup-build
	@.ci/setup mdbook docusaurus

setup-firefox: setup-build
	@.ci/setup firefox
