"""A refresh keeps what it should keep, and its parts sum to the whole. Fits are made-up posteriors; nothing samples."""

import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.data.altered import between
from mmm.errors import ConvergenceError, DataError, FitError, ReportError, SpecError
from mmm.fitting import refits
from mmm.refreshing import decomposition, refit as room
from mmm.refreshing.decomposition import PARTS, chain_of
from mmm.refreshing.vintages import Vintages
from tests.conftest import N_WEEKS, build_data, build_posterior, with_parameters
from tests.refreshing.test_vintages import longer

ROI = mmm.LogNormal(median=2.0, sigma=0.3)


@pytest.fixture(scope="module")
def last():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(saturation=mmm.Tanh(), roi_prior=ROI)})
    return build_posterior(build_data(), spec)


@pytest.fixture
def fits(monkeypatch):
    """Fits that are made up at once, and what was asked of them."""
    asked = []

    def fit(data, spec, *, seed, sampler, scales, start=None, **_):
        given = {"seed": seed, "sampler": sampler, "scales": scales, "start": start}
        asked.append({"data": data, "spec": spec.resolve(data), **given})
        # every data set, spec and seed has draws of its own, as it has when it is really sampled
        words = f"{data.fingerprint}{spec.resolve(data).model_dump_json()}".encode()
        rng = np.random.default_rng([seed, zlib.crc32(words)])
        made = build_posterior(data, spec, seed=seed)
        return with_parameters(made, roi=lambda roi: roi.copy(data=np.exp(rng.normal(size=roi.shape))))

    def again(data, spec, scales, seed, sampler):
        return fit(data, spec, seed=seed, sampler=sampler, scales=scales)

    monkeypatch.setattr(room, "fit", fit)
    monkeypatch.setattr(refits, "fit_again", again)
    return asked


def refreshed(last, data, **settings):
    return mmm.refresh(last, data, progress=False, **settings)


def test_spec_priors_scales_and_sampler_are_those_of_the_last_fit(last, fits):
    found = refreshed(last, build_data(longer()))
    [asked] = fits
    assert asked["spec"] == last.spec
    assert asked["scales"] == last.scales
    assert asked["sampler"].draws == last.provenance.draws
    assert asked["seed"] == last.provenance.seed + 1
    assert found.previous is last
    assert found.posterior.data.n_periods == N_WEEKS + 13


def test_a_new_channel_gets_defaults_and_scales_and_a_lost_one_leaves(last, fits):
    data = build_data(longer(), spend=["tv", "video", "grps"], controls=["price", "margin"])
    refreshed(last, data)
    spec, scales = fits[0]["spec"], fits[0]["scales"]
    assert set(spec.channels) == {"tv", "video", "grps"}
    assert spec.channels["tv"] == last.spec.channels["tv"]
    assert spec.channels["grps"] == mmm.ModelSpec().resolve(data).channels["grps"]
    assert scales.drivers["tv"] == last.scales.drivers["tv"]
    assert scales.drivers["grps"] == pytest.approx(data.dataset["driver"].sel(channel="grps").mean().item())
    assert scales.outcome == last.scales.outcome
    assert scales.control_means["price"] == last.scales.control_means["price"]
    assert "margin" in scales.control_scales


def test_a_channel_that_is_now_driven_by_exposure_gets_a_scale_of_its_own(last, fits):
    data = build_data(longer(), exposure={"tv": "grps"})
    refreshed(last, data)
    assert fits[0]["scales"].drivers["tv"] == pytest.approx(data.dataset["driver"].sel(channel="tv").mean().item())
    assert fits[0]["scales"].drivers["radio"] == last.scales.drivers["radio"]


def test_another_spec_seed_and_sampler_are_taken(last, fits):
    spec, sampler = mmm.ModelSpec(seasonality=2), mmm.Sampler(draws=300)
    refreshed(last, build_data(longer()), spec=spec, seed=42, sampler=sampler)
    assert fits[0]["spec"] == spec.resolve(fits[0]["data"])
    assert (fits[0]["seed"], fits[0]["sampler"]) == (42, sampler)


def test_chains_start_at_the_last_fit_unless_told_otherwise(last, fits):
    found = refreshed(last, build_data(longer()))
    refreshed(last, build_data(longer()), warm_start=False)
    found.decomposition()
    # fits of the decomposition know nothing of the last one: its Monte Carlo error is to be seen
    assert [asked["start"] for asked in fits] == [last, None, None]


@pytest.mark.usefixtures("fits")
def test_the_last_fit_may_be_a_file(last, tmp_path):
    last.save(tmp_path / "last.nc")
    found = refreshed(tmp_path / "last.nc", build_data(longer()))
    assert found.previous.spec == last.spec
    assert set(found.drift()["flag"]) <= {"ok", "amber", "red"}


@pytest.mark.usefixtures("fits")
def test_what_changed_is_said_while_one_waits(last, capsys):
    mmm.refresh(last, build_data(longer(tv=(3, 999.0))), progress=True)
    assert "1 number of the past was restated: tv (1)." in capsys.readouterr().out


def test_what_cannot_be_refreshed_is_refused(last, unconverged_posterior, fits):
    with pytest.raises(SpecError, match="new_data is a DataFrame"):
        refreshed(last, longer())
    with pytest.raises(ConvergenceError, match="did not converge"):
        refreshed(unconverged_posterior, build_data(longer()))
    with pytest.raises(DataError, match="end on"):
        refreshed(last, between(build_data(), 0, 50))
    assert not fits


def parts_of(last, data, *, spec=None, **asked):
    found = refreshed(last, data, spec=spec)
    return found.decomposition(**asked)


def assert_sums(table):
    assert tuple(table.columns) == schema.DECOMPOSITION_COLUMNS
    np.testing.assert_allclose(table[list(PARTS)].sum(axis=1), table["total"], atol=1e-9)


def test_nothing_changed_moves_nothing_but_monte_carlo(last, fits):
    table = parts_of(last, build_data())
    assert_sums(table)
    assert (table[["restated", "new_weeks", "model", "experiments"]] == 0).all(axis=None)
    assert (table["monte_carlo"] != 0).all()
    assert len(fits) == 1  # the refresh itself is the last fit made again


def test_monte_carlo_shrinks_with_more_draws():
    data, moved = build_data(), []
    for n_draws in (100, 10_000):
        rng, made = np.random.default_rng(1), build_posterior(data, n_draws=n_draws)

        def independent(roi, rng=rng):
            return roi.copy(data=np.exp(rng.normal(size=roi.shape)))

        first, second = (with_parameters(made, roi=independent) for _ in range(2))
        vintages = Vintages(data, data)
        links = chain_of(vintages, old_spec=first.spec, new_spec=second.spec)
        table = decomposition.decompose(first, links, [second], dates=vintages.dates, horizon_weeks=104)
        moved.append(table["monte_carlo"].abs().mean())
    # a hundred times the draws: a tenth of the error, of which four numbers give an idea within a factor of three
    assert moved[1] < moved[0] / 3


def test_each_part_is_the_step_between_two_fits(last, fits):
    frame = longer(tv=(3, 999.0))
    found = refreshed(last, build_data(frame), spec=mmm.ModelSpec(seasonality=2))
    table = found.decomposition()
    assert_sums(table)
    assert (table[["restated", "new_weeks", "model", "monte_carlo"]] != 0).all(axis=None)
    # the new fit, then: the last one again, the past restated, the new weeks under the old spec
    again, restated, longer_fit = fits[1:]
    assert again["data"] is last.data
    assert Vintages(restated["data"], longer_fit["data"]).table().empty
    assert (restated["data"].n_periods, longer_fit["data"].n_periods) == (N_WEEKS, N_WEEKS + 13)
    assert all(asked["spec"] == last.spec for asked in fits[1:])
    assert {asked["seed"] for asked in fits} == {found.posterior.provenance.seed}


def test_only_what_happened_is_fitted(last, fits):
    parts_of(last, build_data(longer()))
    assert len(fits) == 2  # the new fit and the last one again


def test_both_orders_share_ends_and_differ_in_between(last, fits):
    table = parts_of(last, build_data(longer(tv=(3, 999.0))), both_orders=True)
    first, second = (rows.drop(columns="order").reset_index(drop=True) for _, rows in table.groupby("order"))
    assert_sums(first)
    assert_sums(second)
    np.testing.assert_allclose(first["total"], second["total"])
    assert not np.allclose(first["restated"], second["restated"])
    assert len(fits) == 4  # the new fit, the last again, the past restated, the old past continued


@pytest.mark.parametrize(
    ("roles", "parts"),
    [
        ({"spend": ["tv", "video", "radio", "grps"]}, ["monte_carlo", "new_weeks", "model"]),
        ({"spend": ["tv", "video"]}, ["monte_carlo", "restated", "new_weeks"]),
        ({"controls": ["price"]}, ["monte_carlo", "restated", "new_weeks"]),
    ],
    ids=["gained channel", "lost channel", "lost control"],
)
@pytest.mark.usefixtures("fits")
def test_columns_that_came_or_went_have_their_part(last, roles, parts):
    found = refreshed(last, build_data(longer(), **roles))
    links = chain_of(found.vintages, old_spec=last.spec, new_spec=found.posterior.spec)
    assert [link.part for link in links] == parts
    table = found.decomposition()
    assert_sums(table)
    assert set(table["channel"]) == ({"tv", "video", "radio"} & set(found.posterior.data.channels)) | {"total"}


@pytest.mark.usefixtures("fits")
def test_a_fit_of_the_chain_that_fails_is_named(last, monkeypatch):
    found = refreshed(last, build_data(longer()))

    def fail(*_):
        raise FitError("the sampler gave up", "no draws", "try again")

    monkeypatch.setattr(refits, "fit_again", fail)
    with ThreadPoolExecutor(1) as executor, pytest.raises(FitError, match=r"monte_carlo .*the sampler gave up"):
        found.decomposition(executor=executor)


@pytest.mark.usefixtures("fits")
def test_it_says_what_moved(last):
    found = refreshed(last, build_data(longer()))
    assert repr(found).startswith("<Refresh\n 13 new weekly periods")
    assert "drift" in repr(found).lower()


@pytest.mark.usefixtures("fits")
def test_drift_and_restatements_are_tables_of_the_schema(last):
    found = refreshed(last, build_data(longer(tv=(3, 999.0))))
    assert tuple(found.drift().columns[:10]) == schema.DRIFT_COLUMNS
    assert tuple(found.restatements().columns) == schema.RESTATEMENT_COLUMNS
    assert found.restatements()["date"].tolist() == [pd.Timestamp("2023-01-23")]


@pytest.mark.usefixtures("fits")
def test_what_is_said_of_an_answer_is_what_the_tables_say(last):
    found = refreshed(last, build_data(longer()))
    parts = found.decomposition()
    told = found.movements(decomposition=parts)
    assert found.sentences(decomposition=parts) == (*told, *found.forecast_check().sentences())
    for sentence, row in zip(told, found.drift().to_dict("records"), strict=True):
        assert row["channel"] in sentence or "all channels together" in sentence
        assert f"(z = {row['z']:.1f}" in sentence
        assert "13 new weeks alone would explain" in sentence
    at_year = found.sentences(decomposition=found.decomposition(horizon_weeks=52), horizon_weeks=52, prob=0.5)
    assert "within 52 weeks moved from " in at_year[0]
    assert "(50%: " in at_year[0]
    with pytest.raises(ReportError, match="same refresh and horizon"):
        found.sentences(decomposition=parts, horizon_weeks=13)
