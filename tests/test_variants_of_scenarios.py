"""A change to a known scenario is read as if the whole were read anew, though most is kept."""

import random
from dataclasses import replace

import pytest
from random_scenarios import scenario as random_scenario
from small import HOUSE, ROAD

from solver.errors import InputError
from solver.scenario import resolve, variant


def changes(known, draw):
    """One change of every kind that a desk or a sweep makes, some of them wrong."""
    proposals = known.instance.proposals
    one, other = draw.choice(proposals), draw.choice(proposals)
    agency = draw.choice(known.instance.agencies)
    return [
        {"set": {f"agency.{agency.code}.ceiling": draw.choice(["-10%", "+5%", "7 jt"])}},
        {"set": {f"proposal.{one.id}.amount": draw.choice(["+1", "-50%", "0"])}},
        {"set": {f"proposal.{one.id}.score": draw.choice(["+1", "12,5", "99999999"])}},
        {"set": {f"proposal.{one.id}.priority": draw.choice(["1", "7", "0"])}},
        {"set": {f"proposal.{other.id}.gate": "land", f"proposal.{one.id}.gate": ""}},
        {"lock": [{"proposal": one.id, "decision": "reject"}]},
        {"proposal": [{**HOUSE, "id": one.id, "option": "Z", "agency": agency.code,
                       "priority": 4}]},
        {"proposal": [{**ROAD, "id": "U-999", "agency": agency.code, "line": "",
                       "priority": 1}]},
        {"objective": {"score": draw.choice(["halving", "linear"])}},
        {"objective": {"rank_within": ["district"]}},
        {"objective": {"weights": {"priority": 2}, "score": "criteria"}},
        {"off": {"rules": ["gates"]}},
    ]  # fmt: skip


def told(call, *given):
    """What came of it: the scenario's parts, or every issue."""
    try:
        found = call(*given)
    except InputError as error:
        return sorted((i.code, str(i.place), str(i.column), str(i.value)) for i in error.issues)
    return found.instance, found.document, found.digest, found.changes, found.notices


def anew(known, change):
    """The same change, with no row the very one that was resolved before."""
    tables = {
        table: {key: replace(row) for key, row in rows.items()}
        for table, rows in known.draft.tables.items()
    }
    return variant(replace(known, draft=replace(known.draft, tables=tables)), change)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_kept_is_what_would_be_read(seed):
    draw = random.Random(seed)
    known = resolve(random_scenario(seed))
    for _ in range(4):
        change = draw.choice(changes(known, draw))
        found = told(variant, known, change)
        assert found == told(anew, known, change)
        if isinstance(found, tuple):
            known = variant(known, change)
            assert resolve(known.document).digest == known.digest
            assert resolve(known.document).instance == known.instance
