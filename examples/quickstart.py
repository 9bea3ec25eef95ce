"""From a spreadsheet to channel ROI with credible intervals: 209 weeks of a real retailer.

    python examples/quickstart.py

Prints the ROI table and what limits it, and leaves charts, table and fit in `quickstart_output/`.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import mmm

OUT = Path("quickstart_output")
CHANNELS = (
    "direct_mail", "inserts", "newspaper", "digital_audio", "radio",
    "tv", "digital_video", "social", "display", "search",
)  # fmt: skip
EVENTS = ("easter", "mothers_day", "memorial_day", "fathers_day", "july_4th", "labor_day", "presidents_day")
# Media peak with Christmas: without a column for each week of the season, television would be paid for it.
PEAK_WEEKS = range(40, 49)


def main() -> None:
    """Read, fit, report."""
    frame = mmm.datasets.load_retail_weekly()
    data = mmm.MarketingData.from_frame(
        frame,
        date="week",
        outcome="sales",
        spend={channel: f"{channel}_spend" for channel in CHANNELS},
        controls=[
            "store_count",
            *(f"holiday_{event}" for event in EVENTS),
            *(f"season_week_{week}" for week in PEAK_WEEKS),
        ],
        margin=0.35,  # an assumption: this retailer's margin is not public. Put yours here.
        currency="USD",
    )
    posterior = mmm.fit(data, seed=1)

    OUT.mkdir(exist_ok=True)
    posterior.save(OUT / "fit.nc")
    report = mmm.Report(mmm.load(OUT / "fit.nc"))
    table = report.roi(horizon_weeks=[13, 52])
    table.to_csv(OUT / "roi.csv", index=False)
    shown = ["channel", "horizon_weeks", "spend", "roi", "roi_lower", "roi_upper", "prob_above_one", "prior_reliance"]
    print(f"\n{table.columns.name}")
    print(table[shown].round(2).to_string(index=False))
    print("\nWhat limits this answer:")
    for warning in report.warnings():
        print(f"- {warning}")

    charts = {
        "roi": report.plot_roi(horizon_weeks=52),
        "contributions": report.plot_contributions(),
        "fit": report.plot_fit(),
        "prior_posterior": report.plot_prior_posterior(),
        "response_tv": report.plot_response("tv"),
    }
    print("\nLeft for you to look at:")
    for name, axes in charts.items():
        axes.figure.savefig(OUT / f"{name}.png", dpi=120)
        print(f"  {OUT / name}.png")
    print(f"  {OUT / 'roi.csv'}\n  {OUT / 'fit.nc'}")


if __name__ == "__main__":
    main()
