# Everything a newcomer needs: `make demo` shows it, `make test` checks it, `make bench` measures it.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: setup test check fuzz demo bench screens docs lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tolok needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

check: $(READY)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tolok.docs --check

test: check
	$(BIN)/pytest -n 2

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),5)

demo: $(READY)
	$(BIN)/tolok demo

bench: $(READY)
	$(BIN)/python -m benchmarks

screens: $(READY)
	$(BIN)/python -m tests.browser.screens .screens

docs: $(READY)
	$(BIN)/python -m tolok.docs

lock:
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --all-extras pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .demo .bench .screens .fuzz .mypy_cache .ruff_cache .hypothesis
