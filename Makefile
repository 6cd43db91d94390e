# make            set up .venv and turn data/sample into results/sample/report.html
# make CORPUS=... the same for another corpus; NAME=, CORES=, CONFIG=my.yaml as you like
# make ocr        set up what reads scans and page images
# make test       set up and run the tests
# make lint       set up and check style, types, which part imports which, and what is imported at all
# make messages   take the messages of code and templates into the catalogues of other languages, for translation
# make coverage   how much of the library the unit tests run, file by file, the least first
# make fuzz       the tests, with far more of what is drawn at random and a megabyte of each text that may take long (hours)
# make intrusion  what people made of the sheet: ANSWERS="a.csv b.csv", NAME=results of which corpus
# make calibrate  whether segmenters agree, intervals cover and rules find what they should, as tables
# make bench      speed, memory and what is found, as tables (some 35 minutes)
PYTHON ?= python3
CORPUS ?=
CORES ?= all
VENV := .venv
BIN := $(VENV)/bin
RUN := PYTHONPATH=workflow $(BIN)/python

.DEFAULT_GOAL := report
.PHONY: report ocr test messages coverage fuzz lint format score cutting intrusion calibrate bench faults lock clean

report: $(VENV)/ready
	@$(RUN) -m baokan.running.launch --corpus "$(CORPUS)" --name "$(NAME)" --cores "$(CORES)" --configfile "$(CONFIG)"

ocr: $(VENV)/ready-ocr
	@echo "Scans and page images are read from now on: run make again."

test: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

# Another language, of which there is no catalogue yet: make messages NEW=ja
messages: $(VENV)/ready-dev
	@pot=$$(mktemp) && $(BIN)/pybabel -q extract -F pyproject.toml --add-location=file --sort-by-file --no-wrap -o $$pot workflow && \
	  $(BIN)/pybabel -q update -i $$pot -d workflow/baokan/locale -D baokan $(if $(NEW),-l $(NEW) --init-missing) \
	    --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date; rm -f $$pot

# A place to look for what no test runs, not a number to reach. What runs in a process of its own (pages by PDF or OCR) is not seen.
coverage: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -n 2 --dist loadscope tests/unit --cov=workflow/baokan --cov-report=term:skip-covered

fuzz: $(VENV)/ready-dev
	@BAOKAN_FUZZ=1 $(BIN)/python -m pytest -n 2 --dist loadscope tests/unit

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	PYTHONPATH=workflow $(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/deptry .

format: $(VENV)/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

# How well the run on the sample finds the themes planted in it; how well articles are cut (RECORDS="a.jsonl ...": text
# of one article a record, which must stay one).
score: report
	@$(RUN) benchmarks/sample.py results/$(or $(NAME),sample)

cutting: $(VENV)/ready
	@$(RUN) benchmarks/cutting.py $(RECORDS)

intrusion: $(VENV)/ready
	@test -n "$(ANSWERS)" || { echo 'Name the CSV files that readers sent back: make intrusion ANSWERS="a.csv b.csv"'; exit 2; }
	@$(RUN) -m baokan.intrusion results/$(or $(NAME),sample) $(ANSWERS)

# RECORDS="a.jsonl ...": the segmenters, topic models, and pretend sources on text of your own. It takes hours, and goes on where
# it was cut off.
calibrate: $(VENV)/ready
	@$(RUN) benchmarks/engines.py $(RECORDS)
	@$(RUN) benchmarks/keyness.py
	@$(RUN) benchmarks/choice.py
	@$(RUN) benchmarks/comparing.py
	@$(RUN) benchmarks/end_to_end.py
	@$(RUN) benchmarks/pretend.py $(RECORDS)

bench: $(VENV)/ready-dev report
	@$(RUN) benchmarks/cleaning.py
	@$(RUN) benchmarks/cutting.py
	@$(RUN) benchmarks/legibility.py
	@$(RUN) benchmarks/repeats.py
	@$(RUN) benchmarks/pages.py
	@$(RUN) benchmarks/words.py
	@$(RUN) benchmarks/discovery.py
	@$(RUN) benchmarks/permutations.py
	@$(RUN) benchmarks/topics.py $(if $(RECORDS),--records $(RECORDS))

# Runs killed at many moments and started again must end in the same bytes. FAULTS: how many kills.
faults: $(VENV)/ready-dev
	@BAOKAN_FAULTS=$(or $(FAULTS),20) $(BIN)/python -m pytest -n 0 -s tests/workflow/test_faults.py

# Lock all dependencies of pyproject.toml again (needs uv: pip install uv).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra ocr -c requirements.txt pyproject.toml -o requirements-ocr.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra dev --extra ocr -c requirements-ocr.txt pyproject.toml \
	  -o requirements-dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 15) else "baokan needs Python 3.11 to 3.14, and $(PYTHON) is %d.%d; name another one: make PYTHON=python3.12" % v)'
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready: requirements.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-ocr: requirements-ocr.txt $(VENV)/ready
	@echo "Setting up OCR (once, some 180 MB) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-ocr.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .snakemake
	find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
