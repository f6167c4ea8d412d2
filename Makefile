# `make run` and `make test` do all their own set-up; a fresh machine needs only make and python3 (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test soak evaluate evaluate-public vectors bench check format lock clean
.DELETE_ON_ERROR:

run: $(VENV)/.run-ready
	@$(BIN)/hsct-bot run

test: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/hsct-bot kb check
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

format: $(VENV)/.test-ready
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# The tables of docs/understanding.md: the test questions, and public tasks (BENCH: the folder with protocol.py).
evaluate: $(VENV)/.run-ready
	@$(BIN)/python -m tools.evaluate --cache data/cache

evaluate-public: $(VENV)/.run-ready
	@$(BIN)/python -m tools.evaluate_public $(BENCH)

# Writes the vectors of our phrasings and examples and what they teach anew, so that a first start need not; when
# examples, many phrasings or the code that learns have changed.
vectors: $(VENV)/.run-ready
	@$(BIN)/python -m tools.ship_vectors

# The tables of docs/performance.md, one module of benchmarks/ each; 10,000 entries take about ten minutes.
bench: bench-start bench-decisions bench-core bench-telegram bench-discord bench-knowledge

bench-%: $(VENV)/.test-ready
	@$(BIN)/python -m benchmarks.$*

# Properties with new examples; a large crowd at the front door, on each kind of database, and one on both platforms' test
# servers, their rules checked after every step (SOAK_SEED chooses another chance); the bot killed 500 times on both
# platforms' test servers; two processes on PostgreSQL, one of them killed again and again during 5,000 messages; and the
# memory after 100,000 messages, as fast as they are taken.
soak: $(VENV)/.test-ready
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest $$(grep -l hypothesis tests/*/*.py tests/*/*/*.py)
	$(BIN)/python -m pytest -s tests/simulation/soak.py
	HSCTBOT_SOAK_KILLS=500 $(BIN)/python -m pytest -s tests/crash/test_over_the_wire.py
	HSCTBOT_SOAK_MESSAGES=5000 $(BIN)/python -m pytest -s tests/crash/test_two_processes.py
	HSCTBOT_SOAK_STEADY=100000 $(BIN)/python -m pytest -s tests/simulation/test_memory.py

# Writes the pinned requirements anew from pyproject.toml (needs uv). No index address ends up in them.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra postgres \
		pyproject.toml requirements-build.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
		--extra postgres --group dev pyproject.toml requirements-build.in -c requirements.txt -o requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt $(VENV)/.run-ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage build *.egg-info
