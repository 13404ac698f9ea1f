"""A desk's decisions: codes, volume, place and amount, revisions, and limits shared with others."""

from __future__ import annotations

import pytest
from desks import PERKIM, PROPOSALS, PUPR, ROAD, city_at, document, keep

from service.desk import change, city, decisions, locks, recommendation, sessions
from service.desk.decisions import Edit
from service.desk.figures import chosen
from service.desk.locks import LockEdit
from service.store import LOCAL, Actor, events
from service.store.errors import (
    ForbiddenError,
    InvalidError,
    NotNowError,
    OverLimitError,
    StaleError,
    UnknownError,
)
from service.store.store import Store
from solver.recommend import recommend
from solver.scenario import resolve
from solver.words import LANGUAGES, Quantity

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def store(database_url):
    with city_at(database_url) as found:
        yield found


def edit(store: Store, desk: str, proposal: str, code: str, rev: int = 0, actor=LOCAL, **more):
    with store.write(actor) as tx:
        return decisions.edit(tx, desk, proposal, Edit(code, **more), rev).decision


def standing(store: Store, proposal: str):
    with store.session() as tx:
        return decisions.of_city(tx, "kota").get(proposal)


def head(store):
    with store.session() as tx:
        return events.head(tx)


def test_every_agency_that_is_asked_has_a_desk_with_its_proposals(store):
    with store.session() as tx:
        found = {d.id: list(decisions.of_desk(tx, d)) for d in city.desks(tx, "kota")}
        assert [c.title for c in city.cities(tx)] == ["Kota kecil"]
    assert found == {PERKIM: ["U-3", "U-4"], PUPR: ["U-1", "U-2", "U-5", "U-6"]}


def test_what_nobody_discussed_is_undiscussed_at_revision_0(store):
    with store.session() as tx:
        found = decisions.of_desk(tx, city.desk_of(tx, PUPR))
    assert {(d.code, d.rev, d.amount, d.volume) for d in found.values()} == {
        ("undiscussed", 0, 0, None)
    }


@pytest.mark.parametrize(
    ("wanted", "stands"),
    [
        # (code, option, volume in millionths, amount)
        (Edit("accommodated"), ("accommodated", "", 120_000_000, 120_000_000)),
        # Which of the two codes it is follows from the figures, whatever was written.
        (Edit("accommodated_changed"), ("accommodated", "", 120_000_000, 120_000_000)),
        (Edit("accommodated", volume=80), ("accommodated_changed", "", 80_000_000, 80_000_000)),
        # The amount chooses the volume on the grid that costs just this.
        (
            Edit("accommodated", amount=60_000_000),
            ("accommodated_changed", "", 60_000_000, 60_000_000),
        ),
        (
            Edit("accommodated", volume=80, amount=80_000_000),
            ("accommodated_changed", "", 80_000_000, 80_000_000),
        ),
        # A lock or a plan may name a volume off the grid, and so may a desk: in proportion.
        (Edit("accommodated", volume=33.5), ("accommodated_changed", "", 33_500_000, 33_500_000)),
        (Edit("deferred", reason="land"), ("deferred", "", None, 0)),
        (Edit("declined", reason="lower_points", note="kalah"), ("declined", "", None, 0)),
        (Edit("deferred", volume=0, amount=0), ("deferred", "", None, 0)),
    ],
    ids=str,
)
def test_a_decision_has_the_figures_of_the_tables(store, wanted, stands):
    with store.write(LOCAL) as tx:
        found = decisions.edit(tx, PUPR, "U-1", wanted, 0).decision
    assert (found.code, found.option, found.volume, found.amount) == stands
    assert found == standing(store, "U-1")
    assert (found.reason, found.note) == (wanted.reason, wanted.note)
    assert found.rev == head(store).seq


@pytest.mark.parametrize("place", [{"option": "B"}, {"ward": "Mawar"}, {"district": "Tengah"}])
def test_place_is_chosen_among_the_options(store, place):
    found = edit(store, PERKIM, "U-4", "accommodated", **place)
    assert (found.code, found.option, found.amount) == ("accommodated_changed", "B", 60_000_000)
    assert found.volume is None  # none was stated


def test_what_a_renja_line_holds_is_accommodated_without_new_money(store):
    found = edit(store, PUPR, "U-6", "accommodated")
    assert (found.code, found.volume, found.amount) == ("accommodated", None, 0)
    with pytest.raises(InvalidError) as caught:
        edit(store, PUPR, "U-6", "accommodated", rev=found.rev, amount=5)
    assert caught.value.code == "covered"


@pytest.mark.parametrize(
    ("proposal", "wanted", "code", "field"),
    [
        ("U-1", Edit("funded"), "bad_code", "code"),
        ("U-1", Edit("accommodated", volume=120.5), "volume_outside", "volume"),
        ("U-1", Edit("accommodated", volume=0), "volume_outside", "volume"),
        ("U-1", Edit("accommodated", volume=-20), "volume_outside", "volume"),
        ("U-1", Edit("accommodated", volume=0.0000001), "bad_volume", "volume"),
        ("U-1", Edit("accommodated", volume=float("nan")), "bad_volume", "volume"),
        ("U-1", Edit("accommodated", volume=float("inf")), "bad_volume", "volume"),
        ("U-1", Edit("accommodated", amount=61_000_000), "amount_off_grid", "amount"),
        ("U-1", Edit("accommodated", amount=0), "amount_off_grid", "amount"),
        ("U-1", Edit("accommodated", amount=10**14), "amount_off_grid", "amount"),
        ("U-1", Edit("accommodated", volume=80, amount=81_000_000), "amount_differs", "amount"),
        ("U-1", Edit("accommodated", option="B"), "no_option", "option"),
        ("U-1", Edit("accommodated", ward="Mawar"), "no_option", "ward"),
        ("U-2", Edit("accommodated", volume=1), "no_volume", "volume"),
        ("U-2", Edit("accommodated", amount=80_000_000), "amount_fixed", "amount"),
        ("U-1", Edit("declined", volume=80), "size_of_no", "volume"),
        ("U-1", Edit("declined", reason="because"), "bad_reason", "reason"),
        ("U-1", Edit("declined", note="x" * 2001), "too_long", "note"),
        ("U-1", Edit("declined", note="a\x00b"), "control_character", "note"),
        ("U-1", Edit("declined", note="\ud800"), "control_character", "note"),
    ],
    ids=str,
)
def test_what_the_options_do_not_hold_is_refused_and_nothing_changes(
    store, proposal, wanted, code, field
):
    before = head(store)
    with pytest.raises(InvalidError) as caught, store.write(LOCAL) as tx:
        decisions.edit(tx, PUPR, proposal, wanted, 0)
    assert (caught.value.code, caught.value.details["field"]) == (code, field)
    for language in LANGUAGES:
        assert proposal in caught.value.text(language) or code.startswith(("bad_", "too_", "con"))
    assert (head(store), standing(store, proposal)) == (before, None)


def test_the_nearest_amounts_are_named():
    road = next(p for p in resolve(document()).instance.proposals if p.id == "U-1")
    with pytest.raises(InvalidError) as caught:
        chosen(road, Edit("accommodated", amount=61_000_000))
    assert caught.value.facts["below"] == 60_000_000
    assert caught.value.facts["above"] == 80_000_000


def test_one_option_has_to_be_meant(store):
    with pytest.raises(InvalidError) as caught:
        edit(store, PERKIM, "U-4", "accommodated", district="Utara")
    assert caught.value.code == "no_option"
    assert "B (Mawar)" in caught.value.text("id")


def test_a_proposal_is_decided_at_its_own_desk_only(store):
    with pytest.raises(UnknownError) as caught:
        edit(store, PUPR, "U-3", "accommodated")
    assert caught.value.details == {"proposal": "U-3", "agency": "PERKIM"}
    for desk, proposal in ((PUPR, "U-99"), ("kota.X", "U-1")):
        with pytest.raises(UnknownError):
            edit(store, desk, proposal, "accommodated")


def test_a_stale_edit_learns_who_changed_what(store):
    rahma = Actor("Ibu Rahma", "agency", "PUPR")
    first = edit(store, PUPR, "U-1", "accommodated", volume=80)
    second = edit(store, PUPR, "U-1", "accommodated", first.rev, rahma, volume=60)
    third = edit(store, PUPR, "U-1", "deferred", second.rev, rahma, reason="land", note="sengketa")
    with pytest.raises(StaleError) as caught:
        edit(store, PUPR, "U-1", "accommodated", first.rev)
    details = caught.value.details
    assert details["rev"] == third.rev
    assert [(c["rev"], c["by"], c["party"], c["changed"]) for c in details["changes"]] == [
        (
            second.rev,
            "Ibu Rahma",
            "opd",
            {"volume": [80, 60], "amount": [80_000_000, 60_000_000]},
        ),
        (
            third.rev,
            "Ibu Rahma",
            "opd",
            {
                "code": ["accommodated_changed", "deferred"],
                "volume": [60, None],
                "amount": [60_000_000, 0],
                "reason": ["", "land"],
                "note": ["", "sengketa"],
            },
        ),
    ]
    assert "Ibu Rahma" in caught.value.text("id")
    assert "keputusan" in caught.value.text("id")
    assert standing(store, "U-1") == third


def test_a_revision_that_never_was_is_stale_too(store):
    found = edit(store, PUPR, "U-1", "accommodated")
    for rev in (found.rev + 1, 10**12):
        with pytest.raises(StaleError) as caught:
            edit(store, PUPR, "U-1", "declined", rev)
        assert caught.value.details == {"rev": found.rev, "changes": []}
        assert caught.value.text("id")


def test_the_same_again_is_no_change(store):
    found = edit(store, PUPR, "U-1", "accommodated", volume=80)
    before = head(store)
    assert edit(store, PUPR, "U-1", "accommodated", found.rev, volume=80) == found
    assert head(store) == before


def test_an_edit_that_breaks_a_limit_of_two_desks_is_refused_with_room_and_holders(store):
    edit(store, PUPR, "U-1", "accommodated")  # 120 of 200 million in Barat
    edit(store, PERKIM, "U-4", "accommodated")  # 60 more
    with pytest.raises(OverLimitError) as caught:
        edit(store, PERKIM, "U-3", "accommodated")
    assert caught.value.details == {
        "limits": [
            {
                "rule": "locations",
                "subject": "Barat",
                "measure": "amount",
                "max": 200_000_000,
                "need": 100_000_000,
                "room": 20_000_000,
                "holders": [
                    {"agency": "PUPR", "used": 120_000_000},
                    {"agency": "PERKIM", "used": 60_000_000},
                ],
            }
        ]
    }
    assert caught.value.text("id").replace(NBSP, " ") == (
        "Sisa batas Barat tinggal Rp 20 jt, sedangkan U-3 memerlukan Rp 100 jt. Selebihnya dipegang"
        " desk PUPR (Rp 120 jt) dan desk PERKIM (Rp 60 jt)."
    )
    assert caught.value.text("en").replace(NBSP, " ") == (
        "Only Rp 20 million is left of the limit of Barat, and U-3 needs Rp 100 million. The rest"
        " is held by the desk of PUPR (Rp 120 million) and the desk of PERKIM (Rp 60 million)."
    )
    assert standing(store, "U-3") is None


def test_a_limit_may_be_filled_to_the_last_rupiah(store):
    edit(store, PUPR, "U-1", "accommodated", volume=100)
    found = edit(store, PERKIM, "U-3", "accommodated")  # 100 + 100 of 200
    with store.session() as tx:
        use = next(u for u in city.uses(tx, "kota") if u.usage.row.rule == "locations")
    assert (use.usage.used, use.usage.upper) == (200_000_000, 200_000_000)
    assert use.by == {"PUPR": 100_000_000, "PERKIM": 100_000_000}
    with pytest.raises(OverLimitError):
        edit(store, PUPR, "U-1", "accommodated", standing(store, "U-1").rev, volume=100.000001)
    # What one desk gives back another may take.
    edit(store, PERKIM, "U-3", "deferred", found.rev)
    edit(store, PUPR, "U-1", "accommodated", standing(store, "U-1").rev)


def test_a_desks_own_ceiling_may_be_passed_while_it_talks_and_is_told(database_url):
    agencies = [{"code": "PUPR", "ceiling": 150_000_000}, {"code": "PERKIM", "ceiling": 10**9}]
    with city_at(database_url, agencies=agencies) as store:
        edit(store, PUPR, "U-1", "accommodated")
        with store.write(LOCAL) as tx:
            found = decisions.edit(tx, PUPR, "U-2", Edit("accommodated"), 0)
        assert [(u.row.rule, u.row.subject, u.used, u.upper) for u in found.breaks] == [
            ("agency_ceiling", "PUPR", 210_000_000, 150_000_000)
        ]
        found = edit(store, PUPR, "U-2", "deferred", found.decision.rev, reason="land")
        with store.session() as tx:
            use = {u.usage.row.subject: u.usage for u in city.uses(tx, "kota")}
        assert not use["PUPR"].is_over


def test_another_agencys_ceiling_is_shared_by_whoever_may_spend_it(database_url):
    """U-3 may go to PUPR as an option: PUPR's ceiling is then a limit of both desks."""
    proposals = [
        *PROPOSALS,
        {**PROPOSALS[2], "option": "lewat PUPR", "agency": "PUPR", "district": "Tengah",
         "ward": "Mawar"},
    ]  # fmt: skip
    agencies = [{"code": "PUPR", "ceiling": 180_000_000}, {"code": "PERKIM", "ceiling": 10**9}]
    with city_at(database_url, proposals=proposals, agencies=agencies) as store:
        edit(store, PUPR, "U-1", "accommodated", volume=100)
        with pytest.raises(OverLimitError) as caught:
            edit(store, PERKIM, "U-3", "accommodated", option="lewat PUPR")
        limit = caught.value.details["limits"][0]
        assert (limit["rule"], limit["room"]) == ("agency_ceiling", 80_000_000)
        edit(store, PERKIM, "U-3", "accommodated", option="")


def test_a_gate_and_what_is_too_large_alone_are_refused_at_once(database_url):
    locations = [{"district": "Barat", "max_amount": 110_000_000}, {"district": "Tengah"}]
    with city_at(database_url, locations=locations) as store:
        with pytest.raises(OverLimitError) as caught:
            edit(store, PUPR, "U-5", "accommodated")
        assert caught.value.code == "stopped_by_gate"
        assert "lahan" in caught.value.text("id")
        with pytest.raises(OverLimitError) as caught:
            edit(store, PUPR, "U-1", "accommodated")
        assert caught.value.code == "stopped_by_limit"
        assert caught.value.details["limits"][0]["max"] == 110_000_000
        edit(store, PUPR, "U-1", "accommodated", volume=100)


def test_of_a_group_only_one_is_accommodated_across_desks(database_url):
    group = [{"proposals": ["U-2", "U-3"]}]
    with city_at(database_url, alternatives=group) as store:
        edit(store, PUPR, "U-2", "accommodated")
        with pytest.raises(OverLimitError) as caught:
            edit(store, PERKIM, "U-3", "accommodated")
        assert caught.value.code == "over_group"
        assert "with U-2," in caught.value.text("en")


def test_what_stands_for_something_in_the_renja_is_not_accommodated(database_url):
    with city_at(database_url, alternatives=[{"proposals": ["U-2", "U-6"]}]) as store:
        with pytest.raises(OverLimitError) as caught:
            edit(store, PUPR, "U-2", "accommodated")
        assert caught.value.code == "over_group"
        assert "with U-6," in caught.value.text("en")


@pytest.mark.parametrize(
    "keys",
    [
        {"together": [{"proposals": ["U-2", "U-3"]}]},
        {"requires": [{"proposal": "U-2", "needs": ["U-3"]}]},
        {"locations": [{"district": "Barat", "max_amount": "30%"}, {"district": "Tengah"}]},
        {"locations": [{"district": "Tengah", "min_amount": 150_000_000}, {"district": "Barat"}]},
        {"priority_order": {"within": ["district"]}},
    ],
    ids=str,
)
def test_links_floors_and_shares_wait_for_the_signature(database_url, keys):
    with city_at(database_url, **keys) as store:
        edit(store, PUPR, "U-2", "accommodated")
        edit(store, PUPR, "U-1", "accommodated", volume=40)
        edit(store, PERKIM, "U-4", "accommodated")


def test_sister_lines_lend_each_other_room_across_desks(database_url):
    """Lines of PUPR of 100 million each, of which 30 may move; U-3 can be done on the second."""
    lines = [
        {"code": "1.03", "agency": "PUPR"},
        {"code": "A", "agency": "PUPR", "parent": "1.03", "ceiling": 100_000_000,
         "flex": 30_000_000},
        {"code": "B", "agency": "PUPR", "parent": "1.03", "ceiling": 100_000_000,
         "flex": 30_000_000},
    ]  # fmt: skip
    proposals = [
        {**ROAD, "line": "A"},
        {**PROPOSALS[2], "district": "Tengah", "ward": ""},
        {**PROPOSALS[2], "option": "B", "agency": "PUPR", "line": "B", "district": "Tengah",
         "ward": "", "amount": 100_000_000},
    ]  # fmt: skip
    with city_at(database_url, proposals=proposals, lines=lines) as store:
        first = edit(store, PUPR, "U-1", "accommodated")  # 120: twenty are lent by B
        with pytest.raises(OverLimitError) as caught:
            edit(store, PERKIM, "U-3", "accommodated", option="B")  # which then has 80 only
        assert caught.value.details["limits"] == [
            {
                "rule": "line_ceiling", "subject": "B", "measure": "amount", "max": 80_000_000,
                "need": 100_000_000, "room": 80_000_000, "holders": [],
            }
        ]  # fmt: skip
        edit(store, PUPR, "U-1", "accommodated", first.rev, volume=100)
        edit(store, PERKIM, "U-3", "accommodated", option="B")
        with pytest.raises(OverLimitError) as caught:
            edit(store, PUPR, "U-1", "accommodated", standing(store, "U-1").rev)
        limit = caught.value.details["limits"][0]
        assert (limit["subject"], limit["max"], limit["room"]) == ("A", 10**8, 10**8)


def test_a_broken_limit_may_be_eased_but_not_worsened(store):
    road = edit(store, PUPR, "U-1", "accommodated")
    mck = edit(store, PERKIM, "U-4", "accommodated")
    tighter = [{"district": "Barat", "max_amount": 130_000_000}, {"district": "Tengah"}]
    lower = document(locations=tighter)
    with store.write(LOCAL) as tx:
        rev = city.city_of(tx, "kota").rev
        broken = change.change_scenario(tx, "kota", keep(tx, lower), "pagu turun", rev)
    assert [(u.row.subject, u.used, u.upper) for u in broken] == [
        ("Barat", 180_000_000, 130_000_000)
    ]
    road = edit(store, PUPR, "U-1", "accommodated", road.rev, volume=80)  # 140: over, but less
    edit(store, PUPR, "U-1", "accommodated", road.rev, volume=80, note="sama")  # no worse
    road = standing(store, "U-1")
    with pytest.raises(OverLimitError) as caught:
        edit(store, PUPR, "U-1", "accommodated", road.rev, volume=100)
    assert caught.value.details["limits"][0]["room"] == 70_000_000
    edit(store, PERKIM, "U-4", "deferred", mck.rev)


def test_a_new_scenario_changes_the_figures_of_decisions_and_says_so_in_the_log(store):
    road = edit(store, PUPR, "U-1", "accommodated", volume=80)
    dearer = document(proposals=[{**ROAD, "unit_cost": 1_100_000}, *PROPOSALS[1:]])
    with store.write(LOCAL) as tx:
        rev = city.city_of(tx, "kota").rev
        change.change_scenario(tx, "kota", keep(tx, dearer), "harga baru", rev)
    after = standing(store, "U-1")
    assert (after.volume, after.amount) == (80_000_000, 88_000_000)
    with pytest.raises(StaleError) as caught:
        edit(store, PUPR, "U-1", "deferred", road.rev)
    assert caught.value.details["changes"][0]["changed"] == {"amount": [80_000_000, 88_000_000]}
    with pytest.raises(StaleError), store.write(LOCAL) as tx:
        change.change_scenario(tx, "kota", keep(tx, document()), "", rev)


def test_a_new_scenario_that_lost_a_decided_proposal_is_refused(store):
    edit(store, PUPR, "U-1", "accommodated", volume=120)
    with store.write(LOCAL) as tx:
        locks.edit(tx, PERKIM, "U-4", LockEdit("fund", option="B"), 0)
    shorter = [{**ROAD, "volume": 100}, *PROPOSALS[1:4], *PROPOSALS[5:]]
    with store.session() as tx:
        rev = city.city_of(tx, "kota").rev
    with pytest.raises(NotNowError) as caught, store.write(LOCAL) as tx:
        change.change_scenario(tx, "kota", keep(tx, document(proposals=shorter)), "", rev)
    assert caught.value.details == {"proposals": ["U-1", "U-4"]}
    # What nobody has discussed may go.
    with store.write(LOCAL) as tx:
        kept = [p for p in PROPOSALS if p["id"] != "U-2"]
        change.change_scenario(tx, "kota", keep(tx, document(proposals=kept)), "", rev)


def test_a_proposal_that_goes_to_another_agency_goes_to_its_desk(store):
    edit(store, PERKIM, "U-3", "accommodated")
    moved = [{**PROPOSALS[2], "agency": "PUPR"}, *PROPOSALS[:2], *PROPOSALS[3:]]
    with store.write(LOCAL) as tx:
        rev = city.city_of(tx, "kota").rev
        change.change_scenario(tx, "kota", keep(tx, document(proposals=moved)), "salah OPD", rev)
        assert "U-3" in decisions.of_desk(tx, city.desk_of(tx, PUPR))
    edit(store, PUPR, "U-3", "deferred", standing(store, "U-3").rev)


def test_the_city_has_to_be_there_once_and_under_a_plain_name(store):
    with pytest.raises(NotNowError), store.write(LOCAL) as tx:
        city.create(tx, "kota", keep(tx, document()))
    for name in ("", "Kota", "a/b", "../x", "-a", "a" * 81, "kota.2"):
        with pytest.raises(InvalidError), store.write(LOCAL) as tx:
            city.create(tx, name, keep(tx, document()))
    with pytest.raises(UnknownError), store.write(LOCAL) as tx:
        city.create(tx, "lain", "0" * 64)
    long = document(proposals=[{**ROAD, "id": "U" * 201}])
    with pytest.raises(InvalidError), store.write(LOCAL) as tx:
        city.create(tx, "lain", keep(tx, long))


# Locks and recommendations


def lock(store, desk, proposal, decision, rev=0, **more):
    with store.write(LOCAL) as tx:
        return locks.edit(tx, desk, proposal, LockEdit(decision, **more), rev)


def test_a_recommendation_takes_what_the_other_desks_decided_as_given(store):
    edit(store, PERKIM, "U-3", "accommodated")
    edit(store, PERKIM, "U-4", "deferred", reason="land")
    lock(store, PUPR, "U-1", "fund", volume=60, reason="kesepakatan")
    lock(store, PUPR, "U-2", "reject")
    edit(store, PUPR, "U-2", "accommodated")  # the desk's own decisions are not given
    with store.session() as tx:
        asked = recommendation.prepare(tx, LOCAL, PUPR)
    assert asked.scenario.document["lock"] == [
        {
            "proposal": "U-1",
            "decision": "fund",
            "option": "",
            "volume": 60,
            "reason": "kesepakatan",
        },
        {"proposal": "U-2", "decision": "reject"},
        {"proposal": "U-3", "decision": "fund", "option": ""},
        {"proposal": "U-4", "decision": "reject"},
    ]
    with store.session() as tx:
        assert (asked.rev, asked.desk.city) == (events.head(tx).seq, "kota")


def test_what_another_desk_has_not_discussed_stays_free_and_moved_places_are_kept(store):
    edit(store, PERKIM, "U-4", "accommodated", option="B")
    with store.session() as tx:
        asked = recommendation.prepare(tx, LOCAL, PUPR)
    assert asked.scenario.document["lock"] == [
        {"proposal": "U-4", "decision": "fund", "option": "B"}
    ]


def test_a_recommendation_fits_beside_what_is_decided(store):
    edit(store, PERKIM, "U-3", "accommodated")  # 100 of Barat's 200
    with store.session() as tx:
        asked = recommendation.prepare(tx, LOCAL, PUPR)
    found = {d.proposal.id: d for d in recommend(asked.scenario).decisions}
    assert found["U-3"].kind == "fund"
    assert found["U-1"].kind == "fund_changed"
    assert found["U-1"].figures.amount <= 100_000_000
    # The desk can take it over as it is.
    edit(store, PUPR, "U-1", "accommodated", volume=found["U-1"].figures.volume / 10**6)


def test_locks_have_revisions_and_can_be_taken_off(store):
    first = lock(store, PUPR, "U-1", "fund")
    assert (first.option, first.volume) == (None, None)
    with pytest.raises(StaleError) as caught:
        lock(store, PUPR, "U-1", "reject")
    assert caught.value.text("id")
    assert lock(store, PUPR, "U-1", "fund", first.rev) == first
    lock(store, PUPR, "U-1", "none", first.rev)
    with store.session() as tx:
        assert "lock" not in recommendation.prepare(tx, LOCAL, PUPR).scenario.document
    with pytest.raises(InvalidError):
        lock(store, PUPR, "U-2", "keep")
    with pytest.raises(InvalidError):
        lock(store, PUPR, "U-2", "fund", volume=3)


# Who may do what


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (Actor("a", "facilitator"), True),
        (Actor("a", "facilitator", "PUPR"), True),
        (Actor("a", "facilitator", "PERKIM"), False),
        (Actor("a", "agency", "PUPR"), True),
        (Actor("a", "agency", "PERKIM"), False),
        (Actor("a", "planner"), True),
        (Actor("a", "planner", "PERKIM"), False),
        (Actor("a", "kecamatan", "Barat"), False),
        (Actor("a", "observer"), False),
        (Actor("a", "nobody"), False),
        (LOCAL, True),
    ],
    ids=str,
)
def test_who_may_decide_and_lock_at_pupr(store, actor, may):
    def tried(act):
        try:
            act()
        except ForbiddenError as error:
            return not error.text("id")
        return True

    assert tried(lambda: edit(store, PUPR, "U-1", "deferred", actor=actor)) is may
    with store.write(LOCAL) as tx:
        rev = (locks.of_desk(tx, city.desk_of(tx, PUPR)).get("U-2") or locks.DeskLock("")).rev

    def locked():
        with store.write(actor) as tx:
            locks.edit(tx, PUPR, "U-2", LockEdit("reject"), rev)

    def asked():
        with store.session() as tx:
            recommendation.prepare(tx, actor, PUPR)

    assert tried(locked) is may
    assert tried(asked) is may


def test_only_the_planner_of_the_whole_city_arranges_it(store):
    for actor in (Actor("a", "facilitator"), Actor("a", "planner", "PUPR"), Actor("a", "agency")):
        with pytest.raises(ForbiddenError), store.write(actor) as tx:
            city.create(tx, "lain", keep(tx, document()))
        with pytest.raises(ForbiddenError), store.write(actor) as tx:
            change.change_scenario(tx, "kota", keep(tx, document()), "", 1)
    with store.write(Actor("a", "planner")) as tx:
        city.create(tx, "lain", keep(tx, document()))


def test_a_desk_has_to_be_open(database_url):
    with city_at(database_url, opened=False) as store:
        for state, step in (
            ("new", sessions.open_session),
            ("open", sessions.close),
            ("closed", sessions.open_session),
        ):
            if state == "open":
                edit(store, PUPR, "U-1", "deferred", reason="land")
            else:
                with pytest.raises(NotNowError) as caught:
                    edit(store, PUPR, "U-1", "deferred")
                assert caught.value.details == {"state": state}
                with pytest.raises(NotNowError):
                    lock(store, PUPR, "U-1", "fund")
            with store.write(LOCAL) as tx:
                step(tx, PUPR)


def test_facts_of_limits_carry_their_unit(database_url):
    proposals = [
        {**ROAD, "line": "1.03"},
        {**ROAD, "id": "U-7", "agency": "PERKIM"},
        {**ROAD, "id": "U-7", "option": "B", "line": "1.03"},
    ]
    lines = [{"code": "1.03", "agency": "PUPR", "max_target": 150, "target": 200, "unit": "m"}]
    with city_at(database_url, proposals=proposals, lines=lines, locations=[]) as store:
        edit(store, PUPR, "U-1", "accommodated")
        with pytest.raises(OverLimitError) as caught:
            edit(store, PERKIM, "U-7", "accommodated", option="B", volume=40)
        assert caught.value.facts["room"] == Quantity(30_000_000, "volume", "m")
        limit = caught.value.details["limits"][0]
        assert (limit["room"], limit["need"], limit["max"]) == (30, 40, 150)
