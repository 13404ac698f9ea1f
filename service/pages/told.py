"""Entries of the log told in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.desk import decisions
from service.pages.shell import reason
from service.store.events import body_of
from service.store.models import Event
from solver.words import LANGUAGES, catalogue, joined, money, number, say

Body = Mapping[str, Any]
FIELDS = ("code", "decision", "option", "volume", "amount", "reason", "note")
"""What an entry may have changed, in the order in which it is told."""
SAID = ("title", "reason", "name", "role", "label", "version", "agency")
"""Facts that sentences of the log name; empty where an entry has none."""


def told(event: Event, language: str) -> str:
    """What an entry says, for people; its kind alone where there is no sentence for it."""
    body = body_of(event)
    match event.kind:
        case "decision" | "lock":
            return _changed(event.kind, body, language)
        case "agreement":
            facts = {
                "party": say(f"page.party_{body['party']}", language),
                "district": body["district"],
                "number": len(body["agrees"]),
                "excepted": joined(sorted(body["excepts"]), language),
            }
            code = "excepting" if body["excepts"] else "agreement"
            return say(f"page.event_{code}", language, facts)
        case _:
            return _plain(event.kind, body, language)


def field_change(name: str, before: Any, after: Any, language: str) -> str:
    """One field before and after: volume: 120 → 80."""
    field = say(f"desk.field_{name}", language)
    return f"{field}: {_value(name, before, language)} → {_value(name, after, language)}"


def _changed(kind: str, body: Body, language: str) -> str:
    before, after = body["before"], body["after"]
    fields = [
        field_change(name, before[name], after[name], language)
        for name in FIELDS
        if name in after and before[name] != after[name]
    ]
    facts = {"proposal": body["proposal"], "fields": "; ".join(fields)}
    return say(f"page.event_{kind}", language, facts)


def _plain(kind: str, body: Body, language: str) -> str:
    """The other kinds, each with the facts that its sentence names."""
    code = f"page.event_{kind.replace('.', '_')}"
    if code not in catalogue():
        return kind
    facts: dict[str, Any] = dict.fromkeys(SAID, "")
    facts |= {name: value for name, value in body.items() if isinstance(value, str | int)}
    if f"page.role_{facts['role']}" in catalogue():
        facts["role"] = say(f"page.role_{facts['role']}", language)
    error = body.get("error")
    if isinstance(error, dict) and language in LANGUAGES:
        facts["reason"] = error["text"][language]
    return say(code, language, facts)


def _value(name: str, value: Any, language: str) -> str:
    if value in (None, ""):
        return say("page.nothing", language)
    if name == "amount":
        return money(value, language)
    if name == "volume":
        return number(Decimal(str(value)), language)
    if name in ("code", "decision"):
        return say(f"page.{'code' if name == 'code' else 'lock'}_{value}", language)
    if name == "reason" and value in decisions.reasons():
        return reason(value)
    return str(value)
