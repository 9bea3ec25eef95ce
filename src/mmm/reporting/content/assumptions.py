"""Everything that was assumed, as a table people can read: curves, carry-over, priors, baseline, money."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from mmm import schema
from mmm.model.priors import Prior
from mmm.posterior import Posterior
from mmm.returns import Economics
from mmm.words import significant

__all__ = ["ASSUMPTION_COLUMNS", "assumptions_table", "prior_in_words"]

ASSUMPTION_COLUMNS = ("of", "assumption", "value")

_FAMILIES = {
    "lognormal": "log-normal",
    "logitnormal": "logit-normal",
    "normal": "normal",
    "halfnormal": "half-normal",
    "beta": "beta",
}
_CURVES = {
    "hill": "Hill, its slope uncertain",
    "michaelis_menten": "Michaelis-Menten",
    "none": "none",
    "geometric": "geometric",
    "two_speed": "geometric at two speeds, fast and slow",
}


def assumptions_table(posterior: Posterior, *, economics: Economics | None = None) -> pd.DataFrame:
    """Give every assumption of a fit, one row each, priors in words.

    Parameters
    ----------
    posterior : Posterior
    economics : Economics, optional
        What the report was told of money.

    Returns
    -------
    DataFrame
        ``of`` (a channel, ``baseline``, ``model`` or ``money``), ``assumption``, ``value``: all text.

    Examples
    --------
    >>> table = assumptions_table(posterior)
    >>> print(table.query("of == 'tv' and assumption == 'roi'")["value"].item())
    log-normal, median 1, 90% between 0.25 and 4
    """
    rows = [*_of_channels(posterior), *_of_baseline(posterior), *_of_model(posterior), *_of_money(posterior, economics)]
    return pd.DataFrame(rows, columns=list(ASSUMPTION_COLUMNS))


def prior_in_words(prior: Prior) -> str:
    """Family, median and 90% interval of a prior.

    Examples
    --------
    >>> prior_in_words(mmm.LogNormal(median=1.5, sigma=0.6, lower=0.2, upper=8.0))
    'log-normal, median 1.5, 90% between 0.56 and 4, bounded to 0.2 to 8'
    """
    lower, upper = prior.interval(schema.DEFAULT_PROB)
    median = significant(float(prior.quantile(0.5)))
    words = f"{_FAMILIES[prior.model_dump()['family']]}, median {median}"
    words += f", {100 * schema.DEFAULT_PROB:g}% between {significant(lower)} and {significant(upper)}"
    bounds = [getattr(prior, end, None) for end in ("lower", "upper")]
    if any(bound is not None for bound in bounds):
        words += f", bounded to {' to '.join('any' if bound is None else f'{bound:g}' for bound in bounds)}"
    return words


def _of_channels(posterior: Posterior) -> Iterator[tuple[str, str, str]]:
    for name, channel in posterior.spec.channels.items():
        yield name, "kind of channel", "brand: returns fast and slowly" if channel.brand else "returns within weeks"
        for part, kind in (("saturation", channel.saturation.kind), ("carry-over", channel.carryover.kind)):
            yield name, part, _CURVES.get(kind, kind.replace("_", " "))
        first = "saturation, then carry-over" if channel.order == "saturation_first" else "carry-over, then saturation"
        yield name, "order", first
        if channel.roi_prior is not None:
            yield name, posterior.draws.roi_name, prior_in_words(channel.roi_prior)
        for parameter, prior in channel.parameters().items():
            if parameter in posterior.draws.parameters:
                yield name, parameter.replace("_", " "), prior_in_words(prior)


def _of_baseline(posterior: Posterior) -> Iterator[tuple[str, str, str]]:
    spec, data = posterior.spec, posterior.data
    yield schema.BASELINE, "linear trend", "yes" if spec.trend.linear else "no"
    if spec.trend.walk is not None:
        kind = "random walk" if spec.trend.smooth_weeks is None else f"smooth path of {spec.trend.smooth_weeks:g} weeks"
        size = f"sd per square root of a week, share of mean outcome: {prior_in_words(spec.trend.walk)}"
        yield schema.BASELINE, kind, size
    else:
        yield schema.BASELINE, "random walk", "none: slow channels pick up whatever the base does"
    yield schema.BASELINE, "yearly seasons", f"{spec.seasonality.yearly} Fourier pairs"
    yield schema.BASELINE, "holidays", spec.holidays or "none"
    yield schema.BASELINE, "controls", ", ".join(data.controls) or "none"
    if spec.noise is not None:
        yield schema.BASELINE, "noise", f"sd, share of mean outcome: {prior_in_words(spec.noise)}"
    for parameter, prior in (spec.tracker.parameters() if spec.tracker else {}).items():
        yield str(data.description.tracker), parameter.replace("_", " "), prior_in_words(prior)


def _of_model(posterior: Posterior) -> Iterator[tuple[str, str, str]]:
    spec = posterior.spec
    yield "model", "horizon of the ROI priors", f"{spec.horizon_weeks:g} weeks"
    if len(spec.brand) > 1:
        shared = "one for all brand channels" if spec.shared_slow_half_life else "one for each brand channel"
        yield "model", "slow half-life", shared
    if not posterior.data.has_money_value:
        yield "model", "share of the outcome due to media", prior_in_words(spec.media_share_prior)


def _of_money(posterior: Posterior, economics: Economics | None) -> Iterator[tuple[str, str, str]]:
    words = posterior.data.description
    for name in ("margin", "outcome_value"):
        stated = getattr(words, name)
        if stated is not None:
            yield "money", name.replace("_", " "), f"by column {stated}" if isinstance(stated, str) else f"{stated:g}"
    if economics is None:
        return
    for name, value in economics.model_dump().items():
        if value is not None and (name in economics.model_fields_set or name == "discount_rate"):
            yield "money", name.replace("_", " "), _economics_in_words(name, value)


def _economics_in_words(name: str, value: object) -> str:
    if name == "discount_rate":
        return f"{100 * float(value):g}% a year"  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return f"{len(value)} numbers, mean {sum(value) / len(value):g}"
    if isinstance(value, dict):
        return ", ".join(
            f"{key} {number:g}" if isinstance(number, float) else f"{key} {number}" for key, number in value.items()
        )
    return f"{value:g}" if isinstance(value, float) else str(value)
