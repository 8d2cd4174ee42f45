# What people run. `make demo` for a look, `make test` before a change is handed in.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PDF_PACKAGES = fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

.PHONY: help demo demo-reset test check crash bench bench-quick mutants pack-mutants clean

help:
	@echo "make demo        a demonstration company, the server, a sign-in for each post; Ctrl-C stops it"
	@echo "make demo-reset  the demonstration anew"
	@echo "make check       linters, types, layers, quick tests: under a minute"
	@echo "make test        everything, on SQLite and where found on PostgreSQL and in Chromium"
	@echo "make crash       kills the server 50 times under load, on each database, and looks what is left"
	@echo "make bench       measures at 100,000 cases (bench-quick: 10,000); results in benchmarks/results/"
	@echo "make mutants     how many mutations of the engine the tests notice"
	@echo "make pack-mutants  how many rules taken out of the packs, or changed, their tests notice"

# A stamp for each lock, so that a second run installs nothing.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "huiyin needs Python 3.11 or newer; this is $$($(PYTHON) --version)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || sh tools/debian.sh python3-venv
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@test -e $(VENV)/.dev || { echo "Installing (once, about a minute) …"; \
	  $(BIN)/python -m pip install -q --disable-pip-version-check -r requirements/base.txt; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/base.txt requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(VENV)/.base
	@sh tools/debian.sh $(PDF_PACKAGES) || echo "Without them everything runs but PDF and charts." >&2
	@$(BIN)/huiyin demo

demo-reset: $(VENV)/.base
	@$(BIN)/huiyin demo --reset

test: $(VENV)/.dev
	@$(BIN)/python tools/run_tests.py

check: $(VENV)/.dev
	@$(BIN)/python tools/run_checks.py

bench: $(VENV)/.dev
	@$(BIN)/python benchmarks/bench.py
	@set -e; for name in engine lookup surveys replay; do echo "== $$name"; \
	  $(BIN)/python benchmarks/$$name.py | tee benchmarks/results/$$(date +%F)-$$name.txt; done

bench-quick: $(VENV)/.dev
	@$(BIN)/python benchmarks/bench.py --quick

mutants: $(VENV)/.dev
	@$(BIN)/mutmut run && $(BIN)/mutmut results

crash: $(VENV)/.dev
	@$(BIN)/python tools/run_crashes.py

pack-mutants: $(VENV)/.dev
	@$(BIN)/python tools/mutate_packs.py

clean:
	rm -rf build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
