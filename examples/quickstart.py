"""From a spreadsheet to channel ROI with credible intervals, on a real retailer's 209 weeks.

    python examples/quickstart.py

Prints the ROI table and leaves the charts, the table and the fit in `quickstart_output/`.
"""

import warnings
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import mmm

OUT = Path("quickstart_output")
CHANNELS = ["direct_mail", "inserts", "newspaper", "radio", "tv", "digital_video", "social", "display", "search"]


def main() -> None:
    """Read, fit, report."""
    OUT.mkdir(exist_ok=True)
    frame = mmm.datasets.load_retail_weekly()
    data = mmm.MarketingData.from_frame(
        frame,
        date="week",
        outcome="sales",
        spend={channel: f"{channel}_spend" for channel in CHANNELS},
        controls=[c for c in frame if c.startswith("holiday_") and c not in ("holiday_day_after_christmas","holiday_christmas_eve","holiday_nye","holiday_black_friday","holiday_pre_thanksgiving","holiday_cyber_monday")],
        currency="USD",
    )
    print(data, end="\n\n")
    posterior = mmm.fit(data, mmm.ModelSpec(), seed=1)
    posterior.save(OUT / "fit.nc")
    report = mmm.Report(mmm.load(OUT / "fit.nc"))
    table = report.roi(horizon_weeks=(13, 104))
    print(table.round(2).to_string(index=False))
    print(*report.warnings(), sep="\n")
    for name, ax in {"roi": report.plot_roi(), "contributions": report.plot_contributions(), "fit": report.plot_fit(), "prior_posterior": report.plot_prior_posterior(), "response_tv": report.plot_response("tv")}.items():
        ax.figure.savefig(OUT / f"{name}.png", dpi=110)


if __name__ == "__main__":
    main()
