"""The scenarios that come with Kayuh: a synthetic city, what-ifs on it, and small teaching ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def path(name: str) -> Path:
    """The folder or file of a shipped scenario, such as `banjarmasin-2018`."""
    return Path(str(resources.files(__name__))) / name
