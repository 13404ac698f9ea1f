"""What pydantic finds wrong with the form of a body or a parameter, as a code and a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from solver.words import number, say

_KINDS: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "extra",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_great",
    "less_than_equal": "too_great",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "string_pattern_mismatch": "pattern",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "too_long": "too_long",
}
_TYPES: Mapping[str, str] = {
    "int": "whole",
    "float": "number",
    "finite": "number",
    "decimal": "number",
    "string": "text",
    "bool": "flag",
    "dict": "object",
    "model": "object",
    "list": "list",
}
_BOUNDS = ("gt", "ge", "lt", "le", "min_length", "max_length")


def told(detail: ErrorDetails, language: str) -> tuple[str, str]:
    """The code and the sentence of one error."""
    code = _KINDS.get(detail["type"]) or _TYPES.get(detail["type"].split("_")[0], "other")
    context = detail.get("ctx", {})
    bounds = [number(context[name], language) for name in _BOUNDS if name in context]
    choices = str(context.get("expected", "")).replace(" or ", ", ")
    expected = choices or context.get("pattern") or "".join(bounds)
    return f"form_{code}", say(f"form_error.{code}", language, {"expected": expected})
