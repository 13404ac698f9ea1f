"""A mixed load on a city of three desks, and what must be true of its log afterwards.

As a script it runs the load in a process of its own: URL SEED EDITS THREADS. Each thing that the
store has acknowledged is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from service.desk import city, decisions, locks, recommendation, sessions
from service.desk.decisions import Edit
from service.desk.locks import LockEdit
from service.store import Actor, Store, events, jobs, snapshots
from service.store.errors import OverLimitError, RefusedError, StaleError
from service.store.events import body_of
from service.store.models import Event
from solver.recommend import recommend
from solver.scenario import resolve
from solver.solve import Params

CITY = "kota"
DESKS = ("A", "B", "C")
CAPS = {"Barat": 300_000_000, "Timur": 220_000_000}
PACKAGES = 7
"""At most so many proposals with the tag `paket`, of whatever desk."""


def proposals() -> list[dict[str, Any]]:
    """Eight proposals a desk: every other one can be cut, every third one moved to the other."""
    rows = []
    for desk in DESKS:
        for number in range(8):
            row = {
                "id": f"{desk}-{number}",
                "agency": desk,
                "district": ("Barat", "Timur")[number % 2],
                "priority": number + 1,
                "score": 10,
                "tags": "paket" if number % 4 < 2 else "",
            }
            if number % 2:
                row |= {"amount": 30_000_000 + 1_000_000 * number}
            else:
                row |= {"volume": 50, "min_volume": 10, "step": 10, "unit_cost": 1_000_000}
            rows.append(row)
            if number % 3 == 0:
                other = ("Timur", "Barat")[number % 2]
                rows.append({**row, "option": "pindah", "district": other})
    return rows


def document() -> dict[str, Any]:
    """The scenario: caps of places and a limit on packages that all three desks share."""
    return {
        "format": 1,
        "title": "Kota beban",
        "year": 2018,
        "proposals": proposals(),
        "agencies": [{"code": desk, "ceiling": "unlimited"} for desk in DESKS],
        "locations": [{"district": name, "max_amount": most} for name, most in CAPS.items()],
        "limits": [{"name": "Paket", "tag": "paket", "measure": "count", "max": PACKAGES}],
    }


def prepare(store: Store) -> None:
    """Make the city and open its desks."""
    store.upgrade()
    with store.write() as tx:
        digest = snapshots.keep(tx, "scenario", resolve(document()).document)
        city.create(tx, CITY, digest)
        for desk in city.desks(tx, CITY):
            sessions.open_session(tx, desk.id)


class Load:
    """One worker: it edits at random, and tells what was acknowledged."""

    def __init__(self, store: Store, seed: int, tell: Any) -> None:
        self.store = store
        self.random = random.Random(seed)
        self.actor = Actor(f"worker-{seed}", "facilitator")
        self.tell = tell
        self.counts: dict[str, int] = defaultdict(int)
        self.seen: dict[str, int] = defaultdict(int)
        self.options: dict[str, list[str]] = defaultdict(list)
        for row in proposals():
            self.options[row["id"]].append(row.get("option", ""))

    def run(self, steps: int) -> None:
        """So many steps, of every kind."""
        for _ in range(steps):
            acts = (self.edit, self.lock, self.job, self.read, self.advise)
            act = self.random.choices(acts, (80, 5, 10, 4, 1))[0]
            try:
                act()
            except OverLimitError:
                self.counts["over"] += 1
            except StaleError as error:
                self.counts["stale"] += 1
                self.seen[str(error.facts["subject"])] = error.details["rev"]
            except RefusedError as error:
                self.counts[error.code] += 1

    def edit(self) -> None:
        """One decision, made on what this worker has last seen of it, or on what stands now."""
        proposal = self.random.choice(list(self.options))
        if self.random.random() < 0.7:
            with self.store.session() as tx:
                found = decisions.of_city(tx, CITY).get(proposal)
            self.seen[proposal] = found.rev if found else 0
        self.put(proposal, self._wanted(proposal))

    def put(self, proposal: str, wanted: Edit) -> None:
        """Make an edit on what was last seen, and tell it if it is taken."""
        with self.store.write(self.actor) as tx:
            desk = f"{CITY}.{proposal[0]}"
            found = decisions.edit(tx, desk, proposal, wanted, self.seen[proposal]).decision
        if found.rev > self.seen[proposal]:
            self.counts["edited"] += 1
            self.tell({"rev": found.rev, "proposal": proposal, "after": found.document()})
        self.seen[proposal] = found.rev

    def _wanted(self, proposal: str) -> Edit:
        if self.random.random() < 0.3:
            return Edit(self.random.choice(("deferred", "declined", "undiscussed")))
        option = self.random.choice(self.options[proposal])
        volume = None
        if int(proposal[-1]) % 2 == 0 and self.random.random() < 0.7:
            volume = self.random.choice((10, 20, 25.5, 30, 40, 50))
        return Edit("accommodated", option=option, volume=volume, note=self.actor.name)

    def lock(self) -> None:
        """One lock set or taken off."""
        proposal = self.random.choice(list(self.options))
        desk_id = f"{CITY}.{proposal[0]}"
        with self.store.write(self.actor) as tx:
            stands = locks.of_desk(tx, city.desk_of(tx, desk_id)).get(proposal)
            wanted = LockEdit(self.random.choice(("fund", "reject", "none")))
            found = locks.edit(tx, desk_id, proposal, wanted, stands.rev if stands else 0)
        if found.rev:
            self.tell({"lock": found.rev, "proposal": proposal})

    def job(self) -> None:
        """A job from its beginning to its end, each step acknowledged."""
        with self.store.write(self.actor) as tx:
            job = jobs.add(tx, "recommendation", {"n": self.random.random()}, f"{CITY}.A")
        self.tell({"job": job.id, "state": "waiting"})
        with self.store.write() as tx:
            jobs.update(tx, job.id, state="running")
        self.tell({"job": job.id, "state": "running"})
        with self.store.write() as tx:
            result = snapshots.keep(tx, "result", {"job": job.id, "text": "x" * 20_000})
            jobs.update(tx, job.id, state="done", result=result)
        self.tell({"job": job.id, "state": "done", "result": result})

    def advise(self) -> None:
        """A recommendation for one desk, taken over row by row while others go on."""
        desk_id = f"{CITY}.{self.random.choice(DESKS)}"
        with self.store.session() as tx:
            asked = recommendation.prepare(tx, self.actor, desk_id)
        found = recommend(asked.scenario, Params(time_limit=2)).decisions
        self.counts["advised"] += 1
        for decision in found:
            proposal = decision.proposal.id
            if proposal[0] != asked.desk.agency or decision.kind not in ("fund", "fund_changed"):
                continue
            volume = decision.figures.volume / 1_000_000 or None
            wanted = Edit("accommodated", option=decision.option.label, volume=volume)
            with self.store.session() as tx:
                stands = decisions.of_city(tx, CITY).get(proposal)
            self.seen[proposal] = stands.rev if stands else 0
            self.put(proposal, wanted)

    def read(self) -> None:
        """What a page asks for."""
        with self.store.session() as tx:
            city.uses(tx, CITY)


def check(store: Store, told: list[dict[str, Any]]) -> dict[str, int]:
    """Add the log up again, from its beginning and without the solver; AssertionError if not.

    Each decision follows from the one before it, no limit is passed at any moment, everything told
    is there, and what stands in the tables is what the log comes to.
    """
    places = {(r["id"], r.get("option", "")): r["district"] for r in proposals()}
    packages = {r["id"] for r in proposals() if r["tags"]}
    with store.session() as tx:
        log = tx.scalars(select(Event).order_by(Event.seq)).all()
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        assert events.verify(tx) == []
        found = {event.seq: (event.kind, body_of(event)) for event in log}
        stands = decisions.of_city(tx, CITY)
        rows = {j.id: (j.state, j.result) for j in jobs.listed(tx)}
        results = {r for _, r in rows.values() if r and snapshots.read(tx, r) is None}
    state: dict[str, tuple[int, dict[str, Any]]] = {}
    edits = 0
    for seq in sorted(found):
        kind, body = found[seq]
        if kind != "decision":
            continue
        edits += 1
        proposal, before = body["proposal"], dict(body["before"])
        rev = before.pop("rev")
        if proposal in state:
            assert state[proposal] == (rev, before), f"event {seq} loses an edit"
        else:
            assert rev == 0
        state[proposal] = (seq, body["after"])
        money: dict[str, int] = defaultdict(int)
        count = 0
        for name, (_, after) in state.items():
            if after["code"].startswith("accommodated"):
                money[places[name, after["option"]]] += after["amount"]
                count += name in packages
        assert count <= PACKAGES, f"event {seq} breaks the limit on packages"
        for place, most in CAPS.items():
            assert money[place] <= most, f"event {seq} breaks the limit of {place}"
    assert {p: (d.rev, d.document()) for p, d in stands.items()} == state
    for ack in told:
        if "after" in ack:
            kind, body = found[ack["rev"]]
            assert (kind, body["proposal"], body["after"]) == (
                "decision",
                ack["proposal"],
                ack["after"],
            )
        elif "lock" in ack:
            assert found[ack["lock"]][1]["proposal"] == ack["proposal"]
        else:
            assert ack["job"] in rows, "a job is silently gone"
            if ack["state"] == "done":
                assert rows[ack["job"]] == ("done", ack["result"])
    assert not results, "a job's result is gone"
    return {"edits": edits, "events": len(found), "jobs": len(rows)}


def main() -> None:
    """The load as a process."""
    url, seed, steps, threads = sys.argv[1], *map(int, sys.argv[2:5])
    store = Store(url)
    print("ready", flush=True)
    lock = threading.Lock()

    def tell(ack: dict[str, Any]) -> None:
        with lock:
            print(json.dumps(ack), flush=True)

    failed: list[BaseException] = []

    def work(load: Load) -> None:
        try:
            load.run(steps)
        except BaseException as error:
            failed.append(error)
            raise

    loads = [Load(store, seed * 100 + n, tell) for n in range(threads)]
    workers = [threading.Thread(target=work, args=(load,)) for load in loads]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store.close()
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
