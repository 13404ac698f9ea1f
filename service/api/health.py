"""GET /healthz: whether the service can do its work; it tells nothing else of the machine."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

from flask import Response

from service.api.common import answers, reply, resource
from service.api.models import Health
from service.context import here
from service.store import Store

LOW = 200 * 1024 * 1024
"""Bytes left for an embedded database below which someone should make room."""

api = resource("health", "Whether the service can do its work.")


@api.get("/healthz", responses=answers({200: Health, 304: None}, 507))
def get_health() -> Response:
    """Whether the service can write and solve, as it last found out; it looks every ten seconds."""
    context = here()
    context.probe.check()
    running, waiting = context.runner.load()
    return reply(
        {
            "status": "ok",
            "version": version("kayuh"),
            "database": "ok",
            "solver": "ok",
            "disk": "low" if _is_low(context.store) else "ok",
            "running": running,
            "waiting": waiting,
        }
    )


def _is_low(store: Store) -> bool:
    """Whether an embedded database is about to run out of room; a server minds its own."""
    if store.url.drivername != "sqlite":
        return False
    return shutil.disk_usage(Path(str(store.url.database)).parent).free < LOW
