"""What every simulator hands over: one world, and how it is written down."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

WEEKS = 156


@dataclass(frozen=True, kw_only=True)
class World:
    """One world of a simulator: what a user would have (``data``), and what is true (``roas``).

    ``roas`` gives, by channel, the incremental outcome within the data's weeks per unit of spend, as the simulator
    defines it. ``media_share`` is the part of the outcome that all media caused, for the record.
    """

    kind: str
    seed: int
    simulator: str
    data: pd.DataFrame
    outcome: str
    channels: dict[str, str]
    controls: list[str]
    roas: dict[str, float]
    media_share: float
    note: str
    outcome_is_money: bool = True
    exposures: dict[str, str] = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)

    def about(self):
        """Give the world.json of this world."""
        bad = {name: value for name, value in self.roas.items() if not math.isfinite(value)}
        if bad or set(self.roas) != set(self.channels):
            raise ValueError(f"{self.kind}-{self.seed}: no finite true ROAS for every channel: {self.roas}")
        return {
            "kind": self.kind,
            "world": self.seed,
            "simulator": self.simulator,
            "date": "date",
            "outcome": self.outcome,
            "outcome_is_money": self.outcome_is_money,
            "channels": self.channels,
            "exposures": self.exposures,
            "controls": self.controls,
            "truth": {"window": {name: float(value) for name, value in self.roas.items()}},
            "media_share": float(self.media_share),
            "parameters": plain(self.parameters),
            "note": self.note,
        }

    def write(self, folder):
        """Write data.csv and world.json into a folder of its own below ``folder``."""
        path = Path(folder) / f"{self.kind}-{self.seed}"
        path.mkdir(parents=True, exist_ok=True)
        about = json.dumps(self.about(), indent=1, allow_nan=False)
        columns = ["date", self.outcome, *self.channels.values(), *self.controls]
        rest = [column for column in self.data.columns if column not in columns]
        frame = self.data[columns + rest]
        if len(frame) != WEEKS or frame.isna().to_numpy().any():
            raise ValueError(f"{self.kind}-{self.seed}: {len(frame)} weeks, gaps: {frame.isna().sum().sum()}")
        frame.to_csv(path / "data.csv", index=False, date_format="%Y-%m-%d", float_format="%.6f")
        (path / "world.json").write_text(about + "\n")
        return path


def plain(value):
    """Give a value as JSON has it: numbers of NumPy as numbers, and what is not a number as nothing."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
