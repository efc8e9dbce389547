# One environment in .venv, made from the lock file. `make demo` and `make test` need only
# Python (3.11 or newer) with venv, make and the package index.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
VERSION ?= 4.10.1
KIND ?= all
SEED ?= 1
MINUTES ?= 30
ROWS = lists
SET ?=
figures: ROWS = figures
RECORDINGS ?= tests/data/recordings/$(VERSION)
RAW ?= tests/data/recordings/$(VERSION)/$(ROWS)-raw.jsonl.gz
ANSWERS ?= tests/data/recordings/$(VERSION)/$(ROWS).jsonl.gz

.DEFAULT_GOAL := help
.PHONY: help demo test check format conformance conformance-lists figures figures-screen bench eval faults disorder growth soak lock wheel clean

help: ## what can be made here
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 22

# The program alone: what `make demo` needs.
$(VENV)/.program: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	$(BIN)/python -m compileall -q revivatui
	@touch $@

# The tools on top: what tests and checks need.
$(VENV)/.tools: $(VENV)/.program
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock --group dev
	@touch $@

demo: $(VENV)/.program ## open the desk on the embedded shop
	$(BIN)/python -m revivatui demo $(ARGS)

test: $(VENV)/.tools ## run every test (ARGS="..." goes to pytest)
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.tools ## formatting, lint, strict types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tools ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

conformance: $(VENV)/.tools ## replay recordings against the shop: VERSION=3.9.0|4.10.1 RECORDINGS="PATH..."
	$(BIN)/python -m tools.conformance replay --chatwoot $(VERSION) $(RECORDINGS)

conformance-lists: $(VENV)/.tools ## list order and counts: VERSION=... RAW=file ANSWERS=file
	$(BIN)/python -m tools.conformance lists --chatwoot $(VERSION) --raw $(RAW) --answers $(ANSWERS)

figures: $(VENV)/.tools ## reports over known rows, of the shop and of our own calculation: VERSION=... RAW=file ANSWERS=file ARGS="--asked-at TIME"
	$(BIN)/python -m tools.conformance figures --chatwoot $(VERSION) --raw $(RAW) --answers $(ANSWERS) $(ARGS)

figures-screen: $(VENV)/.tools ## every figure of the analytics against our own calculation, 200 random questions: VERSION=... SEED=... ARGS="--count N"
	$(BIN)/python -m tests.ui.analytics_figures --chatwoot $(VERSION) --seed $(SEED) $(ARGS)

bench: $(VENV)/.tools ## measure the real program in a pseudo-terminal
	$(BIN)/python -m bench $(ARGS)

eval: $(VENV)/.tools ## the copilot in figures, without a model: SET=file.jsonl ARGS="--misses|--json|--minilm|--part ranking"
	$(BIN)/python -m evaluation $(SET) $(ARGS)

faults: $(VENV)/.tools ## the long fault runs, both versions: KIND=sends|cuts|kills|races|binding|all SEED=... ARGS="--count N"
	$(BIN)/python -m tests.faults $(KIND) --seed $(SEED) $(ARGS)

disorder: $(VENV)/.tools ## 600 random schedules of webhooks (100 of recorded ones), and a burst of 10,000: SEED=... ARGS="--scenarios N"
	$(BIN)/python -m tests.bridge.disorder --seed $(SEED) $(ARGS)
	$(BIN)/python -m tests.bridge.burst --count 10000

growth: $(VENV)/.tools ## 10,000 events, three workers, one killed, on a PostgreSQL: ARGS="--count N"
	$(BIN)/python -m tests.bridge.growth $(ARGS)

soak: $(VENV)/.tools ## a busy week in half an hour, then a wallboard's: MINUTES=30 VERSION=...
	$(BIN)/python -m tests.faults soak --minutes $(MINUTES) --seed $(SEED) --chatwoot $(VERSION)
	$(BIN)/python -m tests.faults wall --minutes $(MINUTES) --seed $(SEED) --chatwoot $(VERSION)

lock: ## resolve the lock file anew (needs uv)
	uv pip compile pyproject.toml --group dev --extra minilm --universal --python-version 3.11 --no-header --no-annotate -o requirements.lock

wheel: $(VENV)/.tools ## build the wheel
	$(BIN)/python -m build --wheel

clean: ## take away what was made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
