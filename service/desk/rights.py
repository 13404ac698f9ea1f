"""Who may do what at a desk."""

from __future__ import annotations

from service.store import LOCAL, SYSTEM, Actor
from service.store.errors import ForbiddenError

MAY = {
    "arrange": ("planner",),  # cities and their scenarios
    "decide": ("facilitator", "agency", "planner"),
    "lock": ("facilitator", "agency", "planner"),
    "recommend": ("facilitator", "agency", "planner"),
    "agree": ("agency", "kecamatan", "planner"),
    "preside": ("facilitator", "planner"),  # open, close, sign, admit guests
    "reopen": ("planner",),
}
_EVERYTHING = (LOCAL.role, SYSTEM.role)


def allow(actor: Actor, action: str, agency: str | None = None) -> None:
    """Raise ForbiddenError unless the actor's role may do it, at this agency's desk.

    Without an agency it concerns the whole city: then a scope is too narrow.
    """
    if actor.role in _EVERYTHING:
        return
    if actor.role not in MAY[action]:
        raise ForbiddenError("not_allowed", {"role": actor.role, "may": list(MAY[action])})
    if actor.role != "kecamatan" and actor.scope not in ("", agency):
        raise ForbiddenError("other_desk", {"desk_of": actor.scope}, agency=actor.scope)


def speaks_for(actor: Actor, party: str, district: str) -> bool:
    """Whether the actor is that party, for that district where it is a kecamatan."""
    if actor.role in _EVERYTHING:
        return True
    if actor.party != party:
        return False
    return party != "kecamatan" or actor.scope in ("", district)
