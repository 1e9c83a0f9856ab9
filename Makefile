# The verbs of the house. `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ONCE   ?=

.PHONY: demo test test-peers lint types bench bench-short crash clean setup peers

setup: $(VENV)/test.stamp

$(VENV)/run.stamp: requirements/run.txt pyproject.toml hw-sim/pyproject.toml
	$(PYTHON) -m venv $(VENV)
	grep -A40 -E '^(setuptools|wheel|packaging)==' requirements/test.txt | awk '/^[a-z]/{keep=/^(setuptools|wheel|packaging)==/} keep' > $(VENV)/build.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(VENV)/build.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . -e hw-sim
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements/test.txt
	touch $@

$(VENV)/peers.stamp: $(VENV)/test.stamp requirements/peers.txt
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-build-isolation -r requirements/peers.txt
	touch $@

demo: $(VENV)/run.stamp
	$(BIN)/gatewayd demo $(if $(ONCE),--once)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

test: setup lint types
	$(BIN)/pytest -n 2 -m "not peer" 

test-peers: $(VENV)/peers.stamp
	$(BIN)/pytest -m peer

bench: setup
	$(BIN)/python -m bench

bench-short: setup
	$(BIN)/python -m bench --short

crash: setup
	$(BIN)/python -m tests.real.crash_table

clean:
	rm -rf $(VENV)
