"""Agreement of the three parties; sessions opened, closed, signed and reopened; the minutes."""

from __future__ import annotations

import pytest
from desks import PERKIM, PROPOSALS, PUPR, city_at, document, keep
from sqlalchemy import select

from service.desk import agreement, change, city, decisions, record, sessions, state
from service.desk.decisions import Edit
from service.store import LOCAL, Actor, events, snapshots
from service.store.errors import (
    ForbiddenError,
    InvalidError,
    NotNowError,
    StaleError,
    UnknownError,
)
from service.store.models import Event

OPD = Actor("Pak Budi", "agency", "PUPR")
BARAT = Actor("Camat Barat", "kecamatan", "Barat")
TENGAH = Actor("Camat Tengah", "kecamatan", "Tengah")
PLANNER = Actor("Ibu Rahma", "planner")
CHAIR = Actor("Fasilitator", "facilitator")


@pytest.fixture
def store(database_url):
    with city_at(database_url) as found:
        yield found


def edit(store, desk, proposal, code, **more):
    with store.write(LOCAL) as tx:
        at = decisions.of_city(tx, "kota").get(proposal)
        return decisions.edit(tx, desk, proposal, Edit(code, **more), at.rev if at else 0).decision


def agree(store, actor, party, district, desk=PUPR, rev=None, excepted=()):
    with store.write(actor) as tx:
        seen = events.head(tx).seq if rev is None else rev
        return agreement.agree(tx, desk, party, district, seen, excepted)


def all_agree(store, desk, *districts, excepted=()):
    for district in districts:
        for party in ("opd", "kecamatan", "planner"):
            agree(store, LOCAL, party, district, desk, excepted=excepted)


def step(store, how, desk=PUPR, actor=LOCAL, **more):
    with store.write(actor) as tx:
        return how(tx, desk, **more)


def standings(store, desk=PUPR):
    with store.session() as tx:
        return agreement.standings(tx, city.desk_of(tx, desk))


def test_a_row_is_agreed_when_all_three_parties_agree(store):
    edit(store, PUPR, "U-1", "accommodated")
    edit(store, PUPR, "U-2", "deferred", reason="land")
    agree(store, OPD, "opd", "Barat")
    agree(store, BARAT, "kecamatan", "Barat")
    assert standings(store)["U-1"].silent == [("planner", "")]
    found = agree(store, PLANNER, "planner", "Barat")
    assert found == standings(store)
    assert found["U-1"].agreed
    # The list of Tengah is another one, and what is undiscussed needs nobody.
    assert not found["U-2"].agreed
    assert found["U-2"].silent == [("opd", ""), ("kecamatan", "Tengah"), ("planner", "")]
    assert (found["U-5"].agreed, found["U-5"].silent) == (False, [])


def test_single_rows_are_excepted(store):
    edit(store, PUPR, "U-1", "accommodated", volume=80)
    edit(store, PUPR, "U-6", "accommodated")
    all_agree(store, PUPR, "Barat")
    found = agree(store, BARAT, "kecamatan", "Barat", excepted=["U-1"])
    assert (found["U-1"].agreed, found["U-1"].excepted) == (False, [("kecamatan", "Barat")])
    assert found["U-6"].agreed
    # The same party may think better of it.
    assert agree(store, BARAT, "kecamatan", "Barat")["U-1"].agreed
    with pytest.raises(InvalidError) as caught:
        agree(store, BARAT, "kecamatan", "Barat", excepted=["U-5"])  # not discussed
    assert caught.value.code == "not_on_list"


def test_what_is_changed_afterwards_is_no_longer_agreed_but_the_rest_is(store):
    edit(store, PUPR, "U-1", "accommodated", volume=80)
    edit(store, PUPR, "U-6", "accommodated")
    all_agree(store, PUPR, "Barat")
    edit(store, PUPR, "U-1", "accommodated", volume=60)
    found = standings(store)
    assert (found["U-1"].agreed, len(found["U-1"].silent)) == (False, 3)
    assert found["U-6"].agreed


def test_nobody_agrees_to_a_row_that_they_have_not_seen(store):
    edit(store, PUPR, "U-6", "accommodated")
    with store.session() as tx:
        seen = events.head(tx).seq
    edit(store, PUPR, "U-1", "accommodated", volume=60)
    with pytest.raises(StaleError) as caught:
        agree(store, BARAT, "kecamatan", "Barat", rev=seen)
    assert caught.value.details["changes"][0]["by"] == "local"
    assert standings(store)["U-6"].silent
    # A change on another kecamatan's list or at another desk does not matter.
    agree(store, BARAT, "kecamatan", "Barat")
    with store.session() as tx:
        seen = events.head(tx).seq
    edit(store, PUPR, "U-2", "deferred")
    edit(store, PERKIM, "U-3", "deferred")
    agree(store, BARAT, "kecamatan", "Barat", rev=seen)
    with pytest.raises(InvalidError):
        agree(store, BARAT, "kecamatan", "Barat", rev=10**9)


def test_a_move_of_place_needs_both_kecamatan(store):
    edit(store, PERKIM, "U-4", "accommodated", option="B")  # from Barat to Tengah
    for party in ("opd", "kecamatan", "planner"):
        agree(store, LOCAL, party, "Barat", PERKIM)
    assert standings(store, PERKIM)["U-4"].silent == [("kecamatan", "Tengah")]
    agree(store, TENGAH, "kecamatan", "Tengah", PERKIM)
    assert standings(store, PERKIM)["U-4"].agreed
    # Back in its own place it is Barat's alone.
    edit(store, PERKIM, "U-4", "accommodated", option="")
    with pytest.raises(UnknownError):
        agree(store, TENGAH, "kecamatan", "Tengah", PERKIM)
    all_agree(store, PERKIM, "Barat")
    assert standings(store, PERKIM)["U-4"].agreed


def test_a_party_speaks_for_itself_only(store):
    edit(store, PUPR, "U-1", "accommodated")
    for actor, party in (
        (OPD, "kecamatan"),
        (OPD, "planner"),
        (BARAT, "opd"),
        (TENGAH, "kecamatan"),
        (PLANNER, "opd"),
        (CHAIR, "planner"),
        (Actor("x", "agency", "PERKIM"), "opd"),
        (Actor("x", "observer"), "planner"),
    ):
        with pytest.raises(ForbiddenError) as caught:
            agree(store, actor, party, "Barat")
        assert caught.value.text("en")
    with pytest.raises(InvalidError):
        agree(store, LOCAL, "dprd", "Barat")
    with pytest.raises(UnknownError):
        agree(store, LOCAL, "opd", "Utara")
    with pytest.raises(InvalidError):
        agree(store, LOCAL, "opd", "Tengah")  # nothing discussed there yet


def test_the_steps_of_a_session_and_who_may_take_them(store):
    def states(*steps):
        for how, fine in steps:
            if fine:
                step(store, how)
            else:
                with pytest.raises(NotNowError) as caught:
                    step(store, how)
                assert caught.value.text("id")

    reopen = lambda tx, desk: sessions.reopen(tx, desk, "salah hitung")  # noqa: E731
    states(
        (sessions.open_session, False), (sessions.sign, False), (reopen, False),
        (sessions.close, True), (sessions.close, False), (sessions.open_session, True),
        (sessions.close, True), (reopen, False), (sessions.sign, True), (sessions.sign, False),
        (sessions.close, False), (sessions.open_session, False), (reopen, True), (reopen, False),
    )  # fmt: skip
    with store.session() as tx:
        found = state.versions(tx, PUPR)
        assert [(v.version, v.state, v.reason) for v in found] == [
            (1, "signed", ""),
            (2, "open", "salah hitung"),
        ]
    for actor in (OPD, BARAT, Actor("x", "observer"), Actor("x", "facilitator", "PERKIM")):
        with pytest.raises(ForbiddenError):
            step(store, sessions.close, actor=actor)
    step(store, sessions.close, actor=CHAIR)
    step(store, sessions.sign, actor=CHAIR)
    with pytest.raises(ForbiddenError):
        step(store, reopen, actor=CHAIR)  # the planner only
    with pytest.raises(InvalidError):
        step(store, sessions.reopen, actor=PLANNER, reason="  ")
    step(store, reopen, actor=PLANNER)


def test_a_room_code_lives_while_the_session_is_open(store):
    with store.session() as tx:
        codes = {desk: state.current(tx, desk).code for desk in (PUPR, PERKIM)}
    assert len(set(codes.values())) == 2
    assert all(len(code) == 6 for code in codes.values())
    step(store, sessions.close)
    with store.session() as tx:
        assert state.current(tx, PUPR).code is None
        # The code opens a door, so the log, which many may read, does not hold it.
        text = "".join(e.body for e in tx.scalars(select(Event)))
    assert not any(code in text for code in codes.values())


def ready_to_sign(store):
    edit(store, PUPR, "U-1", "accommodated", volume=80, note="sesuai kemampuan")
    edit(store, PUPR, "U-2", "deferred", reason="land")
    edit(store, PUPR, "U-6", "accommodated")
    all_agree(store, PUPR, "Barat", "Tengah", excepted=())
    agree(store, BARAT, "kecamatan", "Barat", excepted=["U-1"])
    step(store, sessions.close)


def test_what_is_signed_is_kept_and_read_only(store):
    ready_to_sign(store)
    signed = step(store, sessions.sign)
    with store.session() as tx:
        minutes = snapshots.read(tx, signed.minutes)
        seal = sessions.seal_of(tx, signed)
        assert seal == events.head(tx)
        assert events.marks(tx, seal.fingerprint)
    rows = {row["proposal"]: row for row in minutes["decisions"]}
    assert {p: (r["code"], r["agreed"]) for p, r in rows.items()} == {
        "U-1": ("accommodated_changed", False),
        "U-2": ("deferred", True),
        "U-5": ("undiscussed", False),
        "U-6": ("accommodated", True),
    }
    assert rows["U-1"]["excepted"] == [{"party": "kecamatan", "district": "Barat"}]
    assert (rows["U-1"]["volume"], rows["U-1"]["requested"]["volume"]) == (80, 120)
    assert minutes["log"]["seq"] == seal.seq - 1
    for act in (
        lambda: edit(store, PUPR, "U-1", "deferred"),
        lambda: agree(store, BARAT, "kecamatan", "Barat"),
    ):
        with pytest.raises(NotNowError) as caught:
            act()
        assert caught.value.code == "session_signed"
    # Reopened, it can be changed; what was signed stays what it was.
    step(store, sessions.reopen, reason="pagu berubah")
    edit(store, PUPR, "U-1", "deferred", reason="agency_ceiling")
    all_agree(store, PUPR, "Barat", "Tengah")
    step(store, sessions.close)
    again = step(store, sessions.sign)
    with store.session() as tx:
        assert snapshots.read(tx, signed.minutes) == minutes
        assert snapshots.read(tx, again.minutes)["version"] == 2
        assert [v.minutes for v in state.versions(tx, PUPR)] == [signed.minutes, again.minutes]
        assert record.verify(tx) == []


def test_no_signature_while_a_party_is_silent_or_a_no_has_no_reason(store):
    edit(store, PUPR, "U-1", "accommodated")
    edit(store, PUPR, "U-2", "declined")
    all_agree(store, PUPR, "Barat")
    step(store, sessions.close)
    with pytest.raises(NotNowError) as caught:
        step(store, sessions.sign)
    assert (caught.value.code, caught.value.details) == ("no_reason", {"proposals": ["U-2"]})
    step(store, sessions.open_session)
    edit(store, PUPR, "U-2", "declined", note="tidak sesuai rencana tata ruang")
    step(store, sessions.close)
    with pytest.raises(NotNowError) as caught:
        step(store, sessions.sign)
    assert (caught.value.code, caught.value.details) == ("not_spoken", {"proposals": ["U-2"]})
    all_agree(store, PUPR, "Tengah")  # the parties may still agree when the desk is closed
    step(store, sessions.sign)


def signed(store, desk):
    with store.session() as tx:
        lists = agreement.lists(
            city.limits_for(tx, "kota"), decisions.of_desk(tx, city.desk_of(tx, desk))
        )
        found = decisions.of_desk(tx, city.desk_of(tx, desk))
        spoken = [d for d, ids in lists.items() if any(found[i].code != "undiscussed" for i in ids)]
    all_agree(store, desk, *spoken)
    step(store, sessions.close, desk)
    try:
        step(store, sessions.sign, desk)
    except NotNowError as error:
        step(store, sessions.open_session, desk)
        return error
    return None


def test_an_own_limit_that_is_passed_stops_the_signature(database_url):
    agencies = [{"code": "PUPR", "ceiling": 150_000_000}, {"code": "PERKIM", "ceiling": 10**9}]
    with city_at(database_url, agencies=agencies) as store:
        edit(store, PUPR, "U-1", "accommodated")
        edit(store, PUPR, "U-2", "accommodated")
        error = signed(store, PUPR)
        assert error.code == "breaks"
        assert error.details["limits"][0] == {
            "rule": "agency_ceiling", "subject": "PUPR", "measure": "amount",
            "used": 210_000_000, "min": None, "max": 150_000_000,
        }  # fmt: skip
        assert "pagu PUPR" in error.text("id")
        edit(store, PUPR, "U-1", "accommodated", volume=60)
        assert signed(store, PUPR) is None


def test_the_last_desk_that_can_meet_a_floor_cannot_sign_before_it_is_met(database_url):
    locations = [{"district": "Barat", "min_amount": 150_000_000}, {"district": "Tengah"}]
    with city_at(database_url, locations=locations) as store:
        edit(store, PUPR, "U-1", "accommodated", volume=80)
        assert signed(store, PUPR) is None  # PERKIM can still meet it
        edit(store, PERKIM, "U-4", "accommodated")
        error = signed(store, PERKIM)
        assert error.details["limits"][0]["used"] == 140_000_000
        edit(store, PERKIM, "U-3", "accommodated")
        assert signed(store, PERKIM) is None


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"together": [{"proposals": ["U-2", "U-3"]}]}, "together"),
        ({"requires": [{"proposal": "U-2", "needs": ["U-3"]}]}, "requires"),
        (
            {"locations": [{"district": "Tengah", "max_amount": "20%"}, {"district": "Barat"}]},
            "locations",
        ),
    ],
    ids=str,
)
def test_links_and_shares_hold_when_the_last_desk_signs(database_url, keys, rule):
    with city_at(database_url, **keys) as store:
        edit(store, PUPR, "U-2", "accommodated")
        assert signed(store, PUPR) is None
        edit(store, PERKIM, "U-4", "accommodated")
        error = signed(store, PERKIM)
        assert [limit["rule"] for limit in error.details["limits"]] == [rule]
        assert error.text("id")
        assert error.text("en")


def test_a_scenario_whose_figures_differ_is_refused_once_a_desk_has_signed(store):
    ready_to_sign(store)
    step(store, sessions.sign)
    dearer = [{**PROPOSALS[0], "unit_cost": 1_100_000}, *PROPOSALS[1:]]
    with store.session() as tx:
        rev = city.city_of(tx, "kota").rev
    with pytest.raises(NotNowError) as caught, store.write(LOCAL) as tx:
        change.change_scenario(tx, "kota", keep(tx, document(proposals=dearer)), "", rev)
    assert caught.value.details == {"proposals": ["U-1"]}
    with store.write(LOCAL) as tx:  # what concerns an open desk only may change
        cheaper = [*PROPOSALS[:2], {**PROPOSALS[2], "amount": 90_000_000}, *PROPOSALS[3:]]
        change.change_scenario(tx, "kota", keep(tx, document(proposals=cheaper)), "", rev)
