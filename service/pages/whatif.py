"""What-ifs made on a page: a stored scenario with a few things changed, kept under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.pages.numbers import decimal
from service.pages.refusals import FormError
from service.scenarios import keep
from service.store import Tx
from service.store import scenarios as names
from service.store.text import plain
from solver.rules import RULES
from solver.scenario import Scenario, variant

MOST_PERCENT = 100
FIXED = ("options", "covered")
"""Rules that can't be switched off."""
LOCKS = ("fund", "reject")


def switchable() -> list[str]:
    """The rules that a scenario may switch off."""
    return [name for name in RULES if name not in FIXED]


def changed(base: Scenario, form: Mapping[str, str], language: str) -> Scenario:
    """The scenario that a form asks for on top of another; FormError, InputError."""
    fragment: dict[str, Any] = {"title": _title(form)}
    percent = _percent(form.get("percent", ""), language)
    if percent:
        agency = form.get("agency", "")
        fragment["set"] = {f"agency.{agency}.ceiling": percent}
    if rule := form.get("off", ""):
        if rule not in switchable():
            raise FormError("whatif_rule", {"field": "off"})
        fragment["off"] = {"rules": [rule]}
    if proposal := form.get("proposal", "").strip():
        decision = form.get("decision", "")
        if decision not in LOCKS:
            raise FormError("whatif_lock", {"field": "decision"})
        fragment["lock"] = [{"proposal": proposal, "decision": decision}]
    if len(fragment) == 1:
        raise FormError("whatif_nothing", {"field": "percent"})
    return variant(base, fragment)


def store(tx: Tx, scenario: Scenario, city: str) -> str:
    """Keep a what-if under the first free name of its city, and give the name."""
    number = 1
    while names.digest_of(tx, f"{city}-jika-{number}") is not None:
        number += 1
    name = f"{city}-jika-{number}"
    keep(tx, name, scenario)
    return name


def _title(form: Mapping[str, str]) -> str:
    title = plain(form.get("title", ""), "title", 120)
    if not title:
        raise FormError("whatif_title", {"field": "title"})
    return title


def _percent(typed: str, language: str) -> str:
    """A change of a ceiling as a scenario writes it: -10%; empty for none."""
    text = typed.replace("%", "").replace("\N{MINUS SIGN}", "-").strip()
    if not text:
        return ""
    sign, digits = ("-", text[1:]) if text[:1] == "-" else ("+", text.removeprefix("+"))
    value = decimal(digits.strip(), language, "percent")
    if value is None or not 0 < value <= MOST_PERCENT:
        raise FormError("whatif_percent", {"field": "percent"}, most=MOST_PERCENT)
    return f"{sign}{value:f}%"
