"""A folder of saved fits as a history: what was said at each refresh, and which decisions it would have turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.errors import ReportError
from mmm.posterior import Posterior, load
from mmm.refreshing.drift import returns_of_window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["History", "history", "saved_fits"]

#: From this probability on that money came back a channel is said to have paid, and below the rest that it has not.
SURE = 0.8


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """What saved fits of one series say, in order of their data; from :func:`mmm.history`.

    Parameters
    ----------
    rows : DataFrame
        See :meth:`table`.
    label : str
        What the return is called.
    prob : float
        Of the intervals.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "vintage": pd.to_datetime(["2026-03-30", "2026-06-29"]), "created": "", "file": ["q1.nc", "q2.nc"],
    ...     "channel": "tv", "roi": [0.9, 1.6], "roi_lower": [0.5, 1.1], "roi_upper": [1.5, 2.2],
    ...     "prob_above_one": [0.38, 0.97], "decision": ["open", "paid"],
    ... })
    >>> mmm.History(rows, "margin ROI", 0.9).flips()[["channel", "before", "after"]].values.tolist()
    [['tv', 'open', 'paid']]
    >>> story = mmm.History(rows, "margin ROI", 0.9)
    >>> story.table().columns.name, story.plot().get_ylabel()
    ('margin ROI; 90% equal-tailed intervals', 'margin ROI')
    """

    rows: pd.DataFrame
    label: str
    prob: float

    def table(self) -> pd.DataFrame:
        """Every channel at every refresh.

        Returns
        -------
        DataFrame
            ``vintage`` (last period of the data), ``created``, ``file``, ``channel``, ``roi, roi_lower, roi_upper``
            (median and equal-tailed interval of all spend in the data of that fit), ``prob_above_one`` and
            ``decision``: paid from a probability of 80% that the money came back, not paid below 20%, open in between;
            both empty where returns are not money.
        """
        return self.rows.rename_axis(columns=f"{self.label}; {self.prob:.0%} equal-tailed intervals")

    def flips(self) -> pd.DataFrame:
        """Decisions that one refresh turned over against the one before it.

        Returns
        -------
        DataFrame
            ``channel, vintage, before, after, prob_before, prob_after``.
        """
        return pd.DataFrame(
            list(self._flips()), columns=["channel", "vintage", "before", "after", "prob_before", "prob_after"]
        )

    def _flips(self) -> Iterator[tuple[Any, ...]]:
        for name, rows in self.rows.groupby("channel", sort=False):
            steps = rows.to_dict("records")
            for first, second in pairwise(steps):
                if first["decision"] != second["decision"]:
                    yield (name, second["vintage"], first["decision"], second["decision"],
                           first["prob_above_one"], second["prob_above_one"])  # fmt: skip

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Each channel's return with its interval, refresh by refresh."""
        from mmm.refreshing.charts import plot_history

        return plot_history(self, ax=ax)

    def __repr__(self) -> str:
        vintages = self.rows["vintage"].drop_duplicates()
        return f"<History of {len(vintages)} refreshes, {len(self.flips())} decisions turned over>"


def history(folder: str | PathLike[str], *, horizon_weeks: float | None = None, prob: float = 0.9) -> History:
    """Read all saved fits of a folder as one series.

    Parameters
    ----------
    folder : path
        Of files that ``posterior.save`` wrote; other files are not looked at.
    horizon_weeks : float, optional
        That of the newest fit's ROI priors by default.
    prob : float
        Of the intervals.

    Returns
    -------
    History

    Raises
    ------
    ReportError
        If there are no saved fits, or they are not of one series: another currency, outcome or unit.
    StorageError
        If a file cannot be read: a history with a hole would be another one.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     posterior.save(pathlib.Path(folder) / "2024q1.nc")
    ...     mmm.history(folder).table()["channel"].tolist()
    ['tv', 'video', 'radio', 'total']
    """
    fits = saved_fits(folder)
    if not fits:
        raise ReportError(
            f"there are no saved fits (*.nc) in {str(folder)!r}",
            "a history is what saved fits say",
            "save each refresh: refreshed.posterior.save('fits/2026q3.nc')",
        )
    _refuse_other_series(fits)
    newest = fits[-1][1]
    horizon = newest.spec.horizon_weeks if horizon_weeks is None else horizon_weeks
    rows = pd.concat([_rows(path, fit, horizon, prob) for path, fit in fits], ignore_index=True)
    return History(rows, f"{newest.data.roi_label} within {horizon:g} weeks", prob)


def saved_fits(folder: str | PathLike[str]) -> list[tuple[Path, Posterior]]:
    """Load all saved fits of a folder, in order of their last period, then of when they were made.

    Raises
    ------
    StorageError
        If a file cannot be read.
    """
    loaded = [(path, load(path)) for path in sorted(Path(folder).glob("*.nc"))]
    return sorted(loaded, key=lambda fit: (fit[1].data.dates[-1], fit[1].provenance.created))


def _rows(path: Path, fit: Posterior, horizon: float, prob: float) -> pd.DataFrame:
    found = returns_of_window(fit.draws, window=(0, fit.data.n_periods), horizon_weeks=horizon)
    values = found.transpose(schema.CHAIN, schema.DRAW, ...).values
    median, lower, upper = np.quantile(values, [0.5, (1 - prob) / 2, (1 + prob) / 2], axis=(0, 1))
    above = (values > 1).mean(axis=(0, 1)) if fit.data.has_money_value else np.full(len(median), np.nan)
    rows = pd.DataFrame({"vintage": fit.data.dates[-1], "created": fit.provenance.created, "file": path.name,
                         "channel": found[schema.CHANNEL].values, "roi": median, "roi_lower": lower,
                         "roi_upper": upper, "prob_above_one": above})  # fmt: skip
    rows["decision"] = [_decision(probability) for probability in above]
    return rows[list(schema.HISTORY_COLUMNS)]


def _decision(probability: float) -> str:
    if np.isnan(probability):
        return ""
    return "paid" if probability >= SURE else "not paid" if probability <= 1 - SURE else "open"


def _refuse_other_series(fits: list[tuple[Path, Posterior]]) -> None:
    described = [(path.name, fit.data.description) for path, fit in fits]
    series = [f"{said.outcome} in {said.outcome_unit}, spend in {said.currency}" for _, said in described]
    if len(set(series)) > 1:
        listed = "; ".join(f"{name}: {words}" for (name, _), words in zip(described, series, strict=True))
        raise ReportError(
            f"the folder holds fits of different series ({listed})",
            "a line through numbers of different meaning would look like a movement",
            "keep a folder for each brand, country and outcome",
        )
