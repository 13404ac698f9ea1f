"""What saving an import refuses; its sentences stand beside those of the pages."""

from __future__ import annotations

from service.store.errors import InvalidError


class IntakeError(InvalidError):
    """What was handed in, or what was typed to save it, can't be used."""

    topic = "page_more"
