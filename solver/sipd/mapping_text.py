"""The mapping file as it is first written: each choice below a sentence that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from solver.sipd.agencies import Agencies
from solver.sipd.choice import ORDER
from solver.sipd.mapping import PlannerMapping, line, looked_up, shown, with_lines
from solver.sipd.names import Match
from solver.words import number, say


@dataclass(frozen=True)
class Contents:
    """What the file is to hold.

    `remarks` counts the proposals with each doubtful remark; `districts` maps a name without a
    ceiling to the nearest one that has one; `unlimited` are codes whose ceiling nobody gave.
    """

    title: str
    year: int | None
    agencies: Agencies
    remarks: Mapping[str, int] = field(default_factory=dict)
    districts: Mapping[str, str | None] = field(default_factory=dict)
    unlimited: Sequence[str] = ()


def first_text(contents: Contents, language: str) -> str:
    """The whole file."""
    usual = PlannerMapping()
    agencies = contents.agencies
    lines = [*_remark("file", language), ""]
    lines += [f"title = {shown(contents.title)}"]
    if contents.year is not None:
        lines += [f"year = {contents.year}  # {say('sipd.map_year', language)}"]
    lines += ["", *_remark("score", language), f"score = {shown(usual.score)}"]
    lines += ["", *_remark("parties", language), f"parties = {shown(ORDER)}"]
    if agencies.pots_used:
        lines += ["", *_remark("pots", language), f"pots = {shown(agencies.pots_used)}"]
    lines += ["", *_remark("gates", language), "[gates]"]
    for name in ("no_ceiling", "no_amount", "repeated"):
        lines.append(line(name, getattr(usual, name), say(f"sipd.map_{name}", language)))
    for table, added in _tables(contents, PlannerMapping(), language).items():
        if added:
            lines += ["", *_remark(table, language), f"[{table}]", *added]
    lines += ["", *_remark("proposals", language), "[proposals]"]
    return "\n".join(lines) + "\n"


def added_text(
    text: str, contents: Contents, mapping: PlannerMapping, language: str
) -> tuple[str, int]:
    """The file with what it does not know yet, and how many lines were added to it."""
    tables = _tables(contents, mapping, language)
    return with_lines(text, tables), sum(len(added) for added in tables.values())


def _remark(code: str, language: str) -> list[str]:
    return [f"# {line}" for line in say(f"sipd.map_{code}", language).splitlines()]


def _tables(contents: Contents, mapping: PlannerMapping, language: str) -> dict[str, list[str]]:
    """The lines of each table that the mapping does not have yet."""
    agencies = contents.agencies
    return {
        "agencies": [_agency(match, language) for match in agencies.guessed],
        "pot_agencies": [_agency(match, language) for match in agencies.pots_guessed],
        "districts": [
            line(name, "", say("sipd.map_nearest", language, {"name": near}) if near else "")
            for name, near in contents.districts.items()
            if looked_up(mapping.districts, name) is None
        ],
        "ceilings": [
            line(code, "unlimited") for code in contents.unlimited if code not in mapping.ceilings
        ],
        "remarks": [
            line(text, "", say("sipd.map_times", language, {"count": count}))
            for text, count in contents.remarks.items()
            if looked_up(mapping.remarks, text) is None
        ],
    }


def _agency(match: Match, language: str) -> str:
    facts = {
        "percent": number(Decimal(round(100 * match.likeness)), language),
        "other": match.other,
        "other_percent": number(Decimal(round(100 * match.other_likeness)), language),
    }
    if not match.code:
        remark = "map_none" if match.other else "map_none_at_all"
    elif match.likeness == 1:
        remark = "map_same"
    else:
        remark = "map_sure" if match.sure else "map_unsure"
    return line(match.name, match.code, say(f"sipd.{remark}", language, facts))
