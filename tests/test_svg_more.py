"""Pictures from the server: names are text, colour never speaks alone, numbers lie right."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from service.svg.element import element, shortened
from service.svg.scatter import Axis, Dot, marks_of, scatter
from service.svg.tiles import shade, tile

EVIL = '</text><script>alert("1")</script>&'


def parsed(picture):
    return ET.fromstring(str(picture))


def texts(picture):
    return [node.text for node in parsed(picture).iter() if node.text]


def test_what_people_typed_is_text_in_every_picture():
    ward = tile(EVIL, EVIL, 0.5, EVIL)
    dots = scatter([Dot(1, 2, EVIL, EVIL, "now", f"/x?{EVIL}")], Axis(EVIL, [(1, EVIL)]),
                   Axis(EVIL, [(2, EVIL)]), EVIL)  # fmt: skip
    for picture in (ward, dots):
        root = parsed(picture)
        assert not [n for n in root.iter() if n.tag in ("script", "style")]
        assert not [k for n in root.iter() for k in n.attrib if k.startswith("on") or k == "style"]
    assert EVIL in texts(ward)


def test_a_ward_with_nothing_is_dashed_besides_its_shade_and_says_so():
    pictures = [tile("A", "0 dari 3", 0.0, "A"), tile("B", "3 dari 3", 1.0, "B"),
                tile("C", "–", None, "C")]  # fmt: skip
    rects = [n for p in pictures for n in parsed(p).iter() if n.tag.endswith("rect")]
    assert [bool(r.get("stroke-dasharray")) for r in rects] == [True, False, False]
    assert len({r.get("fill") for r in rects}) == 2


@pytest.mark.parametrize(
    ("share", "step"), [(None, 0), (0.0, 0), (0.01, 1), (0.25, 2), (0.99, 4), (1.0, 5), (2.0, 5)]
)
def test_shades_go_from_nothing_to_all(share, step):
    assert shade(share) == step


def test_shades_can_be_read():
    from service.svg.tiles import INK, SHADES

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for ground, ink in zip(SHADES, INK, strict=True):
        dark, bright = sorted((light(ground), light(ink)))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ground, ink)


def test_points_lie_where_their_numbers_say():
    dots = [Dot(0, 10, "1", "", "now"), Dot(10, 0, "2", "")]
    axis = Axis("x", [(0, "0"), (10, "10")])
    root = parsed(scatter(dots, axis, axis, "t"))
    circle = next(n for n in root.iter() if n.tag == "circle")
    square = next(n for n in root.iter() if n.tag == "rect")
    assert float(circle.get("cx")) > float(square.get("x")) + 100
    assert float(circle.get("cy")) > float(square.get("y")) + 100


@pytest.mark.parametrize(
    "values", [[1, 9], [0.01, 0.04], [5, 5], [0, 0], [-3, 12], [21_000.5, 22_750], [1e9, 3e9]]
)
def test_marks_are_round_and_hold_the_values(values):
    marks = marks_of(values)
    assert marks[0] <= min(values)
    assert marks[-1] >= max(values)
    assert 2 <= len(marks) <= 9
    assert marks == sorted(set(marks))


def test_one_point_alone_makes_a_picture():
    assert "NaN" not in str(scatter([Dot(3, 3, "1", "")], Axis("x", []), Axis("y", []), "t"))


def test_elements_are_closed_and_numbers_short():
    assert str(element("rect", x=1.23456, y=2.0, rx=None)) == '<rect x="1.23" y="2"></rect>'
    assert shortened("Antasan Kecil Timur", 10) == "Antasan K…"
