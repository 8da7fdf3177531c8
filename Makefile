# Tollgate: `make run` starts the demo, `make test` runs everything that must hold.

SWIFT ?= swift
# Tests over sockets and real clocks: with too many beside them they wait for a core longer than their peers wait.
LIVE = CallAPITests|GatewayTests|SIPTransportTests|DemoTrunkTests
# Where PyPI cannot be reached the made-up requests are left out, which is said; empty where they must not be.
CHECK_API ?= --skip-when-missing

.PHONY: help dependencies build release run test lint format compare-kamailio check-api replay-documents clean

help: ## Say what the targets do
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' Makefile

dependencies: ## Install (or name) the Debian packages that building needs
	@Scripts/install-dependencies

build: dependencies ## Build for development
	$(SWIFT) build

release: dependencies ## Build the optimised gateway: .build/release/tollgate
	$(SWIFT) build -c release --product tollgate

run: dependencies ## Start the demo: SIP on 127.0.0.1:5060, two accounts, a trunk that answers
	@mkdir -p var
	$(SWIFT) build --product tollgate
	exec .build/debug/tollgate serve --config config/demo.yaml

test: ## Run all tests, those with a real softphone and SIPp included
	@Scripts/install-dependencies --test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip '$(LIVE)|EndToEndTests'
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 $(SWIFT) test --skip-build --filter '$(LIVE)'
	$(SWIFT) test --skip-build --filter EndToEndTests
	Scripts/check-api $(CHECK_API)

check-api: ## Hold the running API against its OpenAPI document, with made-up requests
	$(SWIFT) build --product tollgate
	Scripts/check-api

replay-documents: ## Replay the API documents' examples; the documents lie in ../shared
	$(SWIFT) build --product tollgate
	Scripts/replay-documents

lint: ## Check the form of all Swift sources
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks FuzzTesting

format: ## Bring all Swift sources into form
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks FuzzTesting

compare-kamailio: ## Measure CPU per call beside Kamailio
	Benchmarks/compare-kamailio

clean: ## Remove what was built
	$(SWIFT) package clean
