"""Strict JSON: one meaning or none; and one canonical text for one document.

Refused, each with its position: repeated keys, NaN and Infinity, numbers beyond any use, and
nesting so deep that it could only be meant to exhaust the reader.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from solver.errors import Place
from solver.tables.problems import Problems

MAX_DEPTH = 20
_MAX_DIGITS = 60
_MAX_ZEROS = 400  # what other programs write as a number goes to 1e308
# A string, closed or not, is one token, so that this takes time in proportion to the text.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.S)


class _RefusedError(ValueError):
    def __init__(self, code: str, value: str) -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def read(data: bytes, file: str, problems: Problems) -> Any:
    """The document, decimals as Decimal; None where it was refused, the reason in `problems`."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        problems.add("not_utf8", Place(file=file, row=row))
        return None
    if (deep := _too_deep(content)) is not None:
        problems.add("json_too_deep", _place(content, deep, file), max=MAX_DEPTH)
        return None
    try:
        return json.loads(
            content,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except _RefusedError as error:
        problems.add(
            error.code,
            _refused_at(content, error, file),
            None,
            error.value,
            value=error.value[:_MAX_DIGITS],
        )
    except json.JSONDecodeError as error:
        problems.add(
            "json_syntax",
            Place(file=file, row=error.lineno),
            line=error.lineno,
            position=error.colno,
        )
    return None


def _refused_at(content: str, error: _RefusedError, file: str) -> Place:
    """Where the refused text stands, if that can be told: the parser does not say."""
    if error.code != "json_key_twice":
        return _place(content, content.find(error.value), file)
    if content.count(error.value) == 2:
        return _place(content, content.rfind(error.value), file)
    return Place(file=file)


def _place(content: str, position: int, file: str) -> Place:
    return Place(file=file, row=content.count("\n", 0, max(position, 0)) + 1)


def _too_deep(content: str) -> int | None:
    depth = 0
    for token in _TOKENS.finditer(content):
        match token.group():
            case "[" | "{":
                depth += 1
                if depth > MAX_DEPTH:
                    return token.start()
            case "]" | "}":
                depth -= 1
    return None


def _number(text: str) -> Decimal:
    """The decimal; 1e999999999 is refused, since it would fill the memory once written out."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        raise _RefusedError("number_too_long", text) from None
    if len(text) > _MAX_DIGITS or abs(value.adjusted()) > _MAX_ZEROS:
        raise _RefusedError("number_too_long", text)
    return value


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise _RefusedError("number_too_long", text)
    return int(text)


def _constant(text: str) -> NoReturn:
    raise _RefusedError("json_constant", text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedError("json_key_twice", f'"{key}"')
        found[key] = value
    return found


def dump(document: Any) -> str:
    """The one canonical text of a document: sorted keys, no blanks, decimals as numbers."""
    return json.dumps(
        document,
        allow_nan=False,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        default=_plain,
    )


def pretty(document: Any) -> str:
    """The same document for people: sorted keys, one item a line."""
    return json.dumps(
        document, allow_nan=False, ensure_ascii=False, indent=1, sort_keys=True, default=_plain
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    msg = f"{type(value).__name__} is no JSON value"
    raise TypeError(msg)
