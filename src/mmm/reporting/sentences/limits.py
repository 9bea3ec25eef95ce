"""What limits the answer, why, and what would help; brand channels and checks have files of their own."""

from __future__ import annotations

import re

import numpy as np

from mmm import schema
from mmm.model.priors import Beta
from mmm.posterior import Posterior
from mmm.reporting.basis import Basis
from mmm.reporting.sentences.brand_limits import of_brand
from mmm.reporting.sentences.check_limits import of_checks
from mmm.reporting.tables import summarise
from mmm.returns import Economics, per_spend, prior_reliance_of_returns
from mmm.returns.summary import SAMPLE_DIMS
from mmm.words import chance, listed, percent, with_interval

__all__ = ["warnings"]

#: Weeks of history below which yearly seasons and slow effects cannot be told apart.
SHORT_HISTORY_WEEKS = 104
#: Prior reliance above which a number is an assumption.
MOSTLY_PRIOR = 0.8
#: Share of mean spend that the quietest period must go below for the data to show the foot of the curve.
NEAR_ZERO_SPEND = 0.3
#: Correlation of two channels' spend above which only their sum is known.
TOO_CORRELATED = 0.8
#: Share of the outcome below which a channel's effect drowns in the noise.
SMALL_SPEND_SHARE = 0.01
#: Probability of a negative baseline that is no longer an accident.
NEGATIVE_BASELINE = 0.05
#: Probability that a channel returned next to nothing (ROI below 0.1) worth saying.
NEXT_TO_NOTHING = 0.1
#: Probability of a gain (ROI above 1) from which on a channel is not among them.
MAY_HAVE_GAINED = 0.1
#: Lower end of ROI above which a channel did return something, whatever the prior said.
NOT_LIFTED = 0.25
#: Share of the return still to come above which the verdict is a forecast.
STILL_TO_COME = 0.3

SEARCH_WORDS = {"search", "sem", "ppc", "adwords"}
DEMAND_WORDS = {"demand", "query", "queries", "volume", "search", "interest", "trend", "trends"}


def warnings(basis: Basis) -> tuple[str, ...]:
    """Collect every warning that applies to a fit and its report, the gravest first.

    Parameters
    ----------
    basis : Basis

    Returns
    -------
    tuple of str
        A sentence or two each, the last of which says what to do.
    """
    posterior = basis.posterior
    found = [] if posterior.ok else [posterior.diagnosis.verdict]
    parts = (
        _of_baseline(posterior),
        of_checks(posterior),
        _of_returns(basis),
        of_brand(basis),
        _of_data(posterior),
        _of_money(basis),
    )
    return (*found, *(sentence for part in parts for sentence in part))


def _of_baseline(posterior: Posterior) -> list[str]:
    below = float((posterior.draws.baseline().sum(schema.PART) < 0).mean())
    if below <= NEGATIVE_BASELINE:
        return []
    return [
        f"The baseline is negative in {percent(below)} of draws and periods: the model gives media more than the whole "
        "outcome there. Tighten the ROI priors of the largest channels, or add the control that explains those periods."
    ]


def _of_returns(basis: Basis) -> list[str]:
    posterior, prob, horizon = basis.posterior, basis.prob, basis.posterior.spec.horizon_weeks
    money = basis.valuation.is_money
    variable, label = ("money", "ROI") if money else ("incremental_outcome", "effect per unit of spend")
    returns, prior, _ = basis.returns((horizon,))
    reliance = prior_reliance_of_returns(returns, prior, variable=variable)
    ratio = per_spend(returns, variable).sel({schema.HORIZON: horizon})
    lowest = (
        per_spend(prior, variable).sel({schema.HORIZON: horizon}).quantile(basis.edges[0], SAMPLE_DIMS, skipna=False)
    )
    prior_lower = dict(zip(lowest[schema.CHANNEL].values, lowest.values, strict=True))
    landed = (returns["landed"] / returns["incremental_outcome"]).sel({schema.HORIZON: horizon})
    assumed, nothing, coming = [], [], []
    for name in posterior.data.channels:
        draws = ratio.sel({schema.CHANNEL: name})
        if draws.isnull().any():  # nothing was spent in the window
            continue
        median, lower, upper = map(float, summarise(draws, prob=prob))
        relied = float(reliance.sel({schema.CHANNEL: name, schema.HORIZON: horizon}))
        if relied > MOSTLY_PRIOR:
            assumed.append(f"{name} {with_interval(median, lower, upper, prob=prob, reliance=relied)}")
        small = float((draws < 0.1).mean()) if money else 0.0
        # a positive prior cannot say zero: what data can do is to lift the lower end above where the prior alone ends
        as_low_as_priors = relied <= MOSTLY_PRIOR and lower < min(prior_lower[name], NOT_LIFTED)
        if small > NEXT_TO_NOTHING or (money and as_low_as_priors and float((draws > 1).mean()) < MAY_HAVE_GAINED):
            nothing.append(f"{name} {with_interval(median, lower, upper, prob=prob)}, P(ROI < 0.1) = {chance(small)}")
        later = 1 - float(landed.sel({schema.CHANNEL: name}).median())
        if later > STILL_TO_COME:
            coming.append(f"{percent(later)} of {name}")
    found = []
    if assumed:
        found.append(
            f"The {label} within {horizon:g} weeks of these channels is mostly assumption, the data hardly moved the "
            f"prior: {'; '.join(assumed)}. Weeks with much more or no spend, or a test in some regions, would."
        )
    if nothing:
        found.append(
            f"These may have returned next to nothing: {'; '.join(nothing)}. The prior only allows positive returns, "
            "so that an effect of exactly zero shows up like this: probably below break-even, with an interval that "
            "reaches as low as the prior's own, or lower. Test it by switching the channel off."
        )
    if coming:
        found.append(
            f"Of what the spend returns within {horizon:g} weeks, {listed(coming)} had not landed when the data "
            "ended: that part is a forecast by the model's kernel. A longer history or a shorter horizon rests on less "
            "of it."
        )
    return found


def _of_data(posterior: Posterior) -> list[str]:
    data = posterior.data
    found = []
    weeks = data.n_periods * data.weeks_per_period
    if weeks < SHORT_HISTORY_WEEKS:
        found.append(
            f"There are {weeks:.0f} weeks of history; with less than {SHORT_HISTORY_WEEKS} not every week of the year "
            "was seen twice, and season and media can be mistaken for one another. Bring more history."
        )
    driver = data.dataset[schema.DRIVER].values[0]
    always_on = [
        name for i, name in enumerate(data.channels) if driver[:, i].min() > NEAR_ZERO_SPEND * driver[:, i].mean()
    ]
    if always_on:
        found.append(
            f"{listed(always_on)} never came near zero: what the first pounds bring was never seen, and average ROI "
            "there rests on the prior of the curve. A few quiet weeks would show it."
        )
    correlation = np.corrcoef(driver.T).reshape(len(data.channels), -1)
    for i, name in enumerate(data.channels):
        for j in range(i):
            if correlation[i, j] > TOO_CORRELATED:
                found.append(
                    f"{data.channels[j]} and {name} move together (correlation {correlation[i, j]:.2f}): the data "
                    "know the return of both better than of either. Judge them together, or vary one without the other."
                )
    if data.has_money_value:
        found += _small_channels(posterior)
    searches = [name for name in data.channels if _words(name) & SEARCH_WORDS]
    if searches and not any(_words(name) & DEMAND_WORDS for name in data.controls):
        found.append(
            f"{listed(searches)} answers demand that is there already, and no control measures it: its ROI may be "
            "overstated. Add a control of category demand, such as the volume of generic queries."
        )
    return found


def _small_channels(posterior: Posterior) -> list[str]:
    data = posterior.data
    value = (data.dataset[schema.OUTCOME] * data.dataset[schema.OUTCOME_VALUE]).values.sum()
    share = data.dataset[schema.SPEND].values[0].sum(axis=0) / value
    small = [name for name, part in zip(data.channels, share, strict=True) if part < SMALL_SPEND_SHARE]
    if not small:
        return []
    return [
        f"Spend on {listed(small) if len(small) < len(data.channels) else 'every channel'} is below "
        f"{SMALL_SPEND_SHARE:.0%} of the outcome's value: unless it returned several times its cost, its effect is "
        "smaller than the noise. Group such channels, or set roi_prior from a test."
    ]


def _of_money(basis: Basis) -> list[str]:
    valuation, economics = basis.valuation, basis.economics
    found = []
    if valuation.label != valuation.prior_label and basis.posterior.data.has_money_value:
        found.append(
            f"The fit's priors were on {valuation.prior_label}, and this report is in {valuation.label}: they spoke of "
            "other money, and what they held to be break-even is not break-even here. Fit again with the margin in the "
            "data, or with roi_prior set so that it says of this money what you mean."
        )
    share = Economics().incremental_value_share
    said = set() if economics is None else economics.model_fields_set
    if "customer_value" in said and "incremental_value_share" not in said and isinstance(share, Beta):
        worth = with_interval(*(float(share.quantile(edge)) for edge in (0.5, *basis.edges)), prob=basis.prob)
        found.append(
            f"A customer won by advertising is taken to be worth {worth} of an average one: the default, "
            f"Beta({share.alpha:g}, {share.beta:g}), is an assumption and no measurement. Compare how long both stay, "
            "and give incremental_value_share."
        )
    return found


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z]+", name.casefold()))
