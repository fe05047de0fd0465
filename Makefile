# Yinju: every target sets up what it needs; the set-up runs again only when pyproject.toml changes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUNS   := $(VENV)/.runs
STAMP  := $(VENV)/.ready
LIBRARY ?= library
QA     ?= ../shared/data/qa
LIMIT  ?= 300
PEERS  := .venv-peers

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HF_HUB_OFFLINE := 1
export GRADIO_ANALYTICS_ENABLED := False

.PHONY: chat ask test test-all check format eval bench bench-retrieval bench-reader bench-newspaper bench-ingestion bench-answers bench-page \
        train-encoder train-reader train-questions clean

chat: $(RUNS)  ## open the page on the sample pages
	$(BIN)/yinju chat --samples --library $(LIBRARY)

ask: $(RUNS)  ## make ask Q="双边贸易额达到多少？"
	@test -n "$(Q)" || { echo 'Say what to ask: make ask Q="…"'; exit 2; }
	@test -e $(LIBRARY)/library.sqlite || $(BIN)/yinju add samples/pages --library $(LIBRARY)
	@$(BIN)/yinju ask "$(Q)" --library $(LIBRARY)

test: $(STAMP)  ## the tests, under ten minutes on two cores
	$(BIN)/python -m pytest

test-all: $(STAMP)  ## the tests with the slow ones, and the evaluation gate
	$(BIN)/python -m pytest -m ""
	$(BIN)/yinju eval --set builtin --gate eval/data/baseline.json

check: $(STAMP)  ## format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: $(STAMP)  ## the built-in question set, with a report in runs/
	$(BIN)/yinju eval --set builtin --out runs/builtin

bench: bench-retrieval bench-reader bench-newspaper

bench-retrieval: $(STAMP)
	$(BIN)/python -m benchmarks.retrieval

bench-reader: $(STAMP)
	$(BIN)/python -m training.reader.evaluate

bench-newspaper: $(STAMP)
	$(BIN)/python -m benchmarks.newspaper

bench-ingestion: $(STAMP)  ## time and memory of adding 100 to 10,000 files and a PDF, with the plot in docs/
	$(BIN)/python -m benchmarks.ingestion --pdf-pages 100 --plot docs/ingestion-memory.png

bench-answers: $(STAMP) $(PEERS)/.ready  ## answers beside BM25, txtai and Haystack, on the same documents and questions
	$(PEERS)/bin/python -m benchmarks.peers --limit $(LIMIT) --set builtin \
		$(QA)/drcd.zht.dev.jsonl.gz $(QA)/kazqad.kk.dev.jsonl.gz $(QA)/jaquad.ja.dev.jsonl.gz

bench-page: $(STAMP)  ## how soon the page is there, and the page under eight users for five minutes
	$(BIN)/python -m benchmarks.opening
	$(BIN)/python -m benchmarks.users

train-questions: $(STAMP)
	$(BIN)/python -m training.questions

train-encoder: $(STAMP)
	$(BIN)/python -m training.encoder

train-reader: $(STAMP)
	$(BIN)/python -m training.reader

clean:
	rm -rf $(VENV) $(PEERS) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PEERS)/.ready: pyproject.toml
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet torch==2.13.0
	$(PEERS)/bin/python -m pip install --quiet --editable ".[dev,training]" txtai haystack-ai
	touch $@

# What runs the product, and what tests and trains it beside that.
$(RUNS): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	touch $(RUNS)

$(STAMP): $(RUNS)
	$(BIN)/python -m pip install --quiet --editable ".[dev,training]"
	touch $(STAMP)
