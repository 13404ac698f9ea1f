"""Agreement on the board: for each kecamatan's list the three parties say yes, or except rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from service import auth
from service.context import here
from service.desk import agreement, decisions
from service.desk.city import desk_of, limits_for
from service.desk.rights import speaks_for
from service.desk.state import state_of
from service.pages import listing
from service.pages.board import CHANGED, may, number
from service.pages.shell import part, screen
from service.store import PARTIES, Tx, events
from service.store.models import Desk

pages = screen("agree")


@dataclass(frozen=True, slots=True)
class Voice:
    """Where one party stands on one list: of its discussed rows so many agreed to, so many not."""

    party: str
    agreed: int
    excepted: int
    silent: int
    may_speak: bool


@dataclass(frozen=True, slots=True)
class List:
    """One kecamatan's list at the desk."""

    district: str
    rows: int
    discussed: int
    agreed: int
    voices: tuple[Voice, ...]


@pages.get("/desks/<desk>/agreement")
def show(desk: str) -> str:
    """Every list with where the parties stand."""
    return _shown(desk)


@pages.get("/desks/<desk>/agreement/<party>/<district>")
def review(desk: str, party: str, district: str) -> str:
    """One list, row by row, for one party to agree to."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        there = agreement.lists(limits_for(tx, found.city), decisions.of_desk(tx, found))
        names = set(there.get(district, ()))
        rows = [r for r in listing.rows(tx, found) if r.proposal.id in names]
        voice = (party, district if party == "kecamatan" else "")
        return part(
            "agree_list.html",
            desk=found,
            party=party,
            district=district,
            rev=events.head(tx).seq,
            rows=[r for r in rows if r.decision.code != "undiscussed"],
            excepted={r.proposal.id for r in rows if voice in r.standing.excepted},
        )


@pages.post("/desks/<desk>/agreement/<party>/<district>")
def agree(desk: str, party: str, district: str) -> tuple[str, int, Mapping[str, str]]:
    """A party agrees to the list as it was shown, without the rows that were not ticked."""
    listed, ticked = request.form.getlist("listed"), request.form.getlist("agreed")
    excepted = frozenset(listed) - frozenset(ticked)
    rev = number(request.form.get("rev", ""))
    with here().store.write(auth.actor()) as tx:
        agreement.agree(tx, desk, party, district, rev, excepted)
    return _shown(desk), 200, CHANGED


def _shown(desk: str) -> str:
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        can = state_of(tx, found.id) in ("open", "closed") and may(auth.actor(), "agree", found)
        return part("agree.html", desk=found, lists=lists(tx, found, can=can))


def lists(tx: Tx, desk: Desk, *, can: bool) -> list[List]:
    """The desk's lists by kecamatan."""
    found = decisions.of_desk(tx, desk)
    said = agreement.standings(tx, desk)
    actor = auth.actor()
    shown = []
    for district, names in agreement.lists(limits_for(tx, desk.city), found).items():
        talked = [said[name] for name in names if found[name].code != "undiscussed"]
        voices = []
        for party in PARTIES:
            key = (party, district if party == "kecamatan" else "")
            excepted = sum(key in s.excepted for s in talked)
            silent = sum(key in s.silent for s in talked)
            mine = can and bool(talked) and speaks_for(actor, party, district)
            voices.append(Voice(party, len(talked) - excepted - silent, excepted, silent, mine))
        agreed = sum(s.agreed for s in talked)
        shown.append(List(district, len(names), len(talked), agreed, tuple(voices)))
    return shown
