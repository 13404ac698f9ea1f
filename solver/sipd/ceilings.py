"""The ceilings of a workbook: a matrix of kecamatan and agencies, the agencies' pots, or both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from solver.errors import Place
from solver.sipd.number_table import NumberTable, number_table
from solver.sipd.record import TOTALS
from solver.tables.columns import find, folded
from solver.tables.problems import Problems
from solver.tables.xlsx import Grid


@dataclass(frozen=True)
class Ceilings:
    """What the workbook says may be spent.

    `matrix` has districts as rows and agencies as columns; `pots` agencies as rows and pots of
    money as columns; `caps` districts as rows and one column, the most that a district may receive.
    `unused` are sheets that hold none of these, or that are hidden.
    """

    matrix: NumberTable | None = None
    pots: NumberTable | None = None
    caps: NumberTable | None = None
    unused: tuple[str, ...] = ()

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts that have a ceiling."""
        table = self.matrix or self.caps
        return table.rows if table else ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The agencies that have a ceiling, as the matrix calls them, else as the pots do."""
        if self.matrix:
            return self.matrix.columns
        return self.pots.rows if self.pots else ()


def ceilings_of(
    grids: Sequence[Grid], districts: Collection[str], file: str, problems: Problems
) -> Ceilings:
    """The ceilings of a workbook's visible sheets; `districts` are those that proposals name.

    Two tables of one kind, or none at all, are a problem.
    """
    known = {folded(name) for name in districts}
    found: dict[str, NumberTable] = {}
    unused = []
    for grid in grids:
        before = len(problems.issues)
        table = None if grid.hidden else number_table(grid, file, problems)
        if table is None:
            if len(problems.issues) == before:
                unused.append(grid.sheet)
            continue
        if table.kind == "agency" and _mostly(table.columns, known):
            table = table.turned()
        name = _part(table)
        if name in found:
            first = found[name].sheet
            problems.add("ceilings_two_tables", Place(file, table.sheet), None, first=first)
        found[name] = table
    if not problems.issues and not found:
        problems.add("ceilings_not_found", Place(file))
    return Ceilings(**found, unused=tuple(unused))


def _mostly(names: Sequence[str], known: Collection[str]) -> bool:
    return sum(folded(name) in known for name in names) * 2 > len(names)


def _part(table: NumberTable) -> str:
    if table.kind == "agency":
        return "pots"
    return "caps" if len(table.columns) == 1 and _is_money(table.columns[0]) else "matrix"


def _is_money(heading: str) -> bool:
    """Whether a heading names money, so that it is no agency's name."""
    cap, ceiling = find("locations", heading), find("agencies", heading)
    return (
        folded(heading) in TOTALS
        or (cap is not None and cap.name == "max_amount")
        or (ceiling is not None and ceiling.name == "ceiling")
    )
