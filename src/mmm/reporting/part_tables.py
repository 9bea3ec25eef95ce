"""Tables whose parts add up to a whole: shares of spend and effect, and what the outcome was made of.

Their points are posterior means: only means of parts add up to the mean of the whole.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from mmm import schema
from mmm.returns import effect_shares
from mmm.returns.summary import SAMPLE_DIMS, summarise

__all__ = ["ACTUAL", "MEDIA", "MODELLED", "UNEXPLAINED", "composition_table", "shares_table"]

#: Kinds of rows of :meth:`mmm.Report.composition`, besides ``baseline``.
MEDIA, MODELLED, UNEXPLAINED, ACTUAL = "media", "modelled", "unexplained", "actual"


def shares_table(returns: xr.Dataset, *, variable: str, prob: float) -> pd.DataFrame:
    """Share of spend and share of effect by channel.

    Parameters
    ----------
    returns : Dataset
        From :func:`mmm.returns.returns_by_horizon`, with one horizon.
    variable : {"money", "incremental_outcome"}
    prob : float
    """
    share = effect_shares(returns, variable).squeeze(schema.HORIZON, drop=True)
    spend = returns[schema.SPEND].sel({schema.CHANNEL: share[schema.CHANNEL]})
    spend_share = spend / spend.sum().where(spend.sum() > 0)
    _, lower, upper = summarise(share, prob=prob)
    above = (share > spend_share).where(share.notnull() & spend_share.notnull()).mean(SAMPLE_DIMS)
    columns = (
        share[schema.CHANNEL].values, spend.values, spend_share.values, share.mean(SAMPLE_DIMS, skipna=False).values,
        lower, upper, above.values,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(schema.SHARES_COLUMNS, columns, strict=True)))


def composition_table(parts: xr.Dataset, *, actual: float, prob: float) -> pd.DataFrame:
    """What the outcome of a window was made of.

    Parameters
    ----------
    parts : Dataset
        From :func:`mmm.returns.composition_draws`.
    actual : float
        Outcome of the window.
    prob : float
    """
    baseline, media = parts["baseline"], parts["media"]
    modelled = baseline.sum(schema.PART) + media.sum(schema.CHANNEL)
    rows = [(str(name), schema.BASELINE, baseline.sel({schema.PART: name})) for name in baseline[schema.PART].values]
    rows += [(str(name), MEDIA, media.sel({schema.CHANNEL: name})) for name in media[schema.CHANNEL].values]
    rows += [(MODELLED, MODELLED, modelled), (UNEXPLAINED, UNEXPLAINED, actual - modelled)]
    cells = []
    for name, kind, draws in rows:
        _, lower, upper = summarise(draws, prob=prob)
        cells.append((name, kind, float(draws.mean()), float(lower), float(upper)))
    cells.append((ACTUAL, ACTUAL, actual, actual, actual))
    table = pd.DataFrame(cells, columns=list(schema.COMPOSITION_COLUMNS[:-1]))
    return table.assign(share=table["amount"] / actual if actual else np.nan)
