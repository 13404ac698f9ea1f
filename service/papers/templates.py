"""A city's own Word templates, handed in at the desk and kept like everything else.

A template is tried before it is kept: one that names what there is not, or that could reach
further, is refused with the place where it does.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping

from sqlalchemy import select

from service.desk.city import city_of
from service.desk.rights import allow
from service.papers.errors import PaperError
from service.store import Tx, snapshots
from service.store.events import body_of, record
from service.store.models import Event
from service.store.store import actor_of
from service.store.text import plain
from solver.write.forms import Model

KIND = "template"
FORMS = ("minutes", "wards")
LARGEST = 2_000_000
"""Bytes of a Word file; a letterhead with a coat of arms has a tenth of it."""
LARGEST_UNPACKED = 40_000_000


def of_city(tx: Tx, city: str, language: str, seq: int | None = None) -> dict[str, Model]:
    """The city's templates in a language, by form, as they stand or stood at a point of the log."""
    found: dict[str, Model] = {}
    for form, chosen in chosen_at(tx, city, language, seq).items():
        kept = snapshots.read(tx, chosen["digest"]) if chosen["digest"] else None
        if kept is not None:
            found[form] = Model(kept["name"], base64.b64decode(kept["data"]))
    return found


def chosen_at(
    tx: Tx, city: str, language: str, seq: int | None = None
) -> dict[str, Mapping[str, str]]:
    """The last choice of a template for each form: its name and digest, empty for Kayuh's own."""
    wanted = select(Event).where(Event.kind == KIND).order_by(Event.seq)
    if seq is not None:
        wanted = wanted.where(Event.seq <= seq)
    found = {}
    for event in tx.scalars(wanted):
        body = body_of(event)
        if (body["city"], body["language"]) == (city, language):
            found[body["form"]] = body["after"]
    return found


def check(own: Model) -> None:
    """Refuse what is no Word file of a size that one may have; it is not looked into yet."""
    if len(own.data) > LARGEST:
        raise PaperError("template_too_large", most=LARGEST // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(own.data)) as archive:
            whole = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise PaperError("template_no_word", name=own.name) from None
    if whole > LARGEST_UNPACKED:
        raise PaperError("template_too_large", most=LARGEST // 1_000_000)


def choose(tx: Tx, city: str, form: str, language: str, own: Model | None) -> None:
    """Use a template that was tried from now on; None: Kayuh's own again."""
    allow(actor_of(tx), "arrange")
    city_of(tx, city)
    if form not in FORMS:
        raise PaperError("no_form", form=form)
    after = {"name": "", "digest": ""}
    if own is not None:
        name = plain(own.name, "name", 200)
        kept = {"name": name, "data": base64.b64encode(own.data).decode("ascii")}
        after = {"name": name, "digest": snapshots.keep(tx, "template", kept)}
    record(tx, KIND, {"city": city, "form": form, "language": language, "after": after})
