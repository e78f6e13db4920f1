# `make` lists what there is. Everything is installed into .venv, from files locked by hashes.

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
WORKERS ?= 2
APART = ministack checkov nanoidp pysaml2

# A .venv whose Python has gone is made anew.
$(shell $(BIN)/python -c "" 2>/dev/null || rm -f $(UV))

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check bench screenshots lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/demo.stamp ## Run the portal here with a simulated AWS (DEMO_PORT=8000, DEMO_DIR=.demo)
	@$(BIN)/python manage.py demo

demo-reset: $(VENV)/demo.stamp ## Remove the demo's data, to begin again
	@$(BIN)/python manage.py demo --reset

test: $(VENV)/dev.stamp $(APART:%=$(VENV)/%.stamp) ## Run the tests; they start what they need (WORKERS=2, ARGS='-k trust')
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(VENV)/dev.stamp ## Run linters, types, import contracts, templates, migrations, deploy check
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh .ci/check

bench: $(VENV)/dev.stamp ## Measure speed against a baseline of the same run
	@$(BIN)/python -m tests.bench

screenshots: $(VENV)/dev.stamp ## Walk the demo in a browser and write docs/screenshots/
	@$(BIN)/python -m tests.screenshots

# The newest Python that really runs: what stands on PATH may be a shim without a Python behind it.
$(UV): requirements/uv.lock
	@python=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3); do \
	  if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; \
	  then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed and $(if $(PYTHON),PYTHON=$(PYTHON) is none,none was found); install one, or name it: make PYTHON=/path/to/python3.12 demo" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
	  echo "$$python comes without its venv module; install it (on Debian and Ubuntu: apt install python3-venv), then try again." >&2; exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$("$$python" --version) …"; \
	"$$python" -m venv --clear $(VENV) \
	&& $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

$(VENV)/demo.stamp: requirements/demo.lock $(UV)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(UV)
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --require-hashes -r $<
	@touch $@ $(VENV)/demo.stamp

# Tools that bring versions of their own stand in environments of their own: a second AWS emulator, a
# scanner of Terraform, and two identity providers.
$(VENV)/%.stamp: requirements/%.lock $(UV)
	@$(BIN)/python -m venv --clear --without-pip $(VENV)/apart/$*
	@VIRTUAL_ENV=$(CURDIR)/$(VENV)/apart/$* $(UV) pip install --quiet --require-hashes -r $<
	@touch $@

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock: $(UV) ## Resolve the dependencies of pyproject.toml again and lock them by hashes
	@echo uv | $(COMPILE) - -o requirements/uv.lock
	@echo 'ministack>=1.5' | $(COMPILE) - -o requirements/ministack.lock # a second opinion on IAM and STS
	@echo checkov | $(COMPILE) - -o requirements/checkov.lock # scans the Terraform module
	@echo nanoidp | $(COMPILE) - -o requirements/nanoidp.lock # an OpenID Connect provider to sign in at
	@printf 'pysaml2\npyXMLSecurity\n' | $(COMPILE) - -o requirements/pysaml2.lock # a SAML provider to sign in at
	@$(COMPILE) pyproject.toml --all-extras --group dev -o requirements/dev.lock
	@$(COMPILE) pyproject.toml --extra demo -c requirements/dev.lock -o requirements/demo.lock
	@$(COMPILE) pyproject.toml -c requirements/dev.lock -o requirements/portal.lock

clean: ## Remove what was installed and built; the demo's data stays
	@rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find onboarding portal tests -name __pycache__ -type d -prune -exec rm -rf {} +
