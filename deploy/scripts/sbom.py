"""Prints what the site is made of, as CycloneDX 1.5: every package of requirements.txt, its version
and the digests of its files.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)((?:\\\n\s+--hash=sha256:\w+\s*)+)", re.MULTILINE
)


def component(name: str, version: str, hashes: str) -> dict:
    digests = re.findall(r"sha256:(\w+)", hashes)
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.lower()}@{version}",
        # One for each file the package comes in; the one that is installed is among them.
        "properties": [{"name": "file sha256", "value": digest} for digest in digests],
    }


def bill(text: str, version: str) -> dict:
    found = [component(name, number, hashes) for name, number, _, hashes in PIN.findall(text)]
    own = {"type": "application", "name": "yantian-portal", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own},
        "components": found,
    }


if __name__ == "__main__":
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    number = re.search(r'^version = "(.*)"', project, re.MULTILINE)[1]
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    json.dump(bill(lock, number), sys.stdout, ensure_ascii=False, indent=1)
