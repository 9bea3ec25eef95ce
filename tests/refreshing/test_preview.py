"""A preview is called one, and where its weights cannot be trusted there is no table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.data.altered import between
from mmm.errors import ConvergenceError, DataError, SpecError
from mmm.refreshing.drift import returns_of_window
from tests.conftest import build_data, build_posterior, build_tracker
from tests.refreshing.test_vintages import longer


def narrow(data=None, spec=None, *, n_draws=1000, width=0.1):
    """Dress draws as a posterior that knows a lot: a tenth of the prior's spread about its middle."""
    made = build_posterior(data or build_data(), spec, n_draws=n_draws)
    draws = made.draws.parameters
    parameters = draws.map(lambda values: values.median() * (values / values.median()) ** width)
    return replace(made, draws=replace(made.draws, parameters=parameters))


@pytest.fixture(scope="module")
def last():
    return narrow()


@pytest.fixture(scope="module")
def preview(last):
    return mmm.preview_refresh(last, build_data(longer(2)))


def test_the_table_is_that_of_weighted_draws(last, preview):
    assert preview.ok
    table = preview.table(horizon_weeks=52, prob=0.8)
    assert tuple(table.columns) == schema.PREVIEW_COLUMNS
    assert table["channel"].tolist() == [*last.data.channels, "total"]
    # as the drift of a refresh has it
    old = mmm.Refresh(last, last, preview.vintages).drift(horizon_weeks=52, prob=0.8)
    np.testing.assert_allclose(table[["old", "old_lower", "old_upper"]], old[["old", "old_lower", "old_upper"]])
    # every draw as often as its weight says
    again = np.random.default_rng(1).choice(preview.weights.size, 200_000, p=preview.weights.ravel())
    chains, draws = np.divmod(again, preview.weights.shape[1])
    values = returns_of_window(preview.draws, window=(0, 60), horizon_weeks=52).values[chains, draws]
    expected = np.quantile(values, [0.5, 0.1, 0.9], axis=0)
    # two hundredths of a posterior standard deviation: the noise of so many draws at the ends
    spread = np.log(values).std(axis=0).max()
    np.testing.assert_allclose(np.log(table[["new", "new_lower", "new_upper"]].T), np.log(expected), atol=0.02 * spread)


def test_it_is_called_a_preview_wherever_it_is_shown(preview):
    assert preview.table().columns.name.startswith("PREVIEW, not a refit")
    assert "90% equal-tailed credible intervals" in preview.table().columns.name
    assert repr(preview).startswith("<Preview of a refresh\n 2 new weekly periods")
    assert f"Pareto k {preview.pareto_k:.2f}" in repr(preview)
    assert f"{preview.effective_draws:.0f} effective draws" in repr(preview)


def test_draws_that_all_weigh_the_same_say_what_they_said(last):
    even = np.full((2, 1000), 1 / 2000)
    table = replace(mmm.preview_refresh(last, build_data(longer(2))), weights=even).table()
    for name in ("", "_lower", "_upper"):
        # quantiles of weighted draws lie half a draw aside
        np.testing.assert_allclose(table[f"new{name}"], table[f"old{name}"], rtol=1e-3)


def test_where_a_few_draws_decide_there_is_no_table():
    wide = build_posterior(build_data(), n_draws=1000)  # draws of the prior, which new weeks tell apart
    preview = mmm.preview_refresh(wide, build_data(longer()))
    assert not preview.ok
    assert "PREVIEW refused: a few draws decide" in repr(preview)
    with pytest.raises(ConvergenceError, match=r"a few draws decide \(Pareto k .* may be\)(?s:.*)takes seconds"):
        preview.table()


def test_too_few_effective_draws_make_no_table(preview):
    weights = preview.weights * (np.arange(1000) % 3 == 0)
    few = replace(preview, weights=weights / weights.sum())
    assert 200 < few.effective_draws < 400
    with pytest.raises(ConvergenceError, match="effective draws where 400 are asked for"):
        few.table()


def test_the_limit_of_k_depends_on_the_number_of_draws(preview):
    assert preview.max_pareto_k == pytest.approx(1 - 1 / np.log10(2000))
    assert replace(preview, weights=np.full((4, 10_000), 1 / 40_000)).max_pareto_k == 0.7


def test_the_last_fit_may_be_a_file(last, preview, tmp_path):
    last.save(tmp_path / "last.nc")
    again = mmm.preview_refresh(tmp_path / "last.nc", build_data(longer(2)))
    np.testing.assert_array_equal(again.weights, preview.weights)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: build_data(longer(), spend=["tv", "video"]), "channels: .*'radio'.* at the last fit"),
        (lambda: build_data(longer(), spend=["tv", "video", "radio", "grps"]), "channels: .*'grps'.* now"),
        (lambda: build_data(longer(), controls=["price"]), "controls: .*'rain'"),
        (lambda: build_data(longer(), exposure={"tv": "grps"}), r"channels with exposure: \[\] at the last fit"),
        (lambda: build_data(longer(), tracker=build_tracker()), "tracker: None at the last fit, brand now"),
        (lambda: between(build_data(longer()), 4, 73), "first fitted period: 2023-01-02 at the last fit, 2023-01-30"),
        (lambda: build_data(longer(), history=past()), "first known period: 2023-01-02 at the last fit, 2022-11-21"),
        (lambda: build_data(), "the new data are those of the last fit"),
        (lambda: build_data(longer(), currency="USD"), "the currency of the last fit"),
    ],
)
def test_another_model_is_refused_with_its_reason(last, data, message):
    with pytest.raises(DataError, match=message):
        mmm.preview_refresh(last, data())


def past():
    weeks = pd.date_range(end="2022-12-26", periods=6, freq="W-MON")
    return pd.DataFrame({"week": weeks, "tv": 1.0, "video": 2.0, "radio": 3.0})


def test_what_is_no_data_and_what_did_not_converge_is_refused(last, unconverged_posterior):
    with pytest.raises(SpecError, match="new_data is a DataFrame"):
        mmm.preview_refresh(last, longer())
    with pytest.raises(ConvergenceError, match="did not converge"):
        mmm.preview_refresh(unconverged_posterior, build_data(longer()))
