# make run   set up, solve the embedded city, show it      make test   all tests (7 to 19 minutes)
# make check lint, format, types                            make soak   the long forms of the tests
# make lock  compile the lock file anew                  make bench  race other solvers (hours)
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: run test check soak bench lock setup e2e

run: $(READY)
	$(BIN)/kayuh demo

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

test: $(READY)
	$(BIN)/pytest -n 2 -m "not soak"

soak: $(READY)
	$(BIN)/pytest -n 2 -m soak

# How far the city's proof and every question of the desk are ahead of others, in build/bench.
bench: $(READY)
	cd tests && ../$(BIN)/python -m benchmarks --out ../build/bench
	cd tests && ../$(BIN)/python -m benchmarks.analyses

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict solver service

# What the browser tests need beside requirements.lock; 165 MB, so only who wants them installs it.
e2e: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-e2e.lock

# uv writes no host into the files; it is needed for this target only.
lock:
	uv pip compile pyproject.toml --extra dev --extra test --extra pg --extra dist $(LOCK) \
	  -o requirements.lock
	uv pip compile pyproject.toml --extra e2e $(LOCK) -c requirements.lock -o requirements-e2e.lock

LOCK = --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
