# The tasks of the project. Each installs the Debian packages that it needs (tools/install-packages).

PRESET ?= release
PREFIX ?= /usr/local
DATA_DIR ?= killrvideo-data

python := /usr/bin/python3
build_dir := build/$(PRESET)
program := $(build_dir)/killrvideo
configure := cmake --preset

# How many times slower than a release build the tests may take a step of theirs to be.
slowdown_asan := 5
# ThreadSanitizer does not see how Debian's gRPC, which is not built with it, hands calls from thread
# to thread, and takes what its headers do there for races. So it gets the tests without gRPC.
ctest_tsan := --exclude-regex '^Call'

scripts = $(shell grep -lE '^#! ?/bin/(ba)?sh' .ci/run tools/* packaging/*/* 2>/dev/null)
cpp_files = $(shell find src tests bench tools -name '*.[ch]pp')
# Every file that clang-tidy reads is compiled with the flags that the build uses for it.
tidy_files = ^$(CURDIR)/src/

.PHONY: help build run test bench lint format clean install package test-package

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the program, build/release/killrvideo
	@tools/install-packages build
	$(configure) $(PRESET)
	cmake --build $(build_dir)

run: build ## Serve with sample data on 127.0.0.1:50101 (gRPC) and :8080 (HTTP) until Ctrl-C
	$(program) serve --sample-data on --data-dir $(DATA_DIR)

test: ## Run all tests; PRESET=asan runs them with AddressSanitizer, PRESET=tsan those without gRPC
	@tools/install-packages build test
	$(configure) $(PRESET)
	cmake --build $(build_dir) --target all unit_tests
	ctest --test-dir $(build_dir) --output-on-failure --parallel $$(nproc) $(ctest_$(PRESET))
ifneq ($(PRESET),tsan)
	KILLRVIDEO_BINARY=$(CURDIR)/$(program) KILLRVIDEO_TEST_SLOWDOWN=$(or $(slowdown_$(PRESET)),1) \
	  $(python) -m pytest tests/system
endif

bench: ## Measure against a bare gRPC server and print the table of docs/benchmarks.md
	@tools/install-packages build bench
	$(configure) release
	cmake --build build/release --target all bench/all
	$(python) bench/run.py

lint: ## Check format and style of all code; warnings are errors
	@tools/install-packages build test bench lint
	clang-format-19 --dry-run -Werror $(cpp_files)
	shellcheck $(scripts)
	$(python) -m flake8 bench tests tools
	$(configure) $(PRESET)
	cmake --build $(build_dir) --target killrvideo_proto_headers
	run-clang-tidy-19 -quiet -j $$(nproc) -p $(build_dir) '$(tidy_files)'

format: ## Format the C++ code in place
	@tools/install-packages lint
	clang-format-19 -i $(cpp_files)

clean: ## Remove everything that was built
	rm -rf build

install: ## Install into PREFIX (/usr/local), below DESTDIR if given
	@tools/install-packages build
	$(configure) release -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	cmake --build build/release
	DESTDIR=$(DESTDIR) cmake --install build/release --strip

package: ## Make a Debian package, build/release/killrvideo_<version>_<architecture>.deb
	@tools/install-packages build package
	$(configure) release -DCMAKE_INSTALL_PREFIX=/usr
	cmake --build build/release
	cd build/release && cpack -G DEB

test-package: package ## Install the package on a clean Debian in a folder, run it, remove it (as root)
	tools/test-package build/release/killrvideo_*.deb
