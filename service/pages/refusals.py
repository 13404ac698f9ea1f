"""What the pages themselves refuse."""

from __future__ import annotations

from service.store.errors import InvalidError, UnknownError


class UnknownPageError(UnknownError):
    """An address names what there is not."""

    topic = "page_more"


class FormError(InvalidError):
    """A form was filled in so that it makes no sense."""

    topic = "page_more"
