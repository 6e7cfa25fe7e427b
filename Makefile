# make demo: one made-up exome, its answer and its report.    make test: every check that needs no browser.
# make test-browser: the pages in Chromium, with axe-core.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SHELL := /bin/bash
.DEFAULT_GOAL := demo
AXE := axe-core@4.14.1
.PHONY: demo test test-browser bench examples clean

demo: .venv/.varmio
	$(BIN)/varmio demo -o demo

test: .venv/.varmio-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 -rs

test-browser: .venv/.varmio-browser .browser/$(AXE)
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { \
	  echo "make: installing Chromium and its driver"; \
	  { apt-get update && apt-get install -y chromium chromium-driver; } >/dev/null 2>&1; } || { \
	  echo "make: no Chromium with chromedriver. Install both (Debian: apt install chromium chromium-driver)"; exit 1; }
	VARMIO_BROWSER=.browser VARMIO_CHROMIUM="$$(command -v chromium)" VARMIO_CHROMEDRIVER="$$(command -v chromedriver)" \
	  $(BIN)/python -m pytest -q -n 2 -rs tests/test_browser.py

bench: .venv/.varmio
	$(BIN)/python benchmarks/run_exome.py

examples: .venv/.varmio
	$(BIN)/python examples/write_exomes.py

clean:
	rm -rf .venv .browser demo results logs examples/vcf build dist .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found. Install one, or say make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot make a venv. Install that part (Debian, Ubuntu: apt install python3-venv), or say make PYTHON=/path/to/python3"; exit 1; }
	"$(PYTHON)" -m venv .venv

# stamp files: an install is repeated only when pyproject.toml changes
.venv/.varmio: pyproject.toml | .venv/bin/python
	$(PIP) -e .
	@touch $@

.venv/.varmio-dev: pyproject.toml | .venv/bin/python
	$(PIP) -e '.[dev,workflow]'
	@touch $@ .venv/.varmio

.venv/.varmio-browser: pyproject.toml | .venv/.varmio-dev
	$(PIP) -e '.[dev,workflow,browser]'
	@touch $@ .venv/.varmio-dev .venv/.varmio

.browser/$(AXE): | .venv/bin/python
	@command -v npm >/dev/null || { echo "make: no npm. Install Node.js with npm (Debian: apt install npm)"; exit 1; }
	npm install --silent --no-save --prefix .browser $(AXE) || { echo "make: npm could not install $(AXE)"; exit 1; }
	@touch $@
