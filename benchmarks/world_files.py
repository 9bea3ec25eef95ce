"""Worlds on disk: a folder with what a user has (`data.csv`) and, apart from it, what is true (`world.json`)."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import mmm
from mmm.errors import DataWarning


@dataclass(frozen=True)
class World:
    """One simulated world.

    ``truth`` gives the return per unit of spend by horizon and channel. Horizons are weeks, or "window": what landed
    in the data of the spend in the data.
    """

    kind: str
    name: str
    data: mmm.MarketingData
    truth: dict[str, dict[str, float]]
    brand: tuple[str, ...] = ()


def worlds_in(folder):
    """Folders of worlds below a folder, by name; each kind in turn, so that a run that is stopped has some of each."""
    paths = [path.parent for path in Path(folder).rglob("world.json")]
    by_kind = {}
    for path in sorted(paths, key=lambda path: json.loads((path / "world.json").read_text())["world"]):
        by_kind.setdefault(json.loads((path / "world.json").read_text())["kind"], []).append(path)
    rounds = max(map(len, by_kind.values()), default=0)
    return [paths[turn] for turn in range(rounds) for paths in by_kind.values() if turn < len(paths)]


def read_world(path):
    """Take a world through the door, as a user would."""
    about = json.loads((Path(path) / "world.json").read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        data = mmm.MarketingData.from_frame(
            pd.read_csv(Path(path) / "data.csv", parse_dates=[about["date"]]),
            date=about["date"],
            outcome=about["outcome"],
            spend=about["channels"],
            controls=about["controls"],
            outcome_unit="GBP" if about.get("outcome_is_money", True) else "units",
        )
    return World(about["kind"], str(about["world"]), data, about["truth"], tuple(about.get("brand", ())))
