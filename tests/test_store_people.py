"""Accounts, sign-in, guests by room code, tokens, and the throttle."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from desks import PERKIM, PUPR, city_at
from sqlalchemy import select, text

from service.desk import sessions, state
from service.store import LOCAL, Actor, Store, events, people
from service.store.errors import ForbiddenError, InvalidError, NotNowError, UnknownError
from service.store.models import Attempt, Event, Login, Token, User
from solver.words import LANGUAGES

PASSWORD = "perahu kayu di martapura"
HERE = "192.168.1.10"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A hash that takes a few milliseconds; that the real one is strong is a test of its own."""
    monkeypatch.setattr(people, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def store(database_url):
    found = Store(database_url)
    found.upgrade()
    yield found
    found.close()


def add(store, name="Ibu Rahma", role="planner", scope="", password=PASSWORD):
    kept = people.sealed(name, password)
    with store.write(LOCAL) as tx:
        return people.add(tx, name, role, kept, scope)


def who(store, token):
    with store.session() as tx:
        return people.who_is_signed_in(tx, token)


def test_who_has_an_account_signs_in_and_out(store):
    add(store)
    token = people.sign_in(store, " IBU  rahma".replace("  ", " "), PASSWORD, HERE)
    assert who(store, token) == Actor("Ibu Rahma", "planner")
    other = people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    assert other != token
    with store.write() as tx:
        people.sign_out(tx, token)
    assert who(store, token) is None
    assert who(store, other) == Actor("Ibu Rahma", "planner")


def test_nothing_that_opens_a_door_is_kept(store):
    add(store)
    token = people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    with store.write(LOCAL) as tx:
        script = people.add_token(tx, "Ibu Rahma", "laporan")
    with store.session() as tx:
        user = tx.scalars(select(User)).one()
        kept = [user.password, tx.scalars(select(Login)).one().token]
        kept += [tx.scalars(select(Token)).one().token]
        kept += [event.body for event in tx.scalars(select(Event))]
    for secret in (PASSWORD, token, script):
        assert not any(secret in text for text in kept)
    assert not any(user.password in event for event in kept[3:])


def test_the_real_hash_is_scrypt_with_128_mb(monkeypatch):
    monkeypatch.undo()
    assert people.METHOD == "scrypt:131072:8:1"
    kept = people.sealed("a", PASSWORD)
    assert kept.startswith("scrypt:131072:8:1$")
    assert kept != people.sealed("a", PASSWORD)  # salted


@pytest.mark.parametrize(
    ("name", "role", "scope", "password", "code"),
    [
        ("", "planner", "", PASSWORD, "name_missing"),
        ("  ", "planner", "", PASSWORD, "name_missing"),
        ("x" * 61, "planner", "", PASSWORD, "too_long"),
        ("a\x00b", "planner", "", PASSWORD, "control_character"),
        ("Local", "planner", "", PASSWORD, "name_reserved"),
        ("ＳＹＳＴＥＭ", "planner", "", PASSWORD, "name_reserved"),
        ("a", "root", "", PASSWORD, "bad_code"),
        ("a", "local", "", PASSWORD, "bad_code"),
        ("a", "system", "", PASSWORD, "bad_code"),
        ("a", "agency", "", PASSWORD, "agency_missing"),
        ("a", "kecamatan", "", PASSWORD, "district_missing"),
        ("a", "planner", "", "short", "password_length"),
        ("a", "planner", "", "x" * 201, "password_length"),
        ("Barenlitbangda", "planner", "", "BARENLITBANGDA", "password_is_name"),
        ("a", "planner", "", "\ud800" * 12, "control_character"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(store, name, role, scope, password, code):
    with pytest.raises(InvalidError) as caught:
        add(store, name, role, scope, password)
    assert caught.value.code == code
    for language in LANGUAGES:
        assert caught.value.text(language)
    with store.session() as tx:
        assert people.listed(tx) == []
        assert events.head(tx).seq == 0


def test_a_name_is_one_account_whatever_its_case(store):
    add(store, "Ibu Rahma")
    with pytest.raises(NotNowError):
        add(store, "IBU RAHMA")
    with pytest.raises(UnknownError), store.session() as tx:
        people.user_of(tx, "nobody")


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ibu Rahma", "salah sekali kata ini"), ("nobody", PASSWORD), ("", ""), ("Ibu Rahma", "")],
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(store, name, password):
    add(store)
    with pytest.raises(ForbiddenError) as caught:
        people.sign_in(store, name, password, HERE)
    assert caught.value.code == "wrong_sign_in"
    assert caught.value.details == {}


def test_after_five_failures_the_name_waits_at_that_address_only(store):
    add(store)
    for _ in range(5):
        with pytest.raises(ForbiddenError, match="wrong_sign_in"):
            people.sign_in(store, "Ibu Rahma", "salah", HERE)
    with pytest.raises(ForbiddenError, match="too_many_tries") as caught:
        people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    assert caught.value.details == {"wait": 900}
    assert "15" in caught.value.text("id")
    # The planner at her own machine is not shut out by somebody who guesses elsewhere.
    assert people.sign_in(store, "Ibu Rahma", PASSWORD, "192.168.1.11")
    # Nor for ever.
    with store.write() as tx:
        tx.execute(text("UPDATE attempt SET at = '2018-03-16T00:00:00.000000Z'"))
    assert people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    with store.session() as tx:
        assert tx.scalars(select(Attempt)).all() == []


def test_a_name_waits_everywhere_after_twenty_and_an_address_after_sixty(store):
    add(store)
    for number in range(20):
        with pytest.raises(ForbiddenError, match="wrong_sign_in"):
            people.sign_in(store, "Ibu Rahma", "salah", f"10.0.0.{number}")
    with pytest.raises(ForbiddenError, match="too_many_tries"):
        people.sign_in(store, "ibu rahma", PASSWORD, "10.0.1.1")
    for number in range(60):
        with pytest.raises(ForbiddenError, match="wrong_sign_in"):
            people.sign_in(store, f"name-{number}", "salah", "10.0.2.1")
    with pytest.raises(ForbiddenError, match="too_many_tries"):
        people.sign_in(store, "another", "salah", "10.0.2.1")


def test_guesses_made_at_the_same_moment_are_all_counted(store):
    add(store)
    codes = []

    def guess():
        try:
            people.sign_in(store, "Ibu Rahma", "salah", HERE)
        except ForbiddenError as error:
            codes.append(error.code)

    guessers = [threading.Thread(target=guess) for _ in range(12)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert sorted(codes) == ["too_many_tries"] * 7 + ["wrong_sign_in"] * 5


def test_a_login_ends_by_itself(store, monkeypatch):
    add(store)
    monkeypatch.setattr(people, "SIGNED_IN_FOR", timedelta(seconds=-1))
    assert who(store, people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)) is None
    for token in ("", "x", "\ud800", "é" * 100):
        assert who(store, token) is None


def test_a_closed_account_is_out_at_once(store):
    add(store)
    token = people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    with store.write(LOCAL) as tx:
        script = people.add_token(tx, "Ibu Rahma", "laporan")
        people.set_active(tx, "ibu rahma", active=False)
    assert who(store, token) is None
    with store.session() as tx:
        assert people.who_has_token(tx, script) is None
    with pytest.raises(ForbiddenError):
        people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    with store.write(LOCAL) as tx:
        people.set_active(tx, "ibu rahma", active=True)
    assert who(store, token) is None
    assert people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)


def test_a_new_password_puts_out_whoever_had_the_old_one(store):
    add(store)
    token = people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    kept = people.sealed("Ibu Rahma", "kata sandi yang baru")
    with store.write(LOCAL) as tx:
        people.set_password(tx, "Ibu Rahma", kept)
    assert who(store, token) is None
    with pytest.raises(ForbiddenError):
        people.sign_in(store, "Ibu Rahma", PASSWORD, HERE)
    assert people.sign_in(store, "Ibu Rahma", "kata sandi yang baru", HERE)


def test_letters_may_be_composed_either_way(store):
    add(store, password="kafé di tepi sungai")
    assert people.sign_in(store, "Ibu Rahma", "kafe\u0301 di tepi sungai", HERE)


def test_tokens_for_scripts(store):
    add(store, "budi", "agency", "PUPR")
    with store.write(LOCAL) as tx:
        token = people.add_token(tx, "budi", "laporan")
        short = people.add_token(tx, "budi", "sebentar", days=1)
    with store.session() as tx:
        assert people.who_has_token(tx, token) == Actor("budi", "agency", "PUPR")
        assert people.who_has_token(tx, short) == Actor("budi", "agency", "PUPR")
        # A login's token and one for scripts do not stand for each other.
        assert people.who_is_signed_in(tx, token) is None
        assert {t.label for t in people.tokens(tx, "budi")} == {"laporan", "sebentar"}
        ids = {t.label: t.id for t in people.tokens(tx, "budi")}
    login = people.sign_in(store, "budi", PASSWORD, HERE)
    with store.write(LOCAL) as tx:
        assert people.who_has_token(tx, login) is None
        people.remove_token(tx, ids["laporan"])
        assert people.who_has_token(tx, token) is None
        tx.execute(text("UPDATE token SET expires = '2018-01-01T00:00:00.000000Z'"))
        tx.expire_all()
        assert people.who_has_token(tx, short) is None
    with pytest.raises(UnknownError), store.write(LOCAL) as tx:
        people.remove_token(tx, "nope")


# Guests


@pytest.fixture
def room(database_url):
    with city_at(database_url) as store, store.session() as tx:
        yield store, state.current(tx, PUPR).code


def test_a_guest_waits_until_admitted_and_goes_with_the_session(room):
    store, code = room
    token = people.join(store, f" {code.lower()} ", "Pak Budi", "agency", HERE)
    assert who(store, token) is None
    with store.write(LOCAL) as tx:
        guest = people.guests(tx, PUPR)[0]
        assert (guest.name, guest.role, guest.scope, guest.admitted) == (
            "Pak Budi", "agency", "PUPR", False,
        )  # fmt: skip
        assert people.guests(tx, PERKIM) == []
        with pytest.raises(UnknownError):
            people.admit(tx, PERKIM, guest.guest)
        people.admit(tx, PUPR, guest.guest)
    assert who(store, token) == Actor("Pak Budi", "agency", "PUPR")
    with store.write(LOCAL) as tx:
        sessions.close(tx, PUPR)
        assert people.guests(tx, PUPR) == []
    assert who(store, token) is None
    with pytest.raises(ForbiddenError, match="wrong_room_code"):
        people.join(store, code, "Pak Budi", "agency", HERE)


@pytest.mark.parametrize(
    ("role", "district", "scope"),
    [("agency", "", "PUPR"), ("planner", "", "PUPR"), ("observer", "", "PUPR"),
     ("kecamatan", "Barat", "Barat")],
)  # fmt: skip
def test_a_guest_is_of_that_desk_only(room, role, district, scope):
    store, code = room
    people.join(store, code, "Tamu", role, HERE, district)
    with store.session() as tx:
        assert [g.scope for g in people.guests(tx, PUPR)] == [scope]


def test_a_guest_may_not_be_what_only_accounts_are(room):
    store, code = room
    for role, found in (("facilitator", "bad_code"), ("local", "bad_code"), ("system", "bad_code"),
                        ("kecamatan", "district_missing")):  # fmt: skip
        with pytest.raises(InvalidError, match=found):
            people.join(store, code, "Tamu", role, HERE)
    for name, found in ((" ", "name_missing"), ("console", "name_reserved")):
        with pytest.raises(InvalidError, match=found):
            people.join(store, code, name, "observer", HERE)


def test_a_guest_does_not_pass_for_somebody_with_an_account(room):
    store, code = room
    add(store, "Ibu Rahma")
    with pytest.raises(InvalidError, match="name_of_account"):
        people.join(store, code, "ibu RAHMA", "planner", HERE)
    people.join(store, code, "Ibu Rahma dari Bappeda", "planner", HERE)


def test_a_guest_who_is_turned_away_is_out(room):
    store, code = room
    token = people.join(store, code, "Tamu", "observer", HERE)
    with store.write(LOCAL) as tx:
        guest = people.guests(tx, PUPR)[0].guest
        people.admit(tx, PUPR, guest)
        people.turn_away(tx, PUPR, guest)
    assert who(store, token) is None


def test_codes_cannot_be_guessed_at_will(room):
    store, code = room
    for _ in range(5):
        with pytest.raises(ForbiddenError, match="wrong_room_code"):
            people.join(store, "AAAAAA", "Tamu", "observer", HERE)
    with pytest.raises(ForbiddenError, match="too_many_tries"):
        people.join(store, code, "Tamu", "observer", HERE)
    people.join(store, code, "Tamu", "observer", "10.9.9.9")
