"""The app: settings go in, a Flask app comes out that answers for one store."""

from __future__ import annotations

import threading
from typing import NoReturn

from flask_openapi.openapi import OpenAPI
from pydantic import ValidationError

from service import api, auth, errors, health, logs, pages, security
from service.api import description
from service.context import KEY, Context
from service.jobs import Runner
from service.scenarios import Library
from service.settings import Settings
from service.store import Store
from service.wire import Json


def create_app(settings: Settings, store: Store | None = None) -> OpenAPI:
    """The app over its store, which is opened by the settings' URL where none is given.

    The app takes jobs on until its runner is closed: app.extensions["kayuh"].runner.close().
    """
    app = OpenAPI(
        "service",
        info=description.INFO,
        validation_error_callback=_refuse,
        doc_ui=False,
    )
    app.openapi_version = "3.1.0"  # older readers know no 3.2
    app.json = Json(app)
    app.config["LANGUAGE"] = settings.language
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body
    store = store or Store(settings.database)
    app.extensions[KEY] = Context(
        settings=settings,
        store=store,
        runner=Runner(store, settings.workers, settings.waiting),
        library=Library(store),
        waiting=threading.BoundedSemaphore(settings.waiters),
        probe=health.of(store),
    )
    logs.register(app)
    errors.register(app)
    security.register(app, settings)
    auth.register(app, settings)
    security.read_body(app)
    api.register(app)
    pages.register(app)
    return app


def _refuse(error: ValidationError) -> NoReturn:
    raise errors.invalid(error)
