PYTHON ?= python3
BIN := .venv/bin/python -m
# What `make test` hands to pytest, such as ARGS="tests/chat -k stop".
ARGS ?=
# Tests start Python a few hundred times; what it has compiled is kept for the next one, whatever the surroundings say.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN) pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
SBOM ?= sbom.json

.DEFAULT_GOAL := help
.PHONY: help run reload test test-all storm lint format messages language docs bench bench-compare wheel sbom audit prepare prepare-dev

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: prepare ## Serve Parley at http://127.0.0.1:8000 (PORT=8001 make run for another port)
	@exec $(BIN) config.serve

reload: prepare ## Switch the running Parley to the new version; nobody is refused
	@exec $(BIN) config.serve reload

test: prepare-dev ## Run every test (ARGS="tests/chat" for some of them)
	@$(TESTS) $(ARGS)

test-all: prepare-dev ## Run every test, with many more generated cases
	@WALKS=all $(TESTS) $(ARGS)

storm: prepare-dev ## Ask, stop, watch and review for ten minutes while everything breaks (ARGS="--minutes 1 --on sqlite")
	@$(BIN) tests.storm $(ARGS)

lint: prepare-dev ## Look for mistakes without running anything
	@$(BIN) ruff check .
	@$(BIN) ruff format --check .
	@$(BIN) mypy
	@$(BIN) mypy config/gunicorn.conf.py scripts/prepare.py
	@$(BIN) djlint --check --lint templates
	@.venv/bin/python .venv/bin/lint-imports --no-logo
	@DATA_DIR=.venv/lint .venv/bin/python manage.py makemigrations --check --dry-run
	@DATA_DIR=.venv/lint SITE_URL=https://parley.example ALLOWED_HOSTS=parley.example \
	  .venv/bin/python manage.py check --deploy --fail-level WARNING

format: prepare-dev ## Format code and templates
	@$(BIN) ruff check --fix --quiet .
	@$(BIN) ruff format --quiet .
	@$(BIN) djlint --reformat --quiet templates

messages: prepare-dev ## Gather what is to be translated into locale/
	@DATA_DIR=.venv/lint $(BIN) scripts.messages

language: prepare-dev ## Begin another language (make language LANG=it), or go on with it
	@$(if $(filter command,$(origin LANG)),,echo "Say which: make language LANG=it"; exit 1)
	@DATA_DIR=.venv/lint $(BIN) scripts.messages $(LANG)

docs: prepare-dev ## Write docs/parameters.md from the capability data
	@$(BIN) scripts.parameters

bench: prepare-dev ## Measure Parley beside its upstream, a bare program and a peer (ARGS="cpu delay", ARGS=peer to install that)
	@$(BIN) benchmarks $(ARGS)

bench-compare: prepare-dev ## Measure another commit and this one by turns (make bench-compare BASE=main ARGS="cpu delay")
	@$(if $(BASE),,echo "Say with which commit: make bench-compare BASE=main"; exit 1)
	@$(BIN) benchmarks --base $(BASE) $(ARGS)

wheel: prepare-dev ## Build dist/parley-…-py3-none-any.whl, the same bytes each time (docs/installing.md)
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)} \
	  $(BIN) scripts.build_wheel

sbom: prepare-dev ## Write a bill of materials of everything that serves, as CycloneDX (SBOM=sbom.json)
	@$(BIN) cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o $(SBOM)

audit: prepare-dev ## Ask PyPI for known vulnerabilities in the locked packages
	@$(BIN) pip_audit --no-deps --disable-pip --require-hashes -r requirements.lock
	@$(BIN) pip_audit --no-deps --disable-pip --require-hashes -r requirements-dev.lock

prepare:
	@command -v $(PYTHON) >/dev/null || { echo "Parley needs Python 3.11 or newer, and there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) scripts/prepare.py run

prepare-dev:
	@command -v $(PYTHON) >/dev/null || { echo "Parley needs Python 3.11 or newer, and there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) scripts/prepare.py test
