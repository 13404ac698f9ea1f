"""A certificate holds as written; a digit that makes it say more than is so does not."""

from __future__ import annotations

import copy
import json
import random
import time

import pytest
from benchmarks.cities import city
from click.testing import CliRunner
from random_scenarios import scenario as random_scenario

from solver import rooms
from solver.case import Case
from solver.certificate import FalseClaimError, read
from solver.commands.assess import verify as command
from solver.model import Effort
from solver.recommend import recommend
from solver.scenario import resolve
from solver.solve import Params
from solver.tables import json as strict
from solver.verify import verify
from solver.write.document import document


def town():
    """Sixty proposals on six lines of two agencies, with a floor for a district."""
    rng = random.Random(5)
    lines = [f"{agency}.{n}" for agency in "AB" for n in (1, 2, 3)]
    return {
        "format": 1,
        "agencies": [{"code": "A", "ceiling": 3_300}, {"code": "B", "ceiling": 3_100}],
        "lines": [{"code": line, "agency": line[0], "ceiling": 1_200} for line in lines],
        "locations": [{"district": "Barat", "min_amount": 2_700}, {"district": "Timur"}],
        "proposals": [
            {
                "id": f"U-{n:02}",
                "agency": lines[n % 6][0],
                "line": lines[n % 6],
                "district": rng.choice(["Barat", "Timur"]),
                "amount": rng.randint(101, 409),
                "score": rng.randint(10, 99),
            }
            for n in range(60)
        ],
    }


def made(doc, **params):
    scenario = resolve(doc)
    found = document(recommend(scenario, Params(method="rooms", **params)), "id")
    return json.loads(strict.dump(found)), scenario


@pytest.fixture(scope="module")
def result():
    return made(town())


def test_the_town_has_a_certificate_of_rooms_within_rooms(result):
    found, scenario = result
    certificate = found["certificate"]
    assert (certificate["level"], certificate["stage"]) == ("rooms", "points")
    assert certificate["bound"] >= found["points"]
    rules = {entry["rule"] for entry in certificate["limits"] if entry["least"] is not None}
    assert rules == {"agency_ceiling", "line_ceiling"}
    check = verify(found, scenario)
    assert (check.plan, check.bound, check.problems) == ("checked", "checked", [])
    assert check.gap == certificate["gap"]


def forged(found, change):
    copied = copy.deepcopy(found)
    change(copied)
    return copied


def test_a_bound_one_unit_lower_is_caught(result):
    found, scenario = result

    def lower(doc):
        doc["certificate"]["bound"] -= 1
        doc["certificate"]["gap"] = (doc["certificate"]["bound"] - doc["points"]) / doc["points"]

    assert verify(forged(found, lower), scenario).problems


def test_every_claim_that_says_more_is_caught(result):
    """A room that was settled loses just what it claims, so one part more is false."""
    found, scenario = result
    limits = found["certificate"]["limits"]
    numbers = [i for i, entry in enumerate(limits) if entry["least"] is not None]
    assert len(numbers) >= 7
    for index in numbers:

        def more(doc, index=index):
            doc["certificate"]["limits"][index]["least"] += 1

        assert [p.code for p in verify(forged(found, more), scenario).problems] == ["certificate"]


def test_no_digit_of_a_price_may_make_the_bound_say_more(result):
    """Any prices give a bound: a changed one is caught where it no longer gives this one."""
    found, scenario = result
    case = Case(scenario.instance)
    program = case.program()
    terms = case.aims[0].expression(program)
    bound = round(found["certificate"]["bound"] * 1_000_000)
    caught = 0
    entries = found["certificate"]["limits"]
    for index, entry in enumerate(entries):
        for place in range(len(str(abs(entry["price"])))):
            changed = copy.deepcopy(entries)
            changed[index]["price"] += 10**place
            problems = verify(
                forged(found, lambda doc, new=changed: doc["certificate"].update(limits=new)),
                scenario,
            ).problems
            if problems:
                caught += 1
                continue
            # What passed does prove the bound, by itself.
            read(changed, bound, program).check(program, terms)
    assert caught > 10


@pytest.mark.parametrize(
    "forge",
    [
        lambda c: c.update(gap=c["gap"] + 0.01),
        lambda c: c.update(level="prices"),
        lambda c: c.update(stage="spread"),
        lambda c: c.update(bound=None),
        lambda c: c["limits"].pop(0),
        lambda c: c["limits"][0].update(number=-1),
        lambda c: c["limits"][0].update(number=10**6),
        lambda c: c["limits"][0].update(number="0"),
        lambda c: c["limits"][0].update(subject="Z"),
        lambda c: c["limits"][0].update(price=1.5),
        lambda c: c["limits"][0].update(price=-c["limits"][0]["price"]),
        lambda c: c["limits"][0].update(least="7"),
        lambda c: c["limits"][0].update(least=1 << 80),
        lambda c: c["limits"].append({}),
    ],
)
def test_what_is_no_certificate_of_this_city_is_refused(result, forge):
    found, scenario = result
    assert verify(forged(found, lambda doc: forge(doc["certificate"])), scenario).problems


@pytest.mark.parametrize("seed", range(40))
def test_every_certificate_written_holds(seed):
    found, scenario = made(random_scenario(seed))
    check = verify(found, scenario)
    assert check.problems == []
    level = found["certificate"]["level"]
    assert check.bound == ("claimed" if level == "none" or not found["decisions"] else "checked")


def test_a_proven_plan_is_the_best_by_its_certificate_too():
    found, scenario = made(
        {
            "format": 1,
            "agencies": [{"code": "A", "ceiling": 10}],
            "proposals": [
                {"id": f"U-{n}", "agency": "A", "district": "D", "score": score, "amount": amount}
                for n, (amount, score) in enumerate([(6, 7), (5, 5), (5, 4)])
            ],
        }
    )
    # 5 + 5 rupiah: 9 points; the relaxation would take 6 and four fifths of 5, 11 points.
    assert found["points"] == found["certificate"]["bound"] == 9
    assert found["solver"]["method"] == "rooms"
    assert verify(found, scenario).gap == 0


def test_the_command_tells_what_was_checked(tmp_path, result):
    found, _ = result
    file = tmp_path / "result.json"
    file.write_text(json.dumps(found), "utf-8")
    told = CliRunner().invoke(command, [str(file), "--lang", "en"])
    assert told.exit_code == 0
    assert "So was the bound" in told.output
    as_json = json.loads(CliRunner().invoke(command, [str(file), "--json"]).output)
    assert (as_json["bound"], as_json["problems"]) == ("checked", [])


def test_checking_ten_thousand_takes_far_less_than_finding():
    """The certificate of a city is checked in a small part of the time that it took to find."""
    case = Case(city(10_000, 1))
    program = case.program()
    terms = case.aims[0].expression(program)
    began = time.process_time()
    certificate = rooms.bounded(program, terms, Effort(60), "rooms").certificate
    found = time.process_time() - began
    began = time.process_time()
    certificate.check(program, terms)
    assert time.process_time() - began < found
    with pytest.raises(FalseClaimError):
        type(certificate)(certificate.prices, certificate.claims, certificate.bound - 1_000).check(
            program, terms
        )
