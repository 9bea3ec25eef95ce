"""Worlds that break the model's rules one at a time, written to disk for our model and its peers alike.

    python benchmarks/make_worlds.py --folder <folder> --worlds 20

The simulator is `mmm.simulate`, whose formulas are its own. Other people's simulators are in `foreign/`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import pandas as pd

import mmm

#: Horizons in weeks at which the truth is written, as counterfactuals past the data's end.
HORIZONS = ("13", "52")
BRAND = {"brand": ["tv"]}
KINDS = {
    # the base does not walk as the model thinks
    "level_shift": {"base_path": "level_shift"},
    "growth": {"base_path": "growth"},
    "hostile_season": {"base_path": "hostile_season"},
    # the response has another form
    "adstock_first": {"order": "adstock_first"},
    "michaelis_menten": {"saturation": "michaelis_menten"},
    "late_peak": {"carryover": "delayed", "order": "adstock_first"},
    "gamma": {"carryover": "gamma", "order": "adstock_first"},
    "no_effect": {"roi": {"tv": 0.0}},
    "synergy": {"synergy": 0.5},
    # spend is no experiment
    "demand_chasing": {"plans": {"search": "demand_chasing"}},
    "demand_controlled": {"plans": {"search": "demand_chasing"}, "demand_control": True},
    "correlated": {"plan_correlation": 0.9},
    # noise is neither independent nor normal
    "ar1": {"noise_kind": "ar1"},
    "heavy_tails": {"noise_kind": "heavy_tails"},
    # brand channels: a slow effect of another shape, none at all, a past that is not shown
    "brand_gamma": {**BRAND, "carryover": {"tv": "fast_gamma"}},
    "brand_two_slow": {**BRAND, "carryover": {"tv": "two_slow"}},
    "brand_none": {**BRAND, "parameters": {"tv": {"slow_share": 0.0}}},
    "brand_unseen_past": {**BRAND, "past": "same_plan", "plans": {"tv": "flights"}},
    # as the model thinks: what the others are measured against
    "own_rules": {},
}


def write(folder, kind, seed):
    """Write one world; what is true goes to `world.json`, which no model reads before it has answered."""
    settings = KINDS[kind]
    folder = Path(folder) / f"{kind}-{seed}"
    with tempfile.TemporaryDirectory() as apart:
        mmm.simulate.write_world(apart, seed=seed, **settings)
        frame = pd.read_csv(Path(apart) / "data.csv")
        record = json.loads((Path(apart) / "truth.json").read_text())
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "data.csv", index=False)
    columns, roi = record["columns"], record["roi"]
    about = {
        "kind": kind,
        "world": seed,
        "simulator": f"mmm.simulate {mmm.__version__}",
        "date": columns["date"],
        "outcome": columns["outcome"],
        "outcome_is_money": True,
        "channels": {name: name for name in columns["spend"]},
        "controls": columns["controls"],
        "brand": list(settings.get("brand", ())),
        "truth": {weeks: {name: roi[name][weeks] for name in roi} for weeks in HORIZONS},
    }
    (folder / "world.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    chosen = parser.parse_args()
    for kind in chosen.kinds:
        for seed in range(chosen.first, chosen.first + chosen.worlds):
            write(chosen.folder, kind, seed)
