"""Two figures that differ as a slip of the pen makes them differ: by a digit, or by zeros."""

from __future__ import annotations

_TENS = (10, 100, 1_000, 10_000, 100_000, 1_000_000)


def is_slip(first: int, second: int) -> bool:
    """Whether one figure is the other with one digit lost, or ten, a hundred, a thousand times it.

    Figures that were cut off and then rounded count as well: 87.854 of 87.854.100, to a thousandth.
    """
    low, high = sorted((first, second))
    if low <= 0 or low == high:
        return False
    return _one_digit_lost(str(low), str(high)) or any(
        abs(high - low * ten) * 1_000 <= high for ten in _TENS
    )


def _one_digit_lost(short: str, long: str) -> bool:
    if len(long) != len(short) + 1:
        return False
    same = next((n for n, sign in enumerate(short) if sign != long[n]), len(short))
    return long[same + 1 :] == short[same:]


def repaired(amount: int, times: float) -> int | None:
    """The amount with zeros taken off or put on, where its price is some power of ten off.

    `times` is how many times the usual price it is; within a tenth of a power of ten it counts.
    """
    for ten in _TENS:
        if 0.9 * ten <= times <= 1.1 * ten and amount % ten == 0:
            return amount // ten
        if 0.9 <= times * ten <= 1.1:
            return amount * ten
    return None
