"""The data sets of the speed table: simulated worlds on disk, the same files for every library."""

import json
from pathlib import Path

import mmm

#: By name: settings of the simulator. Brand channels are known to our model only; peers have no kernel for them.
SIZES = {
    "156x4": {"n_periods": 156, "n_channels": 4},
    "156x8 brand": {"n_periods": 156, "n_channels": 8, "brand": ["tv", "outdoor"]},
    "260x20": {"n_periods": 260, "n_channels": 20},
}
SEED = 1


def write(folder, size):
    """Write one data set as `data.csv` and `world.json`, as `benchmarks/peers/rows.py` describes them."""
    settings = SIZES[size]
    frame, truth = mmm.simulate.world_frame(seed=SEED, **settings)
    target = Path(folder) / size.replace(" ", "_")
    target.mkdir(parents=True, exist_ok=True)
    frame.to_csv(target / "data.csv", index=False)
    about = {
        "kind": size,
        "world": str(SEED),
        "date": "date",
        "outcome": "revenue",
        "channels": {name: name for name in truth.channels},
        "controls": ["price"],
        "brand": settings.get("brand", []),
        "truth": {},
    }
    (target / "world.json").write_text(json.dumps(about, indent=1))
    return target
