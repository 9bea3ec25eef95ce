"""Small national data and made-up posteriors: draws from the prior, dressed as a fit. Nothing here samples."""

from __future__ import annotations

import warnings
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm.errors import DataWarning
from mmm.model.inputs import Scales
from mmm.posterior import Diagnosis, Draws, Posterior, Provenance, QuantityCheck, draw_prior

N_WEEKS = 60


def build_frame(n_weeks=N_WEEKS, *, seed=3):
    """Three channels (tv goes dark, radio never does), two controls, exposures and a margin that nobody has to use."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"week": pd.date_range("2023-01-02", periods=n_weeks, freq="W-MON")})
    frame["tv"] = rng.gamma(4.0, 400.0, n_weeks) * (np.arange(n_weeks) % 10 < 6)
    frame["video"] = rng.gamma(2.0, 350.0, n_weeks)
    frame["radio"] = 300 + rng.gamma(3.0, 60.0, n_weeks)
    frame["price"] = rng.normal(10.0, 0.5, n_weeks)
    frame["rain"] = rng.normal(50.0, 9.0, n_weeks)
    frame["revenue"] = 20_000 + 1.5 * frame["tv"] + frame["video"] - 300 * frame["price"] + rng.normal(0, 600, n_weeks)
    frame["orders"] = (frame["revenue"] / 25).round()
    frame["grps"] = frame["tv"] / 10 * rng.uniform(0.8, 1.2, n_weeks)
    frame["margin"] = np.linspace(0.2, 0.6, n_weeks)
    return frame


def build_data(frame=None, **roles):
    """Take a frame through the door; that its history is short is known and said once here."""
    given = {"date": "week", "outcome": "revenue", "spend": ["tv", "video", "radio"], "controls": ["price", "rain"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mmm.MarketingData.from_frame(build_frame() if frame is None else frame, **given | roles)


def build_tracker(*, unit="share", n_waves=13, seed=5):
    """A monthly survey, or an index, over the dates of `build_frame`."""
    rng = np.random.default_rng(seed)
    waves = pd.DataFrame({"wave": pd.date_range("2023-01-09", periods=n_waves, freq="28D")})
    waves["awareness"] = 0.35 + 0.02 * rng.standard_normal(n_waves)
    waves["searches"] = 3000 + 200 * rng.standard_normal(n_waves)
    waves["n"] = 400
    survey = {"value": "awareness", "sample_size": "n"} if unit == "share" else {"value": "searches"}
    return mmm.Tracker.from_frame(waves, date="wave", unit=unit, name="brand", **survey)


def build_posterior(data, spec=None, *, n_chains=2, n_draws=100, ok=True, seed=7):
    """Dress draws from the prior as a posterior; its ``prior`` has draws of its own."""
    resolved, scales = (spec or mmm.ModelSpec()).resolve(data), Scales.learn(data)
    flat = draw_prior(data, resolved, scales, n_draws=n_chains * n_draws, seed=seed + 1000).parameters
    parameters = xr.Dataset(
        {name: (array.dims, array.values.reshape(n_chains, n_draws, *array.shape[2:])) for name, array in flat.items()},
        {**flat.coords, "chain": np.arange(n_chains), "draw": np.arange(n_draws)},
    )
    rng = np.random.default_rng(seed)
    stats = {"diverging": np.zeros((n_chains, n_draws), dtype=bool), "energy": rng.normal(size=(n_chains, n_draws))}
    checks = (
        QuantityCheck(quantity="parameter sigma", rhat=1.002, ess_bulk=1900.0, ess_tail=1700.0),
        QuantityCheck(
            quantity="return tv 104w", rhat=1.003 if ok else 1.2, ess_bulk=1500.0 if ok else 31.0, ess_tail=900.0
        ),
    )
    return Posterior(
        Draws(parameters, data, resolved, scales, seed),
        xr.Dataset({name: (("chain", "draw"), values) for name, values in stats.items()}),
        Diagnosis(checks=checks, divergences=0, draws=n_chains * n_draws, ebfmi=(0.9,) * n_chains),
        Provenance(
            seed=seed,
            chains=n_chains,
            draws=n_draws,
            tune=100,
            target_accept=0.9,
            versions={"payback-mmm": mmm.__version__},
            data_fingerprint=data.fingerprint,
            created="2026-01-01T00:00:00+00:00",
        ),
    )


def with_parameters(posterior, **changed):
    """Give the same posterior with other draws: ``name=function of the DataArray``."""
    parameters = posterior.draws.parameters
    parameters = parameters.assign({name: change(parameters[name]) for name, change in changed.items()})
    return replace(posterior, draws=replace(posterior.draws, parameters=parameters))


@pytest.fixture(scope="session")
def national_data():
    return build_data()


@pytest.fixture(scope="session")
def make_posterior():
    return build_posterior


@pytest.fixture(scope="session")
def posterior(national_data):
    return build_posterior(national_data)


@pytest.fixture(scope="session")
def unconverged_posterior(national_data):
    return build_posterior(national_data, ok=False)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")
