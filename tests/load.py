"""Many people at many desks at once: reads, decisions, locks, re-solves and polling, mixed.

    python tests/load.py [--seconds 120] [--clients 32] [--desks 8] [--pause 1] [--database URL]

prints what was measured as JSON: an idle run (reads only, no solve) beside the mixed one. Between
two things a client pauses, `pause` seconds on average: a person at a desk takes one or more, and a
page asks every two. With 0 all of them hammer as fast as they are answered.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from serving import API, Child

CITY = "banjarmasin-2018"
DESKS = ("PUPR", "DISPERKIM", "DLH", "DISHUB", "DINKES", "DISDIK", "DINSOS", "DISKOPNAKER",
         "DISPORA", "DPPPA", "DISBUDPAR", "DKP3")  # fmt: skip
MIX = (("board", 40), ("city", 10), ("job", 20), ("decide", 18), ("lock", 6), ("solve", 6))
IDLE = (("board", 4), ("city", 1))
READS = ("board", "city", "job", "health")


@dataclass
class Record:
    """What all clients saw: milliseconds by kind, statuses, every edit that was acknowledged.

    `jobs` are the last ones that were asked for, `asked` all of them; `cut` are calls that were
    never answered.
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[tuple[str, str], dict[int, Any]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    jobs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    def add(self, other: Record) -> None:
        """Take in what another client saw."""
        for kind, times in other.times.items():
            self.times[kind] += times
        self.statuses += other.statuses
        for key, revisions in other.acknowledged.items():
            self.acknowledged[key] |= revisions
        self.asked += other.asked
        self.strange += other.strange
        self.cut += other.cut


class Client(threading.Thread):
    """One person with one connection, who does one thing after another."""

    def __init__(
        self, port: int, number: int, desks: list[str], until: float, mix: Any, pause: float
    ) -> None:
        super().__init__(name=f"client-{number}")
        self.random = random.Random(number)
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.desk = desks[number % len(desks)]
        self.until = until
        self.pause = pause
        self.kinds, self.weights = zip(*mix, strict=True)
        self.record = Record()
        self.tags: dict[str, str] = {}
        self.rows: list[Any] = []

    def run(self) -> None:
        while time.monotonic() < self.until:
            # Whoever decides has looked at the board first.
            kind = self.random.choices(self.kinds, self.weights)[0] if self.rows else "board"
            try:
                getattr(self, kind)()
            except (OSError, HTTPException) as error:
                self.record.cut.append(f"{kind}: {error!r}")
                self.connection.close()
            except Exception as error:  # the test wants to see all of them
                self.record.strange.append(f"{kind}: {error!r}")
                self.connection.close()
            time.sleep(self.random.uniform(0, 2 * self.pause))
        self.connection.close()

    def ask(self, kind: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = None if body is None else json.dumps(body)
        if body is not None:
            headers = {"Content-Type": "application/json", **headers}
        began = time.perf_counter()
        self.connection.request(method, API + path, data, headers)
        response = self.connection.getresponse()
        raw = response.read()
        self.record.times[kind].append(1000 * (time.perf_counter() - began))
        self.record.statuses[f"{kind} {response.status}"] += 1
        if response.status >= 500:
            self.record.strange.append(f"{kind} {response.status} {raw[:300]!r}")
        self.tags[path] = response.headers.get("ETag", "")
        return response, json.loads(raw) if raw else None

    def look(self, kind: str, path: str) -> None:
        """Read as a page does that polls: what is there already is not sent again."""
        tag = self.tags.get(path)
        _, found = self.ask(kind, "GET", path, **({"If-None-Match": tag} if tag else {}))
        if kind == "board" and found is not None and "rows" in found:
            self.rows = found["rows"]

    def board(self) -> None:
        self.look("board", f"/desks/{self.desk}")

    def city(self) -> None:
        self.look("city", f"/cities/{CITY}")

    def health(self) -> None:
        self.look("health", "/healthz")

    def job(self) -> None:
        if self.record.jobs:
            self.look("job", f"/jobs/{self.random.choice(self.record.jobs)}")
        else:
            self.health()

    def decide(self) -> None:
        row = self.random.choice(self.rows)
        edit = {"rev": row["decision"]["rev"], "code": "deferred", "reason": "agency_ceiling"}
        if self.random.random() < 0.7 and not row["options"][0]["gate"]:
            edit = {"rev": row["decision"]["rev"], "code": "accommodated"}
        edit["note"] = f"{self.name} {time.monotonic_ns()}"
        path = f"/desks/{self.desk}/decisions/{row['proposal']}"
        response, found = self.ask("decide", "PUT", path, edit)
        if response.status == 200:
            decision = found["decision"]
            row["decision"] = decision
            key = self.desk, row["proposal"]
            self.record.acknowledged[key][decision["rev"]] = decision
        elif response.status == 409 and "rev" in found:
            row["decision"]["rev"] = found["rev"]  # look at who was faster, then do it again
        elif response.status != 409:
            self.record.strange.append(f"decide {response.status} {found}")

    def lock(self) -> None:
        row = self.random.choice(self.rows)
        wanted = self.random.choice(["reject", "none"])
        edit = {"rev": row["lock"]["rev"], "decision": wanted}
        path = f"/desks/{self.desk}/locks/{row['proposal']}"
        response, found = self.ask("lock", "PUT", path, edit)
        if response.status in (200, 409) and "rev" in found:
            row["lock"]["rev"] = found["rev"]

    def solve(self) -> None:
        path = f"/desks/{self.desk}/recommendations"
        response, found = self.ask("solve", "POST", path, {"params": {"time_limit": 2}})
        if response.status == 202:
            self.record.jobs = [*self.record.jobs[-4:], found["id"]]
            self.record.asked.append(found["id"])


def people(
    port: int, clients: int, desks: list[str], seconds: float, mix: Any, pause: float
) -> list[Client]:
    """So many clients that have begun, each for so long."""
    until = time.monotonic() + seconds
    threads = [Client(port, number, desks, until, mix, pause) for number in range(clients)]
    for thread in threads:
        thread.start()
    return threads


def crowd(
    port: int, clients: int, desks: list[str], seconds: float, mix: Any, pause: float
) -> Record:
    """So many clients for so long; what all of them saw."""
    whole = Record()
    for thread in people(port, clients, desks, seconds, mix, pause):
        thread.join()
        whole.add(thread.record)
    return whole


def measure(url: str, clients: int, desks: int, seconds: float, pause: float) -> dict[str, Any]:
    """An idle run and a mixed run on a fresh database, and whether anything was lost or broken."""
    names = [f"{CITY}.{agency}" for agency in DESKS[:desks]]
    with Child(url).ready() as child:
        for name in names:
            child.call("PUT", f"/desks/{name}/session", {"state": "open"})
        idle = crowd(child.port, clients, names, min(seconds, 20), IDLE, pause)
        mixed = crowd(child.port, clients, names, seconds, MIX, pause)
        lost, broken = faults(child, names, mixed)
        status, _, _ = child.end(signal.SIGTERM)
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}",
        "clients": clients,
        "desks": desks,
        "seconds": seconds,
        "pause": pause,
        "idle": {kind: spread(times) for kind, times in sorted(idle.times.items())},
        "mixed": {kind: spread(times) for kind, times in sorted(mixed.times.items())},
        "reads": spread([t for kind in READS for t in mixed.times.get(kind, [])]),
        "statuses": dict(sorted(mixed.statuses.items())),
        "acknowledged": sum(len(found) for found in mixed.acknowledged.values()),
        "lost": lost,
        "broken": broken,
        "strange": (idle.strange + mixed.strange)[:20],
        "cut": (idle.cut + mixed.cut)[:20],
        "exit": status,
    }


def faults(child: Child, names: list[str], seen: Record) -> tuple[list[str], list[str]]:
    """Acknowledged edits that are not there, and limits that the city's plan is over."""
    lost = []
    for name in names:
        for row in child.call("GET", f"/desks/{name}").json["rows"]:
            revisions = seen.acknowledged.get((name, row["proposal"]))
            if revisions and revisions[max(revisions)] != row["decision"]:
                lost.append(f"{name} {row['proposal']}")
    limits = child.call("GET", f"/cities/{CITY}").json["limits"]
    broken = [
        f"{limit['rule']} {limit['subject']}"
        for limit in limits
        if limit["max"] is not None and limit["used"] > limit["max"] and len(limit["by"]) > 1
    ]
    return lost, broken


def spread(times: list[float]) -> dict[str, float]:
    """Milliseconds: how many, the middle, the 95th and 99th percentile, the longest."""
    if len(times) < 2:
        return {"number": len(times)}
    cuts = statistics.quantiles(times, n=100)
    found = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}
    return {"number": len(times), **{name: round(value, 1) for name, value in found.items()}}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--desks", type=int, default=8)
    parser.add_argument("--pause", type=float, default=1)
    parser.add_argument("--database")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = words.database or f"sqlite:///{Path(folder) / 'kayuh.db'}"
        print(
            json.dumps(
                measure(url, words.clients, words.desks, words.seconds, words.pause), indent=1
            )
        )


if __name__ == "__main__":
    main()
