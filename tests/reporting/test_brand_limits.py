"""Warnings on brand channels, trackers and money: each fires on a case made for it and not on the quiet one."""

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.returns import per_spend, returns_by_horizon
from mmm.words import with_interval
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

N = 180
CHANNELS = ["tv", "video", "radio"]
SLOW = ("slow_share", "slow_half_life", "fast_half_life")


def frame_of(n_weeks, **columns):
    """Every channel dark at times, tv for a whole quarter again and again; none small, none alike."""
    frame = build_frame(n_weeks)
    weeks = np.arange(n_weeks)
    frame["tv"] = np.random.default_rng(2).gamma(4.0, 700.0, n_weeks) * (weeks % 36 < 16)
    frame["radio"] *= weeks % 7 != 3
    return frame.assign(**columns)


def brand_posterior(frame=None, *, n_past=20, spec=None, learnt=0.2, channels=("tv",), n_draws=200, **roles):
    """Data that taught something: of the prior's spread only a share is left, in returns and in the slow part."""
    frame = frame_of(N + n_past) if frame is None else frame
    past = {"history": frame.loc[: n_past - 1, ["week", *CHANNELS]]} if n_past else {}
    data = build_data(frame.iloc[n_past:], **past | roles)
    spec = spec or mmm.ModelSpec(channels=dict.fromkeys(channels, mmm.Channel(brand=True)))
    made = build_posterior(data, spec, n_draws=n_draws)

    def narrower(draws):
        middle = draws.median(("chain", "draw"))
        return (draws / middle) ** learnt * middle

    names = [made.draws.roi_name, *(name for name in SLOW if name in made.draws.parameters)]
    return with_parameters(made, **dict.fromkeys(names, narrower))


def warnings_of(posterior, **options):
    return mmm.Report(posterior, **options).warnings()


def tracked(assumed=None):
    """A survey every quarter, with or without a stated value per point."""
    frame = frame_of(N + 20)
    waves = pd.DataFrame({"wave": frame["week"].iloc[20::13]})
    waves["aware"] = 0.3 + 0.01 * np.sin(np.arange(len(waves)))
    survey = mmm.Tracker.from_frame(waves, date="wave", value="aware", unit="share", sample_size=400)
    model = mmm.TrackerModel(value_per_point=assumed)
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, tracker=model)
    return brand_posterior(frame, spec=spec, tracker=survey)


def trending(direction=1.0):
    """Spend that grows but for one pause, and sales that grow or shrink for reasons of their own."""
    frame, weeks = frame_of(N + 20), np.arange(N + 20)
    tv = 20.0 * weeks * ~((weeks > 100) & (weeks < 112))
    return brand_posterior(frame.assign(tv=tv, revenue=frame["revenue"] * (2 + direction * weeks / len(weeks))))


def only_prior(*names):
    made = brand_posterior(n_draws=1000)
    drawn = build_posterior(made.data, made.spec, n_draws=1000).draws.parameters
    return with_parameters(made, **{name: lambda _, name=name: drawn[name] for name in names})


CASES = {
    "assumed": (lambda: only_prior("slow_share"), "The long-run part is an assumption: "),
    "assumed half-life": (lambda: only_prior("slow_half_life"), "The long-run part is an assumption: "),
    "short": (
        lambda: with_parameters(brand_posterior(), slow_half_life=lambda weeks: 61 * weeks / weeks.median()),
        "180 weeks of data are less than three slow half-lives, ",
    ),
    "no history": (lambda: brand_posterior(frame_of(N), n_past=0), "No spend before the data was given for tv: "),
    "steady": (
        lambda: brand_posterior(frame_of(N + 20, tv=1600 + 200 * np.cos(np.arange(N + 20)))),
        r"Without a pause .*: tv hardly varied \(coefficient of variation 0.09\) and never paused for 8 weeks\. ",
    ),
    "no pause": (
        lambda: brand_posterior(frame_of(N + 20, tv=2000.0 * (np.arange(N + 20) % 14 < 7))),
        r"Without a pause .* rests on the prior: tv never paused for 8 weeks\. ",
    ),
    "moves with baseline": (trending, "The slow stock moves with the baseline's level, "),
    "value per point": (
        lambda: tracked(mmm.LogNormal(median=150, sigma=0.7)),
        "What a point of aware sells was stated and not learnt, ",
    ),
}


@cache
def warnings_in(case):
    return warnings_of(CASES[case][0]())


def sentence_in(case):
    (sentence,) = [sentence for sentence in warnings_in(case) if re.match(CASES[case][1], sentence)]
    return sentence


@pytest.mark.parametrize("quiet", [brand_posterior, tracked])
def test_where_nothing_is_wrong_nothing_is_said(quiet):
    assert warnings_of(quiet()) == ()


@pytest.mark.parametrize("case", CASES)
def test_each_fires_where_it_should_and_ends_with_something_to_do(case):
    assert re.search(r"\. [A-Z][^.]*\.$", sentence_in(case))


@pytest.mark.parametrize("case", ["assumed half-life", "no history", "steady", "no pause", "value per point"])
def test_each_fires_alone(case):
    # a steady plan is never near zero either: the warning on the foot of the curve is about something else
    others = [s for s in warnings_in(case) if s != sentence_in(case) and not s.startswith("tv never came near zero")]
    assert not others


@pytest.mark.parametrize("case", CASES)
def test_a_channel_that_builds_no_brand_has_none_of_them(case):
    plain = mmm.ModelSpec(channels={})
    frame = frame_of(N + 20, tv=1600 + 200 * np.cos(np.arange(N + 20)))
    found = warnings_of(brand_posterior(frame, spec=plain))
    assert not any(re.match(CASES[case][1], sentence) for sentence in found)


def wandering(yearly, *, channels=()):
    made = brand_posterior(channels=channels)
    return with_parameters(made, tau=lambda old: (old / old.median()) ** 0.1 * yearly / np.sqrt(365.25 / 7))


@pytest.mark.parametrize(("yearly", "channels", "fires"), [(0.15, (), True), (0.05, (), False), (0.15, ("tv",), False)])
def test_a_base_that_wanders_may_hold_what_media_do_over_months(yearly, channels, fires):
    found = [s for s in warnings_of(wandering(yearly, channels=channels)) if "no channel is declared as brand" in s]
    assert len(found) == fires
    if fires:
        assert re.match(r"The baseline wanders by 15 \(90%: 1[0-5] to 1[5-9]\) percent of the outcome a year", found[0])
        assert found[0].endswith("Declare the channels that build awareness with brand=, and give what else moves the "
                                 "base as a control.")  # fmt: skip


# --- their numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prob", [0.9, 0.5])
def test_the_assumed_part_is_what_comes_after_the_quarter(prob):
    posterior = only_prior("slow_share")
    (sentence,) = (s for s in warnings_of(posterior, prob=prob) if s.startswith("The long-run part"))
    money = per_spend(returns_by_horizon(posterior.draws, horizons=(13.0, 104.0)), "money").sel(channel="tv")
    edges = [0.5, (1 - prob) / 2, (1 + prob) / 2]
    part, whole = (
        with_interval(*np.quantile(draws, edges), prob=prob) for draws in (money[..., 1] - money[..., 0], money[..., 1])
    )
    assert f": {part} of the ROI of {whole} that tv has within 104 weeks comes after week 13 " in sentence
    evidence = mmm.Report(posterior, prob=prob).evidence()
    relied = evidence[evidence["channel"] == "tv"].set_index("quantity")["prior_reliance"]
    shares = [f"{relied[name]:.0%}" for name in ("long_run_multiplier", "slow_share", "slow_half_life")]
    assert "(prior reliance: multiplier {}, slow share {}, slow half-life {})".format(*shares) in sentence
    assert relied["slow_share"] > 0.8 > relied["slow_half_life"]


def test_within_a_quarter_there_is_no_long_run_to_assume():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, horizon_weeks=13)
    assert not any("long-run" in sentence for sentence in warnings_of(brand_posterior(spec=spec, learnt=1.0)))


def test_where_nothing_was_spent_nothing_is_assumed_of_it():
    posterior = only_prior("slow_share")
    dark = posterior.data.dates[(posterior.data.dataset["spend"].values[0, :, 0] == 0)][:1]
    found = warnings_of(posterior, window=(dark[0], dark[0]))
    assert not any(sentence.startswith("The long-run part") for sentence in found)


def test_without_money_the_long_run_is_in_units():
    made = brand_posterior(learnt=1.0, outcome="orders")
    (sentence,) = (s for s in warnings_of(made) if s.startswith("The long-run part"))
    assert " of the orders per GBP of " in sentence
    assert "ROI" not in sentence


@pytest.mark.parametrize(("weeks", "fires"), [(59.9, False), (60.1, True)])
def test_three_slow_half_lives_are_asked_of_the_data(weeks, fires):
    made = with_parameters(brand_posterior(), slow_half_life=lambda draws: weeks * draws / draws.median())
    found = [s for s in warnings_of(made) if "three slow half-lives" in s]
    assert len(found) == fires
    if fires:
        row = mmm.Report(made).evidence().set_index(["quantity", "channel"]).loc[("slow_half_life", "tv")]
        edges = row[["posterior", "posterior_lower", "posterior_upper"]]
        assert f"half-life in weeks: tv {with_interval(*edges, prob=0.9)}. " in found[0]


@pytest.mark.parametrize(("pause", "fires"), [(7, True), (8, False)])
def test_a_pause_of_eight_weeks_is_enough(pause, fires):
    weeks = np.arange(N + 20)
    found = warnings_of(brand_posterior(frame_of(N + 20, tv=3000.0 * (weeks % 24 >= pause))))
    assert any("never paused for 8 weeks" in sentence for sentence in found) == fires


def test_the_correlation_is_the_median_of_the_evidence_and_may_be_negative():
    posterior = trending()
    row = mmm.Report(posterior).evidence().set_index(["quantity", "channel"]).loc[("baseline_correlation", "tv")]
    assert row["posterior"] > 0.7
    edges = row[["posterior", "posterior_lower", "posterior_upper"]]
    assert f"correlation: tv {with_interval(*edges, prob=0.9)}. " in sentence_in("moves with baseline")
    (sentence,) = (s for s in warnings_of(trending(-1.0)) if s.startswith("The slow stock"))
    assert "correlation: tv -0." in sentence


def test_channels_with_one_trouble_share_one_sentence():
    both = brand_posterior(channels=("tv", "radio"), learnt=1.0, n_past=0, frame=frame_of(N))
    found = warnings_of(both)
    (assumed,) = (s for s in found if s.startswith("The long-run part"))
    assert all(f" that {name} has within 104 weeks" in assumed for name in ("tv", "radio"))
    assert any(s.startswith("No spend before the data was given for tv and radio: ") for s in found)


# --- money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "economics", "words"),
    [
        ({}, mmm.Economics(margin=0.4), "priors were on revenue ROI, and this report is in margin ROI"),
        (
            {"outcome": "orders"},
            mmm.Economics(customer_value=90.0, incremental_value_share=0.9),
            None,  # a prior on orders held nothing to be break-even
        ),
        ({"margin": 0.4}, mmm.Economics(discount_rate=0.05), None),
        ({}, mmm.Economics(), None),
    ],
)
def test_a_prior_on_other_money_is_said(roles, economics, words):
    found = [s for s in warnings_of(brand_posterior(**roles), economics=economics) if "priors were on" in s]
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


def test_the_default_worth_of_a_won_customer_is_said_to_be_an_assumption():
    posterior = brand_posterior(outcome="orders")
    (sentence,) = (
        s
        for s in warnings_of(posterior, economics=mmm.Economics(customer_value=90.0))
        if s.startswith("A customer won by")
    )
    share = mmm.Beta(alpha=8, beta=2)
    worth = with_interval(*(float(share.quantile(edge)) for edge in (0.5, 0.05, 0.95)), prob=0.9)
    assert f"worth {worth} of an average one: the default, Beta(8, 2), is an assumption" in sentence
    stated = mmm.Economics(customer_value=90.0, incremental_value_share=share)
    assert not any(s.startswith("A customer won by") for s in warnings_of(posterior, economics=stated))


def test_with_a_customer_value_returns_are_called_roi():
    posterior = brand_posterior(outcome="orders", learnt=1.0)
    found = warnings_of(posterior, economics=mmm.Economics(customer_value=30.0))
    assert any(s.startswith("The ROI within 104 weeks") for s in found)
    assert not any("effect per unit of spend" in s for s in found)
