"""What a running service consists of, for the code that answers a request."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import current_app

from service.health import Probe
from service.jobs import Runner
from service.scenarios import Library
from service.settings import Settings
from service.store import Store

KEY = "kayuh"


@dataclass(frozen=True)
class Context:
    """The parts that live as long as the service does.

    `waiting` counts the requests that hold a thread while they wait for a result.
    """

    settings: Settings
    store: Store
    runner: Runner
    library: Library
    waiting: threading.BoundedSemaphore
    probe: Probe


def here() -> Context:
    """The service that answers the present request."""
    found: Context = current_app.extensions[KEY]
    return found
