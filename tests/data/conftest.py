"""Small frames that pass the door, for tests to break one thing at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mmm.data import MarketingData
from mmm.errors import DataWarning


def _frame(n: int = 104, *, freq: str = "W-MON", start: str = "2022-01-03") -> pd.DataFrame:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"week": pd.date_range(start, periods=n, freq=freq)})
    frame["tv"] = rng.gamma(2.0, 500.0, n)
    frame["search"] = rng.gamma(2.0, 300.0, n)
    frame["grps"] = frame["tv"] / 10 + rng.gamma(1.0, 5.0, n)
    frame["price"] = rng.normal(10.0, 1.0, n)
    frame["rain"] = rng.normal(50.0, 9.0, n)
    frame["revenue"] = 20_000 + 2 * frame["tv"] + rng.normal(0.0, 500.0, n)
    return frame


def _panel(n: int = 104, geos: tuple[str, ...] = ("south", "north")) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    parts = []
    for i, geo in enumerate(geos):
        part = _frame(n).assign(region=geo, people=1_000 * (i + 1))
        part[["tv", "search", "grps", "revenue"]] *= rng.uniform(0.5, 1.5, (n, 4))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _load(frame: Any, **changes: Any) -> MarketingData:
    arguments: dict[str, Any] = {"date": "week", "outcome": "revenue", "spend": ["tv", "search"]}
    return MarketingData.from_frame(frame, **{**arguments, **changes})


def _load_quietly(frame: Any, **changes: Any) -> MarketingData:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return _load(frame, **changes)


@pytest.fixture(scope="session")
def make_frame() -> Callable[..., pd.DataFrame]:
    """Build national data."""
    return _frame


@pytest.fixture(scope="session")
def make_panel() -> Callable[..., pd.DataFrame]:
    """Build a balanced panel, all of one geo after all of another."""
    return _panel


@pytest.fixture(scope="session")
def load() -> Callable[..., MarketingData]:
    """Pass a frame through the door, with arguments that can be changed."""
    return _load


@pytest.fixture(scope="session")
def load_quietly() -> Callable[..., MarketingData]:
    """Like load, for tests that are not about warnings."""
    return _load_quietly
