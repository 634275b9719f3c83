# Everything needs Python 3.11 or newer and make; nothing else is installed by hand.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

# Tests start hundreds of processes: what one has compiled the others need not.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help

.PHONY: help run test lint format bench stress clean

help: ## say what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/'

$(VENV)/.run: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: requirements-test.txt requirements.txt $(VENV)/.run
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

run: $(VENV)/.run ## the living dashboard on http://127.0.0.1:8050
	$(PY) run.py

test: lint ## lint and all tests
	PY=$(PY) sh tests/prepare.sh
	$(PY) -m pytest -q -n 3 --dist loadgroup -m "not stress"

lint: $(VENV)/.test ## rules and format of the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(VENV)/.test ## write the code as lint wants it
	$(PY) -m ruff format .

bench: $(VENV)/.test ## benchmarks against their baselines
	$(PY) -m tests.bench

stress: $(VENV)/.test ## the long runs: kills, garbage, full counts
	$(PY) -m pytest -q -s -m stress tests

clean: ## remove the demo network and its warehouse
	rm -rf var
