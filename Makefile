# The front door. `make help` says what it can do; README.md says why.

PYTHON ?= python3
VENV ?= .venv
SLOW ?= 1
RUN := $(VENV)/bin

# A stamp carries the hash of what it was made from, so an old one never passes for a new one,
# whatever git did to the files' times. The folder counts too: an environment cannot be moved.
LOCKED := $(VENV)/.locked-$(shell { cat requirements.lock; pwd; } | sha256sum | cut -c1-16)
READY := $(LOCKED)-$(shell sha256sum pyproject.toml | cut -c1-16)
# What checks readout comes on top of what runs it: a browser's driver, a cluster, other clients.
CHECKED := $(READY)-$(shell sha256sum requirements-dev.lock | cut -c1-16)

.PHONY: help demo test lint weights wheel lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile

demo: $(READY) weights ## read the example articles with the embedded model and score the records
	$(RUN)/readout run examples/articles -o out/demo --model embedded
	$(RUN)/readout show out/demo/06-phone-call-readout.json
	$(RUN)/readout evaluate examples/reference out/demo

test: lint weights ## every check, as CI runs them; SLOW=0 leaves out the real model and the wheel
	$(RUN)/pytest $(if $(filter 0,$(SLOW)),-m "not slow")

lint: $(CHECKED)
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports

weights: $(READY)
	$(RUN)/readout model install

wheel: $(READY) ## build the wheel into dist/
	@rm -rf build # setuptools would pack what an earlier build left there
	@$(RUN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

LOCK := build/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --extra build pyproject.toml

lock: ## choose the newest dependencies and write both lock files
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	$(LOCK) --upgrade --extra dev --output-file requirements-dev.lock
	cp requirements-dev.lock requirements.lock # its versions are kept
	$(LOCK) --output-file requirements.lock

clean: ## remove the environment and what was built; replies and records stay
	rm -rf $(VENV) build dist *.egg-info

$(LOCKED):
	@command -v $(PYTHON) >/dev/null || { echo "readout needs Python 3.11 or newer, and $(PYTHON) \
	was not found; install it with: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "readout needs \
	Python 3.11 or newer, and $(PYTHON) is older; name another, as in: make demo PYTHON=python3.12" \
	>&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual \
	environment; install that with: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) (once; a minute or two) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCKED)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(LOCKED)-*
	@touch $@

$(CHECKED): $(READY)
	@echo "Adding what the checks need (once; a minute or two) …"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@rm -f $(READY)-*
	@touch $@
