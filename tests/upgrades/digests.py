"""Digests of the migrations that a version was released with: never changed or removed."""

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("migrations.txt")


def migrations(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob("*/migrations/[0-9]*.py"))


def digest(path: Path) -> str:
    """Of the code and not of its layout, so that a newer formatter may lay it out anew."""
    code = ast.unparse(ast.parse(path.read_text("utf-8")))
    return hashlib.sha256(code.encode()).hexdigest()


def listed(text: str) -> dict[str, tuple[str, str]]:
    """File -> (version that brought it, digest)."""
    lines = [line.split() for line in text.splitlines()]
    return {file: (version, sha256) for version, sha256, file in lines}


def broken(root: Path, text: str) -> list[str]:
    """Which migrations are no longer as they were released."""
    faults = []
    for file, (version, sha256) in listed(text).items():
        if not (root / file).exists():
            faults.append(f"{file}, released with {version}, is gone")
        elif digest(root / file) != sha256:
            faults.append(f"{file}, released with {version}, was changed")
    return faults


def write(version: str) -> None:
    """Lists what this version brings; what an earlier one brought stays listed as it was."""
    known = listed(LIST.read_text("utf-8")) if LIST.exists() else {}
    kept = {file: entry for file, entry in known.items() if entry[0] != version}
    now = {file: (version, digest(ROOT / file)) for file in migrations(ROOT)}
    lines = [f"{brought} {sha256} {file}" for file, (brought, sha256) in (now | kept).items()]
    LIST.write_text("\n".join(lines) + "\n", "utf-8")
