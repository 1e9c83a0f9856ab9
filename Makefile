# The verbs of the house. `make demo` and `make test` set everything up by themselves.
# Debian's own Python where it is new enough: it was built with more care than most that stand in its way on a PATH, and
# the same work takes it a quarter less time.
DEBIAN := /usr/bin/python3
PYTHON ?= $(shell $(DEBIAN) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
            && echo $(DEBIAN) || echo python3)
PREFIX ?= /opt/gatewayd
VENV   := .venv
BIN    := $(VENV)/bin
ONCE   ?=

# Nothing is installed but what a hash in requirements/ names, the build backend included.
PIP    := -m pip install -q --disable-pip-version-check
HASHED := $(PIP) --require-hashes --no-build-isolation
OURS   := $(PIP) --no-index --no-deps --no-build-isolation
BACKEND = awk '/^[a-z]/ {keep = /^(setuptools|wheel|packaging)==/} keep' requirements/test.txt

.PHONY: demo install test test-peers lint types bench bench-short crash explore fuzz fuzz-short matrix matrix-short matrix-peers year year-short soak soak-short clean setup

setup: $(VENV)/test.stamp

$(VENV)/run.stamp: requirements/run.txt pyproject.toml hw-sim/pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BACKEND) > $(VENV)/build.txt
	$(BIN)/python $(HASHED) -r $(VENV)/build.txt
	$(BIN)/python $(HASHED) -r requirements/run.txt
	$(BIN)/python $(OURS) -e . -e hw-sim
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	$(BIN)/python $(HASHED) -r requirements/test.txt
	touch $@

$(VENV)/peers.stamp: $(VENV)/test.stamp requirements/peers.txt
	$(BIN)/python $(HASHED) -r requirements/peers.txt
	touch $@

# The daemon for a machine of its own, in a venv of its own; again for an upgrade. The checkout stays as it is.
install:
	$(PYTHON) -m venv "$(PREFIX)"
	$(BACKEND) > "$(PREFIX)/build.txt"
	"$(PREFIX)/bin/python" $(HASHED) -r "$(PREFIX)/build.txt"
	"$(PREFIX)/bin/python" $(HASHED) -r requirements/run.txt
	rm -rf "$(PREFIX)/source" && mkdir "$(PREFIX)/source"
	cp -R pyproject.toml README.md LICENSE gatewayd "$(PREFIX)/source"
	"$(PREFIX)/bin/python" $(OURS) "$(PREFIX)/source"
	rm -rf "$(PREFIX)/source"

demo: $(VENV)/run.stamp
	$(BIN)/gatewayd demo $(if $(ONCE),--once)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

test: setup lint types
	$(BIN)/pytest -n 2 --maxschedchunk=8 -m "not peer"

test-peers: $(VENV)/peers.stamp
	$(BIN)/pytest -m peer

bench: setup
	$(BIN)/python -m bench

bench-short: setup
	$(BIN)/python -m bench --short

crash: setup
	$(BIN)/python -m tests.real.crash_table --write

# `make test` plays the same examples each time; here is chance, with twenty times as many of them.
explore: setup
	GATEWAYD_LONG=$${GATEWAYD_LONG:-20} $(BIN)/pytest -n 2 --maxschedchunk=1 -m "hypothesis and not peer"
	GATEWAYD_SEEDS=1-100 $(BIN)/pytest -n 2 --maxschedchunk=1 tests/simulation/test_hours.py

fuzz: setup
	$(BIN)/python -m proofs.fuzz

fuzz-short: setup
	$(BIN)/python -m proofs.fuzz --short

matrix: setup
	$(BIN)/python -m proofs.matrix --write

matrix-short: setup
	$(BIN)/python -m proofs.matrix --short

year: setup
	$(BIN)/python -m proofs.year --write

year-short: setup
	$(BIN)/python -m proofs.year --days 30
	$(BIN)/python -m proofs.year --days 30 --kind hard
	$(BIN)/python -m proofs.year --days 30 --kind "one device"

matrix-peers: setup
	$(BIN)/python -m proofs.peers --write

soak: setup
	$(BIN)/python -m proofs.soak

soak-short: setup
	$(BIN)/python -m proofs.soak --short

clean:
	rm -rf $(VENV)
