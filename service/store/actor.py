"""Who does something, in which role, for which of the three parties."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("facilitator", "agency", "kecamatan", "planner", "observer")
PARTIES = ("opd", "kecamatan", "planner")
_PARTY_OF = {"agency": "opd", "kecamatan": "kecamatan", "planner": "planner"}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with a role. `scope` is the agency's code or the district; empty: every one.

    The role `local` is the one laptop on the table, which needs no sign-in and may do everything;
    `system` is the service itself.
    """

    name: str
    role: str
    scope: str = ""

    @property
    def party(self) -> str | None:
        """The party for which the person sits at the desk, or None."""
        return _PARTY_OF.get(self.role)


LOCAL = Actor("local", "local")
SYSTEM = Actor("system", "system")
CONSOLE = Actor("console", "system")
"""Whoever works with the commands on the machine itself."""
