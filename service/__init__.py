"""The service: the desk over HTTP and its commands, built on solver's public names only."""

from __future__ import annotations

from importlib import resources

from solver.words import add_catalogues

add_catalogues(resources.files("service") / "catalogues")
