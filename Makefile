# Qafila. `make run` opens the house with a demo agency, `make test` proves it. Everything they need they fetch.
SHELL := /bin/sh
PY := .venv/bin/python
.PHONY: help install run test bench slow fmt clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/'

install: ## the virtual environment with the locked packages
	@python3 tools/setup.py install

run: install ## everything, with the demo agency; Ctrl-C stops it (QAFILA_PORT, QAFILA_HOST, QAFILA_DATA_DIR, DATABASE_URL)
	@exec $(PY) -m qafila.config.cli up --demo

test: ## every check and every test
	@python3 tools/setup.py dev
	@python3 tools/setup.py browser
	@$(PY) tools/check.py

slow: ## the long proofs, which `make test` leaves out
	@python3 tools/setup.py dev
	@$(PY) -m pytest -m slow -n 2 --dist loadfile -q -rsfE --timeout 3600

bench: ## the product against PostgreSQL's own limit on this machine (ARGS=--short: in under 3 minutes)
	@python3 tools/setup.py dev
	@$(PY) -m benchmarks $(ARGS)

fmt: ## put the code in order
	@python3 tools/setup.py dev
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

clean: ## forget caches and the test database; never the agency's data
	@if [ -x $(PY) ]; then $(PY) -m tests.harness.server forget; fi
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info var/test
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
