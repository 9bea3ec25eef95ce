"""A world as files: the data as anybody may see them, and the truth in a file of its own."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from numbers import Integral
from pathlib import Path
from typing import Any

from mmm import schema
from mmm.simulate.settings import DATE, OUTCOME, WorldSettings
from mmm.simulate.truth import Truth
from mmm.simulate.worlds import simulate

__all__ = ["truth_record", "write_world"]


def write_world(folder: str | Path, *, seed: int, **settings: Any) -> Truth:
    """Simulate a world and write its data and, apart from them, its truth.

    Written are ``data.csv`` and ``truth.json``, and where the world hands them over ``history.csv`` and
    ``tracker.csv``. Numbers are written to the last digit. Files of the same names are replaced.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there.
    seed : int
    **settings
        The fields of :class:`mmm.simulate.WorldSettings`.

    Returns
    -------
    Truth

    Raises
    ------
    SpecError
        If a setting makes no sense.

    Examples
    --------
    >>> truth = write_world("world", seed=3, n_channels=2, roi={"tv": 0.0})
    >>> written = json.loads(Path("world/truth.json").read_text())
    >>> written["columns"]["spend"], written["roi"]["tv"]["13"], written["payback_weeks"]["tv"]
    (['tv', 'search'], 0.0, None)
    """
    chosen = WorldSettings.of(settings)
    frame, truth = simulate(chosen, seed=seed)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (("data", frame), ("history", truth.history), ("tracker", truth.tracker)):
        if table is not None:
            table.to_csv(folder / f"{name}.csv", index=False)
    record = truth_record(truth, seed=seed, settings=chosen)
    (folder / "truth.json").write_text(json.dumps(record, indent=1, allow_nan=False) + "\n")
    return truth


def truth_record(truth: Truth, *, seed: int, settings: WorldSettings) -> dict[str, Any]:
    """Give the truth in plain numbers, texts and ``None`` for never or unknown.

    Parameters
    ----------
    truth : Truth
    seed : int
    settings : WorldSettings

    Returns
    -------
    dict
        ``seed``, ``settings``, ``columns`` (by role), ``weeks_per_period``, ``sigma``; and by channel ``rules``,
        ``parameters``, ``spend``, ``roi`` (by horizon in weeks, ``"ever"`` for however late), ``roi_in_data``,
        ``contribution_in_data``, ``payback_weeks``, ``multiplier`` and ``ledger``.

    Examples
    --------
    >>> from mmm.simulate import world_frame
    >>> settings = WorldSettings(n_channels=1, n_periods=60)
    >>> list(truth_record(simulate(settings, seed=3)[1], seed=3, settings=settings)["roi"]["tv"])
    ['13', '26', '52', '104', 'ever']
    """
    horizons = sorted({*schema.DEFAULT_HORIZONS, *settings.horizons_weeks})
    record = {
        "seed": int(seed),
        "settings": asdict(settings),
        "columns": {
            "date": DATE,
            "outcome": OUTCOME,
            "spend": list(truth.channels),
            "controls": list(settings.controls),
        },
        "weeks_per_period": truth.weeks_per_period,
        "sigma": truth.sigma,
        "rules": {
            name: {kind: getattr(rule, kind) for kind in ("saturation", "carryover", "order", "max_lag_weeks")}
            for name, rule in truth.rules.items()
        },
        "parameters": truth.parameters,
        "spend": {name: float(truth.spend.loc[truth.contributions.index, name].sum()) for name in truth.channels},
        "roi": {
            name: {f"{weeks:g}": truth.roi(name, weeks) for weeks in horizons} | {"ever": truth.roi(name, math.inf)}
            for name in truth.channels
        },
        "roi_in_data": {name: truth.roi_in_data(name) for name in truth.channels},
        "contribution_in_data": {name: float(truth.contributions[name].sum()) for name in truth.channels},
        "payback_weeks": {name: truth.payback_weeks(name) for name in truth.channels},
        "multiplier": {name: truth.multiplier(name) for name in truth.channels},
        "ledger": {name: truth.ledger(name) for name in truth.channels},
    }
    plain: dict[str, Any] = _plain(record)
    return plain


def _plain(value: Any) -> Any:
    """Take a value apart into what JSON has: no tuples, no numbers of NumPy, nothing infinite."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    if isinstance(value, Integral):
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else None
