# `make site` and `make test` do all the set-up. `make help` lists the other targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BASE_URL ?=
FORMAT ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help site serve check test quick lint lock docs golden screenshots bench clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(BIN)/archive-site: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Install the libraries with which this version was tested; hatchling is one of them.
$(VENV)/.dev: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(BIN)/archive-site $@

site: $(BIN)/archive-site ## set up, then build the site into build/
	$(BIN)/archive-site build $(if $(BASE_URL),--base-url $(BASE_URL))
	@echo "read it:  open build/index.html in a browser"
	@echo "serve it: make serve"

serve: $(BIN)/archive-site ## build the site and show it on http://127.0.0.1:8000/
	$(BIN)/archive-site serve

check: $(BIN)/archive-site ## check the corpus and the site without writing anything
	$(BIN)/archive-site check $(if $(FORMAT),--format $(FORMAT))

test: $(VENV)/.dev ## set up (a browser too, if there is none), then run all tests
	$(if $(findstring --no-browser,$(ARGS)),,$(BIN)/python tests/browser.py)
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

quick: $(VENV)/.dev ## run the quick tests that need neither a browser nor Java
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not java and not slow" --hypothesis-profile=quick $(ARGS)

lint: $(VENV)/.dev ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(VENV)/.dev ## choose new versions of all libraries, for every Python and system
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" --extra dev --group tei pyproject.toml --output-file requirements.lock

docs: $(BIN)/archive-site ## write docs/findings.md from the rules
	$(BIN)/archive-site check --explain > docs/findings.md

golden: $(VENV)/.dev ## rewrite the golden mini-site; read the diff before you commit it
	$(BIN)/python -m pytest tests/test_golden.py --update-golden

screenshots: $(VENV)/.dev site ## take the pictures in docs/screenshots
	$(BIN)/python tests/screenshots.py

bench: $(BIN)/archive-site ## time whole builds and those of peers, write docs/benchmarks.md
	$(BIN)/python tests/bench $(ARGS)

clean: ## remove everything generated: build/, .venv/, caches
	rm -rf build .bench $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
