"""What was restated since the last fit, column by column: the list itself may have thousands of rows."""

from __future__ import annotations

import pandas as pd

__all__ = ["restatement_summary"]


def restatement_summary(restatements: pd.DataFrame) -> pd.DataFrame:
    """Sum up the restatements of each column.

    Parameters
    ----------
    restatements : DataFrame
        From :meth:`mmm.Refresh.restatements`.

    Returns
    -------
    DataFrame
        ``what, variable, name, periods`` (how many numbers; missing where a whole column came or went), ``first, last``
        (of their dates) and ``largest_change`` (as a share of the old number, with its sign).

    Examples
    --------
    >>> cells = pd.DataFrame({
    ...     "what": "changed", "variable": "spend", "name": "tv", "date": pd.to_datetime(["2026-01-05", "2026-01-12"]),
    ...     "old": [10.0, 20.0], "new": [11.0, 16.0], "change": [1.0, -4.0], "share": [0.1, -0.2],
    ... })
    >>> restatement_summary(cells)[["name", "periods", "largest_change"]].values.tolist()
    [['tv', 2.0, -0.2]]
    """
    rows = []
    for (what, variable, name), cells in restatements.groupby(["what", "variable", "name"], sort=False):
        shares = cells["share"].dropna()
        largest = shares.iloc[int(shares.abs().argmax())] if len(shares) else float("nan")
        count = float(len(cells)) if what == "changed" else float("nan")
        rows.append((what, variable, name, count, cells["date"].min(), cells["date"].max(), largest))
    columns = ["what", "variable", "name", "periods", "first", "last", "largest_change"]
    return pd.DataFrame(rows, columns=columns)
