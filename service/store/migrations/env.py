"""Alembic's way in: runs the steps on the connection that service.store.schema hands over."""

from __future__ import annotations

from alembic import context

from service.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter a column in place
)
context.run_migrations()
