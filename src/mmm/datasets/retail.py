"""Four years of a real retailer's weeks."""

from __future__ import annotations

from importlib import resources

import pandas as pd

__all__ = ["load_retail_weekly"]

#: Columns that hold whole numbers.
COUNTS = r"_impressions$|^value_add_|^holiday_|^season_"


def load_retail_weekly() -> pd.DataFrame:
    """Load the weekly sales and media of a real US retailer, August 2014 to July 2018.

    A new frame is read at each call, so it may be changed freely. The values are those of the
    source, to the last digit; nothing was filled, smoothed or scaled.

    Returns
    -------
    pandas.DataFrame
        209 rows and 75 columns, no missing values:

        ``week``
            First day of the week, always a Sunday; ``datetime64[ns]``.
        ``sales``
            Sales in US dollars, about 108 million a week, 352 million in the best one.
        ``<channel>_spend``
            Media spend in US dollars of ten channels: ``direct_mail``, ``inserts``, ``newspaper``,
            ``digital_audio``, ``radio``, ``tv``, ``digital_video``, ``social``, ``display``, ``search``.
            Together about 2% of sales.
        ``<channel>_impressions``
            Impressions of the same ten channels, and of three without spend: ``email``, ``sms``,
            ``affiliates``.
        ``consumer_sentiment``, ``petrol_price``, ``store_count``
            Index of consumer sentiment (one value a month), US dollars a gallon, and the mean number of open stores.
        ``markdown_value_add``, ``markdown_pdm``
            Two markdown rates, as shares.
        ``value_add_15``, ``value_add_20``, ``value_add_25``, ``value_add_30``
            1 in weeks with an offer of that many per cent.
        ``holiday_<name>``
            1 in weeks that hold the day; 22 of them. `LICENSES.md` notes one that is dated a week early.
        ``season_period_<n>``, ``season_week_<n>``
            The retailer's fiscal year, which starts in February: periods 1 to 9 and 12, and weeks 40 to
            48 in place of periods 10 and 11. Exactly one is 1 in every week, so beside an intercept one has
            to be left out.

    Notes
    -----
    Copyright (c) 2021 Sibyl He, MIT licence, https://github.com/sibylhe/mmm_stan. The source does not name the
    currency (its prices and holidays are American) and does not define the markdown and value-add
    columns: what is said of them here is read from their names. `LICENSES.md` in this folder
    lists every column that was renamed or left out.

    Examples
    --------
    >>> frame = load_retail_weekly()
    >>> frame.shape
    (209, 75)
    >>> frame.loc[0, "week"].date().isoformat(), float(frame.loc[0, "sales"])
    ('2014-08-03', 72051457.64)
    >>> spend = frame.filter(like="_spend").sum()
    >>> round(float(spend.sum() / frame["sales"].sum()), 3)
    0.022
    """
    with resources.files("mmm.datasets").joinpath("retail_weekly.csv").open(encoding="utf-8") as file:
        text = pd.read_csv(file, dtype=str)
    # Read as text first: the parser of pandas 3.0 rounds the last digit of some numbers, the cast does not.
    counts = text.columns[text.columns.str.contains(COUNTS)]
    dtypes = {name: "int64" if name in counts else "float64" for name in text.columns.drop("week")}
    week = pd.to_datetime(text["week"], format="%Y-%m-%d").astype("datetime64[ns]")
    return text.astype(dtypes).assign(week=week)
