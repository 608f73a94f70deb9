# make run · demo · extras · test · lint · bench · chaos · wheel · lock: all do their own set-up.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2
# What 'make chaos' runs: from which seed on, for how long and how many at least (0 minutes: that seed alone), on one database
# where ENGINE names it.
SEED ?= 1
MINUTES ?= 10
SEEDS ?= 1
ENGINE ?=

.PHONY: run demo extras test lint bench chaos wheel lock clean

run: $(VENV)/.run
	@test -f storywatch.toml || $(BIN)/storywatch init --yes
	@exec $(BIN)/storywatch run

demo: $(VENV)/.run
	@exec $(BIN)/storywatch demo

# What one machine with SQLite does without: PostgreSQL, and the signing of mail.
extras: $(VENV)/.run
	$(PIN) requirements-extras.lock

test: $(VENV)/.test
	$(BIN)/python -m pytest -n $(JOBS) -rs

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

chaos: $(VENV)/.test
	$(BIN)/python -m tests.faults --seed $(SEED) --minutes $(MINUTES) --seeds $(SEEDS) $(if $(ENGINE),--engine $(ENGINE))

wheel: $(VENV)/.run
	$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist .

lock: $(VENV)/.test
	$(BIN)/pip-compile -q --upgrade --strip-extras --all-build-deps --allow-unsafe --generate-hashes -c constraints.txt \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --strip-extras --extra dkim --extra postgresql --allow-unsafe --generate-hashes -c requirements.lock \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header -o requirements-extras.lock pyproject.toml
	$(BIN)/pip-compile -q --strip-extras --extra test --extra dkim --extra postgresql --allow-unsafe --generate-hashes -c requirements-extras.lock \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header -o requirements-test.lock pyproject.toml

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Storywatch needs Python 3.11 or newer: set PYTHON=python3.x"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv module is missing: run 'apt-get install python3-venv'"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The locks name everything, so nothing is resolved: that is quicker, and Debian 12's pip has no doubts about extras. What
# a new environment of Python 3.11 brings beside pip is not needed.
PIN := $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r

$(VENV)/.run: $(BIN)/python requirements.lock pyproject.toml
	$(PIN) requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip uninstall -q -y setuptools 2>/dev/null
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-test.lock
	$(PIN) requirements-test.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
