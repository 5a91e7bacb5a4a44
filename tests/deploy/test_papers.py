"""What is said of the site on paper can be looked up, and what it is made of is complete."""

import json
import re
import subprocess
import sys

from tests.rules import ROOT

DENGBAO = (ROOT / "docs" / "dengbao.zh.md").read_text("utf-8")
XINCHUANG = (ROOT / "docs" / "xinchuang.zh.md").read_text("utf-8")


def test_the_proofs_of_the_self_check_exist():
    proofs = re.findall(r"`(tests/[\w/]+(?:\.py)?/?)`", DENGBAO)
    assert len(proofs) > 15
    assert [path for path in proofs if not (ROOT / path).exists()] == []


def test_every_line_about_other_platforms_says_whether_it_was_tried():
    rows = [line.split("|")[2].strip() for line in XINCHUANG.splitlines() if line.startswith("| ")]
    assert set(rows[1:]) == {"已验证", "未验证", "不支持"}


def test_the_bill_names_every_pinned_package_with_its_digests():
    script = ROOT / "deploy" / "scripts" / "sbom.py"
    bill = json.loads(subprocess.check_output([sys.executable, script]))
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert [part["name"] for part in bill["components"]] == pins
    assert all(part["properties"] for part in bill["components"])
