"""What all tests share."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """PuLP 3.3 warns of its own version 4, which pyproject.toml shuts out; all else is an error."""
    config.addinivalue_line("filterwarnings", "ignore:.*PuLP 4:DeprecationWarning")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, and a schema of its own in KAYUH_TEST_POSTGRES."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kayuh.db'}"
        return
    server = os.environ.get("KAYUH_TEST_POSTGRES")
    if not server:
        pytest.skip("KAYUH_TEST_POSTGRES names no PostgreSQL server")
    psycopg = pytest.importorskip("psycopg")
    schema = f"kayuh_{uuid.uuid4().hex[:12]}"
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as server_connection:
        server_connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}?options=-csearch_path%3D{schema}"
        server_connection.execute(f"DROP SCHEMA {schema} CASCADE")
