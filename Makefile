# Two commands for a fresh machine: `make demo` and `make test`.
# They need Python 3.10 or newer, git and make; all else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check vscode-services test-vscode bench-vscode test-core test-celery test-services test-corpus services corpus findings bench docs catalog vscode test-client wheel clean

demo: $(READY)  ## The main job on the project under examples/, with a real worker.
	@$(BIN)/python scripts/demo.py

test: $(READY)  ## Every test that needs no system package.
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not services and not corpus and not vsix and not vscode"

check: $(READY)  ## Lint, format, types and the layers.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

services:  ## Debian's packages for test-services; needs root.
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server rabbitmq-server

test-services: $(READY)  ## Tests on real brokers; see `make services`.
	$(BIN)/python -m pytest -m services

corpus: $(READY)  ## Download and unpack the real projects that are analysed.
	$(BIN)/python scripts/corpus.py

test-corpus: corpus  ## Analyse real projects, and compare with what was read by eye.
	$(BIN)/python -m pytest -n auto -m corpus

test-core: ## The core's tests on every other Python that is supported, or on some: PYTHONS="3.10 3.13".
	$(PYTHON) scripts/test_core.py $(PYTHONS)

findings: corpus  ## Put on record what is found in real projects; prints what is new.
	$(BIN)/python -m tests.corpus.findings

test-celery: $(READY)  ## What is asked of Celery itself, asked of every supported version.
	$(BIN)/python scripts/test_celery.py

bench: $(READY) corpus  ## What the documentation says about speed.
	$(BIN)/python benchmarks/survival.py .corpus/allianceauth .corpus/pretix .corpus/geonode .corpus/weblate
	$(BIN)/python benchmarks/initialize.py
	$(BIN)/python benchmarks/convert.py
	$(BIN)/python benchmarks/help.py
	$(BIN)/python benchmarks/index.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/rules.py
	$(BIN)/python benchmarks/keystroke.py
	$(BIN)/python benchmarks/view.py

docs: $(READY)  ## Everything that is generated from the code.
	$(BIN)/python scripts/make_docs.py

catalog: $(READY)  ## Ask every supported Celery what it knows; takes a minute.
	$(BIN)/python scripts/make_catalog.py

vscode: $(READY)  ## The VS Code extension for this platform, into dist/.
	$(BIN)/python scripts/build_vsix.py

vscode-services:  ## Debian's packages for test-vscode; needs root.
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium g++ make

test-vscode: vscode  ## The extension in VS Code, in a browser; see `make vscode-services`.
	$(BIN)/python scripts/install_vscode.py
	$(BIN)/python -m pytest tests/workbench -m vscode

bench-vscode: vscode corpus  ## What the documentation says about speed in VS Code.
	$(BIN)/python scripts/install_vscode.py
	$(BIN)/python benchmarks/vscode.py

test-client: $(READY)  ## The VS Code extension: lint, types, unit tests, and what is in the VSIX.
	$(BIN)/python scripts/build_vsix.py --check
	$(BIN)/python -m pytest -m vsix

wheel: $(READY)
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) .venvs .corpus .vscode-test dist build vscode-client/node_modules vscode-client/dist

$(READY): pyproject.toml requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit("celeryls needs Python 3.10 or newer; say make PYTHON=...") if sys.version_info < (3, 10) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
