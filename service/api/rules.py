"""GET /rules: the rules of the desk, from the table that drives building, judging and telling."""

from __future__ import annotations

from flask import Response

from service import errors
from service.api.common import answers, reply, resource
from service.api.models import Rules
from solver.rules import RULES
from solver.words import say

api = resource("rules", "The rules of the desk.")


@api.get("/rules", responses=answers({200: Rules, 304: None}))
def list_rules() -> Response:
    """The rules, in the order in which they are judged and told."""
    return reply(
        {
            "rules": [
                {
                    "rule": rule.name,
                    "text": say(f"rule.{rule.name}", errors.language()),
                    "reasons": [code for code in dict.fromkeys((rule.over, rule.under)) if code],
                    "grantor": rule.grantor,
                    "can_be_off": rule.can_be_off,
                    "limit": rule.measured,
                }
                for rule in RULES.values()
            ]
        }
    )
