# Every target sets up what it needs. `make help` lists them.

HOST ?= 127.0.0.1
PORT ?= 8000
COMPOSE ?= docker compose
BIN := .venv/bin
PYTHON ?= $(shell for python in python3 python3.13 python3.14 python3.12; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$python && break; done)

.PHONY: help run dev test exercise lint format faults abuse lab features compose-test bench bench-page bench-words browsers screenshots words requirements browser

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: .venv/run ## serve the chat at http://localhost:8000 (HOST= and PORT= override)
	@DEBUG=$${DEBUG-1} exec $(BIN)/python -m mysite --host $(HOST) --port $(PORT) --migrate --follow --announce

dev: .venv/run ## the same on Daphne by runserver, which restarts when the code changes
	@$(BIN)/python manage.py migrate --verbosity 0 --skip-checks
	@exec $(BIN)/python manage.py runserver $(HOST):$(PORT)

test: .venv/dev browser ## all tests: on PostgreSQL, on SQLite, and end to end in a real browser
	$(BIN)/python -m e2e.services --quiet --numprocesses logical --maxprocesses 4 --dist worksteal
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal $(ARGS)

exercise: .venv/dev ## one of ten exercises and its test (N=3), without N the list; SOLVED=1 tests the solution
	@$(BIN)/python -m learn.exercises $(N)

lint: .venv/dev ## what ruff and mypy find, and migrations that are missing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	DEBUG=1 $(BIN)/mypy
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

faults: .venv/dev ## kill, freeze and cut off real servers, and count; writes docs/delivery.md (20 minutes)
	$(BIN)/python -m e2e.faults --write

abuse: .venv/dev ## attack a real server, and see who notices; writes docs/abuse.md (20 minutes; DATABASE=postgres, LEARN=1)
	$(BIN)/python -m e2e.abuse --write $(if $(DATABASE),--database $(DATABASE)) $(if $(LEARN),--learn)

lab: .venv/dev ## the failure lab over real servers and a real Redis; COMPARE=1 prints its losses beside the simulated ones
	@$(BIN)/python -m e2e.lab $(if $(COMPARE),--compare,--port $(PORT))

features: .venv/dev ## run the core's tests without each feature in turn
	$(BIN)/python -m e2e.features

compose-test: .venv/dev browser ## bring the stack up, try it through its proxy, take it down (COMPOSE= names the command)
	@COMPOSE="$(COMPOSE)" $(BIN)/python -m e2e.compose $(ARGS)

bench: .venv/dev ## measure deliveries, pages and more beside socket.io, ws and the tutorial (needs node; QUICK=1: a minute)
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

bench-page: .venv/dev browser ## measure what a busy room costs the page: key to paint, main thread, longest task
	@$(BIN)/python -m bench.page_busy

bench-words: .venv/dev ## measure storing with Markdown, mentions, reactions and the index, and search (15 minutes)
	@$(BIN)/python -m bench.words
	@$(BIN)/python -m bench.markdown
	@$(BIN)/python -m bench.search
	@$(BIN)/python -m bench.following

browsers: .venv/dev ## a short journey in Firefox and WebKit too, found or from Debian (PICTURES=folder keeps screenshots)
	@$(BIN)/python -m e2e.browsers --install $(if $(PICTURES),--pictures $(PICTURES))

screenshots: .venv/dev browser ## retake the pictures in docs/
	$(BIN)/python -m e2e.screenshots

words: .venv/dev ## bring the catalogues in locale/ up to date with the sources, and compile them
	$(BIN)/python -m e2e.catalogues

requirements: .venv/dev ## pin the newest versions that pyproject.toml admits, with hashes
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header \
		--no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header \
		--no-annotate pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

browser: .venv/dev
	@$(BIN)/python -m e2e.browser

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.12 or newer is needed, this is $$(python3 --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@
