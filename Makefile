# `make book` and `make test` are all that a newcomer needs; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

export TF_CPP_MIN_LOG_LEVEL := 3

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make book PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --quiet --requirement requirements.txt
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $@

.PHONY: help book test serve lab fsdd corpus web bench repoint clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

book: .venv/ready ## execute every chapter once and build the site
	$(BIN)/python -m speechbook.publish build

# Two tests run side by side; threads of both would only wait for each other
test: export OMP_NUM_THREADS := 1
test: export TF_NUM_INTRAOP_THREADS := 1
test: export TF_NUM_INTEROP_THREADS := 1
test: .venv/ready ## everything that CI checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m speechbook.publish check --corpus voices
	$(BIN)/python -m speechbook.publish build
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile

serve: book ## build, then show the site on this machine
	$(BIN)/python -m speechbook.publish serve

lab: .venv/ready ## open the chapters in JupyterLab
	$(BIN)/jupyter lab book

fsdd: .venv/ready ## fetch the Free Spoken Digit Dataset and check every file
	$(BIN)/python -c 'from speechbook import corpora; print(corpora.fetch_fsdd())'

corpus: .venv/ready ## make the embedded voices again (needs espeak-ng, flite and festival)
	$(BIN)/python -B data/make

web: .venv/ready ## rebuild the bundled page scripts from web/
	$(BIN)/python web/build.py

bench: .venv/ready ## print ratios against a peer in the same run; STUDY=ablation makes a long study's table again
	$(BIN)/python -m speechbook.bench $(STUDY)

repoint: .venv/ready ## make repoint URL=https://github.com/you/your-fork
	$(BIN)/python -m speechbook.publish repoint --url "$(URL)"

clean: ## remove everything that can be made again
	rm -rf _build dist .pytest_cache .ruff_cache
