"""A Word form: a template with fields, filled by docxtpl.

A template may be the city's own, so it is read before it is filled: fields, loops over lists and
conditions are allowed, and nothing that could reach further. What people typed is always text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, get_args, get_type_hints
from zipfile import BadZipFile

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError, fromstring

from solver.errors import UsageError, nearest

UNREADABLE = (BadZipFile, OpcError, LxmlError, KeyError, ValueError)
"""What reading a file raises that is no Word file, or a broken one."""

MOST_SHOWN = 100
"""Letters of the paragraph that an error shows."""


class Text:
    """A field that is printed."""


TEXT = Text()
Item = Mapping[str, "Kind"]
"""The fields of one item of a list."""
Kind = Text | Item | tuple[Item]
"""What a field holds: a text, an item, or a list of items."""
LOOP: Item = dict.fromkeys(("index", "first", "last", "length"), TEXT)
"""What a loop tells of itself."""


def shape(kind: Any) -> Item:
    """The fields of a dataclass of texts and lists: what a template may name."""
    hints = get_type_hints(kind)
    found: dict[str, Kind] = {}
    for field in fields(kind):
        inner = get_args(hints[field.name])
        found[field.name] = (shape(inner[0]),) if inner and is_dataclass(inner[0]) else TEXT
    return found


@dataclass(frozen=True)
class Model:
    """A template: its file, and the name that errors call it by."""

    name: str
    data: bytes


def template_of(form: str, language: str, own: Path | None) -> Model:
    """The city's own template, else the package's; UsageError where there is none."""
    if own is None:
        name = f"{form}.{language}.docx"
        return Model(name, (resources.files("solver.write.forms") / name).read_bytes())
    if not own.is_file():
        raise UsageError("file_not_found", path=str(own))
    return Model(own.name, own.read_bytes())


def filled(model: Model, data: Any) -> bytes:
    """The template filled with a dataclass; UsageError names what is wrong with a template."""
    environment = _Careful(model.name, shape(type(data)))
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    out = io.BytesIO()
    try:
        document = _Document(io.BytesIO(model.data))
        document.render(values, environment, autoescape=True)
        properties = document.docx.core_properties
        properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
        document.save(out)
    except _UnbalancedError as error:
        raise UsageError("template_unbalanced", name=model.name) from error
    except UNREADABLE as error:
        raise UsageError("template_unreadable", name=model.name) from error
    return out.getvalue()


def said(sentence: str, data: Any) -> str:
    """One sentence of Kayuh's own, filled as a template would be; what was typed stays text."""
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    return str(environment.from_string(sentence).render(values))


class _UnbalancedError(Exception):
    """Tags that cut a paragraph or a table in two."""


class _Document(DocxTemplate):  # type: ignore[misc]
    """A template whose filled text is refused where it is no document, never mended by guess."""

    def fix_tables(self, xml: str) -> Any:
        """The body as a tree."""
        try:
            fromstring(xml)
        except LxmlError as error:
            raise _UnbalancedError from error
        return super().fix_tables(xml)


class _Careful(SandboxedEnvironment):
    """Reads every part of a template before it is filled."""

    def __init__(self, name: str, known: Item) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self._template = name
        self._known = known

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """Compile a part that passed the reading."""
        reader = _Reader(self._template, str(source).split("\n"))
        try:
            reader.block(self.parse(source).body, self._known)
        except TemplateSyntaxError as error:
            reader.refuse("template_broken", error.lineno, reason=error.message)
        return super().from_string(source, *args, **kwargs)


class _Reader:
    """Follows a template's fields; each has to be known, and nothing but fields is allowed."""

    def __init__(self, name: str, lines: Sequence[str]) -> None:
        self.name = name
        self.lines = lines

    def block(self, body: Sequence[nodes.Node], scope: Item) -> None:
        """A run of text, fields, loops and conditions."""
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        if not isinstance(part, nodes.TemplateData):
                            self._printed(part, scope)
                case nodes.For(target=nodes.Name() as target, test=None, recursive=False):
                    inner = {**scope, target.name: self._item(node.iter, scope), "loop": LOOP}
                    self.block(node.body, inner)
                    self.block(node.else_, scope)
                case nodes.If():
                    self._condition(node.test, scope)
                    self.block([*node.body, *node.elif_, *node.else_], scope)
                case _:
                    self.refuse("template_forbidden", node.lineno)

    def _printed(self, node: nodes.Node, scope: Item) -> None:
        if not isinstance(self._value(node, scope), Text):
            self.refuse("template_not_text", node.lineno)

    def _item(self, node: nodes.Node, scope: Item) -> Item:
        found = self._value(node, scope)
        if not isinstance(found, tuple):
            self.refuse("template_not_list", node.lineno)
        return found[0]

    def _condition(self, node: nodes.Node, scope: Item) -> None:
        match node:
            case nodes.Not():
                self._condition(node.node, scope)
            case nodes.And() | nodes.Or():
                self._condition(node.left, scope)
                self._condition(node.right, scope)
            case nodes.Compare(ops=[nodes.Operand(op="eq" | "ne") as other]):
                self._value(node.expr, scope)
                self._value(other.expr, scope)
            case _:
                self._value(node, scope)

    def _value(self, node: nodes.Node, scope: Item) -> Kind:
        match node:
            case nodes.Const():
                return TEXT
            case nodes.Name():
                return self._known(node.name, scope, node.lineno)
            case nodes.Getattr():
                owner = self._value(node.node, scope)
                if isinstance(owner, Mapping):
                    return self._known(node.attr, owner, node.lineno)
        return self.refuse("template_forbidden", node.lineno)

    def _known(self, name: str, scope: Item, line: int) -> Kind:
        if name not in scope:
            near = nearest(name, scope)
            code = "template_field" if near is None else "template_field_near"
            self.refuse(code, line, field=name, nearest=near, known=sorted(scope))
        return scope[name]

    def refuse(self, code: str, line: int, **facts: Any) -> NoReturn:
        """UsageError with the text of the paragraph in which something stands."""
        paragraph = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        text = " ".join(re.sub(r"<[^>]*>", " ", paragraph).split())
        shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
        raise UsageError(code, name=self.name, near=shown, **facts)
