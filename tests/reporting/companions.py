"""What may stand beside a report, made up from its own fit: no refit is needed to see how it is shown."""

import numpy as np

import mmm
from mmm.refreshing.vintages import Vintages
from mmm.validation.outlook import Outlook


def refresh_of(posterior, previous=None):
    previous = posterior if previous is None else previous
    return mmm.Refresh(previous, posterior, Vintages(previous.data, posterior.data))


def parts_of(refreshed):
    """Parts that add up to the movements, most of them by new weeks."""
    drift = refreshed.drift()
    moved = drift["new"] - drift["old"]
    parts = {
        "restated": -0.25 * moved,
        "new_weeks": moved,
        "model": 0.0,
        "experiments": 0.0,
        "monte_carlo": 0.25 * moved,
    }
    return drift[["channel"]].assign(**parts, total=moved)


def comparison_of(posterior):
    cases = {"default": posterior, "sceptic": posterior}
    assumed = {"default": "as fitted", "sceptic": "half of it"}
    return mmm.Comparison(posteriors=cases, assumptions=assumed, reference="default", remedy="A test would tell.")


def backtest_of(posterior):
    rng, sales = np.random.default_rng(1), posterior.data.dataset["outcome"].isel(geo=0).to_series()
    outlooks = tuple(
        Outlook(
            origin=sales.index[first - 1],
            dates=sales.index[first : first + 13],
            observed=sales.to_numpy()[first : first + 13],
            draws=rng.normal(sales.mean(), sales.std(), size=(500, 13)),
            naive=rng.normal(sales.mean(), 2 * sales.std(), size=(50, 13)),
            is_seasonal=True,
            diagnosis=posterior.diagnosis,
        )
        for first in (len(sales) - 26, len(sales) - 13)
    )
    return mmm.Backtest(outlooks=outlooks, weeks_ahead=13, outcome=sales, unit="GBP", frequency="weekly", seed=1)
