"""What is said of sensitivities: made-up ones for the words, draws from the prior for the verb. Nothing is fitted."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from mmm.posterior.log_prior import log_prior
from mmm.returns import long_run_multiplier, per_spend, returns_by_horizon
from mmm.validation.power_scaling import PowerScaling, power_scale
from tests.conftest import build_data, build_posterior

BLOCKS = ("return", "carry_over", "saturation", "baseline")
COMPONENTS = (*BLOCKS, "all_priors", "likelihood")


def made_up(rows, *, noise=None, pareto_k=0.1, warning=""):
    """``(channel, horizon, block sensitivities, together, likelihood)`` each."""
    labels = pd.DataFrame(
        [("roi" if weeks else "long_run_multiplier", channel, weeks or np.nan) for channel, weeks, *_ in rows],
        columns=["quantity", "channel", "horizon_weeks"],
    )
    sensitivity = np.array([[*blocks, together, data] for _, _, blocks, together, data in rows]).T
    noise = np.full(len(COMPONENTS), 0.001) if noise is None else np.array(noise)
    scaling = PowerScaling(COMPONENTS, sensitivity, noise, np.full(len(COMPONENTS), pareto_k))
    return mmm.PriorSensitivity(labels=labels, scaling=scaling, warning=warning)


QUIET = (0.01, 0.01, 0.01, 0.01)
EXAMPLE = [
    ("tv", 13.0, (0.09, 0.01, 0.02, 0.0), 0.1, 0.2),
    ("tv", 104.0, (0.09, 0.01, 0.02, 0.0), 0.1, 0.2),
    ("radio", 13.0, QUIET, 0.02, 0.3),
    ("radio", 104.0, (0.01, 0.07, 0.01, 0.01), 0.06, 0.01),
    ("total", 13.0, QUIET, 0.01, 0.3),
    ("total", 104.0, QUIET, 0.01, 0.3),
    ("tv", 0, (0.01, 0.08, 0.01, 0.01), 0.07, 0.0),
]


def test_each_answer_is_diagnosed_by_what_moves_it():
    table = made_up(EXAMPLE).table()
    assert table["diagnosis"].tolist() == [
        "prior-data conflict", "prior-data conflict", "-", "strong prior", "-", "-", "strong prior",
    ]  # fmt: skip
    assert table["strongest_block"].tolist()[:4] == ["return", "return", "return", "carry_over"]
    assert table["prior_carry_over"].tolist()[3] == 0.07
    assert table["prior"].tolist()[0] == 0.1
    assert table["likelihood"].tolist()[2] == 0.3
    assert table["quantity"].tolist()[-1] == "long_run_multiplier"
    by_block = [f"prior_{block}" for block in BLOCKS]
    labels, rest = schema.SENSITIVITY_COLUMNS[:3], schema.SENSITIVITY_COLUMNS[3:]
    assert list(table.columns) == [*labels, *by_block, *rest]


def test_the_limit_itself_counts_as_moving_and_noise_raises_it():
    at_limit = [("tv", 13.0, (0.05, 0, 0, 0), 0.0, 0.049), ("total", 13.0, (0.049, 0, 0, 0), 0.049, 0.05)]
    assert made_up(at_limit).table()["diagnosis"].tolist() == ["strong prior", "-"]
    noisy = made_up(at_limit, noise=[0.03, *[0.001] * 5])
    assert noisy.table()["diagnosis"].tolist() == ["-", "-"]
    assert "In these draws noise hides sensitivities below: return 0.06" in noisy.verdict
    assert noisy.noise["return"] == 0.03


def test_the_verdict_names_who_is_the_prior_s_and_who_is_torn():
    sensitivity = made_up(EXAMPLE)
    assert sensitivity.verdict == (
        "Returns within 13 weeks: torn between prior and data for tv (sensitive to priors 0.10, to data 0.20); not "
        "moved by the priors for radio, total (sensitive to priors 0.01 to 0.02, to data 0.30 to 0.30). Within 104 "
        "weeks: torn between prior and data for tv (sensitive to priors 0.10, to data 0.20); the prior's answer, and "
        "not the data's, for radio (sensitive to priors 0.07, to data 0.01); not moved by the priors for total "
        "(sensitive to priors 0.01, to data 0.30). Long-run multipliers: the prior's answer, and not the data's, for "
        "tv (sensitive to priors 0.08, to data 0.00)."
    )
    assert not sensitivity.ok
    assert sensitivity.recommendation.startswith("For tv, look again at the priors of what a channel returned:")
    assert "For radio, tv, report the prior with the number; a test" in sensitivity.recommendation
    assert repr(sensitivity) == f"<PriorSensitivity\n {sensitivity.verdict}\n {sensitivity.recommendation}>"


def test_equal_horizons_are_said_once_and_many_channels_are_counted():
    rows = [(name, weeks, QUIET, 0.02, 0.3) for name in ("a", "b", "c", "total") for weeks in (13.0, 52.0, 104.0)]
    sensitivity = made_up(rows)
    assert sensitivity.ok
    assert "not moved by the priors for all 4 (" in sensitivity.verdict
    assert sensitivity.verdict.endswith("Within 104 weeks: the same.")
    assert sensitivity.recommendation == "Nothing: the data outweigh the priors."


@pytest.mark.parametrize(
    ("weeks", "data", "fine"), [(13.0, 0.01, False), (104.0, 0.01, True), (104.0, 0.2, False)],
    ids=["prior's at once", "prior's in the long run", "torn in the long run"],
)  # fmt: skip
def test_the_long_run_may_be_the_prior_s_and_the_first_quarter_may_not(weeks, data, fine):
    rows = [(name, at, QUIET, 0.02, 0.3) for name in ("tv", "total") for at in (13.0, 104.0)]
    place = [13.0, 104.0].index(weeks)
    rows[place] = ("tv", weeks, (0.1, 0, 0, 0), 0.1, data)
    assert made_up(rows).ok is fine


def test_weights_that_cannot_be_trusted_are_said_and_more_draws_asked_for():
    doubtful = made_up(EXAMPLE, pareto_k=0.9)
    assert "The weights of return, carry_over, saturation" in doubtful.verdict
    assert "cannot be trusted (Pareto k above 0.7)" in doubtful.verdict
    assert doubtful.recommendation.startswith("Fit again with more draws")
    assert not made_up([("total", 13.0, QUIET, 0.02, 0.3)], pareto_k=np.nan).ok


def test_the_chart_draws_the_table():
    _, given = plt.subplots()
    sensitivity = made_up(EXAMPLE)
    axes = sensitivity.plot(ax=given)
    assert axes is given
    assert [label.get_text() for label in axes.get_yticklabels()] == ["tv, multiplier", "total", "radio", "tv"]
    priors, data = ([bar.get_width() for bar in bars] for bars in axes.containers)
    assert priors == [0.08, 0.01, 0.07, 0.1]
    assert data == [0.0, 0.3, 0.01, 0.2]
    said = [text.get_text() for text in axes.texts]
    assert "strong prior: carry over" in said
    assert "prior-data conflict: return" in said
    assert "within 13 weeks" in sensitivity.plot(horizon_weeks=13).get_title(loc="left")
    with pytest.raises(ReportError, match="use one of 13, 104, or ask"):
        sensitivity.plot(horizon_weeks=52)


def test_the_verb_scales_each_block_of_priors_and_the_likelihood(national_data):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
    posterior = build_posterior(national_data, spec, n_chains=4, n_draws=500)
    sensitivity = mmm.prior_sensitivity(posterior, horizon_weeks=(13, 104))
    table = sensitivity.table()
    assert len(table) == 2 * 4 + 1
    assert table.loc[8, ["quantity", "channel"]].tolist() == ["long_run_multiplier", "tv"]
    returns = per_spend(returns_by_horizon(posterior.draws, horizons=(104,)), "money")
    multiplier = long_run_multiplier(posterior.draws, "tv")
    quantities = np.log(np.stack([returns.sel(channel="tv").values[..., 0], multiplier], axis=-1))
    blocks = log_prior(posterior.draws)
    expected = power_scale(
        quantities, {"return": blocks["return"].values, "long_run": blocks["long_run"].values},
        rng=np.random.default_rng(1),
    ).sensitivity  # fmt: skip
    np.testing.assert_allclose(table.loc[[1, 8], "prior_return"], expected[0])
    np.testing.assert_allclose(table.loc[[1, 8], "prior_long_run"], expected[1])
    # draws from the prior: the return is its prior's, the multiplier that of the slow part
    assert table.loc[1, "strongest_block"] == "return"
    assert table.loc[8, "strongest_block"] == "long_run"
    again = mmm.prior_sensitivity(posterior, horizon_weeks=(13, 104))
    pd.testing.assert_series_equal(again.noise, sensitivity.noise)


def test_draws_that_the_data_rule_out_cannot_be_scaled_and_that_is_said(posterior):
    # draws from the prior are hundreds of log units apart in likelihood: a few of them carry all the weight
    assert "The weights of likelihood cannot be trusted" in mmm.prior_sensitivity(posterior).verdict


def test_what_cannot_be_asked_is_refused(posterior, unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not str"):
        mmm.prior_sensitivity("2026q3.nc")
    with pytest.raises(ReportError, match=r"horizon_weeks=0\.5"):
        mmm.prior_sensitivity(posterior, horizon_weeks=0.5)
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        mmm.prior_sensitivity(unconverged_posterior)
    shown = mmm.prior_sensitivity(unconverged_posterior, allow_unconverged=True)
    assert shown.verdict.startswith("NOT CONVERGED")
    assert shown.table()["warning"].str.startswith("NOT CONVERGED").all()
    assert not shown.ok
    assert any("NOT CONVERGED" in text.get_text() for text in shown.plot().texts)


def test_an_outcome_without_money_has_no_roi():
    table = mmm.prior_sensitivity(build_posterior(build_data(outcome="orders"))).table()
    assert set(table["quantity"]) == {"outcome_per_spend"}
