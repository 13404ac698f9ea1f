"""The scenarios that come with Kayuh: a synthetic city, what-ifs on it, and small teaching ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def path(name: str) -> Path:
    """The folder or file of a shipped scenario, such as `banjarmasin-2018`."""
    return Path(str(resources.files(__name__))) / name


def names() -> list[str]:
    """Every shipped scenario, as `path` takes it: folders first by name, then single files."""
    root = path("")
    folders = sorted(file.parent for file in root.glob("*/scenario.toml"))
    files = sorted([*root.glob("*/what-if/*.toml"), *root.glob("belajar/*.json")])
    return [found.relative_to(root).as_posix() for found in (*folders, *files)]
