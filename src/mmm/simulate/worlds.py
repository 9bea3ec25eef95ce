"""National worlds that follow the model's rules, with the truth computed by simulation.

Each part of a world (plans, parameters, ROI, base, noise) has a random stream of its own, so that changing
one setting leaves everything else as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import SpecError
from mmm.simulate.oracle import ChannelRules, cohort_returns, counterfactual_return, response
from mmm.simulate.truth import Truth

__all__ = ["world", "world_frame"]

#: Columns of the frame besides the channels.
DATE, OUTCOME, CONTROL = "date", "revenue", "price"

#: Weeks per period and pandas offset, by frequency.
FREQUENCIES = {"weekly": (1.0, "7D"), "daily": (1 / 7, "D"), "monthly": (365.25 / 12 / 7, "MS")}
CHANNEL_NAMES = ("tv", "search", "social", "radio", "display", "print", "outdoor", "podcast")
PLANS = ("always_on", "flights")

_CURVE_PARAMETERS = {
    "hill": (schema.LEVEL, schema.SLOPE),
    "michaelis_menten": (schema.LEVEL,),
    "tanh": (schema.LEVEL,),
    "logistic": (schema.LEVEL,),
    "root": (schema.EXPONENT,),
    "none": (),
}
_KERNEL_PARAMETERS = {
    "geometric": (schema.HALF_LIFE, schema.CARRY_IN_LEVEL),
    "delayed": (schema.HALF_LIFE, schema.PEAK, schema.CARRY_IN_LEVEL),
    "weibull": (schema.HALF_LIFE, schema.SHAPE, schema.CARRY_IN_LEVEL),
    "binomial": (schema.RETENTION, schema.CARRY_IN_LEVEL),
    "none": (),
}


def world(*, seed: int, **settings: Any) -> tuple[MarketingData, Truth]:
    """Simulate a national world and take it through the door.

    Parameters
    ----------
    seed : int
    **settings
        Everything that :func:`world_frame` takes.

    Returns
    -------
    data : MarketingData
    truth : Truth

    Examples
    --------
    >>> data, truth = world(seed=1, n_channels=2)
    >>> data.channels == truth.channels
    True
    """
    frame, truth = world_frame(seed=seed, **settings)
    data = MarketingData.from_frame(
        frame, date=DATE, outcome=OUTCOME, spend=list(truth.channels), controls=[CONTROL], outcome_unit="GBP"
    )
    return data, truth


def world_frame(
    *,
    seed: int,
    n_periods: int = 156,
    frequency: str = "weekly",
    n_channels: int = 4,
    channels: Sequence[str] | None = None,
    start: str = "2023-01-02",
    plans: Mapping[str, str] | None = None,
    saturation: str = "hill",
    carryover: str = "geometric",
    order: str = "saturation_first",
    max_lag_weeks: float = 13.0,
    parameters: Mapping[str, Mapping[str, float]] | None = None,
    roi: Mapping[str, float] | None = None,
    roi_median: float = 1.0,
    roi_sigma: float = 0.85,
    roi_horizon_weeks: float = 104,
    horizons_weeks: Sequence[float] = schema.DEFAULT_HORIZONS,
    base: float = 1_000_000.0,
    spend_share: float = 0.03,
    trend: float = 0.02,
    season: float = 0.05,
    control: float = 0.03,
    walk: float = 0.003,
    noise: float = 0.04,
) -> tuple[pd.DataFrame, Truth]:
    """Simulate a national world and give it as a plain frame, for writing files.

    Parameters
    ----------
    seed : int
    n_periods : int
    frequency : {"weekly", "daily", "monthly"}
        Monthly worlds start on the first of the month of ``start``.
    n_channels : int
        How many channels; ignored if ``channels`` names them.
    channels : sequence of str, optional
    start : str
        First date.
    plans : mapping, optional
        Channel to ``"always_on"`` (gamma noise around a mean) or ``"flights"`` (4-8 weeks on, 4-10 weeks at exactly
        zero). By default the first channel flies, the second is always on, and so in turn.
    saturation, carryover, order, max_lag_weeks
        Rules of every channel, see :class:`mmm.simulate.ChannelRules`.
    parameters : mapping of mapping, optional
        Channel, then posterior name; what is not given is drawn from the model's default priors.
    roi : mapping, optional
        True ROI of channels; the others are drawn from ``LogNormal(roi_median, roi_sigma)``.
    roi_horizon_weeks : float
        Horizon at which ``roi`` is stated.
    horizons_weeks : sequence of float
        Horizons at which the truth is computed.
    base : float
        Money per period that comes in without media.
    spend_share : float
        Mean spend of a typical channel, as a share of ``base``; channels differ by a factor of about 1.5.
    trend, season, control, walk, noise : float
        As shares of mean outcome: growth a year, sd of the season, effect of one sd of the control, sd of the random
        walk per square root of a week, sd of the noise.

    Returns
    -------
    frame : DataFrame
        Columns ``date``, ``revenue``, one per channel (spend), ``price``.
    truth : Truth

    Raises
    ------
    SpecError
        If a setting makes no sense; the message lists what does.

    Examples
    --------
    >>> frame, truth = world_frame(seed=3, n_channels=2, n_periods=60)
    >>> list(frame.columns), len(frame)
    (['date', 'revenue', 'tv', 'search', 'price'], 60)
    """
    names = _channel_names(n_channels, channels)
    if frequency not in FREQUENCIES:
        raise SpecError(f"frequency={frequency!r} is not simulated", fix=f"use one of {', '.join(FREQUENCIES)}")
    weeks_per_period, offset = FREQUENCIES[frequency]
    horizons = {weeks: _periods(weeks, weeks_per_period) for weeks in {*horizons_weeks, roi_horizon_weeks}}
    plans, parameters, roi = dict(plans or {}), dict(parameters or {}), dict(roi or {})
    for role, given in (("plans", plans), ("parameters", parameters), ("roi", roi)):
        _check_known(role, given, names)
    if frequency == "monthly":
        start = str(pd.Timestamp(start).to_period("M").start_time.date())
    dates = pd.date_range(start, periods=n_periods, freq=offset)
    plan_rng, parameter_rng, roi_rng, base_rng, noise_rng = (np.random.default_rng([seed, i]) for i in range(5))

    spend = {}
    for i, name in enumerate(names):
        mean = base * spend_share * plan_rng.lognormal(0.0, 0.4)
        plan = plans.get(name, PLANS[(i + 1) % 2])
        spend[name] = np.round(mean * _plan(plan, n_periods, weeks_per_period, plan_rng), 2)

    rules, truths, contributions = {}, {}, {}
    roi_by_horizon: dict[float, dict[str, float]] = {weeks: {} for weeks in horizons_weeks}
    for name in names:
        drawn = _draw_parameters(parameter_rng)
        wanted = _parameter_names(saturation, carryover)
        _check_known(f"parameters[{name!r}]", parameters.get(name, {}), wanted)
        values = {key: float(parameters.get(name, {}).get(key, drawn[key])) for key in wanted}
        rules[name] = ChannelRules(
            saturation=saturation, carryover=carryover, order=order, max_lag_weeks=max_lag_weeks, parameters=values
        )
        driver = (spend[name] / spend[name].mean()).tolist()
        unit = _unit_returns(driver, rules[name], weeks_per_period=weeks_per_period, horizons=horizons)
        drawn_roi = roi_median * roi_rng.lognormal(0.0, roi_sigma)
        true_roi = float(roi.get(name, drawn_roi))
        amplitude = true_roi * float(spend[name].sum()) / unit[roi_horizon_weeks]
        truths[name] = values | {"roi": true_roi, "amplitude": amplitude, "driver_mean": float(spend[name].mean())}
        contributions[name] = amplitude * np.array(response(driver, rules[name], weeks_per_period=weeks_per_period))
        for weeks, by_channel in roi_by_horizon.items():
            by_channel[name] = amplitude * unit[weeks] / float(spend[name].sum())

    media = pd.DataFrame(contributions, index=pd.Index(dates, name=schema.DATE), columns=list(names))
    scale = base + float(media.to_numpy().sum(axis=1).mean())
    price, shares = _baseline(dates, base_rng, trend=trend, season=season, control=control, walk=walk)
    baseline = base + scale * shares
    sigma = noise * scale
    revenue = baseline + media.to_numpy().sum(axis=1) + sigma * noise_rng.standard_normal(n_periods)
    frame = pd.DataFrame({DATE: dates, OUTCOME: revenue, **spend, CONTROL: price})
    truth = Truth(
        roi_by_horizon=roi_by_horizon,
        contributions=media,
        baseline=baseline,
        parameters=truths,
        rules=rules,
        sigma=sigma,
    )
    return frame, truth


def _unit_returns(
    driver: list[float], rules: ChannelRules, *, weeks_per_period: float, horizons: Mapping[float, int]
) -> dict[float, float]:
    """Return of all the data's spend within each horizon, per unit of amplitude, past the data's end."""
    window = {"weeks_per_period": weeks_per_period, "start": 0, "stop": len(driver)}
    if rules.order == "saturation_first":
        returns = cohort_returns(driver, rules, **window, horizons=list(horizons.values()))  # type: ignore[arg-type]
        return dict(zip(horizons, returns, strict=True))
    return {
        weeks: counterfactual_return(driver, rules, **window, horizon=periods)  # type: ignore[arg-type]
        for weeks, periods in horizons.items()
    }


def _plan(plan: str, n_periods: int, weeks_per_period: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Spend per period in units of the plan's mean, shape (time,)."""
    if plan not in PLANS:
        raise SpecError(f"{plan!r} is not a spend plan", fix=f"use one of {', '.join(PLANS)}")
    size = rng.gamma(1 / 0.3**2, 0.3**2, size=n_periods)
    if plan == "always_on":
        return size
    on = np.zeros(n_periods)
    row = -int(rng.integers(0, max(1, round(4 / weeks_per_period))))
    while row < n_periods:
        flight, dark = (max(1, round(rng.uniform(4, most) / weeks_per_period)) for most in (8, 10))
        on[max(row, 0) : max(row + flight, 0)] = 1.0
        row += flight + dark
    return size * on / on.mean()


def _draw_parameters(rng: np.random.Generator) -> dict[str, float]:
    """Every parameter of every rule, from the model's default priors, whether it is used or not."""
    return {
        schema.HALF_LIFE: rng.lognormal(0.0, 0.6),
        schema.PEAK: abs(rng.normal(0.0, 2.0)),
        schema.SHAPE: rng.lognormal(0.0, 0.3),
        schema.RETENTION: rng.beta(2, 2),
        schema.LEVEL: rng.beta(2, 3),
        schema.SLOPE: rng.lognormal(0.0, 0.4),
        schema.EXPONENT: rng.beta(4, 2.5),
        schema.CARRY_IN_LEVEL: abs(rng.normal()),
    }


def _parameter_names(saturation: str, carryover: str) -> tuple[str, ...]:
    rules = (("saturation", saturation, _CURVE_PARAMETERS), ("carryover", carryover, _KERNEL_PARAMETERS))
    for role, rule, known in rules:
        if rule not in known:
            raise SpecError(f"{role}={rule!r} is not simulated", fix=f"use one of {', '.join(known)}")
    return (*_CURVE_PARAMETERS[saturation], *_KERNEL_PARAMETERS[carryover])


def _baseline(
    dates: pd.DatetimeIndex, rng: np.random.Generator, *, trend: float, season: float, control: float, walk: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Price, and everything but base level and media, as shares of mean outcome; both shape (time,)."""
    weeks = np.asarray((dates - dates[0]) / pd.Timedelta(weeks=1), dtype=float)
    years = weeks * 7 / 365.25
    waves = np.array([wave(2 * np.pi * k * years) for k in (1, 2) for wave in (np.sin, np.cos)])
    size = rng.normal(size=4)
    # a wave of unit size has variance one half
    cycle = season * (size / np.sqrt((size**2).sum() / 2)) @ waves
    price = np.round(10 + 0.5 * rng.standard_normal(len(dates)), 2)
    steps = np.sqrt(np.diff(weeks, prepend=weeks[0])) * rng.standard_normal(len(dates))
    shares = trend * (years - years.mean()) + cycle - control * (price - 10) / 0.5 + walk * np.cumsum(steps)
    return price, shares


def _channel_names(n_channels: int, channels: Sequence[str] | None) -> tuple[str, ...]:
    if channels is None:
        return tuple(CHANNEL_NAMES[i] if i < len(CHANNEL_NAMES) else f"channel_{i + 1}" for i in range(n_channels))
    taken = [name for i, name in enumerate(channels) if name in (DATE, OUTCOME, CONTROL, *channels[:i])]
    if taken:
        raise SpecError(f"channel {taken[0]!r} would be a second column of that name", fix="rename it")
    return tuple(channels)


def _check_known(role: str, given: Mapping[str, object], known: Sequence[str]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SpecError(f"{role} names {unknown}, which this world does not have", fix=f"it has {', '.join(known)}")


def _periods(weeks: float, weeks_per_period: float) -> int:
    periods = round(weeks / weeks_per_period)
    if periods < 1:
        raise SpecError(
            f"a horizon of {weeks:g} weeks is shorter than one period", fix=f"use at least {weeks_per_period:.3g} weeks"
        )
    return periods
