"""What the papers refuse; its sentences stand beside those of the pages."""

from __future__ import annotations

from service.store.errors import InvalidError, NotNowError


class PaperError(InvalidError):
    """What was typed for a paper, or a template for it, can't be used."""

    topic = "page_more"


class SealError(NotNowError):
    """A sealed paper is not printed: what was sealed and what the log tells differ."""

    topic = "page_more"
