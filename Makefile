# Every command sets up what it needs: the first use creates .venv with the pinned packages.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# On Linux a plain package index may offer torch only as a GPU build of several gigabytes. Set this to
# the address of an index with CPU builds to get the small one; where pip is configured already, leave it.
TORCH_INDEX_URL ?=
# Where the openly licensed training data lie (see models/README.md); only `make train` reads it.
DATA ?=
# The development set; the one that rules were not tuned on: make evaluate GOLD=tests/gold/more/held_out.jsonl
GOLD ?= tests/gold/dev_gold_id.jsonl tests/gold/dev_gold_en.jsonl

# Another sentence-transformers model, a folder or a name on a hub: make calibrate MODEL=folder.
MODEL ?=

# A folder of pages in the layout of the public article-extraction benchmark, for make bench; JSON=1 prints JSON.
EXTRACTION ?=
JSON ?=

.PHONY: help setup demo run test check lint format evaluate bench chaos train calibrate docs lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*?## ' $(MAKEFILE_LIST) | awk -F':.*?## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): constraints.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c 'import sys; sys.exit("Suar needs Python 3.11 or 3.12, this is " + sys.version) if not (3, 11) <= sys.version_info[:2] < (3, 13) else None'
	$(BIN)/python -m pip install -q --upgrade "pip>=24"
	$(BIN)/python -m pip install -q $(if $(TORCH_INDEX_URL),--index-url $(TORCH_INDEX_URL)) "torch==2.13.0"
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	@touch $@

setup: $(READY) ## create .venv with the pinned packages (every other command does it too)

demo: $(READY) ## crawl the embedded sample outlets, run every stage, show incidents
	@$(BIN)/suar demo

run: $(READY) ## one daily run on the real sources, into ./data
	@$(BIN)/suar run

lint: $(READY) ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## lint, source files, and every test that is not slow
	$(BIN)/suar sources check --offline
	$(BIN)/python -m pytest -m "not slow"

test: lint ## lint, then every test
	$(BIN)/python -m pytest -n 2 --dist loadfile

format: $(READY) ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

evaluate: $(READY) ## score every stage on the labelled set (GOLD=files)
	@$(BIN)/suar evaluate $(GOLD)

bench: $(READY) ## measure speed on this machine; EXTRACTION=folder scores text extraction on its pages instead
	@$(BIN)/python -m tests.bench $(if $(EXTRACTION),--extraction "$(EXTRACTION)") $(if $(JSON),--json)

chaos: $(READY) ## a seeded campaign of kills, full disks, torn and flipped files (about ten minutes)
	@$(BIN)/python -m tests.chaos

train: $(READY) ## train the bundled models anew from openly licensed data (DATA=folder)
	@test -d "$(DATA)" || { echo 'name the folder with the training data: make train DATA=FOLDER' >&2; exit 2; }
	$(BIN)/python -m models.similarity.train --data $(DATA)
	$(BIN)/python -m models.relevance.train --data $(DATA)
	$(BIN)/python -m tests.fit_judge --write
	$(BIN)/python -m pip install -q -c constraints.txt -e ".[entities]"
	$(BIN)/python -m models.entities.train --data $(DATA)
	$(BIN)/python -m models.entities.ordinary --data $(DATA)

calibrate: $(READY) ## find the thresholds of another sentence-transformers model (MODEL=folder or name)
	@test -n "$(MODEL)" || { echo 'name the model: make calibrate MODEL=FOLDER_OR_NAME' >&2; exit 2; }
	@$(BIN)/python -m models.similarity.calibrate --model "$(MODEL)" --gold tests/gold/*.jsonl

docs: $(READY) ## write the generated reference: codebook, commands, settings, sources
	$(BIN)/python -m warehouse.codebook
	$(BIN)/python -m flows.reference

lock: $(READY) ## rewrite constraints.txt from the packages installed in .venv
	@(echo "# The exact set under which the project is tested (Python 3.11 and 3.12). Regenerate with: make lock"; \
	  $(BIN)/python -m pip freeze --exclude-editable | grep -viE '^(setuptools|suar)' | sed -E 's/\+cpu$$//') > constraints.txt

clean: ## remove the environment and caches, never the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
