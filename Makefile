# Everything a newcomer types. `make run` and `make test` need Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Some machines tell Python to write nothing down; then each of the fifty processes that the tests start compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install run test walks check format schema bench migrations structure lock web web-check help

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# Hashes are checked, so what was tested is what runs; the project itself is only linked. First pip itself: a newer one is done in half
# the time.
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^pip==/,/^ *#/p' requirements.lock | $(INSTALL) --require-hashes -r /dev/stdin
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

install: $(STAMP)  ## make the virtual environment

run: $(STAMP)  ## start the product with its demo: http://127.0.0.1:8000
	DINGHUO_DEMO=$${DINGHUO_DEMO:-true} $(BIN)/dinghuo serve

# A process more than there are cores, up to four, since each waits now and then for PostgreSQL, a browser or the clock; a file stays with
# one of them, since its tests share what is slow to start, and files that take long come first, as tests/conftest.py says.
test: $(STAMP)  ## run the tests on a real PostgreSQL and Valkey
	$(BIN)/python -m pytest -n $$($(BIN)/python -c "import os; print(min(4, 1 + (os.cpu_count() or 1)))") \
		--dist loadfile --no-loadscope-reorder

# The same tests as above, which walk a few histories and make a short statement there; see docs/payments.md and docs/statements.md.
walks: $(STAMP)  ## walk 2,000 histories of money and make a statement of 10,000 lines (takes long)
	DINGHUO_MONEY_WALKS=$${DINGHUO_MONEY_WALKS:-2000} DINGHUO_STATEMENT_LINES=$${DINGHUO_STATEMENT_LINES:-10000} \
		$(BIN)/python -m pytest tests/services/test_money_walks.py tests/services/test_long_statements.py

check: $(STAMP)  ## format, lint, types, imports, migrations and schema
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m models.draft_migration --check
	$(BIN)/dinghuo schema --check

format: $(STAMP)  ## put the code into its one format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

schema: $(STAMP)  ## write schema.graphql
	$(BIN)/dinghuo schema

bench: $(STAMP)  ## measure against a raw Starlette and asyncpg handler
	$(BIN)/python -m bench

migrations: $(STAMP)  ## draft what the models ask for: make migrations name=add_order_note
	$(BIN)/python -m models.draft_migration $(name)

structure: $(STAMP)  ## write models/structure.sql, which empty databases are made from, after a new migration
	$(BIN)/python -m api.structure

web:  ## build the pages anew (needs Node)
	bash web/build.sh

web-check:  ## fail when the committed pages are not what their source builds (does nothing without Node)
	bash web/check.sh

# Resolved in a virtual environment of its own, for every Python and machine we support at once; no index address gets in.
lock:  ## resolve the dependencies anew and write requirements.lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet 'uv>=0.9'
	$(VENV)-lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --extra dev \
		--no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	@! grep -nE '^-|https?://' requirements.lock
	rm -rf $(VENV)-lock
