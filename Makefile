# `make help` lists what there is. Two commands do everything: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8080
DATA ?= data/demo
V := .venv
BIN := $(V)/bin
RUN_STAMP := $(V)/.run-ready
DEV_STAMP := $(V)/.dev-ready
WIDGET := src/gentie/web/static/dist/widget.js
WIDGET_SOURCES := $(shell find widget src/gentie/locale/zh_CN/widget.po -name node_modules -prune -o -type f -print 2>/dev/null)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# A build that failed, at its budget for one, must not look done the next time.
.DELETE_ON_ERROR:

.PHONY: help run test test-fast soak widget-test browser token letters bench docs check format migration lock clean

help: ## what this file can do
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(V)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "· setting up Python in $(V)"
	@$(PYTHON) -m venv $(V)

$(RUN_STAMP): $(V)/bin/python requirements/run.txt pyproject.toml
	@echo "· installing what Gentie needs (a minute the first time)"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.txt
	@echo "· installing what the tests need"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(WIDGET): $(RUN_STAMP) $(WIDGET_SOURCES)
	@echo "· building the widget"
	@$(BIN)/python -m tools.widget build

run: $(RUN_STAMP) $(WIDGET) ## set everything up and start the demo newsroom (PORT=8080 DATA=data/demo)
	@mkdir -p $(dir $(DATA))
	@exec $(BIN)/gentie demo --port $(PORT) --data $(DATA)

test: check widget-test browser token letters $(WIDGET) ## everything: checks, Python, widget, PostgreSQL, browser
	@$(BIN)/python -m pytest -n auto -m "not browser and not soak"
	@$(BIN)/python -m pytest -n logical --dist loadfile -m "browser and not soak"

test-fast: token letters ## all tests but the browser's and the slow ones
	@$(BIN)/python -m pytest -n auto -m "not browser and not slow and not soak"

widget-test: $(DEV_STAMP)
	@$(BIN)/python -m tools.widget test

browser: $(DEV_STAMP)
	@$(BIN)/python -m tools.browser

token: $(DEV_STAMP)
	@$(BIN)/python -m tools.token

letters: $(DEV_STAMP)
	@$(BIN)/python -m tools.letters

soak: browser $(WIDGET) ## the same faults many more times over: half an hour
	@$(BIN)/python -m pytest -m soak --timeout 1800

bench: $(DEV_STAMP) ## measure, and print what was measured beside its bars
	@$(BIN)/python -m bench

docs: $(DEV_STAMP) ## docs/ and the API description as pages, in docs/site
	@$(BIN)/python -m tools.docs

check: $(DEV_STAMP) ## format, lint, types, import contracts, house rules, obligations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.house_rules
	@$(BIN)/python -m tools.tree_rules
	@$(BIN)/gentie matrix --check

format: $(DEV_STAMP) ## put the code into the one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

migration: $(DEV_STAMP) ## write the initial database step from the tables again (until the first release)
	@$(BIN)/python -m gentie.migrations.writing
	@$(BIN)/ruff format --quiet src/gentie/migrations/versions

lock: $(DEV_STAMP) ## resolve requirements/*.in to *.txt again: hashes, no addresses (needs uv)
	@for f in run dev; do uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet requirements/$$f.in -o requirements/$$f.txt; done

clean: ## remove what was built, keep the data
	@rm -rf $(V) build dist node_modules widget/node_modules src/gentie/web/static/dist
