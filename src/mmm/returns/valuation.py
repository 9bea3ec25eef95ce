"""From outcome to money: what a unit is worth by the period in which it lands, and in every draw."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import ReportError
from mmm.model.horizon import periods
from mmm.model.inputs import value_by_row
from mmm.model.priors import LogNormal
from mmm.posterior import Draws, random_stream
from mmm.returns.economics import Economics

__all__ = ["Valuation", "customer_value_draws", "extra_cost", "log_normal", "resample"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Valuation:
    """Money per unit of outcome: margin x value by landing period, times the value of a customer by draw.

    Attributes
    ----------
    by_row : array, shape (period,)
        Margin x value in each period of the data; 1 where only ``by_draw`` counts, or where there is no money.
    later : float
        The same after the data: the mean of the last year.
    by_draw : array, shape () or (chain, draw)
        Value of an incremental customer; 1 if it is not stated.
    is_money : bool
        Otherwise everything stays in units of the outcome.
    unit : str
        Of amounts: the currency, or the unit of the outcome.
    label : str
        What the return per spend is called.
    prior_label : str
        What the ROI is called on which the fit's prior was stated. Where the two differ, the prior was on other
        money than the report shows.
    """

    by_row: Floats
    later: float
    by_draw: Floats
    is_money: bool
    unit: str
    label: str
    prior_label: str

    @classmethod
    def of(cls, draws: Draws, economics: Economics | None = None) -> Valuation:
        """Value what these draws bring.

        Raises
        ------
        ReportError
            If the economics do not fit the data: margin or customer value counted twice, another currency, periods or
            channels that the data do not have.
        """
        data, stated = draws.data, economics or Economics()
        _check(stated, data)
        by_row = value_by_row(data, data.n_periods) * (1.0 if stated.margin is None else np.asarray(stated.margin))
        year = min(data.n_periods, periods(52, data.weeks_per_period))
        sizes = draws.parameters.sizes
        is_money = data.has_money_value or stated.customer_value is not None
        return cls(
            by_row=by_row,
            # the mean of equal numbers may differ from them in the last bit
            later=float(by_row[-1] if np.ptp(by_row[-year:]) == 0 else by_row[-year:].mean()),
            by_draw=customer_value_draws(stated, shape=(sizes[schema.CHAIN], sizes[schema.DRAW]), seed=draws.seed),
            is_money=is_money,
            unit=data.description.currency if is_money else data.description.outcome_unit,
            label=_label(stated, data),
            prior_label=data.roi_label,
        )

    def rows(self, start: int, stop: int) -> Floats:
        """Money per unit that lands in rows ``start ... stop - 1`` of the data, or after them."""
        after = np.full(max(0, stop - len(self.by_row)), self.later)
        return np.concatenate([self.by_row, after])[start:stop]

    def total(self, landed: Floats, *, start: int) -> Floats:
        """Money of what landed from row ``start`` on, shape (chain, draw, row) in, (chain, draw) out."""
        return np.asarray(self.by_draw * (landed @ self.rows(start, start + landed.shape[-1])))

    def require_money(self, what: str) -> None:
        """Refuse what only money has.

        Raises
        ------
        ReportError
            If the outcome has no money value.
        """
        if not self.is_money:
            raise ReportError(
                f"{what} was asked of an outcome without a money value ({self.label})",
                "spend is money, and nothing that came back for it is",
                "give MarketingData an outcome_value=, or Report economics=mmm.Economics(customer_value=...)",
            )


def customer_value_draws(economics: Economics, *, shape: tuple[int, int], seed: int) -> Floats:
    """Value of one incremental customer in every draw, independent of the fit.

    Each of its two parts is laid out in equal steps of probability and shuffled: their margins carry no Monte Carlo
    noise.

    Returns
    -------
    array, shape () or (chain, draw)
        1 where no customer value is stated.
    """
    value, sd, share = economics.customer_value, economics.customer_value_sd, economics.incremental_value_share
    if value is None:
        return np.ones(())
    size = shape[0] * shape[1]
    if isinstance(value, tuple):
        average = resample(np.asarray(value), size)
    elif sd is not None:
        average = log_normal(mean=value, sd=sd).quantile_grid(size)
    else:
        average = np.full(size, value)
    part = np.full(size, share) if isinstance(share, float) else share.quantile_grid(size)
    average = random_stream(seed, "customer value").permutation(average)
    part = random_stream(seed, "incremental value share").permutation(part)
    return (average * part).reshape(shape)


def log_normal(*, mean: float, sd: float) -> LogNormal:
    """Give the LogNormal with a mean and a standard deviation.

    Examples
    --------
    >>> values = log_normal(mean=100.0, sd=50.0).quantile_grid(100_000)
    >>> round(values.mean()), round(values.std())
    (100, 50)
    """
    variance = math.log1p((sd / mean) ** 2)
    return LogNormal(median=mean * math.exp(-variance / 2), sigma=math.sqrt(variance))


def resample(values: Floats, size: int) -> Floats:
    """Give ``size`` values in order that are distributed as ``values``, without Monte Carlo noise.

    Examples
    --------
    >>> resample(np.array([3.0, 1.0, 2.0]), 6)
    array([1., 1., 2., 2., 3., 3.])
    """
    places = (np.arange(size) + 0.5) / size * len(values)
    return np.asarray(np.sort(values)[places.astype(int)])


def extra_cost(economics: Economics, channels: tuple[str, ...]) -> Floats:
    """Cost of acquisition besides media, per unit of media spend, shape (channel,)."""
    stated = economics.acquisition_cost
    return np.array([stated[name] if isinstance(stated, dict) else stated for name in channels])


def _label(economics: Economics, data: MarketingData) -> str:
    if economics.customer_value is not None:
        return "customer value ROI"
    return data.roi_label if economics.margin is None else "margin ROI"


def _check(economics: Economics, data: MarketingData) -> None:
    """Refuse economics that do not fit the data."""
    said = data.description
    if economics.currency is not None and economics.currency.strip() != said.currency:
        raise ReportError(
            f"the economics are in {economics.currency} and the data in {said.currency}",
            "a sum or a ratio of two currencies is neither",
            f"convert the economics to {said.currency}",
        )
    if economics.customer_value is not None and data.has_money_value:
        kind = "is money" if said.outcome_is_money else f"has outcome_value={said.outcome_value!r}"
        raise ReportError(
            f"customer_value was given, but the outcome {said.outcome!r} {kind}",
            "the money of an outcome holds what customers buy again; times a lifetime value it is counted twice",
            "leave customer_value out, or fit new customers as the outcome, without an outcome_value",
        )
    if economics.margin is not None:
        _check_margin(economics.margin, data)
    if isinstance(economics.acquisition_cost, dict):
        _check_costs(economics.acquisition_cost, data.channels)


def _check_margin(margin: float | tuple[float, ...], data: MarketingData) -> None:
    if data.has_margin:
        raise ReportError(
            f"Economics has a margin, and the data have margin={data.description.margin!r} already",
            "it would be counted twice",
            "leave margin out of Economics, or fit data without one",
        )
    if not data.has_money_value:
        raise ReportError(
            f"Economics has a margin, but the outcome ({data.description.outcome_unit}) has no money value",
            "a margin is a share of money; without any it would silently do nothing",
            "give MarketingData an outcome_value=, or Economics a customer_value= in place of the margin",
        )
    if isinstance(margin, tuple) and len(margin) != data.n_periods:
        raise ReportError(
            f"margin has {len(margin)} numbers, the data have {data.n_periods} periods",
            "each number is the margin of one period, and which would be guessed",
            "give one number, or one for each period of the data in order of time",
        )


def _check_costs(costs: dict[str, float], channels: tuple[str, ...]) -> None:
    unknown = [name for name in costs if name not in channels]
    missing = [name for name in channels if name not in costs]
    if unknown:
        near = difflib.get_close_matches(unknown[0], channels, n=1)
        raise ReportError(
            f"acquisition_cost names {unknown}, the data have {list(channels)}",
            "the cost meant for a channel would be left out",
            f"did you mean {near[0]!r}?" if near else "use the channel names of the data",
        )
    if missing:
        raise ReportError(
            f"acquisition_cost does not name {missing}",
            "a cost that is left out flatters the channel",
            "name every channel, with 0 where there is no other cost",
        )
