"""A result document summed up: by agency, by district, against the list made by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from solver.words import say


@dataclass
class Part:
    """One agency's or one district's part of the plan; `room` is None where there is no limit."""

    name: str
    proposals: int = 0
    asked: int = 0
    funded: int = 0
    used: int = 0
    room: int | None = None


def by_agency(document: dict[str, Any]) -> list[Part]:
    """Each agency with what was asked of it, what it has room for and what the plan uses."""
    rooms = {
        limit["subject"]: limit["max"]
        for limit in document["limits"]
        if limit["rule"] == "agency_ceiling"
    }
    parts = _parts(document, "agency")
    for part in parts:
        part.room = rooms.get(part.name)
    return parts


def by_district(document: dict[str, Any]) -> list[Part]:
    """Each district with what its places asked for and what they get."""
    return _parts(document, "district")


def _parts(document: dict[str, Any], column: str) -> list[Part]:
    """Asked counts where it was requested, money where the plan puts it."""
    parts: dict[str, Part] = {}
    for decision in document["decisions"]:
        asked = decision["requested"][column]
        there = parts.setdefault(asked, Part(asked))
        there.proposals += 1
        there.asked += decision["requested"]["amount"]
        if decision["decision"] in ("fund", "fund_changed"):
            given = parts.setdefault(decision[column], Part(decision[column]))
            given.funded += 1
            given.used += decision["amount"]
    return sorted(parts.values(), key=lambda part: (-part.asked, part.name))


def headline(document: dict[str, Any], language: str, *, stopped: bool = False) -> str:
    """How sure the plan is, in one sentence."""
    status, gap = document["status"], document["gap"]
    if stopped and document["decisions"]:
        return say("result.stopped", language)
    if status == "optimal" and document["unique"]:
        return say("result.optimal_unique", language)
    if status == "feasible" and gap:
        return say("result.feasible_gap", language, {"gap": gap})
    return say(f"result.{status}", language)


def figures(document: dict[str, Any], language: str) -> str:
    """How many proposals, how many points, how much money."""
    kinds = Counter(decision["decision"] for decision in document["decisions"])
    return say(
        "result.figures",
        language,
        {
            "funded": kinds["fund"] + kinds["fund_changed"],
            "changed": kinds["fund_changed"],
            "covered": kinds["covered"],
            "proposals": len(document["decisions"]),
            "points": document["points"],
            "amount": document["amount"],
            "asked": sum(d["requested"]["amount"] for d in document["decisions"]),
        },
    )


def against_hand(document: dict[str, Any], language: str) -> str:
    """What the plan adds to the list made by hand; no gain is claimed where that breaks rules."""
    hand = document["baseline"]
    facts = {"hand": hand["points"], "breaks": len(hand["breaks"])}
    if hand["breaks"]:
        return say("result.no_gain", language, facts)
    gain = round(document["points"] - hand["points"], 6)
    if gain < 0:
        return say("result.less", language, {**facts, "loss": -gain})
    percent = gain / abs(hand["points"]) if hand["points"] else 0
    return say("result.gain", language, {**facts, "gain": gain, "percent": round(percent, 4)})


def passed_over(document: dict[str, Any], language: str) -> str:
    """How many were skipped, with one example by title."""
    inversions = document["inversions"]
    if not inversions:
        return say("result.no_inversions", language)
    titles = {d["proposal"]: d["title"] for d in document["decisions"]}
    first = {name: named(proposal, titles[proposal]) for name, proposal in inversions[0].items()}
    return say("result.inversions", language, {"number": len(inversions), **first})


def named(proposal: str, title: str) -> str:
    """TITLE (ID), or the id where there is no title."""
    return f"{title} ({proposal})" if title else proposal


def left_out(document: dict[str, Any], language: str) -> str:
    """How many are not funded, counted by their main reason, the commonest first."""
    codes = Counter(
        decision["reasons"][0]["code"]
        for decision in document["decisions"]
        if decision["decision"] == "not_fund"
    )
    counted = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    names = [f"{say(f'code.{code}', language)} ({number})" for code, number in counted]
    return say("result.why_not", language, {"reasons": names}) if names else ""


def switched_off(document: dict[str, Any], language: str) -> str:
    """What the scenario has switched off, or nothing."""
    off = document["scenario"]["off"]
    names = [say(f"rule.{rule}", language) for rule in off.get("rules", ())]
    names += [*off.get("locks", ()), *off.get("limits", ())]
    return say("result.off", language, {"names": names}) if names else ""


def paragraphs(document: dict[str, Any], language: str, *, stopped: bool = False) -> list[str]:
    """The result in a few sentences: how sure, how much, against the hand, what was left out."""
    lines = [headline(document, language, stopped=stopped)]
    if document["decisions"]:
        lines += [
            figures(document, language),
            against_hand(document, language),
            left_out(document, language),
            passed_over(document, language),
        ]
    return [line for line in (*lines, switched_off(document, language)) if line]
