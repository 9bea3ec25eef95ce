"""Numbers as charts write them, at ticks and beside marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.ticker import FuncFormatter

__all__ = ["amount", "decimals_of", "short_number", "with_ends"]


def decimals_of(number: float) -> int:
    """Decimals that show two digits of a small number; two for all that are not.

    Examples
    --------
    >>> decimals_of(1.234), decimals_of(0.00042)
    (2, 5)
    """
    return 2 if not number or not np.isfinite(number) else max(2, 1 - int(np.floor(np.log10(abs(number)))))


def with_ends(median: float, lower: float, upper: float) -> str:
    """Write a number with both ends of its interval, with as many decimals as the number needs.

    Examples
    --------
    >>> with_ends(1.234, 0.5, 2.0)
    '1.23  (0.50 to 2.00)'
    """
    digits = decimals_of(median)
    return f"{median:.{digits}f}  ({lower:.{digits}f} to {upper:.{digits}f})"


def short_number() -> FuncFormatter:
    """Tick labels such as 1.5 M; below one as they are, not in thousandths."""
    from matplotlib.ticker import EngFormatter, FuncFormatter

    short = EngFormatter(sep=" ")
    return FuncFormatter(lambda value, _: f"{value:g}" if abs(value) < 1 else short(value))


def amount(value: float, *, digits: int = 2) -> str:
    """Write an amount with two or more digits, or the three before the point.

    Examples
    --------
    >>> amount(8_572_544), amount(787_941), amount(20.4), amount(0.044)
    ('8.6 M', '788 k', '20', '0.044')
    >>> amount(14_550_000, digits=3), amount(-97_210, digits=3)
    ('14.6 M', '−97.2 k')
    """
    from matplotlib.ticker import EngFormatter

    if abs(value) < 1:
        return f"{value:.{digits}g}"
    rounded = float(f"{value:.{digits}g}")
    before = int(np.floor(np.log10(abs(rounded)))) % 3 + 1  # digits before the point, once it is in thousands
    return EngFormatter(sep=" ", places=max(digits - before, 0))(value).strip()
