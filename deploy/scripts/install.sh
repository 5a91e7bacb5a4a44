#!/usr/bin/env bash
# Makes .venv if need be and installs one of the pinned lists into it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/scripts/debian.sh
requirements=$1

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed (PYTHON=/path/to/python make run names another)." >&2
    exit 1
}

make_venv() {
    local python
    python=$(find_python)
    # Debian splits venv off from Python itself.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv ||
        { echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
    "$python" -m venv --clear .venv
}

.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
# Without a network: the folder of wheels that `make bundle` packed.
if [ -n "${WHEELS:-}" ]; then
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-index --find-links "$WHEELS" \
        --require-hashes -r "$requirements"
    exit
fi
if command -v uv >/dev/null && uv pip install -q --python .venv/bin/python --require-hashes -r "$requirements"; then
    exit
fi
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$requirements"
