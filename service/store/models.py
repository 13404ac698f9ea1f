"""The tables. Times are UTC as text, documents canonical JSON as text; both engines alike.

A revision (`rev`) is the number of the event that changed the row last.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from sqlalchemy import (
    BigInteger,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from service.store.canonical import canonical


class Document(TypeDecorator[Any]):
    """A small JSON document, kept as canonical text so that its bytes can be hashed again."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """From the database."""
        return None if value is None else json.loads(value)


class Packed(TypeDecorator[str]):
    """A long text, compressed: a result of a city packs to a tenth. It goes in as bytes, packed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """To the database."""
        return value if isinstance(value, bytes | None) else zlib.compress(value.encode("utf-8"))

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        """From the database."""
        return None if value is None else zlib.decompress(value).decode("utf-8")


class Base(DeclarativeBase):
    """What all tables share: names of constraints that a migration can speak of."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Snapshot(Base):
    """A data set, a scenario or a result, never changed: its name is the sha256 of its text."""

    __tablename__ = "snapshot"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Packed)
    at: Mapped[str] = mapped_column(String(27))


class Scenario(Base):
    """A name that a stored scenario goes by; the name may come to mean another digest."""

    __tablename__ = "scenario"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("snapshot.digest"))
    title: Mapped[str] = mapped_column(Text)
    rev: Mapped[int] = mapped_column(BigInteger)


class Event(Base):
    """One entry of the log: `hash` is the sha256 of the hash before it and of the entry's text."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(27))
    actor: Mapped[str] = mapped_column(String(100))
    party: Mapped[str | None] = mapped_column(String(20))
    desk: Mapped[str | None] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Head(Base):
    """The log's last entry, kept beside it: one row, so that a log cut short is noticed."""

    __tablename__ = "head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class Job(Base):
    """A piece of work for the solver, and how far it is."""

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    desk: Mapped[str | None] = mapped_column(String(200), index=True)
    request: Mapped[Any] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(20), index=True)
    progress: Mapped[Any] = mapped_column(Document, nullable=True)
    result: Mapped[str | None] = mapped_column(ForeignKey("snapshot.digest"))
    error: Mapped[Any] = mapped_column(Document, nullable=True)
    log: Mapped[str] = mapped_column(Text, default="", deferred=True)  # long, and seldom wanted
    by: Mapped[str] = mapped_column(String(100))
    created: Mapped[str] = mapped_column(String(27))
    changed: Mapped[str] = mapped_column(String(27))
    rev: Mapped[int] = mapped_column(BigInteger)


class SweepRun(Base):
    """What came of one run of a sweep; `key` is its task's, so that nothing is computed twice."""

    __tablename__ = "sweep_run"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    result: Mapped[str] = mapped_column(ForeignKey("snapshot.digest"))


class City(Base):
    """A city in a year: the scenario that all its desks decide on."""

    __tablename__ = "city"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    scenario: Mapped[str] = mapped_column(ForeignKey("snapshot.digest"))
    rev: Mapped[int] = mapped_column(BigInteger)


class Desk(Base):
    """An agency's table in a city's year; its id is CITY.AGENCY."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("city", "agency"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    city: Mapped[str] = mapped_column(ForeignKey("city.id"))
    agency: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(Text)


class DeskSession(Base):
    """One version of a desk's meeting: open, closed or signed. `code` is the room's, while open.

    `minutes` is the snapshot of what was signed, `reason` why the version before was reopened.
    """

    __tablename__ = "desk_session"

    desk: Mapped[str] = mapped_column(ForeignKey("desk.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(10), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    minutes: Mapped[str | None] = mapped_column(ForeignKey("snapshot.digest"))
    rev: Mapped[int] = mapped_column(BigInteger)


class DecisionRow(Base):
    """What a desk has decided on one proposal; a proposal without a row is undiscussed.

    `volume` is in millionths, None: the whole request or none stated. `amount` is in rupiah.
    """

    __tablename__ = "decision"

    city: Mapped[str] = mapped_column(ForeignKey("city.id"), primary_key=True)
    proposal: Mapped[str] = mapped_column(String(200), primary_key=True)
    desk: Mapped[str] = mapped_column(ForeignKey("desk.id"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    option: Mapped[str] = mapped_column(Text)
    volume: Mapped[int | None] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text)
    rev: Mapped[int] = mapped_column(BigInteger)


class LockRow(Base):
    """What a desk wants its recommendations to keep to; its form is a scenario's [[lock]]."""

    __tablename__ = "lock"

    city: Mapped[str] = mapped_column(ForeignKey("city.id"), primary_key=True)
    proposal: Mapped[str] = mapped_column(String(200), primary_key=True)
    desk: Mapped[str] = mapped_column(ForeignKey("desk.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    option: Mapped[str | None] = mapped_column(Text)
    volume: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    rev: Mapped[int] = mapped_column(BigInteger)


class Statement(Base):
    """A party agrees to a decision at a revision, or excepts it.

    The district is the kecamatan that speaks; it is empty for the other two parties.
    """

    __tablename__ = "statement"
    __table_args__ = (
        ForeignKeyConstraint(["city", "proposal"], ["decision.city", "decision.proposal"]),
    )

    city: Mapped[str] = mapped_column(String(80), primary_key=True)
    proposal: Mapped[str] = mapped_column(String(200), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    district: Mapped[str] = mapped_column(String(200), primary_key=True)
    agrees: Mapped[bool]
    decision_rev: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(100))
    rev: Mapped[int] = mapped_column(BigInteger)


class User(Base):
    """Who may sign in. `key` is the name without regard to case."""

    __tablename__ = "account"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(200))
    password: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    rev: Mapped[int] = mapped_column(BigInteger)


class Login(Base):
    """Someone who is signed in: by account, or as a guest who joined a desk by its room code.

    The token itself is in the browser only. A guest waits until the facilitator has admitted them,
    and is out when the version of the session that they joined is no longer open.
    """

    __tablename__ = "login"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str | None] = mapped_column(ForeignKey("account.key"), index=True)
    guest: Mapped[str | None] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(200))
    desk: Mapped[str | None] = mapped_column(ForeignKey("desk.id"), index=True)
    version: Mapped[int | None]
    admitted: Mapped[bool]
    expires: Mapped[str] = mapped_column(String(27))


class Token(Base):
    """A token for scripts, under the rights of an account; only its hash is kept."""

    __tablename__ = "token"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(16), unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.key"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    expires: Mapped[str | None] = mapped_column(String(27))


class Attempt(Base):
    """A try to sign in or to join that has not succeeded: what the throttle counts."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), index=True)
    address: Mapped[str] = mapped_column(String(100), index=True)
    at: Mapped[str] = mapped_column(String(27), index=True)
