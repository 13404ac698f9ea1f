"""Place and size of a decision, found among the proposal's options and on their grid."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from service.store.errors import InvalidError
from solver.instance import Figures, Option, Proposal, to_micro


class Wanted(Protocol):
    """What an edit says of place and size; None where it says nothing."""

    @property
    def option(self) -> str | None: ...  # noqa: D102
    @property
    def district(self) -> str | None: ...  # noqa: D102
    @property
    def ward(self) -> str | None: ...  # noqa: D102
    @property
    def volume(self) -> Decimal | int | float | None: ...  # noqa: D102
    @property
    def amount(self) -> int | None: ...  # noqa: D102


def chosen(proposal: Proposal, wanted: Wanted) -> tuple[Option, Figures]:
    """The option meant and its figures at the size meant; InvalidError where there is no such."""
    option = _option(proposal, wanted)
    if proposal.covered_by:
        if option is not proposal.requested or wanted.volume or wanted.amount:
            raise InvalidError("covered", _field("volume"), proposal=proposal.id)
        return option, Figures()
    if wanted.volume is not None:
        return option, _by_volume(option, wanted.volume, wanted.amount)
    if wanted.amount is not None:
        return option, _by_amount(option, wanted.amount)
    return option, option.full


def _option(proposal: Proposal, wanted: Wanted) -> Option:
    """By label, by place, or the request itself where neither is said."""
    if wanted.option is None and wanted.ward is None and wanted.district is None:
        return proposal.requested
    fitting = [
        option
        for option in proposal.options
        if wanted.option in (None, option.label)
        and wanted.ward in (None, option.ward)
        and wanted.district in (None, option.district)
    ]
    if len(fitting) == 1:
        return fitting[0]
    field = "option" if wanted.option is not None else "ward"
    known = [f"{o.label or '-'} ({o.ward or o.district})" for o in fitting or proposal.options]
    code = "which_option" if fitting else "no_option"
    raise InvalidError(code, _field(field), proposal=proposal.id, options=known)


def _by_volume(option: Option, volume: Decimal | int | float, amount: int | None) -> Figures:
    """At a volume between 0 and the request; an amount beside it has to agree."""
    if not option.full.volume:
        raise InvalidError("no_volume", _field("volume"), proposal=option.proposal)
    most = option.full.volume
    try:
        wanted = to_micro(Decimal(str(volume)))
    except (ValueError, ArithmeticError):
        raise InvalidError("bad_volume", _field("volume"), proposal=option.proposal) from None
    if not 0 < wanted <= most:
        facts = {"proposal": option.proposal, "most": most, "unit": option.unit}
        raise InvalidError("volume_outside", _field("volume"), **facts)
    figures = option.at(wanted)
    if amount is not None and amount != figures.amount:
        raise InvalidError(
            "amount_differs", _field("amount"), proposal=option.proposal, amount=figures.amount
        )
    return figures


def _by_amount(option: Option, amount: int) -> Figures:
    """At the volume on the grid that costs just this amount."""
    grid = {option.cut(k).amount: k for k in range(option.steps, -1, -1)}
    if amount in grid:
        return option.cut(grid[amount])
    below = max((a for a in grid if a < amount), default=min(grid))
    above = min((a for a in grid if a > amount), default=max(grid))
    code = "amount_fixed" if len(grid) == 1 else "amount_off_grid"
    raise InvalidError(code, _field("amount"), proposal=option.proposal, below=below, above=above)


def _field(name: str) -> dict[str, str]:
    return {"field": name}
