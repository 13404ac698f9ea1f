"""What was signed at a desk, as one document that is kept by its digest."""

from __future__ import annotations

from typing import Any

from service.desk import decisions
from service.desk.agreement import Standing, standings
from service.desk.city import city_of, limits_for
from service.store import Tx, events
from service.store.models import Desk, DeskSession
from solver.instance import from_micro


def minutes(tx: Tx, desk: Desk, session: DeskSession) -> dict[str, Any]:
    """The desk's decisions with what the parties said of them, and the log's head before."""
    city, limits = city_of(tx, desk.city), limits_for(tx, desk.city)
    said, head = standings(tx, desk), events.head(tx)
    rows = []
    for decision in decisions.of_desk(tx, desk).values():
        proposal = limits.proposals[decision.proposal]
        option = limits.option(proposal.id, decision.option) or proposal.requested
        asked = proposal.requested
        rows.append(
            {
                "proposal": proposal.id,
                "title": proposal.title,
                **decision.document(),
                "rev": decision.rev,
                "unit": option.unit,
                "agency": option.agency,
                "line": option.line,
                "district": option.district,
                "ward": option.ward,
                "requested": {
                    "volume": from_micro(asked.full.volume) if asked.full.volume else None,
                    "amount": asked.full.amount,
                    "agency": asked.agency,
                    "line": asked.line,
                    "district": asked.district,
                    "ward": asked.ward,
                },
                **_spoken(said[proposal.id]),
            }
        )
    return {
        "city": {"id": city.id, "title": city.title, "scenario": city.scenario},
        "desk": {"id": desk.id, "agency": desk.agency, "name": desk.name},
        "version": session.version,
        "reason": session.reason,
        "log": {"seq": head.seq, "hash": head.hash},
        "decisions": rows,
    }


def _spoken(standing: Standing) -> dict[str, Any]:
    excepted = [{"party": party, "district": district} for party, district in standing.excepted]
    return {"agreed": standing.agreed, "excepted": excepted}
