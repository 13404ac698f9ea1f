"""What could be funded if it stood alone, and the groups in which ranks count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from solver.instance import Instance, Proposal
from solver.rules.row import Row, Space

Group = tuple[str, ...]


def obstacles(space: Space, limits: Iterable[Row]) -> Mapping[int, Row]:
    """Options that some upper limit stops even alone, at their smallest volume, with that limit.

    Shares of a total are left aside: what they allow depends on the rest of the plan. `limits` are
    the rows of the rules that are limits.
    """
    found: dict[int, Row] = {}
    for row in limits:
        if isinstance(row.upper, int):
            room = row.upper + row.flex - row.base
            for position in row.members:
                smallest = space.options[position].smallest
                if smallest.of(row.measure) > room:
                    found.setdefault(position, row)
    return found


def group_of(instance: Instance, proposal: Proposal) -> Group:
    """The group in which the proposal's rank counts; a blank ward groups by district."""
    option = proposal.requested
    named = {
        "agency": option.agency,
        "district": option.district,
        "ward": f"{option.district}/{option.ward}" if option.ward else option.district,
        "line": option.line,
        "source": option.source,
        "origin": option.origin,
    }
    return tuple(named[part] for part in instance.order.within)


def ranked_groups(
    instance: Instance, space: Space, stopped: Mapping[int, Row]
) -> Mapping[Group, Sequence[Proposal]]:
    """Eligible proposals with a rank, by group, best rank first.

    Not eligible are those covered and those each of whose options is stopped (see `obstacles`).
    """
    groups: dict[Group, list[Proposal]] = defaultdict(list)
    for proposal in instance.proposals:
        positions = space.positions.get(proposal.id, ())
        if proposal.priority is not None and any(i not in stopped for i in positions):
            groups[group_of(instance, proposal)].append(proposal)
    for members in groups.values():
        members.sort(key=lambda p: (p.priority or 0, p.id))
    return groups
