# Two environments, each made from its hash-locked set: .venv runs Introducer and its platform, .venv-dev tests them.
PYTHON ?= python3
DEV := .venv-dev/bin
PIP := -m pip install --quiet --disable-pip-version-check
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --custom-compile-command 'make locks'
# numba keeps a compiled kernel when another one that it calls has changed: other sources, another folder.
export NUMBA_CACHE_DIR = $(CURDIR)/build/kernels-$(shell cat src/introducer/*.py src/introducer/solve/*.py | cksum | cut -d' ' -f1)
export PYTHON

.PHONY: help demo test coverage test-engine test-platform test-postgres check fix acceptance docs bench locks clean python browser postgres

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-15s%s\n", $$1, $$2}' Makefile

demo: .venv/stamp ## Serve a made-up society here, matched already, with links that sign in (PORT=8000)
	.venv/bin/introducer-web demo --port $(or $(PORT),8000)

test: check docs browser postgres ## Run everything that must hold: check, docs and all tests but the slow ones
	rm -f .coverage .coverage.*
	$(MAKE) --no-print-directory --output-sync=target -j2 test-platform test-engine $(if $(DECIDED),test-postgres)
	$(if $(DECIDED),,@echo 'Not run here: the platform on PostgreSQL (make test-postgres; CI=true runs it)')
	$(if $(DECIDED),$(MAKE) --no-print-directory coverage,@echo 'Not measured here: coverage (CI=true does)')

# Where it is decided, coverage is measured, which takes half as long again, and everything runs on both databases.
DECIDED = $(filter true,$(CI))
COVERED = $(if $(DECIDED),--cov --cov-report=)

coverage: .venv-dev/stamp ## Report what the last tests with CI=true covered, and whether it is enough
	find . -maxdepth 1 -name '.coverage.*' -empty -delete  # begun by a process that was killed
	$(DEV)/python -m coverage combine --quiet .coverage.engine .coverage.platform
	$(DEV)/python -m coverage report --include='src/introducer/*' --fail-under=100
	$(DEV)/python -m coverage report --include='src/introducer_web/*' --fail-under=95

test-engine: .venv-dev/stamp ## Run the tests of the engine, those of a browser and those that kill
	COVERAGE_FILE=.coverage.engine $(DEV)/python -m pytest -rs $(COVERED) --ignore=tests/web

test-platform: .venv-dev/stamp ## Run the tests of the platform on SQLite
	COVERAGE_FILE=.coverage.platform $(DEV)/python -m pytest -rs $(COVERED) tests/web

test-postgres: .venv-dev/stamp postgres ## Run the tests of the platform on a real PostgreSQL
	$(DEV)/python tests/postgres.py $(DEV)/python -m pytest -rs tests/web

check: .venv-dev/stamp ## Lint, format, types, import contracts and translations
	$(DEV)/python -m ruff check .
	$(DEV)/python -m ruff format --check .
	$(DEV)/python -m mypy
	$(DEV)/lint-imports
	$(DEV)/python tools/messages.py --check

fix: .venv-dev/stamp ## Repair what lint and format can repair by themselves
	$(DEV)/python -m ruff check --fix .
	$(DEV)/python -m ruff format .

acceptance: .venv-dev/stamp browser postgres ## Run all tests, those that take minutes too
	$(DEV)/python -m pytest -rs -m ''

docs: .venv-dev/stamp ## Build the documentation; a warning is an error
	$(DEV)/python -m sphinx -W --keep-going -q -b html docs docs/_build

bench: .venv-dev/stamp ## Measure the engine against its targets and its peers (BENCH='--quick', '--only bids', '--write', ...)
	$(DEV)/python benchmarks/bench.py $(BENCH)

locks: .venv-dev/stamp ## Write the hash-locked sets anew (all at their newest: make locks LOCK=--upgrade)
	$(DEV)/uv pip compile $(LOCK) $(LOCKED) -o requirements/core.txt pyproject.toml requirements/build.in
	$(DEV)/uv pip compile $(LOCK) $(LOCKED) --extra web -o requirements/web.txt pyproject.toml requirements/build.in
	$(DEV)/uv pip compile $(LOCK) $(LOCKED) --extra web --extra cluster --extra dev -o requirements/dev.txt pyproject.toml requirements/build.in
	for peer in $(basename $(wildcard benchmarks/peers/*.in)); do $(DEV)/uv pip compile $(LOCKED) -o $$peer.txt $$peer.in; done

clean: ## Remove what was made
	rm -rf .venv .venv-dev demo build dist docs/_build src/*.egg-info
	rm -rf .coverage* .hypothesis .import_linter_cache .mypy_cache .ruff_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment is made anew when its set changes, so that nothing stays that the set no longer names.
.venv/locked: requirements/web.txt
.venv-dev/locked: requirements/dev.txt
.venv/locked .venv-dev/locked: | python
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python $(PIP) --require-hashes -r $<
	touch $@

%/stamp: %/locked pyproject.toml
	$(@D)/bin/python $(PIP) --no-deps --no-build-isolation -e .
	touch $@

python:
	@tools/system.sh python

browser postgres:
	@tools/system.sh $@
