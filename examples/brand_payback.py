# %% [markdown]
# # When does the television money come back?
#
# A retailer spent 35 million dollars on television in four years. The CFO asks what it returned by the end of the
# quarter, of the year, and in two years. The first part asks 209 weeks of this real retailer. The second part asks a
# simulated brand, whose true answer is known, and which did what the retailer did not: it was dark for a year first.
#
#     python examples/brand_payback.py
#
# prints what stands below the cells and leaves the charts in `brand_payback_output/`.

# %%
import warnings
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import mmm
from mmm.simulate import TrackerRules

OUT = Path("brand_payback_output")
OUT.mkdir(exist_ok=True)
SHOWN = ["horizon_weeks", "roi", "roi_lower", "roi_upper", "prob_above_one", "prior_reliance", "share_landed"]


def show(table, *, columns=None):
    """Print a table, rounded for reading; the table itself is never rounded."""
    print(f"\n{table.columns.name}")
    print(table[columns or list(table.columns)].round(2).to_string(index=False))


def keep(name, draw, *, panels=1):
    """Draw charts side by side and keep them as one picture."""
    figure, axes = plt.subplots(1, panels, figsize=(9 * panels, 5), layout="constrained", squeeze=False)
    draw(*axes[0])
    figure.savefig(OUT / f"{name}.png", dpi=110)
    plt.close(figure)
    print(f"\nLeft for you to look at: {OUT / name}.png")


# %% [markdown]
# ## 1. A real retailer, always on air
#
# Sales of 72 million dollars a week, ten channels, television a third of a percent of sales. Television is declared a
# brand channel: part of what it does lands at once, part over quarters and years. How large that part is, and how slow,
# has a prior from the literature; the data may move it. The margin is an assumption: put yours here.

# %%
CHANNELS = (
    "direct_mail", "inserts", "newspaper", "digital_audio", "radio",
    "tv", "digital_video", "social", "display", "search",
)  # fmt: skip
EVENTS = ("easter", "mothers_day", "memorial_day", "fathers_day", "july_4th", "labor_day", "presidents_day")
retailer = mmm.MarketingData.from_frame(
    mmm.datasets.load_retail_weekly(),
    date="week",
    outcome="sales",
    spend={channel: f"{channel}_spend" for channel in CHANNELS},
    controls=[
        "store_count",
        *(f"holiday_{event}" for event in EVENTS),
        *(f"season_week_{week}" for week in range(40, 49)),
    ],
    margin=0.35,
    currency="USD",
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", mmm.errors.PriorWarning)  # ten small channels: the report says so in its own words
    always_on = mmm.fit(retailer, brand=["tv"], seed=1)
report = mmm.Report(always_on, economics=mmm.Economics(discount_rate=0.10))
show(report.roi(horizon_weeks=[13, 52, 104]).query("channel == 'tv'"), columns=SHOWN)

# %% [markdown]
# What the page says of television, and what limits it. Read the prior reliance first: near 1, the data said nothing,
# and the number is the prior, returned with thanks. That is the honest answer here: television never paused, and its
# effect on a base of 72 million a week is smaller than the noise.

# %%
print("\n".join(sentence for sentence in report.sentences() if sentence.startswith(("tv", "All"))))
print("\nWhat limits this answer:")
print("\n".join(f"- {warning}" for warning in report.warnings() if "tv" in warning))
keep("retailer_payback", lambda ax: report.plot_payback(channel="tv", ax=ax))

# %% [markdown]
# ## 2. A brand that was dark for a year first
#
# Simulated, with the truth known: television came on after a year of silence, in flights. Its slow effect has a
# half-life of 35 weeks, and of everything it returns 75% takes the slow way. A survey of 800 people a month tracks
# awareness.

# %%
young, truth = mmm.simulate.world(
    seed=21,
    channels=["tv", "search", "social"],
    brand=["tv"],
    plans={"tv": "dark_then_flights"},
    parameters={"tv": {"slow_share": 0.75, "slow_half_life": 35.0, "carry_in_level": 0.0}},
    roi={"tv": 2.4},
    spend_share=0.05,
    tracker=TrackerRules(sample_size=800, lift=0.12),
)
posterior = mmm.fit(young, brand=["tv"], seed=1)
report = mmm.Report(posterior, economics=mmm.Economics(margin=0.6, discount_rate=0.10))
show(report.roi(horizon_weeks=[13, 52, 104]).query("channel == 'tv'"), columns=SHOWN)
for weeks in (13, 52, 104):
    print(f"the truth within {weeks} weeks, at a margin of 60%: {0.6 * truth.roi('tv', weeks):.2f}")

# %% [markdown]
# The same question, with evidence: the year of silence shows the base without television, and the flights show how it
# rises and falls. The prior reliance of the long-run multiplier is what to look at.

# %%
print("\n".join(sentence for sentence in report.sentences() if sentence.startswith("tv")))
evidence = report.evidence()
show(evidence.query("channel == 'tv' and quantity in ['roi', 'slow_share', 'slow_half_life', 'long_run_multiplier']"))
keep(
    "long_run",
    lambda left, right: (
        report.plot_prior_posterior(quantity="long_run_multiplier", ax=left),
        report.plot_prior_posterior(quantity="slow_half_life", ax=right),
    ),
    panels=2,
)

# %% [markdown]
# When it comes back, how it spreads over the weeks, and what survey and sales say together.

# %%
show(report.payback())
keep("payback", lambda ax: report.plot_payback(channel="tv", ax=ax))
keep("carryover", lambda ax: report.plot_carryover("tv", ax=ax))
keep("tracker", lambda ax: report.plot_tracker(ax=ax))

# %% [markdown]
# The ledger keeps the books: what landed in these three years of what was spent in them, and what is still to come. A
# return that is still to come is a forecast by the kernel, and the page says how much of the total that is.

# %%
show(report.ledger(), columns=["channel", "carry_in", "in_window", "carry_out", "cohort_total", "share_to_come"])
keep("ledger", lambda ax: report.plot_ledger(ax=ax))

# %% [markdown]
# ## 3. Would a sceptic change the answer?
#
# The same data under a sceptic's and an optimist's prior of the long run, and under three kinds of base. Where the rows
# agree, the data decide; where they differ, the reader's belief does, and finance should see it.

# %%
priors = mmm.compare_priors(posterior, seed=1, progress=False)
print(priors.verdict)
table = priors.table(horizon_weeks=[13, 104], economics=report.economics)
show(table.query("channel == 'tv'").drop(columns="assumption"))
baselines = mmm.compare_baselines(posterior, seed=1, progress=False)
print(baselines.verdict)
keep(
    "sceptic",
    lambda left, right: (
        priors.plot(economics=report.economics, ax=left),
        baselines.plot(economics=report.economics, ax=right),
    ),
    panels=2,
)
