# Everything a person does with this project. `make run` and `make test` need nothing before them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TWEE   := --numprocesses 2 --dist loadscope --no-loadscope-reorder

.PHONY: install run test test-all walks browser check bench bench-landelijk lock format docs clean

install: $(STAMP)

# hashed and complete (so no resolving), from whatever index the machine's own client is set to
$(STAMP): requirements.lock pyproject.toml
	@if [ -t 2 ]; then echo "Installing into $(VENV), once ..." >&2; fi
	@# imports of dbt and Great Expectations halve with compiled bytecode, also where the environment forbids writing it
	@log=$$(mktemp); if { \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . && \
		PYTHONDONTWRITEBYTECODE= $(BIN)/python -m compileall -q pipeline && \
		touch $(STAMP); \
	} >$$log 2>&1; then rm -f $$log; else cat $$log >&2; rm -f $$log; exit 1; fi

run: install          ## the main job on the synthetic region, what came of it, and where to look
	@$(BIN)/regiomonitor demo

test: install         ## every test that is fast, in two workers (tests/conftest.py says who goes with whom)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(TWEE)

# what other programs they open the published files with they fetch themselves, once (tests/afnemers/omgevingen.py)
test-all: install browser  ## the slow ones too; some need node and npm
	$(BIN)/python -m pytest -m "slow or not slow"

walks: install        ## what CONTRIBUTING.md tells you to do, done in a copy of the project
	$(BIN)/python -m pytest $(TWEE) -m slow tests/dbt/test_contributing.py

browser:              ## what the tests that open a browser, a proxy or a database need
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null && command -v nginx >/dev/null && command -v pg_lsclusters >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver nginx-light postgresql; \
		else echo "The slow tests open a browser, a proxy and a database: install the packages chromium, chromium-driver, nginx-light and postgresql first." >&2; exit 1; fi; }

check: install        ## what CI runs before the tests: lint, types, layering
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests dbt_landelijk/models

bench: install        ## what it costs, side by side with what people would use instead
	$(BIN)/python -m benchmarks.run

bench-landelijk: install  ## the build on a national history of 100 million claim lines; needs 16 GiB, 60 GB of disk, 20 minutes
	$(BIN)/python -m benchmarks.landelijk

docs: install         ## regenerate docs/generated
	$(BIN)/python -m pipeline.reports.gegevenswoordenboek

lock:                 ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --extra landelijk --universal -p 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -o requirements.lock

lock-superset:        ## renew what the Superset of one test is made of (needs uv)
	uv pip compile tests/afnemers/superset/requirements.in --universal -p 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -o tests/afnemers/superset/requirements.lock

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf data var dbt_landelijk/target dbt_project/target dbt_project/logs build dist *.egg-info
