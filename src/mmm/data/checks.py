"""What the numbers of outcome and media must be for the statistics to hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmm.data.layout import Layout
from mmm.data.listing import listed
from mmm.errors import DataError

__all__ = [
    "Media",
    "check_channels",
    "check_margin",
    "check_not_negative",
    "check_outcome",
    "check_outcome_value",
    "check_population",
    "constant_over_time",
    "media_warnings",
]

#: Spend without exposure above this share of a channel's money is worth a warning.
UNSEEN_SHARE = 0.05
#: Two channels whose drivers correlate above this are one channel to the data.
SAME_PLAN = 0.999


def constant_over_time(values: np.ndarray) -> np.ndarray:
    """Say for each geo whether its series never moves.

    Parameters
    ----------
    values : numpy.ndarray, shape (geo, date)
        One column.

    Returns
    -------
    numpy.ndarray of bool, shape (geo,)
        True where the range is nothing beside the size.

    Examples
    --------
    >>> constant_over_time(np.array([[1.0, 1.0], [1.0, 2.0]]))
    array([ True, False])
    """
    return np.ptp(values, axis=1) <= 1e-12 * np.abs(values).max(axis=1)


def check_outcome(outcome: np.ndarray, *, column: str, layout: Layout) -> str:
    """Refuse an outcome without variation or with no positive mean; warn of negative values.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (geo, date)
        In its own units.

    Returns
    -------
    str
        A warning, or nothing.

    Raises
    ------
    DataError
        If in any geo the outcome is all equal or has a mean of zero or less.
    """
    still = np.flatnonzero(constant_over_time(outcome))
    if still.size:
        raise DataError(
            f"the outcome {column!r} is the same in every period{_in_geos(layout, still)}: {outcome[still[0], 0]:.10g}",
            why="an outcome that never moves cannot say what moves it",
            fix="check the column, and that it was not filled forward or summed over all dates",
        )
    mean = outcome.mean(axis=1)
    low = np.flatnonzero(mean <= 0)
    if low.size:
        raise DataError(
            f"the outcome {column!r} has a mean of {mean[low[0]]:.6g}{_in_geos(layout, low)}",
            why="the model is scaled by the mean outcome, and shares of zero or of a loss mean nothing",
            fix="model revenue or units sold rather than profit or a change",
        )
    negative = outcome < 0
    if negative.any():
        return (
            f"The outcome {column!r} is negative in {int(negative.sum())} row(s) "
            f"({layout.show(outcome, negative)}). Returns net of sales can be; otherwise check the column."
        )
    return ""


def check_not_negative(values: np.ndarray, *, column: str, role: str, layout: Layout, name: str) -> None:
    """Refuse negative spend or exposure; values have shape (geo, date).

    Raises
    ------
    DataError
        Listing the first negative cells.
    """
    negative = values < 0
    if negative.any():
        raise DataError(
            f"column {column!r} ({role}) of {name} is negative in {int(negative.sum())} row(s): "
            f"{layout.show(values, negative)}",
            why="response curves start at zero; a refund booked later was not negative advertising then",
            fix="move corrections to the period whose media they correct",
        )


@dataclass(frozen=True, eq=False)
class Media:
    """What was bought.

    Attributes
    ----------
    spend, driver : numpy.ndarray, shape (geo, date, channel)
        Money, and what drives the response: exposure where there is one, else the money.
    channels : tuple of str, length channel
        Their names.
    exposed : tuple of str
        The channels whose driver is exposure.
    """

    spend: np.ndarray
    driver: np.ndarray
    channels: tuple[str, ...]
    exposed: tuple[str, ...]


def check_channels(media: Media) -> None:
    """Refuse channels without money, or whose driver never moves.

    Raises
    ------
    DataError
        Naming the first channel at fault.
    """
    for c, channel in enumerate(media.channels):
        driver = media.driver[..., c]
        for what, values in (("spend", media.spend[..., c]), ("exposure", driver)):
            if not values.any():
                raise DataError(
                    f"the {what} of channel {channel!r} is zero in every row",
                    why="a channel that never ran has no effect to measure; its result would be its prior",
                    fix="leave the channel out, or check the column",
                )
        # A flat fee with exposure that varies is fine: only what drives the response must move.
        if constant_over_time(driver).all():
            what = "exposure" if channel in media.exposed else "spend"
            raise DataError(
                f"the {what} of channel {channel!r} is constant throughout ({driver[0, 0]:.10g})",
                why="an effect that never changes cannot be told from the intercept",
                fix="leave the channel out, or pass a longer stretch in which it varies",
            )


def media_warnings(media: Media, *, layout: Layout) -> list[str]:
    """Say what about the media will limit the answer.

    Returns
    -------
    list of str
        One warning for each channel with money but no exposure, and each pair with one plan.
    """
    warnings = []
    for channel in media.exposed:
        c = media.channels.index(channel)
        spend = media.spend[..., c]
        unseen = (spend > 0) & (media.driver[..., c] == 0)
        share = spend[unseen].sum() / spend.sum()
        if share > UNSEEN_SHARE:
            warnings.append(
                f"{share:.0%} of the money of channel {channel!r} was spent where its exposure is zero "
                f"({layout.show(spend, unseen)}). It counts as cost with no effect of its own; check that "
                f"spend is booked when the media ran."
            )
    moves = media.driver - media.driver.mean(axis=1, keepdims=True)
    moves = moves.reshape(-1, len(media.channels))
    moves = moves / np.linalg.norm(moves, axis=0)
    correlation = moves.T @ moves
    for a, b in zip(*np.nonzero(np.triu(correlation > SAME_PLAN, k=1)), strict=True):
        warnings.append(
            f"Channels {media.channels[a]!r} and {media.channels[b]!r} move together (correlation "
            f"{correlation[a, b]:.4f}): the data speak of their sum only, and the prior splits it."
        )
    return warnings


def check_outcome_value(values: np.ndarray, *, column: str | None, layout: Layout) -> None:
    """Refuse values of a unit that are zero or negative; shape (geo, date).

    Raises
    ------
    DataError
        Listing the first cells at fault.
    """
    bad = values <= 0
    if bad.any():
        found = f"column {column!r} (outcome_value): {layout.show(values, bad)}" if column else f"{values[0, 0]:.10g}"
        raise DataError(
            f"outcome_value must be positive; got {found}",
            why="it turns units into money; at zero or less a good channel would look worthless or harmful",
            fix="pass the revenue of one unit, or leave outcome_value out",
        )


def check_margin(values: np.ndarray, *, column: str | None, layout: Layout) -> None:
    """Refuse margins outside (0, 1]; shape (geo, date).

    Raises
    ------
    DataError
        Listing the first cells at fault, and guessing at percentages.
    """
    bad = (values <= 0) | (values > 1)
    if bad.any():
        found = f"column {column!r} (margin): {layout.show(values, bad)}" if column else f"{values[0, 0]:.10g}"
        percent = bool((values > 0).all() and values[bad].min() >= 2 and values.max() <= 100)
        guess = float(values[bad][0]) / 100
        raise DataError(
            f"margin must be above 0 and at most 1; got {found}"
            + (f"; did you mean {guess:.2f}?" if percent and round(guess, 2) == guess else ""),
            why="it is the share of a unit of revenue that is left after its variable costs; ROI is multiplied by it",
            fix="divide percentages by 100" if percent else "pass a share, as in margin=0.4",
        )


def check_population(values: np.ndarray, *, column: str, layout: Layout) -> np.ndarray:
    """Refuse a population that is not positive or changes over time.

    Parameters
    ----------
    values : numpy.ndarray, shape (geo, date)
        As read.

    Returns
    -------
    numpy.ndarray, shape (geo,)
        People per geo.

    Raises
    ------
    DataError
        Naming geos at fault.
    """
    low = np.flatnonzero((values <= 0).any(axis=1))
    if low.size:
        raise DataError(
            f"the population {column!r} is not positive{_in_geos(layout, low)}: {values[low[0]].min():.10g}",
            why="outcome and spend are divided by it",
            fix="pass the number of people of each geo",
        )
    moving = np.flatnonzero((values != values[:, :1]).any(axis=1))
    if moving.size:
        g = moving[0]
        raise DataError(
            f"the population {column!r} changes over time{_in_geos(layout, moving)}: from {values[g].min():.10g} to "
            f"{values[g].max():.10g}",
            why="it scales the geos against each other; if it moved, its growth would look like an effect",
            fix="use one number for each geo",
        )
    return values[:, 0]


def _in_geos(layout: Layout, geos: np.ndarray) -> str:
    if len(layout.geos) == 1:
        return ""
    return f" in {listed([layout.geos[g] for g in geos])}"
