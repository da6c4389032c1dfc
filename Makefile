# RooTan: set-up, checks and runs. `make help` lists the targets.
# Needs Python ≥ 3.11 and make; everything else comes with `make setup`.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
PACKAGES := $(VENV)/.packages
LIBRARIES := app/static/vendor/.copied
ROOMS := app bots campaigns referrals screening nlp core simulator benchmarks tests

# Somebody's own Python paths and pip habits must not reach into the virtual environment.
unexport PYTHONPATH PYTHONHOME
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-tests run test check format lint types imports migrations collect bench soak eval lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PACKAGES) $(LIBRARIES) ## Set everything up: .venv, packages, static libraries, Tesseract with Thai
	@$(BIN)/python -m app.cli.setup.system

setup-tests: $(PACKAGES) $(LIBRARIES)
	@$(BIN)/python -m app.cli.setup.system --tests

$(PACKAGES): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python can't make virtual environments; on Debian and Ubuntu: sudo apt-get install -y python3-venv"; exit 1; }
	@echo "Installing the locked packages into $(VENV) (the first time takes a few minutes)"
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(LIBRARIES): package-lock.json app/cli/setup/static_files.py | $(PACKAGES)
	@echo "Fetching the console's static libraries"
	@$(BIN)/python -m app.cli.setup.static_files
	@touch $@

PORT ?= 8000

run: setup ## Run everything on this machine: console, worker, simulated phones; Ctrl-C stops it
	@$(BIN)/rootan demo --port $(PORT)

# The test processes must collect in the same order, also where a test is drawn from a set.
test: export PYTHONHASHSEED := 0
# Tests start a hundred processes; each would compile our modules anew where this is set.
test collect: export PYTHONDONTWRITEBYTECODE :=
test: setup-tests ## Run the whole test suite
	@$(BIN)/pytest -n 4 --dist loadscope --no-loadscope-reorder $(TEST_OPTIONS)

check: setup-tests ## Run what CI runs: format, lint, types, import rules, migrations, tests
	@$(MAKE) --no-print-directory -j 2 format lint types imports migrations collect
	@$(MAKE) --no-print-directory test TEST_OPTIONS=--hypothesis-profile=repeatable

format: $(PACKAGES)
	@$(BIN)/ruff format --check $(ROOMS)

lint: $(PACKAGES)
	@$(BIN)/ruff check $(ROOMS)

types: $(PACKAGES)
	@$(BIN)/mypy

imports: $(PACKAGES)
	@$(BIN)/lint-imports --no-logo

migrations: $(PACKAGES)
	@$(BIN)/python -m app.cli.setup.schema

# One process compiles the tests while another looks at types; else each of four would compile all of them by itself.
collect: $(PACKAGES)
	@$(BIN)/pytest --collect-only -qq >/dev/null

bench: setup-tests ## Measure the budgets, with ratios to a peer in the same run
	@$(BIN)/python -m benchmarks

soak: setup-tests ## Run the long fault and load tests
	@$(BIN)/pytest -m soak --timeout=0 -s

eval: setup ## Print the figures of judgement
	@$(BIN)/python -m benchmarks.judgement

lock: $(PACKAGES) ## Compile requirements.lock and package-lock.json anew
	@$(BIN)/python -m app.cli.setup.lock

clean: ## Remove what set-up made (the data in var/ stays)
	rm -rf $(VENV) node_modules app/static/vendor *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
