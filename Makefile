# Yinju: every target sets up what it needs; the set-up runs again only when pyproject.toml changes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
LIBRARY ?= library

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HF_HUB_OFFLINE := 1
export GRADIO_ANALYTICS_ENABLED := False

.PHONY: chat ask test test-all check format eval bench bench-retrieval bench-reader bench-newspaper \
        train-encoder train-reader train-questions clean

chat: $(STAMP)  ## open the page on the sample pages
	$(BIN)/yinju chat --samples --library $(LIBRARY)

ask: $(STAMP)  ## make ask Q="双边贸易额达到多少？"
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

train-questions: $(STAMP)
	$(BIN)/python -m training.questions

train-encoder: $(STAMP)
	$(BIN)/python -m training.encoder

train-reader: $(STAMP)
	$(BIN)/python -m training.reader

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable ".[dev,training]"
	touch $(STAMP)
