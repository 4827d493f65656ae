# Replication Playground. `make` alone lists the targets.
#
# Each target fetches what it still lacks (see .ci/setup), and nothing more than it needs.

# The port of `make serve`.
PORT ?= 8080

# The tool must have the crate's version, so the crate's is the only one that is written down.
WASM_BINDGEN_VERSION := $(shell sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' Cargo.toml)
WASM_PACK_VERSION := 0.15.1
GECKODRIVER_VERSION := 0.37.1
MKDOCS_VERSION := $(shell sed -n 's/^mkdocs-material==//p' examples/mkdocs/requirements.txt)
MDBOOK_VERSION := 0.5.4

# Tools built by cargo are kept outside the clone, one folder for each version.
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/replication-playground
# They come first, and rustup's folder last: a shell that is older than rustup does not have it.
CACHED := $(TOOLS)/wasm-bindgen-cli-$(WASM_BINDGEN_VERSION)/bin:$(TOOLS)/wasm-pack-$(WASM_PACK_VERSION)/bin:$(TOOLS)/geckodriver-$(GECKODRIVER_VERSION)/bin:$(TOOLS)/mdbook-$(MDBOOK_VERSION)/bin
export PATH := $(CURDIR)/node_modules/.bin:$(CACHED):$(PATH):$(HOME)/.cargo/bin
export TOOLS WASM_BINDGEN_VERSION WASM_PACK_VERSION GECKODRIVER_VERSION MKDOCS_VERSION MDBOOK_VERSION

# What goes from the Rust core to the page.
WASM_TARGET := wasm32-unknown-unknown
BUILT := $(or $(CARGO_TARGET_DIR),target)/$(WASM_TARGET)/release
# In three forms: what a first view needs; the same with the checker; and what reads pastes, without a run. A worker loads the
# other two when they are asked for.
WASM := $(BUILT)/first/replication_playground.wasm
WASM_CHECK := $(BUILT)/check/replication_playground_check.wasm
WASM_PASTE := $(BUILT)/paste/replication_playground_paste.wasm
GLUE := www/pkg/glue.js www/pkg/check/glue.js www/pkg/paste/glue.js
# The first in three parts: what the standard run needs, what other runs need besides, and the rest.
PARTS := www/pkg/parts/first.wasm
# What makes the file small once it is gzipped, measured. A function that has one caller stays a function: many small
# ones take 16 kB less than the huge ones that they would grow into. What is computed twice stays so where it is short
# (browsers see to that), and the lowest kilobyte counts as unused: it is the far end of the stack. Functions of like names
# are alike, so beside each other they pack better: 2.4 kB.
WASM_OPT := -O3 --one-caller-inline-max-function-size=0 --skip-pass=local-cse --low-memory-unused \
	--strip-producers --strip-target-features --reorder-functions-by-name
# What `make bench` builds besides the core.
BENCH_CRATES := tests/bench/measure tests/bench/baselines tests/bench/engine
# The showcase, and what it gets of dist/: the loader and its chunks, but no other form of the playground.
SHOWCASE := examples/mkdocs
SHOWCASE_PLAYGROUND := $(SHOWCASE)/docs/assets/playground
# The runs of the table of guarantees.
SHOWCASE_RUNS := $(SHOWCASE)/docs/guarantees

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build dist sites serve docs serve-docs guarantees guarantees-real test test-native test-real test-wasm test-e2e \
	test-firefox check check-rust check-js format bench pictures package clean setup-build setup-real setup-check setup-docs setup-sites setup-wasm setup-e2e \
	setup-firefox FORCE

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/\1#\2/p' Makefile | \
		while IFS='#' read -r name what; do printf '  make %-15s %s\n' "$$name" "$$what"; done

## Build and serve

build: $(GLUE) $(PARTS) ## build dist/, a folder that any static host can serve
	node .ci/dist.js es

dist: $(GLUE) $(PARTS) ## the same, and the builds that are one file: inline, classic, HTML; tells how large all are
	node .ci/dist.js

sites: setup-sites dist ## build the example sites (mdBook, Docusaurus, plain pages) into dist/sites/
	@.ci/sites mdbook docusaurus plain

serve: build ## build, then serve the playground (PORT=8080)
	@PORT=$(PORT) node .ci/serve.js dist

docs: dist | setup-docs ## build the showcase, a MkDocs site with the playground in it, into dist/docs/
	rm -rf $(SHOWCASE_PLAYGROUND) && mkdir $(SHOWCASE_PLAYGROUND)
	find dist -maxdepth 1 \( -name '*.wasm' -o -name '*.js' ! -name '*.inline.js' ! -name '*.classic.js' \) \
		-exec cp {} $(SHOWCASE_PLAYGROUND)/ \;
	cp -r dist/lessons dist/runs $(SHOWCASE_PLAYGROUND)/
	rm -rf $(SHOWCASE_RUNS) && cp -r docs/guarantees $(SHOWCASE_RUNS)
	SITE_URL=http://localhost:$(PORT)/docs/ NO_MKDOCS_2_WARNING=1 $(TOOLS)/mkdocs-material-$(MKDOCS_VERSION)/bin/mkdocs \
		build --quiet --strict --config-file $(SHOWCASE)/mkdocs.yml --site-dir $(CURDIR)/dist/docs

serve-docs: docs ## build, then serve the showcase (PORT=8080)
	@PORT=$(PORT) node .ci/serve.js dist docs/

# cargo knows what is out of date, so it is always asked; a file stays as it is if it would be the same. Where the builder
# keeps its crates is nobody's business: panics would tell.
$(WASM) $(WASM_CHECK) $(WASM_PASTE): FORCE | setup-build
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='--remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=' \
		cargo build --release --target $(WASM_TARGET) --lib --no-default-features $(FORM)
	mkdir -p $(@D)
	cmp -s $(BUILT)/replication_playground.wasm $@ || cp $(BUILT)/replication_playground.wasm $@
$(WASM): FORM := --features play
$(WASM_CHECK): FORM := --features check
$(WASM_PASTE): FORM := --features import
# All are built in the same place: one after the other.
$(WASM_CHECK): | $(WASM)
$(WASM_PASTE): | $(WASM_CHECK)

# wasm-bindgen's glue keeps its instance in its scope. As a function it has a new scope at each call, so that a page can
# have more than one instance of the same module.
www/pkg/glue.js: $(WASM) Makefile
www/pkg/check/glue.js: $(WASM_CHECK) Makefile
www/pkg/paste/glue.js: $(WASM_PASTE) Makefile
$(GLUE):
	wasm-bindgen --target no-modules --out-dir $(@D) $<
	mv $(@D)/$(basename $(notdir $<))_bg.wasm $(@D)/bound.wasm
	wasm-opt $(WASM_OPT) $(@D)/bound.wasm -o $(@D)/$(basename $(notdir $<))_bg.wasm
	{ cat $(@D)/$(basename $(notdir $<)).d.ts; echo 'export function glue(loadRest?: () => void): typeof wasm_bindgen;'; } > $(@D)/glue.d.ts
	{ echo 'export function glue(loadRest) {'; cat $(@D)/$(basename $(notdir $<)).js; echo 'return wasm_bindgen; }'; } > $@

$(PARTS): www/pkg/glue.js .ci/split.js .ci/first-view.js www/run/core.js www/first.run $(wildcard www/lessons/* www/runs/*)
	node .ci/split.js www/pkg/bound.wasm $(@D) $(WASM_OPT)

FORCE:

## Test

test: test-native test-real test-wasm test-e2e test-firefox ## run every test

test-native: setup-build ## test the core on this machine
	cargo test

test-real: setup-real ## play what was recorded on real Redis, PostgreSQL and MariaDB servers again (JOBS=6 clusters of each at a time)
	cargo build --features real --bin replay
	cargo test --features real --bin replay --test real --no-run
	@# Both wait for most of their time: side by side they take a minute less. What is in the background does not hear Ctrl+C.
	.ci/real $(or $(CARGO_TARGET_DIR),target)/debug/replay & played=$$!; trap 'kill $$played; wait; exit 1' INT TERM; \
		cargo test --features real --bin replay --test real; tested=$$?; wait $$played && exit $$tested

test-wasm: setup-wasm ## test the core and its bindings in Chromium and in Firefox
	WASM_BINDGEN_TEST_TIMEOUT=120 wasm-pack test --mode no-install --headless --chrome
	WASM_BINDGEN_TEST_TIMEOUT=120 wasm-pack test --mode no-install --headless --firefox

test-e2e: setup-e2e docs sites ## test the page, the showcase and the example sites in Chromium
	playwright test --config tests/e2e

test-firefox: setup-firefox dist ## test the page in Firefox
	cargo build --release --bin replay
	node --test --test-reporter=spec tests/firefox/*.test.js

# In a folder of its own: a library for the page has the same file name in each profile.
bench: setup-e2e build ## measure the core beside peers that keep nothing, peers that do its work, and the page (BENCH=--long: runs of an hour)
	cargo bench --target-dir target/bench
	WASM_OPT='$(WASM_OPT)' node tests/bench/compare.js $(BENCH)
	node tests/bench/page.js
	node tests/bench/cold.js

pictures: setup-e2e build ## make the pictures of the README and the social card anew, from the core and the page
	cargo build --release --bin replay
	node .ci/pictures.js

guarantees: setup-build ## check all presets anew, and write docs/guarantees.md with its runs
	cargo run --release --bin replay -- guarantees docs --short src/guarantees.txt

guarantees-real: setup-real ## play the runs of the table on real servers, and mark those that come out the same (JOBS=6 at a time)
	cargo run --release --features real --bin replay -- guarantees-real docs --date "$$(date -u +%F)" --jobs $(or $(JOBS),6)
	cargo run --release --features real --bin replay -- guarantees docs --page

## Check

check: check-rust check-js ## formatting, lints, types, docs, and the page without a browser

check-rust: setup-check
	cargo fmt --check
	for crate in $(BENCH_CRATES); do cargo fmt --check --manifest-path $$crate/Cargo.toml || exit 1; done
	cargo clippy --all-targets -- -D warnings
	cargo clippy --features real --bin replay --test real -- -D warnings
	cargo clippy --target $(WASM_TARGET) --tests -- -D warnings
	for form in play import; do cargo clippy --target $(WASM_TARGET) --no-default-features --features $$form --lib -- -D warnings || exit 1; done
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --lib --target $(WASM_TARGET)

# The types of the core's functions come with the glue.
check-js: $(GLUE) $(PARTS)
	prettier --check --log-level=warn .
	eslint --max-warnings=0 .
	tsc
	tsc --project tests/e2e
	node --test --test-reporter=dot tests/page/*.test.js

format: setup-check ## format all sources
	cargo fmt
	for crate in $(BENCH_CRATES); do cargo fmt --manifest-path $$crate/Cargo.toml; done
	prettier --write --log-level=warn .

package: setup-build ## show what would be published to npm and to crates.io, and check it; nothing is published
	npm pack --dry-run
	publint --strict
	cargo publish --dry-run

clean: ## remove what was built (not the tools in the cache)
	rm -rf dist www/pkg $(SHOWCASE_PLAYGROUND) $(SHOWCASE_RUNS)
	cargo clean

## Set-up

setup-build:
	@.ci/setup cc wasm-target wasm-bindgen npm

setup-real: setup-build
	@.ci/setup servers

setup-check: setup-build
	@.ci/setup lints

setup-docs:
	@.ci/setup mkdocs

setup-wasm: setup-build
	@.ci/setup wasm-pack chromedriver firefox

setup-e2e: setup-build
	@.ci/setup chromium

setup-sites: setup-build
	@.ci/setup mdbook docusaurus

setup-firefox: setup-build
	@.ci/setup firefox
