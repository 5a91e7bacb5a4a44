#!/usr/bin/env bash
# Packs the committed tree and the wheels of requirements.txt for a machine without a network: build/portal-VERSION.tar.
# There: tar xf portal-VERSION.tar && cd portal-VERSION && WHEELS=wheels deploy/scripts/install.sh requirements.txt
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON_VERSION:-3.11}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
name=portal-$version
rm -rf "build/$name" && mkdir -p "build/$name/wheels"

git archive HEAD | tar -x -C "build/$name"
# glibc 2.28, that of Kylin V10 and UOS 20, and newer ones. Where a wheel is missing, pip says which and nothing is packed.
for machine in x86_64 aarch64; do
    platforms=()
    for glibc in 2_28 2_27 2_26 2_24 2_17 2_12 2_5; do platforms+=(--platform "manylinux_${glibc}_$machine"); done
    platforms+=(--platform "manylinux2014_$machine")
    .venv/bin/python -m pip download -q --disable-pip-version-check --require-hashes --only-binary :all: \
        --python-version "$python" "${platforms[@]}" -r requirements.txt -d "build/$name/wheels"
done
# The same commit and the same wheels are the same file.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
    -C build -cf "build/$name.tar" "$name"
sha256sum "build/$name.tar"
