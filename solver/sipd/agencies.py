"""Which agency of the ceilings an agency of the export is, and how much it may spend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from solver.errors import Place
from solver.sipd.ceilings import Ceilings
from solver.sipd.mapping import Ceiling, PlannerMapping, looked_up
from solver.sipd.names import Match, matched
from solver.sipd.number_table import NumberTable
from solver.tables.cells import UNLIMITED
from solver.tables.columns import folded
from solver.tables.problems import Problems


@dataclass(frozen=True)
class Agencies:
    """The agencies of a scenario.

    `codes` maps a name of the export to its code; `ceilings` a code to rupiah or "unlimited";
    `names` a code to the name to show. `without` are codes that have no ceiling. `guessed` and
    `pots_guessed` are names that the mapping did not know yet. `differing` has, by code, what the
    pots and what the matrix say where they differ.
    """

    codes: Mapping[str, str]
    ceilings: Mapping[str, Ceiling]
    names: Mapping[str, str]
    without: frozenset[str] = frozenset()
    guessed: tuple[Match, ...] = ()
    pots_guessed: tuple[Match, ...] = ()
    pots_used: tuple[str, ...] = ()
    differing: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def agencies_of(
    asked: Collection[str],
    ceilings: Ceilings,
    mapping: PlannerMapping,
    file: str,
    problems: Problems,
) -> Agencies:
    """The agencies that are asked and those that have a ceiling; `file` is the mapping's name.

    A code or a pot in the mapping that the ceilings don't have is a problem.
    """
    pots = ceilings.pots
    used = _pots_used(pots, mapping, file, problems)
    pot_codes, pots_guessed = _pot_codes(ceilings, mapping, file, problems)
    known: dict[str, list[str]] = {code: [] for code in ceilings.codes}
    for name, code in pot_codes.items():
        known.setdefault(code, []).append(name)
    amounts = _amounts(ceilings, pot_codes, used)
    codes, guessed = _codes(asked, known, mapping, file, problems)
    given = {**amounts, **_by_code(mapping.ceilings, {*amounts, *codes.values()}, file, problems)}
    without = {code for code in codes.values() if code not in given}
    if not known:  # no ceilings at all: nothing may be shut out for that
        given |= dict.fromkeys(without, UNLIMITED)
        without = set()
    return Agencies(
        codes=codes,
        ceilings={**given, **dict.fromkeys(without, 0)},
        names=_names(codes, known),
        without=frozenset(without),
        guessed=tuple(guessed),
        pots_guessed=tuple(pots_guessed),
        pots_used=used,
        differing=_differing(ceilings, pot_codes) if pots and used == pots.columns else {},
    )


def _pots_used(
    pots: NumberTable | None, mapping: PlannerMapping, file: str, problems: Problems
) -> tuple[str, ...]:
    """The pots that are summed: those of the mapping, else all of them."""
    columns = pots.columns if pots else ()
    if mapping.pots is None:
        return columns
    for name in mapping.pots:
        if name not in columns:
            problems.unknown("mapping_unknown_pot", name, lambda: columns, Place(file, key="pots"))
    return tuple(name for name in columns if name in mapping.pots)


def _pot_codes(
    ceilings: Ceilings, mapping: PlannerMapping, file: str, problems: Problems
) -> tuple[dict[str, str], list[Match]]:
    """The pots' names -> codes of the matrix; a name that is not there is a code of its own."""
    pots, matrix = ceilings.pots, ceilings.matrix
    if pots is None:
        return {}, []
    if matrix is None:
        return {name: name for name in pots.rows}, []
    codes = _decided(
        pots.rows, mapping.pot_agencies, matrix.columns, "pot_agencies", file, problems
    )
    open_names = [name for name in pots.rows if name not in codes]
    free = [code for code in matrix.columns if code not in codes.values()]
    # The same rupiah to the last one in both tables is better evidence than any name.
    same = _same_money(pots, matrix, open_names, free)
    left = {code: () for code in free if code not in same.values()}
    guessed = [Match(name, code, 1.0, "", 0.0, sure=True) for name, code in same.items()]
    guessed += matched((name for name in open_names if name not in same), left)
    codes |= {match.name: match.code or match.name for match in guessed}
    return codes, guessed


def _same_money(
    pots: NumberTable, matrix: NumberTable, names: Iterable[str], codes: Iterable[str]
) -> dict[str, str]:
    by_pots = {name: pots.row_sum(name) for name in names}
    by_matrix = {code: matrix.column_sum(code) for code in codes}
    counts = Counter((*by_pots.values(), *by_matrix.values()))
    return {
        name: code
        for name, amount in by_pots.items()
        for code, other in by_matrix.items()
        if amount and amount == other and counts[amount] == 2
    }


def _decided(
    names: Iterable[str],
    table: Mapping[str, str],
    codes: Collection[str],
    key: str,
    file: str,
    problems: Problems,
) -> dict[str, str]:
    """What the mapping says of these names; a blank code means: none of them, its own name."""
    found = {}
    for name in names:
        code = looked_up(table, name)
        if code is None:
            continue
        if code and codes and code not in codes and code != name:
            place = Place(file, key=f"{key}.{name}")
            problems.unknown("mapping_unknown_code", code, lambda: codes, place, name)
        found[name] = code or name
    return found


def _amounts(
    ceilings: Ceilings, pot_codes: Mapping[str, str], used: tuple[str, ...]
) -> dict[str, Ceiling]:
    """Each code's rupiah: its pots where there are any, else its column of the matrix."""
    matrix, pots = ceilings.matrix, ceilings.pots
    found: dict[str, Ceiling] = {}
    if matrix is not None:
        found |= {code: matrix.column_sum(code) for code in matrix.columns}
    if pots is not None and (used or matrix is None):
        sums: Counter[str] = Counter()
        for name, code in pot_codes.items():
            sums[code] += pots.row_sum(name, used)
        found |= sums
    return found


def _differing(ceilings: Ceilings, pot_codes: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    matrix, pots = ceilings.matrix, ceilings.pots
    if matrix is None or pots is None:
        return {}
    by_pots: Counter[str] = Counter()
    for name, code in pot_codes.items():
        by_pots[code] += pots.row_sum(name)
    return {
        code: (by_pots[code], matrix.column_sum(code))
        for code in matrix.columns
        if code in by_pots and by_pots[code] != matrix.column_sum(code)
    }


def _codes(
    asked: Collection[str],
    known: Mapping[str, Collection[str]],
    mapping: PlannerMapping,
    file: str,
    problems: Problems,
) -> tuple[dict[str, str], list[Match]]:
    """The export's names -> codes: the mapping first, then the most alike; else the name itself."""
    allowed = {*known, *mapping.ceilings} if known else set()
    codes = _decided(asked, mapping.agencies, allowed, "agencies", file, problems)
    open_names = [name for name in asked if name not in codes]
    if not known:
        return {**codes, **{name: name for name in open_names}}, []
    free = {code: names for code, names in known.items() if code not in codes.values()}
    guessed = matched(open_names, free)
    return {**codes, **{match.name: match.code or match.name for match in guessed}}, guessed


def _by_code(
    ceilings: Mapping[str, Ceiling], codes: Collection[str], file: str, problems: Problems
) -> dict[str, Ceiling]:
    """The ceilings that the mapping states, by the codes that there are."""
    by_folded = {folded(code): code for code in codes}
    found = {}
    for name, ceiling in ceilings.items():
        code = by_folded.get(folded(name))
        if code is None:
            place = Place(file, key=f"ceilings.{name}")
            problems.unknown("mapping_unknown_code", name, lambda: codes, place, name)
        else:
            found[code] = ceiling
    return found


def _names(codes: Mapping[str, str], known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The name to show for each code: the export's, else the pots', else none."""
    found = {code: next(iter(names), "") for code, names in known.items()}
    return found | {code: name for name, code in codes.items() if name != code}
