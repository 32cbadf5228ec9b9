# The tasks of the project. Each installs the Debian packages that it needs (tools/install-packages).

PRESET ?= release
PREFIX ?= /usr/local
DATA_DIR ?= killrvideo-data
FUZZ_SECONDS ?= 60

python := /usr/bin/python3
build_dir := build/$(PRESET)
program := $(build_dir)/killrvideo
configure := cmake --preset

# How many times slower than a release build the tests may take a step of theirs to be.
slowdown_asan := 5
slowdown_tsan := 10
# Sanitizers do not see what happens in the Rust driver of Cassandra, which is not built with them:
# they get the tests on RocksDB, and those of the engine for Cassandra on a scripted session, which
# have no "Cassandra" in their names.
embedded_asan := -*assandra*:*OpenSearch*
embedded_tsan := $(embedded_asan)
pytest_embedded := not cassandra and not opensearch and not moving_stores and not search_processes \
  and not strange_rows and not visibility and not latest_days
pytest_asan := -k '$(pytest_embedded)'
# ThreadSanitizer does not know the threads of Kafka's client (thrd_create) and dies of them. It is
# for the tests in which there is something to race.
pytest_tsan := -m concurrent -k '$(pytest_embedded) and not kafka'

# The servers of the tests: what `tools/servers start cassandra` takes, and what starts them for a
# command and stops them after it. Tests of faults kill nodes, which are prepared for that.
cassandra_flags := --base-ip 127.0.0.101 --hasty
opensearch_flags := --ip 127.0.0.104
with_servers := tools/servers with cassandra $(cassandra_flags) -- \
  tools/servers with opensearch $(opensearch_flags) --
with_servers_to_kill := tools/servers --dir build/servers-to-kill with cassandra --nodes 3 \
  --base-ip 127.0.0.141 --

scripts = $(shell grep -lE '^#! ?/bin/(ba)?sh' .ci/run cmake/* tools/* packaging/*/* deploy/* deploy/*/* 2>/dev/null)
cpp_files = $(shell find src tests bench tools -name '*.[ch]pp')
precompiled := src/CMakeFiles/killrvideo_lib.dir/cmake_pch.hxx.pch
# Every file that clang-tidy reads is compiled with the flags that the build uses for it. It reads the
# program only: what it finds in tests is mostly the macros of GoogleTest, and they would double its
# time.
tidy_files = ^$(CURDIR)/(src|$(build_dir)/src/unity)/

.PHONY: help build run test test-cluster cluster cluster-stop servers faults mutants fuzz soak bench lint format clean install package test-package

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the program, build/release/killrvideo
	@tools/install-packages build
	$(configure) $(PRESET)
	cmake --build $(build_dir)

run: build ## Serve with sample data on 127.0.0.1:50101 (gRPC) and :8080 (HTTP) until Ctrl-C
	$(program) serve --sample-data --data-dir $(DATA_DIR)

test: ## Run all tests; PRESET=asan or tsan runs them with these sanitizers
	@tools/install-packages build test bench
	$(configure) $(PRESET)
	cmake --build $(build_dir) --target all unit_tests $(if $(embedded_$(PRESET)),,bench/all)
	$(if $(embedded_$(PRESET)),,$(with_servers)) $(MAKE) --no-print-directory run-tests
ifeq ($(PRESET),release)
	KILLRVIDEO_BINARY=$(CURDIR)/$(program) \
	  $(with_servers_to_kill) $(python) -m pytest tests/faults -m short
	$(python) -m pytest tests/cluster -k 'not random_faults'
endif
ifeq ($(PRESET),asan)
	$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=10
endif

# The tests themselves, with the servers that KILLRVIDEO_TEST_CASSANDRA and KILLRVIDEO_TEST_OPENSEARCH
# name; without them those of Cassandra and OpenSearch fail.
.PHONY: run-tests
run-tests:
ifdef embedded_$(PRESET)
# A process a test would take longer to start than most tests do.
	seq 0 3 | xargs -P 4 -I '{}' timeout 20m env GTEST_TOTAL_SHARDS=4 GTEST_SHARD_INDEX='{}' \
	  $(build_dir)/unit_tests --gtest_brief=1 --gtest_filter='$(embedded_$(PRESET))'
else
	ctest --test-dir $(build_dir) --output-on-failure --parallel $$((2 * $$(nproc)))
endif
	KILLRVIDEO_BINARY=$(CURDIR)/$(program) KILLRVIDEO_TEST_SLOWDOWN=$(or $(slowdown_$(PRESET)),1) \
	  $(python) -m pytest tests/system $(pytest_$(PRESET))

mutants: ## See which of the faults in tests/mutants the tests find
	@tools/install-packages build test
	tests/mutants/run build
	$(with_servers) tests/mutants/run trial

fuzz: ## Look for inputs that break the parsers, FUZZ_SECONDS (60) for each of them
	@tools/install-packages build test
	$(configure) asan
	cmake --build build/asan --target fuzzers
	tools/fuzz build/asan $(FUZZ_SECONDS)

faults: ## All tests of nodes and processes that die, hang and come back; make test runs some
	@tools/install-packages build test
	$(configure) release
	cmake --build build/release
	KILLRVIDEO_BINARY=$(CURDIR)/build/release/killrvideo \
	  $(with_servers_to_kill) $(python) -m pytest tests/faults

soak: ## Ten minutes of random faults in a cluster of three nodes, and ten in the whole tier
	@tools/install-packages build test
	$(configure) release
	cmake --build build/release
	KILLRVIDEO_BINARY=$(CURDIR)/build/release/killrvideo KILLRVIDEO_SOAK_SECONDS=600 \
	  $(with_servers_to_kill) $(python) -m pytest tests/faults/test_soak.py
	KILLRVIDEO_SOAK_SECONDS=600 $(python) -m pytest tests/cluster -k random_faults

# The whole tier, which runs until `make cluster-stop`.
cluster := tools/servers --dir build/cluster
cluster_ip := 127.0.0.161

cluster: build ## Run Cassandra (3 nodes), Kafka, OpenSearch, etcd and six processes of killrvideo here
	@tools/install-packages test
	$(cluster) start cassandra --nodes 3 --base-ip $(cluster_ip)
	$(cluster) start kafka --ip $(cluster_ip)
	$(cluster) start opensearch --ip $(cluster_ip)
	$(cluster) start etcd --ip $(cluster_ip)
	$(cluster) start killrvideo --ip $(cluster_ip)
	@echo; $(cluster) status; echo
	@echo 'Try:    $(program) call --grpc-address $(cluster_ip):50105 SearchVideos '\''{"query": "wing", "page_size": 2}'\'
	@echo 'Logs:   $(cluster) log killrvideo/search'
	@echo 'Trouble: $(cluster) kill kafka/n1; $(cluster) restart kafka/n1'
	@echo 'End:    make cluster-stop'

cluster-stop: ## Stop what make cluster has started; its data stays in build/cluster
	$(cluster) stop-all

test-cluster: ## Each server and each process of the whole tier dies once, under load
	@tools/install-packages build test
	$(configure) release
	cmake --build build/release
	$(python) -m pytest tests/cluster -k 'not random_faults'

servers: ## Start the servers of the tests, which use them from then on; tools/servers stops them
	@tools/install-packages test
	tools/servers start cassandra $(cassandra_flags)
	tools/servers start opensearch $(opensearch_flags)

bench: ## Measure against a bare gRPC server and, on Cassandra, against its drivers alone
	@tools/install-packages build bench
	$(configure) release
	cmake --build build/release --target all bench/all
	$(python) bench/run.py
	tools/servers with cassandra --dir build/servers-bench --base-ip 127.0.0.111 --hasty -- \
	  $(python) bench/on_cassandra.py
	tools/servers with cassandra --dir build/servers-bench --base-ip 127.0.0.111 --hasty -- \
	  tools/servers with kafka --dir build/servers-bench --ip 127.0.0.111 -- \
	  tools/servers with opensearch --dir build/servers-bench --ip 127.0.0.111 -- \
	  $(python) bench/tier.py

lint: ## Check format and style of all code; warnings are errors
	@tools/install-packages build test bench lint
	clang-format-19 --dry-run -Werror $(cpp_files)
	shellcheck $(scripts)
	$(python) -m flake8 bench tests tests/mutants/run tools tools/servers
	$(configure) $(PRESET)
	cmake --build $(build_dir) --target killrvideo_proto_headers $(precompiled)
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
