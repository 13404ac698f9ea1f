"""What a running service is told once, at its start."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

CITY = "banjarmasin-2018"
"""The scenario that a new database is made with."""

MAX_SECONDS = 600.0
"""The longest time limit that a request may set."""

MAX_WAIT = 25.0
"""The longest time that a request may wait for a result: less than a proxy's patience."""

_HOST = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::[0-9]{1,5})?")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """One service's settings.

    `workers` solves run at a time and `waiting` may wait, those of desks aside (jobs.py). Requests
    that wait for a solve hold a thread each, so at most `waiters` of the `threads` may. A sweep
    of the Lab can hold one worker for minutes, so there are two on a single core, too.
    """

    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    trusted: tuple[str, ...] = field(default=LOOPBACK)
    threads: int = 32
    waiters: int = 16
    workers: int = max(2, os.cpu_count() or 1)
    waiting: int = 16
    max_body: int = 20 * 1024 * 1024
    max_rows: int = 20_000
    language: str = "id"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service: then nobody has to sign in."""
        return self.host in LOOPBACK or (_is_address(self.host) and _of(self.host).is_loopback)

    @property
    def is_everywhere(self) -> bool:
        """Whether the service listens on every address of this machine."""
        return _is_wildcard(self.host)

    def trusts(self, host: str) -> bool:
        """Whether a request's Host names this service.

        Where it listens on every address, any address is: a page elsewhere that rebinds its name
        to this machine still sends that name.
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found["name"] or found["address"]).casefold()
        return name in self.trusted or (self.is_everywhere and _is_address(name))


def trusted_names(host: str) -> tuple[str, ...]:
    """The names that a service listening on `host` may be called by.

    Beside these, KAYUH_HOSTS may name others, with a comma between: those of a proxy before it.
    """
    own = () if host in LOOPBACK else (host, socket.gethostname(), f"{socket.gethostname()}.local")
    others = (name.strip() for name in os.environ.get("KAYUH_HOSTS", "").split(","))
    names = (*LOOPBACK, *own, *others)
    return tuple(dict.fromkeys(name.casefold() for name in names if name))


def default_database() -> str:
    """The URL in KAYUH_DATABASE, which may hold a password; else SQLite in the user's data folder.

    There it is the same city wherever the desk is started, and no network folder by accident.
    """
    if url := os.environ.get("KAYUH_DATABASE"):
        return url
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Kayuh"
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support" / "Kayuh"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "kayuh"
    return f"sqlite:///{(folder / 'kayuh.db').as_posix()}"


def _of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(host)


def _is_address(name: str) -> bool:
    try:
        _of(name)
    except ValueError:
        return False
    return True


def _is_wildcard(host: str) -> bool:
    return _is_address(host) and _of(host).is_unspecified
