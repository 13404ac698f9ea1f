"""A desk: its board, its decisions and locks, agreement, its session and its recommendations."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from service import auth, errors, work
from service.api import board
from service.api.answers import answer
from service.api.common import WITH_BODY, answers, reply, resource, unchanged
from service.api.models import (
    Agreement,
    Board,
    DecisionEdit,
    DeskPath,
    DeskQuestion,
    Edited,
    Job,
    LockEdit,
    LockState,
    RecommendationQuery,
    Result,
    RowPath,
    SessionEdit,
    SessionState,
    Sized,
    Standings,
)
from service.context import here
from service.desk import agreement, decisions, locks, recommendation, sessions
from service.desk.city import desk_of
from service.desk.state import state_of
from service.store import Tx, events
from solver.solve import Params

api = resource("desks", "The desks: decisions, locks, agreement, sessions, recommendations.")


@api.get("/desks/<desk>", responses=answers({200: Board, 304: None}, 404))
def get_desk(path: DeskPath) -> Response:
    """The board: every proposal of the desk with what was decided, locked and agreed."""
    g.desk = path.desk
    with here().store.session() as tx:
        desk = desk_of(tx, path.desk)
        tag = f"{events.head(tx).seq}-{auth.actor().role}-{errors.language()}"
        return unchanged(tag) or reply(board.board(tx, desk, auth.actor()), tag=tag)


@api.put(
    "/desks/<desk>/decisions/<proposal>", responses=answers({200: Edited}, *WITH_BODY, 404, 409)
)
def put_decision(path: RowPath, body: DecisionEdit) -> Response:
    """Decide on a proposal; 409 where someone was faster, or a limit shared with others is full."""
    g.desk = path.desk
    wanted = decisions.Edit(code=body.code, note=body.note, **_sized(body))
    with here().store.write(auth.actor()) as tx:
        edited = decisions.edit(tx, path.desk, path.proposal, wanted, body.rev)
    return reply(
        {
            "decision": board.decision_document(edited.decision),
            "breaks": [board.over_document(usage) for usage in edited.breaks],
        }
    )


@api.put(
    "/desks/<desk>/locks/<proposal>", responses=answers({200: LockState}, *WITH_BODY, 404, 409)
)
def put_lock(path: RowPath, body: LockEdit) -> Response:
    """Lock a proposal for the desk's recommendations, or take its lock off."""
    g.desk = path.desk
    wanted = locks.LockEdit(decision=body.decision, **_sized(body))
    with here().store.write(auth.actor()) as tx:
        return reply(
            board.lock_document(locks.edit(tx, path.desk, path.proposal, wanted, body.rev))
        )


@api.post("/desks/<desk>/agreements", responses=answers({200: Standings}, *WITH_BODY, 404, 409))
def agree(path: DeskPath, body: Agreement) -> Response:
    """Agree for a party to a kecamatan's list as it was read, single rows excepted."""
    g.desk = path.desk
    with here().store.write(auth.actor()) as tx:
        found = agreement.agree(
            tx, path.desk, body.party, body.district, body.rev, frozenset(body.excepted)
        )
    return reply(board.standings_document(found))


@api.put("/desks/<desk>/session", responses=answers({200: SessionState}, *WITH_BODY, 404, 409))
def put_session(path: DeskPath, body: SessionEdit) -> Response:
    """Open, close or sign the desk; a signed one opens as a new version, with a reason."""
    g.desk = path.desk
    with here().store.write(auth.actor()) as tx:
        desk = desk_of(tx, path.desk)
        _lead_to(tx, desk.id, body)
        return reply(board.session_document(tx, desk, auth.actor()))


def _lead_to(tx: Tx, desk: str, body: SessionEdit) -> None:
    match body.state:
        case "closed":
            sessions.close(tx, desk)
        case "signed":
            sessions.sign(tx, desk)
        case "open" if state_of(tx, desk) == "signed":
            sessions.reopen(tx, desk, body.reason)
        case "open":
            sessions.open_session(tx, desk)


@api.post(
    "/desks/<desk>/recommendations",
    responses=answers({200: Result, 202: Job}, *WITH_BODY, 404, 409, 429),
)
def recommend_at_desk(path: DeskPath, query: RecommendationQuery, body: DeskQuestion) -> Response:
    """Recommend for one desk, the other desks' decisions taken as given.

    A desk has one solve running and one waiting; a newer one takes the waiting one's place.
    """
    g.desk = path.desk
    errors.speak(body.params.language)
    params = Params(**body.params.model_dump(exclude={"language"}))
    with here().store.session() as tx:
        asked = recommendation.prepare(tx, auth.actor(), path.desk)
    about = {"city": asked.desk.city, "rev": asked.rev}
    question = work.made(asked.scenario, params, errors.language(), about)
    return answer(question, query.wait, path.desk)


def _sized(body: Sized) -> dict[str, Any]:
    names = ("option", "district", "ward", "volume", "amount", "reason")
    return {name: getattr(body, name) for name in names}
