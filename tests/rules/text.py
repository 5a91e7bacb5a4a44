"""What may not be written in any page or file: inline style, other hosts, a district, a machine."""

import re
import tomllib
from pathlib import Path

from tests.rules.tree import ORDER, files, lines_with

INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>",
    re.IGNORECASE,
)
# The namespaces of SVG and XML are names, not addresses that anybody fetches.
HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


def no_inline_style_or_script(root: Path) -> list[str]:
    return lines_with(INLINE, root, files(root / "templates", ".html"))


def no_third_party_host(root: Path) -> list[str]:
    shown = [
        *files(root / "templates", ".html", ".txt", ".xml"),
        *files(root / "static", ".css", ".js", ".svg"),
    ]
    return lines_with(HOST, root, shown)


def no_site_is_named(root: Path) -> list[str]:
    """What names a district is in its profile; code and templates serve any."""
    profiles = [
        tomllib.loads(path.read_text("utf-8"))
        for path in root.glob("fixtures/sites/*/profile.toml")
    ]
    names = {profile[key] for profile in profiles for key in ("name", "district")}
    names |= {name.rstrip("区县市") for name in names}
    outside = [
        path
        for path in files(root, ".py", ".html", ".js", ".css", ".toml", ".txt")
        if part_of_the_house(path, root)
    ]
    return (
        lines_with(re.compile("|".join(map(re.escape, sorted(names)))), root, outside)
        if names
        else []
    )


def part_of_the_house(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] in {*ORDER, "templates", "static", "deploy"}


def nothing_points_outside_the_tree(root: Path) -> list[str]:
    """No neighbour directory, no path of one machine: a clone is complete."""
    kinds = (
        ".py",
        ".html",
        ".toml",
        ".txt",
        ".md",
        ".sh",
        ".yml",
        ".js",
        ".css",
        ".service",
        ".timer",
        ".conf",
    )
    paths = [*files(root, *kinds), *root.glob("Makefile"), *root.glob(".ci/*")]
    return lines_with(re.compile(r"\.\./share" + r"d|/roo" + r"t/|/wor" + r"k/"), root, paths)
