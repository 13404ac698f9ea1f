"""The race as a table in Markdown and as a picture in SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from statistics import median
from typing import Any

from benchmarks.race import GAPS

Found = Mapping[str, Any]
Group = tuple[int, str, str]
"""Size, kind and scores."""

SHOWN = ("kayuh", "highs", "cbc")
WIDE, ROW, LEFT = 760, 22, 190


def groups(found: Found) -> Iterator[Group]:
    """Every size, kind and scores, in the order in which they were run."""
    yield from dict.fromkeys((r["size"], r["kind"], r["scores"]) for r in found["runs"])


def laps(found: Found, group: Group, solver: str, gap: float) -> list[float | None]:
    """Seconds to a gap, a seed each; None where it was not reached within the limit."""
    return [
        run["seconds"].get(str(gap))
        for run in found["runs"]
        if (run["size"], run["kind"], run["scores"]) == group and run["solver"] == solver
    ]


def middle(seconds: Sequence[float | None]) -> float | None:
    """The median; what was not reached counts as longer than everything."""
    if not seconds:
        return None
    found = median(math.inf if s is None else s for s in seconds)
    return None if math.isinf(found) else found


def table(found: Found) -> str:
    """Medians over the seeds, with the ratio of HiGHS to Kayuh where both reached the gap."""
    facts = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    head = ["city", "seeds", "method", *(f"{100 * gap:g} %" for gap in GAPS), "gap at the end"]
    lines = [
        f"Seconds of processor time to a certified gap, Kayuh / HiGHS / CBC, at most "
        f"{found['limit']:g} s each; medians over the seeds. {facts}.",
        "",
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
    ]
    for group in groups(found):
        runs = [r for r in found["runs"] if (r["size"], r["kind"], r["scores"]) == group]
        seeds = len({run["seed"] for run in runs})
        methods = "/".join(sorted({r["remark"] for r in runs if r["solver"] == "kayuh"}))
        cells = [f"{group[0]:,} {group[1]} {group[2]}", str(seeds), methods]
        cells += [_cell(found, group, gap) for gap in GAPS]
        cells.append(" / ".join(_last(runs, solver) for solver in SHOWN[:2]))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(found: Found, group: Group, gap: float) -> str:
    times = {solver: middle(laps(found, group, solver, gap)) for solver in SHOWN}
    there = [s for s in SHOWN if any(True for _ in laps(found, group, s, gap))]
    text = " / ".join("-" if times[s] is None else f"{times[s]:.2f}" for s in there)
    if times["kayuh"]:
        ratio = (times["highs"] or found["limit"]) / times["kayuh"]
        text += f" ({'' if times['highs'] else '>'}{ratio:.1f}x)"
    return text


def _last(runs: Sequence[Mapping[str, Any]], solver: str) -> str:
    gaps = [run["gap"] for run in runs if run["solver"] == solver]
    if not gaps or any(gap is None for gap in gaps):
        return "-"
    return f"{100 * median(gaps):.4f} %"


def picture(found: Found, gap: float = 0.001) -> str:
    """A bar a solver for every kind of city: seconds to the gap, on a scale of powers of ten."""
    names = list(groups(found))
    high = ROW * len(SHOWN) * len(names) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" '
        f'font-family="sans-serif" font-size="12">',
        f"<title>Seconds to a gap of {100 * gap:g} %</title>",
        f'<text x="8" y="18">Seconds of processor time to {100 * gap:g} %; '
        f"{escape(found['machine']['date'])}, HiGHS {escape(found['machine']['highs'])}</text>",
    ]
    low, most = -2.0, math.log10(found["limit"])
    y = 34
    for group in names:
        for solver in SHOWN:
            times = laps(found, group, solver, gap)
            if not times:
                continue
            seconds = middle(times)
            value = most if seconds is None else max(low, math.log10(max(seconds, 0.01)))
            width = (WIDE - LEFT - 120) * (value - low) / (most - low)
            said = f"> {found['limit']:g} s" if seconds is None else f"{seconds:.2f} s"
            label = f"{group[0]:,} {group[1]} {group[2]}, {solver}"
            fill = {"kayuh": "#0b6e4f", "highs": "#b8b8b8", "cbc": "#dddddd"}[solver]
            parts += [
                f'<text x="8" y="{y + 14}">{escape(label)}</text>',
                f'<rect x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="14" fill="{fill}"/>',
                f'<text x="{LEFT + width + 6:.1f}" y="{y + 14}">{escape(said)}</text>',
            ]
            y += ROW
    return "\n".join([*parts, "</svg>"]) + "\n"
