# Every target sets up what it needs: a virtual environment in .venv, filled once from constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
SIZES ?= 60 300 1000
# Each run of the command in a test would compile our modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: build test test-deep study check docs lint format bench fuzz clean

build: .venv/ready           ## compile this repository's own plan into build/
	$(BIN)/masterplan build

test: .venv/ready-dev        ## run all tests; those that need Chromium skip, saying so, where it is missing
	$(BIN)/python -m pytest -n auto --dist worksteal

test-deep: .venv/ready-dev   ## what `make test` tries some cases of: all others, longer properties, more mutants, real workers, whole pages, a Windows Python
	MASTERPLAN_STUDY=32 $(BIN)/python -m pytest -n auto --dist worksteal -m deep

study: .venv/ready-dev       ## break every key and value of the example plan in every way; takes half an hour
	MASTERPLAN_STUDY=1 $(BIN)/python -m pytest -q tests/test_mutations.py

check: .venv/ready           ## check this repository's own plan
	$(BIN)/masterplan check

lint: .venv/ready-dev        ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/ready-dev        ## write docs/rules.md and docs/fields.md anew from the code
	$(BIN)/python tools/write_docs.py

bench: .venv/ready-dev       ## measure generated plans against the libraries' floor, Hugo and MkDocs; writes docs/performance.md
	$(BIN)/python bench --sizes $(SIZES) --write docs/performance.md

fuzz: .venv/ready-dev        ## search for files that break the tool, for five minutes; Linux only
	@test "$$(uname)" = Linux || { echo "make fuzz needs Linux, because atheris does"; exit 1; }
	$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	mkdir -p build/fuzz
	$(BIN)/python tests/fuzz/fuzz_files.py build/fuzz tests/fuzz/corpus -max_len=4000 -max_total_time=300 -timeout=20 -artifact_prefix=build/fuzz/

format: .venv/ready-dev      ## let ruff mend layout and imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:                       ## remove what the other targets made
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv || { echo "python3-venv is missing: on Debian or Ubuntu run 'sudo apt install python3-venv'"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/ready-dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  build check-jsonschema fonttools hypothesis import-linter lxml mypy pre-commit pypdf pytest pytest-xdist python-calamine ruff types-psutil types-pyyaml playwright axe-playwright-python
	touch $@
