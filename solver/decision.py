"""What a result says of each proposal and each Renja line, in the terms of the desk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from solver.case import Case
from solver.instance import NOTHING, Figures, Line, Option, Proposal
from solver.reasons import Reason, Reasons
from solver.rules import renja


@dataclass(frozen=True, slots=True)
class Decision:
    """What is recommended for one proposal. `option` is the one taken, else the one requested.

    `kind` is fund, fund_changed, covered or not_fund; `changes` names what differs from the request
    (volume, amount, agency, line, place). `figures` are zero unless new money is given.
    """

    proposal: Proposal
    kind: str
    option: Option
    figures: Figures
    changes: Sequence[str]
    reasons: Sequence[Reason] = ()


def decisions(case: Case, taken: Mapping[int, Figures]) -> Sequence[Decision]:
    """One decision a proposal, sorted by id."""
    reasons = Reasons(case, taken)
    return [replace(d, reasons=reasons.of(d.proposal)) for d in bare_decisions(case, taken)]


def bare_decisions(case: Case, taken: Mapping[int, Figures]) -> Sequence[Decision]:
    """One decision a proposal, sorted by id, without reasons."""
    chosen = {case.space.options[i].proposal: (case.space.options[i], f) for i, f in taken.items()}
    found = []
    for proposal in case.instance.proposals:
        option, figures = chosen.get(proposal.id, (proposal.requested, NOTHING))
        changes = _changes(proposal.requested, option, figures) if proposal.id in chosen else ()
        if proposal.id in case.space.covered:
            kind = "covered"
        elif proposal.id not in chosen:
            kind = "not_fund"
        else:
            kind = "fund_changed" if changes else "fund"
        found.append(Decision(proposal, kind, option, figures, changes))
    return found


def _changes(requested: Option, option: Option, figures: Figures) -> Sequence[str]:
    """What differs from the request; an amount that follows from the volume is not named again."""
    found = []
    if figures.volume != requested.full.volume:
        found.append("volume")
    elif figures.amount != requested.full.amount:
        found.append("amount")
    if option.agency != requested.agency:
        found.append("agency")
    if option.line != requested.line:
        found.append("line")
    if (option.district, option.ward) != (requested.district, requested.ward):
        found.append("place")
    return found


@dataclass(frozen=True, slots=True)
class LineUse:
    """A Renja line before and after: money of the line and all below it, targets of its own.

    `moved` is what sister lines give it (negative: what it gives), in rupiah.
    """

    line: Line
    committed: int
    proposals: int
    target_before: int | None
    target_after: int | None
    places_added: Sequence[str]
    moved: int


def line_uses(case: Case, taken: Mapping[int, Figures], moved: Mapping[str, int]) -> list[LineUse]:
    """Every Renja line with what the plan does to it."""
    on_line: dict[str, list[tuple[Option, Figures]]] = defaultdict(list)
    for position, figures in taken.items():
        option = case.space.options[position]
        on_line[option.line].append((option, figures))
    lines = {line.code: line for line in case.instance.lines}
    wards = Counter(ward for _, ward in _places(case) if ward)
    found = []
    for code, below in renja.below(case.instance).items():
        line, own = lines[code], on_line[code]
        has_target = line.unit or line.target is not None or line.committed_target
        added = sorted({(o.district, o.ward) for o, _ in own if not line.holds(o.district, o.ward)})
        found.append(
            LineUse(
                line,
                committed=sum(lines[c].committed for c in below),
                proposals=sum(f.amount for c in below for _, f in on_line[c]),
                target_before=_target_before(line) if has_target else None,
                target_after=line.committed_target + sum(f.volume for _, f in own)
                if has_target
                else None,
                places_added=[_name(d, w, wards) for d, w in added],
                moved=moved.get(code, 0),
            )
        )
    return sorted(found, key=lambda use: use.line.code)


def _target_before(line: Line) -> int:
    """The target as the Renja has it; where it states none, what is committed."""
    return line.committed_target if line.target is None else line.target


def _places(case: Case) -> set[tuple[str, str]]:
    options = {(o.district, o.ward) for p in case.instance.proposals for o in p.options}
    return options | {(place.district, place.ward) for place in case.instance.locations}


def _name(district: str, ward: str, wards: Mapping[str, int]) -> str:
    """The bare ward where it is unique, else DISTRICT/WARD, or the district alone."""
    if not ward:
        return district
    return ward if wards[ward] == 1 else f"{district}/{ward}"
