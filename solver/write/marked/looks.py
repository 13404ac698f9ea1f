"""The two looks that marks need, added behind all those that a workbook has already."""

from __future__ import annotations

from dataclasses import dataclass

from solver.write.marked.splice import Changes, Element, elements, prefix

YELLOW = "FFFFD966"
_BEFORE_DXFS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")


@dataclass(frozen=True)
class Looks:
    """The number of the colour for marked cells, and of the style of what is written beside."""

    colour: int
    message: int


def with_looks(data: bytes) -> tuple[bytes, Looks]:
    """The part of styles with both looks, unless they are there from an earlier time."""
    found: dict[str, Element] = {}
    inner: dict[str, list[Element]] = {"dxf": [], "xf": []}

    def see(element: Element) -> None:
        if element.depth <= 2:
            found[element.name] = element
        elif element.depth == 3 and element.parent in ("dxfs", "cellXfs"):
            inner[element.name].append(element)

    elements(data, see)
    changes = Changes(data)
    p = prefix(data, found["styleSheet"])
    colour = (
        f'<{p}dxf><{p}fill><{p}patternFill><{p}bgColor rgb="{YELLOW}"/></{p}patternFill>'
        f"</{p}fill></{p}dxf>"
    )
    message = (
        f'<{p}xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    )
    if "dxfs" not in found:
        before = max(found[name].end for name in _BEFORE_DXFS if name in found)
        changes.insert(before, f'<{p}dxfs count="1">{colour}</{p}dxfs>')
        number = 0
    else:
        number = _added(changes, found["dxfs"], inner["dxf"], colour)
    looks = Looks(number, _added(changes, found["cellXfs"], inner["xf"], message))
    return changes.made(), looks


def _added(changes: Changes, group: Element, members: list[Element], new: str) -> int:
    """The number of a member of a group, which is added where it is not there."""
    wanted = new.encode()
    for number, member in enumerate(members):
        if changes.data[member.start : member.end] == wanted:
            return number
    changes.append(group, new)
    changes.attribute(group, "count", str(len(members) + 1))
    return len(members)
