"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """PuLP 3.3 warns of its own version 4, which pyproject.toml shuts out; all else is an error."""
    config.addinivalue_line("filterwarnings", "ignore:.*PuLP 4:DeprecationWarning")
