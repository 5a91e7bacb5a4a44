PORT ?= 8000
DEMO ?= 1
export PORT DEMO

PY := .venv/bin/python
# Needs uv. UPGRADE=--upgrade looks for newer versions of what stands behind the short lists.
LOCK := uv pip compile -q --generate-hashes --universal -p 3.11 --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" $(UPGRADE) pyproject.toml

.PHONY: run test fmt shell lock clean

run: .venv/.installed
	$(PY) manage.py bootstrap < /dev/null
	@echo "打开 http://127.0.0.1:$(PORT)/ (Ctrl-C 结束)"
	$(PY) -m gunicorn --config deploy/gunicorn.conf.py yantian_portal.wsgi

test: .venv/.installed-dev
	deploy/scripts/test.sh

fmt: .venv/.installed-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

shell: .venv/.installed
	$(PY) manage.py shell

lock:
	$(LOCK) -o requirements.txt
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
