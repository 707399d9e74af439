.PHONY: help demo test clean
PYTHON ?= python3

help: ## Print this list
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' Makefile

.venv-dev/stamp: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv-dev
	.venv-dev/bin/pip install --quiet --require-hashes -r requirements/dev.txt
	.venv-dev/bin/pip install --quiet --no-deps -e .
	touch $@

demo: .venv-dev/stamp ## Match a simulated society of 120 mentees and 80 mentors, and verify it
	.venv-dev/bin/introducer simulate --mentees 120 --mentors 80 --seed 7 --out demo/cohort
	.venv-dev/bin/introducer match demo/cohort --out demo/outcome
	.venv-dev/bin/introducer verify demo/cohort demo/outcome

test: .venv-dev/stamp ## Run the tests
	.venv-dev/bin/python -m pytest

clean: ## Remove what was made
	rm -rf .venv-dev demo build docs/_build
