"""Storage: immutable snapshots, the log, jobs and people, on SQLite or PostgreSQL.

store = Store(url)          store.session() reads a moment, store.write(actor) is one transaction
snapshots, scenarios        documents by digest, and the names of scenarios
events                      the append-only, hash-chained log
jobs, sweep_runs            the solver's work; what came of the runs of a sweep, by key
people, throttle            accounts, sign-in, guests, tokens; who fails too often has to wait
backup                      one file that is restored into an empty database
"""

from __future__ import annotations

from service.store.actor import CONSOLE, LOCAL, PARTIES, ROLES, SYSTEM, Actor
from service.store.store import Store, Tx

__all__ = ["CONSOLE", "LOCAL", "PARTIES", "ROLES", "SYSTEM", "Actor", "Store", "Tx"]
