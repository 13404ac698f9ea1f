"""The desks over HTTP: boards, edits by revision, limits shared between desks, signing."""

from __future__ import annotations

import time

import pytest
from desks import PERKIM, PUPR, document
from serving import API, Caller, hard, service


@pytest.fixture
def app(database_url):
    with service(database_url) as found:
        call = Caller(found)
        assert call("PUT", "/scenarios/kota", document()).status == 200
        assert call("POST", "/cities", {"id": "kota", "scenario": "kota"}).status == 201
        for desk in (PUPR, PERKIM):
            assert call("PUT", f"/desks/{desk}/session", {"state": "open"}).status == 200
        yield found


@pytest.fixture
def call(app):
    return Caller(app)


def row(call, desk, proposal):
    rows = call("GET", f"/desks/{desk}").json["rows"]
    return next(r for r in rows if r["proposal"] == proposal)


def decide(call, desk, proposal, rev=None, **edit):
    if rev is None:
        rev = row(call, desk, proposal)["decision"]["rev"]
    return call("PUT", f"/desks/{desk}/decisions/{proposal}", {"rev": rev, **edit})


def test_a_board_shows_what_was_asked_decided_locked_and_agreed(call):
    board = call("GET", f"/desks/{PUPR}").json
    assert board["desk"]["proposals"] == len(board["rows"]) == 4
    road = board["rows"][0]
    assert (road["proposal"], road["decision"]["code"]) == ("U-1", "undiscussed")
    option = road["options"][0]
    assert (option["amount"], option["volume"], option["min_volume"], option["step"]) == (
        120_000_000, 120, 40, 20,
    )  # fmt: skip
    assert row(call, PERKIM, "U-4")["options"][1]["district"] == "Tengah"
    cities = call("GET", "/cities").json["cities"]
    assert [city["id"] for city in cities] == ["kota"]


def test_a_decision_has_volume_place_and_amount_within_the_proposals_options(call):
    found = decide(call, PUPR, "U-1", code="accommodated", volume=80, note="sampai RT 5")
    assert found.status == 200
    decision = found.json["decision"]
    assert (decision["code"], decision["volume"], decision["amount"]) == (
        "accommodated_changed", 80, 80_000_000,
    )  # fmt: skip
    assert row(call, PUPR, "U-1")["decision"] == decision
    moved = decide(call, PERKIM, "U-4", code="accommodated", ward="Mawar").json["decision"]
    assert moved["option"] == "B"
    for edit, place in (
        ({"volume": 200}, "/volume"),
        ({"amount": 1}, "/amount"),
        ({"option": "Z"}, "/option"),
        ({"ward": "Atlantis"}, "/ward"),
        ({"reason": "no_such"}, "/reason"),
    ):
        wrong = decide(call, PUPR, "U-1", code="accommodated", **edit)
        assert wrong.status == 422
        assert [p for p, _ in wrong.codes] == [place]


def test_a_stale_edit_is_told_who_changed_what(call):
    first = decide(call, PUPR, "U-2", rev=0, code="accommodated")
    late = decide(call, PUPR, "U-2", rev=0, code="declined", reason="zoning")
    assert late.status == 409
    assert late.json["rev"] == first.json["decision"]["rev"]
    assert late.json["changes"][-1]["by"] == "local"
    assert late.json["changes"][-1]["changed"]["code"] == ["undiscussed", "accommodated"]
    assert "local" in late.json["detail"]
    assert row(call, PUPR, "U-2")["decision"]["code"] == "accommodated"


def test_an_edit_over_a_shared_limit_is_refused_with_who_holds_the_rest(call):
    assert decide(call, PUPR, "U-1", code="accommodated").status == 200
    over = decide(call, PERKIM, "U-3", code="accommodated")
    assert over.status == 409
    limit = over.json["limits"][0]
    assert (limit["rule"], limit["subject"], limit["max"]) == ("locations", "Barat", 200_000_000)
    assert (limit["need"], limit["room"]) == (100_000_000, 80_000_000)
    assert limit["holders"] == [{"agency": "PUPR", "used": 120_000_000}]
    assert row(call, PERKIM, "U-3")["decision"]["rev"] == 0
    uses = call("GET", "/cities/kota").json["limits"]
    barat = next(use for use in uses if use["subject"] == "Barat")
    assert (barat["used"], barat["by"]) == (120_000_000, {"PUPR": 120_000_000})


def test_a_board_is_not_sent_again_while_nothing_happens(call):
    first = call("GET", f"/desks/{PUPR}")
    heard = {"If-None-Match": first.headers["ETag"]}
    assert call("GET", f"/desks/{PUPR}", headers=heard).status == 304
    decide(call, PERKIM, "U-3", code="deferred", reason="land")
    again = call("GET", f"/desks/{PUPR}", headers=heard)
    assert again.status == 200  # what another desk decides takes room from this one
    assert again.headers["ETag"] != first.headers["ETag"]


def test_a_desks_recommendation_takes_the_others_decisions_as_given(call):
    assert decide(call, PUPR, "U-1", code="accommodated").status == 200
    lock = call("PUT", f"/desks/{PERKIM}/locks/U-4", {"rev": 0, "decision": "fund", "option": ""})
    assert lock.status == 200
    found = call("POST", f"/desks/{PERKIM}/recommendations?wait=25", {}).json
    kinds = {d["proposal"]: d["decision"] for d in found["decisions"]}
    # Barat has room for 200 million: 120 are U-1's by decision, 60 are U-4's by lock.
    assert (kinds["U-1"], kinds["U-4"], kinds["U-3"]) == ("fund", "fund", "not_fund")
    free = call("PUT", f"/desks/{PERKIM}/locks/U-4", {"rev": lock.json["rev"], "decision": "none"})
    assert free.json["decision"] == "none"


def test_a_desk_is_agreed_signed_and_then_read_only(call):
    for proposal in ("U-1", "U-2", "U-5", "U-6"):
        code = "accommodated" if proposal in ("U-1", "U-6") else "deferred"
        assert decide(call, PUPR, proposal, code=code, reason="land").status == 200
    early = call("PUT", f"/desks/{PUPR}/session", {"state": "signed"})
    assert early.status == 409
    rev = call("GET", f"/desks/{PUPR}").json["rev"]
    for district in ("Barat", "Tengah"):
        for party in ("opd", "kecamatan", "planner"):
            body = {"party": party, "district": district, "rev": rev}
            if (party, district) == ("opd", "Tengah"):
                body["excepted"] = ["U-2"]
            assert call("POST", f"/desks/{PUPR}/agreements", body).status == 200
    assert row(call, PUPR, "U-1")["agreed"]
    assert row(call, PUPR, "U-2")["excepted"] == [{"party": "opd", "district": ""}]
    for state in ("closed", "signed"):
        found = call("PUT", f"/desks/{PUPR}/session", {"state": state})
        assert found.json["state"] == state
    assert found.json["fingerprint"].count("-") == 4
    refused = decide(call, PUPR, "U-1", code="declined")
    assert refused.status == 409
    without = call("PUT", f"/desks/{PUPR}/session", {"state": "open"})
    assert (without.status, without.codes) == (422, {("/reason", "reason_missing")})
    again = call("PUT", f"/desks/{PUPR}/session", {"state": "open", "reason": "salah hitung"})
    assert (again.json["state"], again.json["version"]) == ("open", 2)


def test_agreement_to_an_older_list_is_stale(call):
    decide(call, PUPR, "U-2", code="accommodated")
    rev = call("GET", f"/desks/{PUPR}").json["rev"]
    decide(call, PUPR, "U-2", code="deferred", reason="land")
    body = {"party": "opd", "district": "Tengah", "rev": rev}
    assert call("POST", f"/desks/{PUPR}/agreements", body).status == 409


def test_one_solve_of_a_desk_runs_and_one_waits_and_a_newer_takes_its_place(database_url):
    with service(database_url, workers=2) as app:
        call = Caller(app)
        call("PUT", "/scenarios/sukar", hard(600))
        call("POST", "/cities", {"id": "sukar", "scenario": "sukar"})
        ask = {"params": {"time_limit": 60}}
        jobs = [call("POST", "/desks/sukar.PUPR/recommendations", ask)]
        call.job(jobs[0], "running")
        jobs += [call("POST", "/desks/sukar.PUPR/recommendations", ask) for _ in range(3)]
        assert [job.status for job in jobs] == [202] * 4
        states = [call("GET", job.headers["Location"].removeprefix(API)).json for job in jobs]
        assert [job["state"] for job in states] == ["running", "stopped", "stopped", "waiting"]
        assert states[1]["error"]["code"] == "replaced"
        assert states[1]["desk"] == "sukar.PUPR"
        # There is a second worker, but not for this desk.
        time.sleep(0.3)
        assert call.job(jobs[3], "waiting")["state"] == "waiting"
        other = call("POST", "/recommendations?wait=25", document())
        assert other.status == 200
        for job in (jobs[3], jobs[0]):
            call("DELETE", job.headers["Location"].removeprefix(API))
        call.job(jobs[0], "stopped")
