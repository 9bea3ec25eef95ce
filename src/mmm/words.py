"""Numbers as people write them: two significant digits, always with their interval."""

from __future__ import annotations

import math

__all__ = [
    "MOSTLY_ASSUMED",
    "chance",
    "interval",
    "listed",
    "money",
    "money_interval",
    "payback_interval",
    "payback_weeks",
    "percent",
    "signed",
    "significant",
    "upper",
    "with_interval",
]

#: Prior reliance from which a number is more assumption than evidence, and says so.
MOSTLY_ASSUMED = 0.5

#: Amount beside which less than half a unit of money is nothing.
SMALL_CHANGE = 50

_SCALES = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def with_interval(
    median: float, lower: float, upper: float, *, prob: float | None, unit: str = "", reliance: float = 0.0
) -> str:
    """Median and interval, with as many decimals as give the median two significant digits.

    Parameters
    ----------
    median, lower, upper : float
    prob : float or None
        Of the interval; None where the sentence has said it already.
    unit : str
        Written after the median.
    reliance : float
        Prior reliance, said where it is above a half.

    Examples
    --------
    >>> with_interval(1.13, 0.68, 1.59, prob=0.9)
    '1.1 (90%: 0.7 to 1.6)'
    >>> with_interval(0.0441, 0.002, 0.0916, prob=None, unit="orders per GBP", reliance=0.62)
    '0.044 orders per GBP (0.002 to 0.092; 62% prior)'
    """
    # a median next to zero in a wide interval has no digits to show
    decimals = min(_decimals(median), _decimals(upper - lower) + 1)
    inside = f"{_round(lower, decimals)} to {_round(upper, decimals)}"
    prior = f"; {percent(reliance)} prior" if reliance > MOSTLY_ASSUMED else ""
    return f"{_round(median, decimals)}{f' {unit}' if unit else ''} ({_label(prob)}{inside}{prior})"


def interval(lower: float, upper: float) -> str:
    """Two ends of an interval by themselves: two digits of the larger, more where they lie close.

    Examples
    --------
    >>> interval(0.5445, 1.6137), interval(-0.8, 12.04), interval(10.22, 10.91)
    ('0.5 to 1.6', '-1 to 12', '10.2 to 10.9')
    """
    decimals = max(_decimals(max(abs(lower), abs(upper))), _decimals(upper - lower) - 1)
    return f"{_round(lower, decimals)} to {_round(upper, decimals)}"


def money_interval(lower: float, upper: float, *, currency: str) -> str:
    """Two ends of an amount by themselves.

    Examples
    --------
    >>> money_interval(122_514, 1_894_740, currency="GBP")
    'GBP 0.1m to 1.9m'
    """
    words = money(upper, lower, upper, prob=None, currency=currency)
    return f"{currency} {words[words.index('(') + 1 : -1]}"


def money(median: float, lower: float, upper: float, *, prob: float | None, currency: str) -> str:
    """Amount and interval, in thousands or millions, each with two significant digits of the largest.

    What would be nothing at that scale is written at its own.

    Examples
    --------
    >>> money(1_234_000, -312_000, 2_840_000, prob=0.9, currency="GBP")
    'GBP 1.2m (90%: -0.3m to 2.8m)'
    >>> money(500_000, -49_000, 12_400_000, prob=None, currency="GBP")
    'GBP 500k (-49k to 12m)'
    >>> money(27.0, 0.00023, 124.0, prob=None, currency="GBP")
    'GBP 27 (0 to 124)'
    """
    largest = max(abs(median), abs(lower), abs(upper))
    scale, suffix = _scale_of(largest)
    decimals = max(_decimals(largest / scale), 0)

    def written(value: float) -> str:
        if abs(value) < 0.5 and largest >= SMALL_CHANGE:
            return "0"
        # a loss that is small beside the rest must not be rounded to nothing: it gets a scale of its own
        if value and round(value / scale, decimals) == 0:
            own, letter = _scale_of(abs(value))
            return f"{_round(value / own, _decimals(value / own))}{letter}"
        return f"{_round(value / scale, decimals)}{suffix}"

    return f"{currency} {written(median)} ({_label(prob)}{written(lower)} to {written(upper)})"


def _scale_of(size: float) -> tuple[float, str]:
    return next(((scale, letter) for scale, letter in _SCALES if size >= scale), (1.0, ""))


def payback_interval(lower: float, upper: float) -> str:
    """Two ends of a payback in weeks.

    Examples
    --------
    >>> payback_interval(10.0, math.inf), payback_interval(3.0, 31.0), payback_interval(1.0, 1.0)
    ('10 weeks to never', '3 to 31 weeks', '1 week')
    """
    if lower == upper:
        return _counted(lower)
    return f"{_counted(lower)} to never" if math.isinf(upper) else f"{_weeks(lower)} to {_counted(upper)}"


def payback_weeks(median: float, lower: float, upper: float, *, prob: float | None) -> str:
    """Weeks until the money is back, "never" where it is not.

    Examples
    --------
    >>> payback_weeks(31.0, 14.0, math.inf, prob=0.9)
    '31 weeks (90%: 14 to never)'
    >>> payback_weeks(math.inf, 20.0, math.inf, prob=0.9)
    'undefined (90%: 20 weeks to never)'
    """
    if math.isinf(median):
        return f"undefined ({_label(prob)}{'' if math.isinf(lower) else f'{_counted(lower)} to '}never)"
    return f"{_counted(median)} ({_label(prob)}{_weeks(lower)} to {_weeks(upper)})"


def percent(share: float) -> str:
    """Share in whole percent.

    Examples
    --------
    >>> percent(0.612)
    '61%'
    """
    return f"{share:.0%}"


def signed(change: float, *, beside: float) -> str:
    """Write a change with its sign, with as many decimals as give what changed two significant digits.

    Examples
    --------
    A change that is nothing beside it is not written:

    >>> signed(-0.1349, beside=0.99), signed(1834.2, beside=52_340.0), signed(0.0004, beside=0.99)
    ('-0.13', '+2,000', '')
    """
    decimals = _decimals(beside)
    if not round(change, decimals):
        return ""
    return f"{'-' if change < 0 else '+'}{_round(abs(change), decimals)}"


def significant(value: float) -> str:
    """Write a number by itself with two significant digits, without zeros that say nothing.

    Examples
    --------
    >>> significant(4.0476), significant(0.2470), significant(30.1)
    ('4', '0.25', '30')
    """
    return f"{float(f'{value:.2g}'):,.10g}"


def chance(probability: float) -> str:
    """Probability in whole percent; draws cannot tell certainty from what is next to it.

    Examples
    --------
    >>> chance(0.61), chance(1.0), chance(0.0)
    ('61%', 'over 99%', 'under 1%')
    """
    if probability > 0.99:
        return "over 99%"
    return "under 1%" if probability < 0.01 else percent(probability)


def listed(names: list[str], *, last: str = "and") -> str:
    """Names in a row, a word before the last.

    Examples
    --------
    >>> listed(["tv", "radio", "print"])
    'tv, radio and print'
    >>> listed(["tv", "radio"], last="or")
    'tv or radio'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def upper(sentence: str) -> str:
    """Begin with a capital and leave the rest as it is.

    Examples
    --------
    >>> upper("margin ROI")
    'Margin ROI'
    """
    return sentence[:1].upper() + sentence[1:]


def _label(prob: float | None) -> str:
    return "" if prob is None else f"{100 * prob:g}%: "


def _counted(weeks: float) -> str:
    return f"{(said := _weeks(weeks))} {'week' if said == '1' else 'weeks'}"


def _weeks(weeks: float) -> str:
    return "never" if math.isinf(weeks) else f"{weeks:.0f}" if weeks >= 1 else f"{weeks:.1f}"


def _decimals(value: float) -> int:
    """Decimals that give a number two significant digits."""
    return 1 if value == 0 or not math.isfinite(value) else 1 - math.floor(math.log10(abs(value)))


def _round(value: float, decimals: int) -> str:
    """Write a number with so many decimals; one that would become zero keeps a digit."""
    if value and not round(value, decimals):
        decimals = _decimals(value) - 1
    return f"{round(value, decimals) + 0.0:,.{max(decimals, 0)}f}"  # + 0: there is no minus nothing
