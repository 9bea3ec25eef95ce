"""What is asked of the fit, and what is said of its answer. No model is fitted: draws from the prior play the fit."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import mmm
from mmm.errors import ConvergenceError, ConvergenceWarning, ReportError
from mmm.fitting import refits
from mmm.model.inputs import ModelInputs
from mmm.model.structure import model_structure
from mmm.validation import LeadCheck
from mmm.validation.permutations import Strengths
from mmm.validation.placebo_verdict import Placebo
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

CHANNELS = ("tv", "video", "radio")


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit, and answer with a made-up posterior."""
    asked = []

    def fit(data, spec, **settings):
        asked.append((data, spec, settings))
        made = with_parameters(build_posterior(data, spec, seed=len(asked)), roi=lambda roi: len(asked) * roi)
        return replace(made, diagnosis=fit.diagnosis) if len(asked) == 1 and fit.diagnosis else made

    fit.diagnosis = None
    monkeypatch.setattr(refits, "fit", fit)
    return {"asked": asked, "fit": fit}


def leads(z=(0.0, 0.0, 0.0)):
    z = np.array(z)
    return LeadCheck(
        channels=CHANNELS, lead_weeks=(1, 2), z=z, z_by_lead=np.stack([z, z], 1), probability=np.exp(-(z**2))
    )


def strength(real=(4.0, 4.0, 4.0)):
    return Strengths(CHANNELS, np.array(real), np.tile(np.linspace(-2, 2, 99), (3, 1)))


def result(posterior, *, refitted=(), **parts):
    return Placebo(**{"posterior": posterior, "refits": refitted, "strengths": strength(), "leads": leads()} | parts)


def test_all_media_take_the_same_other_order_and_nothing_else_changes(fits, posterior, capsys):
    sampler = mmm.Sampler(draws=300)
    found = mmm.placebo(posterior, permutations=20, refits=2, seed=5, sampler=sampler)
    assert len(fits["asked"]) == 2
    assert capsys.readouterr().out.count(": done (") == 2
    orders = []
    for data, spec, settings in fits["asked"]:
        assert spec is posterior.spec
        assert settings["scales"] is posterior.scales
        assert settings["sampler"] is sampler
        assert settings["seed"] == 5
        assert data.notes[-1] == "a placebo: the media in another order"
        for name in ("outcome", "controls"):
            np.testing.assert_array_equal(data.dataset[name], posterior.data.dataset[name])
        spend, real = data.dataset["spend"].values[0], posterior.data.dataset["spend"].values[0]
        order = [int(np.flatnonzero(real[:, 2] == amount)[0]) for amount in spend[:, 2]]
        np.testing.assert_array_equal(spend, real[order])
        assert model_structure(spec, ModelInputs.prepare(data, spec, posterior.scales)) == model_structure(
            posterior.spec, posterior.draws.inputs
        )
        orders.append(tuple(order))
    assert len(set(orders)) == 2
    assert found.refits[0].data is fits["asked"][0][0]
    assert found.strengths.placebo.shape == (3, 20)


def test_refits_are_sampled_as_the_fit_was_but_for_draws_that_an_interval_does_not_need(fits, posterior):
    for draws, expected in ((3000, 1000), (400, 400)):
        fitted = replace(posterior, provenance=posterior.provenance.model_copy(update={"draws": draws, "tune": 700}))
        mmm.placebo(fitted, permutations=20, refits=1, progress=False)
        sampler = fits["asked"][-1][2]["sampler"]
        assert (sampler.draws, sampler.tune, sampler.chains, sampler.target_accept) == (expected, 700, 2, 0.9)


def test_exposure_goes_with_its_spend(fits):
    posterior = build_posterior(build_data(exposure={"tv": "grps"}))
    mmm.placebo(posterior, permutations=20, refits=1, progress=False)
    frame, arrays = build_frame(), fits["asked"][0][0].dataset
    pairs = set(zip(frame["tv"], frame["grps"], strict=True))
    assert set(zip(arrays["spend"].values[0, :, 0], arrays["driver"].values[0, :, 0], strict=True)) == pairs


def test_the_same_seed_gives_the_same_and_refits_do_not_move_the_rest(fits, posterior):
    once, again = (mmm.placebo(posterior, permutations=25, refits=0, progress=False) for _ in range(2))
    np.testing.assert_array_equal(once.strengths.placebo, again.strengths.placebo)
    other = mmm.placebo(posterior, permutations=25, refits=0, seed=8, progress=False)
    assert (once.strengths.placebo != other.strengths.placebo).any()
    np.testing.assert_array_equal(once.leads.z, other.leads.z)
    assert not fits["asked"]


def test_the_table_has_real_placebo_and_prior_side_by_side(posterior):
    others = tuple(build_posterior(posterior.data, seed=seed) for seed in (20, 21))
    found = result(posterior, refitted=others, strengths=strength((4.0, -0.01, -3.0)), leads=leads((2.0, 0.1, 0.0)))
    table = found.table()
    assert list(table.columns) == [
        "channel", "roi", "roi_lower", "roi_upper", "placebo_roi", "placebo_roi_lower", "placebo_roi_upper",
        "prior_roi", "prior_roi_lower", "prior_roi_upper", "placebo_findings", "share_of_placebos_as_strong", "lead_z",
        "lead_probability",
    ]  # fmt: skip
    pooled = np.concatenate([other.draws.parameters["roi"].sel(channel="tv").values.ravel() for other in others])
    row = table.set_index("channel").loc["tv"]
    np.testing.assert_allclose(
        row[["placebo_roi", "placebo_roi_lower", "placebo_roi_upper"]].to_list(), np.quantile(pooled, [0.5, 0.05, 0.95])
    )
    real = posterior.draws.parameters["roi"].sel(channel="tv")
    assert row["roi"] == pytest.approx(float(real.median()))
    assert row["prior_roi"] == pytest.approx(1.0, rel=0.01)
    np.testing.assert_allclose(table["share_of_placebos_as_strong"], [1 / 100, 51 / 100, 1])
    np.testing.assert_allclose(table["lead_probability"], 1 - (1 - np.exp([-4.0, -0.01, 0.0])) ** 3)
    assert "revenue ROI" in table.columns.name
    assert result(posterior).table()["placebo_roi"].isna().all()
    wider = found.table(prob=0.98)
    assert (wider["roi_upper"] > table["roi_upper"]).all()
    with pytest.raises(ReportError, match="prob"):
        found.table(prob=90)


def test_an_outcome_without_money_value_is_reported_in_its_units():
    posterior = build_posterior(build_data(outcome="orders", outcome_unit="orders"), n_draws=20)
    found = result(posterior, refitted=(posterior,))
    assert "placebo_outcome_per_spend_upper" in found.table()
    assert "orders per GBP of the placebo" in found.verdict
    assert found.plot().get_xlabel().startswith("orders per GBP")


def test_no_placebo_may_look_like_a_finding_but_one_in_twenty(posterior):
    below = with_parameters(posterior, roi=lambda roi: 0.2 * roi)
    above = with_parameters(posterior, roi=lambda roi: roi.where(roi["channel"] != "video", 8 + roi))
    assert result(posterior, refitted=(below, below)).ok
    once = result(posterior, refitted=(below, above))
    assert once.ok
    assert once.table()["placebo_findings"].to_list() == [0, 1, 0]
    twice = result(posterior, refitted=(above, above))
    assert not twice.ok
    assert "2 of 6 returns above their prior's median" in twice.verdict
    assert "Nearest to a finding is video: revenue ROI of the placebo 9" in twice.verdict
    assert "Trust no channel's ROI yet" in twice.recommendation


def test_a_channel_like_its_placebos_is_a_fault_only_where_more_is_claimed_of_it(posterior):
    alike = result(posterior, strengths=strength((4.0, 4.0, 0.5)))
    assert alike.told_apart == ("tv", "video")
    assert alike.ok
    assert (
        "Told apart from 99 placebos by how well it explains the outcome (share as strong): tv (1.0%)" in alike.verdict
    )
    assert (
        "Not told apart, so that what is reported of it could be reported of its placebos: radio (38%)" in alike.verdict
    )
    assert alike.recommendation.startswith("Read the ROI of radio as a prior that these data hardly changed")
    claimed = with_parameters(posterior, roi=lambda roi: roi.where(roi["channel"] != "radio", 8 + roi))
    found = result(claimed, strengths=strength((4.0, 4.0, 0.5)))
    assert found.unsupported == ("radio",)
    assert not found.ok
    assert found.recommendation.startswith("Report radio as not measured")


def test_spend_that_follows_demand_fails_whatever_the_placebos_say(posterior):
    found = result(posterior, leads=leads((0.0, 3.0, 0.0)))
    assert not found.ok
    assert "video rises after good weeks (z 3.0" in found.verdict
    assert "The ROI of video is probably too high" in found.recommendation
    sound = result(posterior)
    assert sound.ok
    assert sound.recommendation == "Nothing to do."
    assert repr(sound).startswith("<Placebo of tv, video, radio\n Told apart from 99")


# --- fits that failed -------------------------------------------------------------------------------


def test_what_makes_no_sense_is_refused_before_anything_is_fitted(fits, posterior, unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not str"):
        mmm.placebo("2026q3.nc")
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        mmm.placebo(unconverged_posterior)
    with pytest.raises(ReportError, match="permutations=19"):
        mmm.placebo(posterior, permutations=19)
    with pytest.raises(ReportError, match="refits=True"):
        mmm.placebo(posterior, refits=True)
    with pytest.raises(ReportError, match="refits=-1"):
        mmm.placebo(posterior, refits=-1)
    with pytest.raises(ReportError, match="blocks have a length"):
        mmm.placebo(posterior, block_weeks=0)
    with pytest.raises(ReportError, match="in ascending order"):
        mmm.placebo(posterior, lead_weeks=(0,))
    assert not fits["asked"]


def test_a_refit_that_fails_is_left_out_and_that_is_said(fits, posterior, unconverged_posterior):
    fits["fit"].diagnosis = unconverged_posterior.diagnosis
    with pytest.warns(ConvergenceWarning, match="1 of 2 refits to placebos did not converge") as caught:
        found = mmm.placebo(posterior, permutations=20, refits=2, progress=False)
    assert caught[0].filename == __file__
    assert found.verdict.startswith("1 of 2 refits did not converge and were left out.")
    pooled = found.refits[1].draws.parameters["roi"].median(("chain", "draw"))
    np.testing.assert_allclose(found.table()["placebo_roi"], pooled)
    assert "warning" not in found.table()

    used = replace(found, allow_unconverged=True)
    assert used.verdict.startswith("NOT CONVERGED. 1 of 2 refits to placebos failed their checks.")
    assert used.table().columns.name.startswith("NOT CONVERGED")
    assert set(used.table()["warning"]) == {"NOT CONVERGED. 1 of 2 refits to placebos failed their checks."}
    assert any("NOT CONVERGED" in text.get_text() for text in used.plot().texts)
    assert (used.table()["placebo_roi"] != found.table()["placebo_roi"]).all()


def test_without_a_refit_that_converged_there_is_no_placebo_return(posterior, unconverged_posterior):
    found = result(posterior, refitted=(unconverged_posterior,))
    assert found.table()["placebo_roi"].isna().all()
    assert found.verdict.startswith("1 of 1 refits did not converge and were left out. Told apart")


def test_a_fit_that_failed_itself_is_said_on_everything(unconverged_posterior):
    found = mmm.placebo(unconverged_posterior, permutations=20, refits=0, progress=False, allow_unconverged=True)
    assert found.verdict.startswith("NOT CONVERGED. The fit itself:")
    assert "warning" in found.table()


# --- the chart --------------------------------------------------------------------------------------


def test_what_is_drawn_is_the_table(posterior):
    found = result(posterior, refitted=(build_posterior(posterior.data, seed=30),))
    _, ax = plt.subplots()
    assert found.plot(ax=ax) is ax
    table = found.table().iloc[::-1]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(table["channel"])
    drawn = [collection.get_offsets()[:, 0] for collection in ax.collections if len(collection.get_offsets()) == 3]
    for name, medians in zip(("roi", "placebo_roi", "prior_roi"), drawn, strict=True):
        np.testing.assert_allclose(medians, table[name])
    texts = [text.get_text() for text in ax.texts]
    for share, z in zip(table["share_of_placebos_as_strong"], table["lead_z"], strict=True):
        assert f"{share:.1%}  ({z:+.1f})" in texts


def test_without_refits_real_and_prior_are_drawn(posterior):
    ax = result(posterior).plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["real spend", "prior"]
