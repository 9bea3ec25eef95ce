"""Four quarters of a simulated brand: refresh after refresh, with everything that happens to data in a year.

    python examples/four_quarters.py

The first fit knows three years. Then each quarter brings thirteen weeks and something more: in the second, finance
restates eight weeks of revenue; in the third, a new channel comes on air; in the fourth, somebody changes the model.
Fits, tables and charts go to `four_quarters_output/`. The truth is known, so the history can be held against it.
"""

from pathlib import Path
from textwrap import fill

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")

import mmm

OUTPUT = Path("four_quarters_output")
CHANNELS = ["tv", "search", "social", "podcast"]
FIRST, QUARTER = 156, 13
#: The podcast is on air in the last two quarters; before, nobody had a column for it.
ON_AIR = FIRST + 2 * QUARTER


def world() -> tuple[pd.DataFrame, mmm.simulate.Truth]:
    """Simulate four years in which the podcast begins late."""
    frame, truth = mmm.simulate.world_frame(seed=11, n_periods=FIRST + 4 * QUARTER, channels=CHANNELS, brand=["tv"])
    silent = np.arange(len(frame)) < ON_AIR
    frame.loc[silent, "revenue"] -= truth.contributions["podcast"].to_numpy()[silent]
    frame.loc[silent, "podcast"] = 0.0
    return frame, truth


def as_known_after(frame: pd.DataFrame, quarter: int) -> mmm.MarketingData:
    """Give the data as they stood at the end of a quarter."""
    known = frame.iloc[: FIRST + quarter * QUARTER].copy()
    if quarter < 2:
        # what is restated in the second quarter: eight weeks were booked five percent too high
        known.loc[FIRST - 8 : FIRST - 1, "revenue"] *= 1.05
    channels = CHANNELS if quarter >= 3 else CHANNELS[:-1]
    return mmm.MarketingData.from_frame(
        known, date="date", outcome="revenue", spend=channels, controls=["price"], outcome_unit="GBP"
    )


def main() -> None:
    """Fit, refresh four times, and read the folder as a history."""
    OUTPUT.mkdir(exist_ok=True)
    frame, truth = world()
    first = mmm.fit(as_known_after(frame, 0), brand=["tv"], seed=1, progress=False)
    first.save(OUTPUT / "0.nc")
    for quarter in range(1, 5):
        # the fourth quarter's model has one yearly wave more
        spec = (
            mmm.load(OUTPUT / "3.nc").spec.model_copy(update={"seasonality": mmm.Seasonality(yearly=5)})
            if quarter == 4
            else None
        )
        refreshed = mmm.refresh(OUTPUT / f"{quarter - 1}.nc", as_known_after(frame, quarter), spec=spec, progress=False)
        print(f"\n=== Quarter {quarter} ===\n{refreshed}")
        if len(refreshed.restatements()):
            print(refreshed.restatements().to_string(index=False, float_format="{:.3f}".format))
        print(refreshed.drift().round(2).to_string(index=False))
        parts = refreshed.decomposition()
        print(parts.round(3).to_string(index=False))
        print(*(fill(sentence, 118) for sentence in refreshed.sentences(decomposition=parts)), sep="\n")
        refreshed.plot_decomposition(parts).figure.savefig(OUTPUT / f"parts_{quarter}.png", dpi=90)
        refreshed.forecast_check().plot().figure.savefig(OUTPUT / f"forecast_{quarter}.png", dpi=90)
        refreshed.posterior.save(OUTPUT / f"{quarter}.nc")
    story = mmm.history(OUTPUT)
    print("\n=== The year ===")
    print(story.flips().to_string(index=False, float_format="{:.2f}".format))
    story.plot().figure.savefig(OUTPUT / "history.png", dpi=90)
    horizon = first.spec.horizon_weeks
    print("Truth:", {name: round(truth.roi(name, horizon), 2) for name in CHANNELS})
    print(f"Charts are in {OUTPUT}/")


if __name__ == "__main__":
    main()
