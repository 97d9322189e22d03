# Two commands are all a newcomer needs: `make demo` and `make test`. Each sets up what it needs by itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
PORT ?= 8000
export PORT

# Services of `make test-services`, each of which the environment may name differently.
SERVICES_HOST ?= 127.0.0.1
SERVICES_DATABASE_URL ?= postgres://postgres@$(SERVICES_HOST):5432/jaabi
SERVICES_VAULT_DATABASE_URL ?= postgres://postgres@$(SERVICES_HOST):5432/jaabi_vault
SERVICES_REDIS_URL ?= redis://$(SERVICES_HOST):6379/15

PYTEST_ARGS ?=
# Modules are compiled once, not by each of the many processes that tests start; some machines ask for the latter.
export PYTHONDONTWRITEBYTECODE :=
# One process more than there are processors: one of them waits for the running product most of the time.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell expr "$$(nproc 2>/dev/null || echo 1)" + 1)

SAMPLE ?= 60
# Which changes no test notices: wanted once in a while, by whoever asks, so it stands beside the lock.
COSMIC_RAY := cosmic-ray==8.7.0

.PHONY: help env demo test test-services coverage mutate lint fmt lock sbom messages screenshots clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

env: .venv/.synced ## make the environment, or bring it up to the lock

.venv/.synced: requirements/dev.txt requirements/uv.txt scripts/make_env.sh
	@scripts/make_env.sh
	@touch $@

demo: env ## set everything up and serve the demo on http://localhost:8000 (PORT= changes it)
	@exec $(BIN)/python manage.py demo

test: export JAABI_WHOLE = 1
test: env ## every test that needs no service, real-browser tests included
	@echo "== tests"
	$(BIN)/python -m pytest -n auto --dist worksteal tests --ignore=tests/browser $(PYTEST_ARGS)
	@echo "== tests in a real browser"
	@browser="$$(scripts/find_browser.sh)"; \
	JAABI_BROWSER="$$browser" DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/python -m pytest -n 2 tests/browser $(PYTEST_ARGS)

test-services: export JAABI_TEST_SERVICES = 1
test-services: export DATABASE_URL := $(or $(DATABASE_URL),$(SERVICES_DATABASE_URL))
test-services: export VAULT_DATABASE_URL := $(or $(VAULT_DATABASE_URL),$(SERVICES_VAULT_DATABASE_URL))
test-services: export VAULT_INTAKE_DATABASE_URL := $(or $(VAULT_INTAKE_DATABASE_URL),$(SERVICES_VAULT_DATABASE_URL))
test-services: export VAULT_OWNER_DATABASE_URL := $(or $(VAULT_OWNER_DATABASE_URL),$(SERVICES_VAULT_DATABASE_URL))
# short queries with many joins: compiling one for the machine takes longer than a hundred of its runs
test-services: export PGOPTIONS ?= -c jit=off
test-services: export REDIS_URL := $(or $(REDIS_URL),$(SERVICES_REDIS_URL))
test-services: env ## all that touches a database or a queue again, on PostgreSQL, Redis and a real Celery worker
	@$(BIN)/python scripts/check_services.py
	@scripts/find_pooler.sh >/dev/null || true
	@$(MAKE) --no-print-directory test

coverage: env ## branch coverage of sealing, permission, vault and audit by their own tests: at least 95 %
	$(BIN)/python scripts/guarded.py coverage

mutate: env ## changes to those modules that no test notices, SAMPLE= of them, after make coverage
	$(BIN)/python -m pip install -q --target var/mutation $(COSMIC_RAY)
	PYTHONPATH=var/mutation $(BIN)/python scripts/guarded.py mutate --sample $(SAMPLE)

lint: export DEBUG = 1
lint: env ## format, lint, types, layers, missing migrations and translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/translations.py check

fmt: env ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: env ## resolve the dependencies anew (UPGRADE=1 moves them all to their newest)
	scripts/lock.sh $(if $(UPGRADE),--upgrade)

sbom: env ## what a release is made of: bill of materials (CycloneDX) and licences, in var/
	@mkdir -p var
	$(BIN)/uv run --quiet --isolated --no-project --with-requirements requirements/sbom.txt \
		cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-format JSON \
		--output-file var/sbom.cdx.json requirements/base.txt
	$(BIN)/python scripts/licences.py requirements/base.txt > var/licences.tsv
	@echo "var/sbom.cdx.json, var/licences.tsv"

messages: env ## collect the French texts into locale/en and compile what is translated
	$(BIN)/python scripts/translations.py collect

screenshots: env ## pictures of the main pages of a running demo, at phone and desk width
	@browser="$$(scripts/find_browser.sh)"; \
	JAABI_BROWSER="$$browser" $(BIN)/python scripts/screenshots.py

clean: ## remove the environment, caches and everything the demo wrote
	rm -rf .venv var staticfiles htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
