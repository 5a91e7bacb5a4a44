PORT ?= 8000
DEMO ?= 1
export PORT DEMO

PY := .venv/bin/python
# Needs uv. UPGRADE=--upgrade looks for newer versions of what stands behind the short lists.
LOCK := uv pip compile -q --generate-hashes --universal -p 3.11 --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" $(UPGRADE) pyproject.toml

# One story of each room, and what is read rather than run; about half a minute of two cores.
FAST := tests/test_templates.py tests/test_documents.py tests/test_urls.py tests/test_look.py \
        tests/test_permission_table.py tests/test_constraints.py tests/common tests/ledger \
        tests/departments tests/tasks/test_import_documents.py tests/progress/test_quarter.py \
        tests/progress/test_verdicts.py tests/publishing/test_stories.py \
        tests/supervision/test_slips.py tests/feedback/test_ticket_actions.py \
        tests/public/test_rollups.py tests/workspace/test_home.py

.PHONY: run check test-fast test check-long bench bundle sbom audit fmt shell lock clean

run: .venv/.installed
	@$(PY) deploy/scripts/port_is_free.py
	$(PY) manage.py bootstrap < /dev/null
	@echo "打开 http://127.0.0.1:$(PORT)/ (Ctrl-C 结束)"
	$(PY) -m gunicorn --config deploy/gunicorn.conf.py yantian_portal.wsgi

# Before a commit: everything but the long tests, in less than a minute.
check: .venv/.installed-dev
	deploy/scripts/gates.sh
	DATABASE_URL=sqlite://:memory: $(PY) -m pytest -q -n 2 --dist loadscope $(FAST)

# One test, one folder, one word: make test-fast ARGS="tests/progress -k recall"
test-fast: .venv/.installed-dev
	DATABASE_URL=sqlite://:memory: $(PY) -m pytest -q $(ARGS)

test: .venv/.installed-dev
	deploy/scripts/test.sh

# Which branches no test takes; fails under 98 in a hundred.
check-long: .venv/.installed-dev
	CHECK_LONG=1 DATABASE_URL=sqlite://:memory: $(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder \
	    --cov --cov-report=term:skip-covered

# What serving costs, beside a bare view; some minutes, on PostgreSQL of its own.
bench: .venv/.installed-dev
	deploy/scripts/with-postgres.sh $(PY) manage.py bench_serving

# For a machine without a network: the tree and the wheels for x86_64 and aarch64.
bundle: .venv/.installed
	deploy/scripts/bundle.sh

# What the site is made of, as CycloneDX.
sbom:
	@$(PY) deploy/scripts/sbom.py

# Known weaknesses of the pinned packages, where the index or a mirror of the database answers.
audit: .venv/.installed
	@$(PY) -m pip_audit --version >/dev/null 2>&1 || $(PY) -m pip install -q pip-audit || \
	    { echo "没有装成 pip-audit：没有可用的软件源，没有核对"; exit 2; }
	@$(PY) -m pip_audit --disable-pip --require-hashes -r requirements.txt || \
	    { echo "pip-audit 报告了问题，或者查不到漏洞库，见上"; exit 1; }

fmt: .venv/.installed-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

shell: .venv/.installed
	$(PY) manage.py shell

lock:
	$(LOCK) -o requirements.txt
	$(LOCK) --extra s3 -c requirements.txt -o requirements-s3.txt
	$(LOCK) --extra redis -c requirements.txt -o requirements-redis.txt
	$(LOCK) --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: requirements.txt
	deploy/scripts/install.sh $<
	touch $@

.venv/.installed-dev: requirements-dev.txt
	deploy/scripts/install.sh $<
	touch $@ .venv/.installed
