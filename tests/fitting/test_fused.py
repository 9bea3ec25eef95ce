"""The fused density is the model's: against formulas of the replay and SciPy's priors, and against differences."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pytest
import xarray as xr
from scipy import stats

import mmm
from mmm.fitting.fused import density
from mmm.fitting.fused.coverage import covers
from mmm.fitting.fused.program import FusedProgram
from mmm.fitting.program import program_for
from mmm.model.brand import MEASURED_WEEKS
from mmm.model.inputs import ModelInputs, Scales
from mmm.posterior import Draws, draw_prior, log_likelihood
from tests.conftest import build_data, build_frame

CUT = mmm.LogNormal(median=2.0, sigma=0.5, lower=0.5)


def channels(**kinds):
    return mmm.ModelSpec(channels=kinds)


SPECS = {
    "default": mmm.ModelSpec(),
    "one brand": channels(tv=mmm.Channel(brand=True), video=mmm.Channel(saturation=mmm.MichaelisMenten())),
    "brands": mmm.ModelSpec(
        channels={
            "tv": mmm.Channel(brand=True),
            "video": mmm.Channel(brand=True, saturation=mmm.Tanh()),
            "radio": mmm.Channel(brand=True, saturation=mmm.NoSaturation()),
        },
        horizon_weeks=52,
    ),
    "own half-lives": mmm.ModelSpec(
        channels={"tv": mmm.Channel(brand=True), "radio": mmm.Channel(brand=True)}, shared_slow_half_life=False
    ),
    "every curve": channels(
        tv=mmm.Channel(saturation=mmm.Logistic(), carryover=mmm.NoCarryover()),
        video=mmm.Channel(saturation=mmm.Root(), roi_prior=mmm.LogNormal(median=2.0, sigma=0.4)),
        radio=mmm.Channel(saturation=mmm.NoSaturation(), carryover=mmm.NoCarryover()),
    ),
    "a cut half-life": mmm.ModelSpec(
        channels={"video": mmm.Channel(carryover=mmm.Geometric(half_life=CUT))},
        trend=mmm.Trend(walk=None),
        noise=mmm.HalfNormal(sigma=0.2),
    ),
}


def prepared(spec, *, n_past=0, **roles):
    """Some weeks, of which ``n_past`` are history; every channel has a week without spend."""
    frame = build_frame(60 + n_past)
    frame.loc[n_past + 7, "radio"] = frame.loc[n_past + 9, "video"] = 0.0
    past = {"history": frame.loc[: n_past - 1, ["week", "tv", "video", "radio"]]} if n_past else {}
    data = build_data(frame.iloc[n_past:], **past | roles)
    resolved, scales = spec.resolve(data), Scales.learn(data)
    return data, resolved, scales, ModelInputs.prepare(data, resolved, scales)


def fused(spec, **options):
    data, resolved, scales, inputs = prepared(spec, **options)
    assert covers(resolved, inputs)
    return program_for(data, resolved, scales), (data, resolved, scales)


def prior_density(program, position, parameters, spec):
    """Log density of the priors in the coordinates that are sampled, by SciPy and the change of variables."""
    total = 0.0
    for name, block in program.layout.blocks.items():
        at = position[block.places]
        values = np.atleast_1d(parameters[name].values[0, 0])
        if name in ("sigma", "tau", "slow_share"):
            total += stats.norm.logpdf(at).sum()
        elif name == program.layout.roi_name:
            priors = [channel.roi_prior for channel in spec.channels.values()]
            z = [(np.log(v) - np.log(p.median)) / p.sigma for v, p in zip(values, priors, strict=True)]
            total += stats.norm.logpdf(z).sum()
        else:
            priors = [spec.channels[owner].parameters()[name] for owner in block.owners[: block.size]]
            cut = any(getattr(prior, "is_bounded", False) for prior in priors)
            total += sum(one_prior(prior, value, cut=cut) for prior, value in zip(priors, values, strict=False))
    return total


def one_prior(prior, value, *, cut):
    """Where one prior of a vector is cut, all are sampled between bounds; those of the others are very far out."""
    if isinstance(prior, mmm.Beta):
        return stats.beta.logpdf(value, prior.alpha, prior.beta) + np.log(value * (1 - value))
    if isinstance(prior, mmm.HalfNormal):
        return stats.halfnorm.logpdf(value, scale=prior.sigma) + np.log(value)
    density = stats.lognorm.logpdf(value, prior.sigma, scale=prior.median)
    if not cut:
        return density + np.log(value)
    lower = prior.lower or prior.median * np.exp(-12 * prior.sigma)
    upper = prior.upper or prior.median * np.exp(12 * prior.sigma)
    return density + np.log((value - lower) * (upper - value) / (upper - lower))


@pytest.mark.parametrize("n_past", [0, 20])
@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_it_is_the_likelihood_of_the_replayed_model_and_the_priors_by_scipy(spec, n_past):
    program, (data, resolved, scales) = fused(spec, n_past=n_past)
    for seed in range(3):
        position = program.layout.start(seed)
        parameters = program.parameters(sampled(position))
        likelihood = log_likelihood(Draws(parameters, data, resolved, scales, seed=1)).item()
        expected = likelihood + prior_density(program, position, parameters, resolved)
        found, _ = program.log_density(position)
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-8)


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_its_gradient_is_that_of_its_differences(spec):
    program, _ = fused(spec, n_past=20)
    rng, step = np.random.default_rng(1), 1e-4
    for seed in range(3):
        position = program.layout.start(seed)
        _, gradient = program.log_density(position)
        along = rng.standard_normal((4, len(position)))
        for direction in (*along, *np.eye(len(position))):
            before, after = (
                [program.log_density(position + sign * k * step * direction)[0] for k in (1, 2)] for sign in (-1, 1)
            )
            # five points: the error is of fourth order in the step
            slope = (8 * (after[0] - before[0]) - (after[1] - before[1])) / (12 * step)
            assert gradient @ direction == pytest.approx(slope, rel=1e-6, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["default", "brands", "every curve", "a cut half-life"])
def test_it_is_the_density_of_the_pymc_model(name):
    from mmm.model.build import build

    program, (data, resolved, scales) = fused(SPECS[name], n_past=20)
    model = build(data, resolved, scales=scales)
    value, slopes = (make(mode="FAST_COMPILE") for make in (model.compile_logp, model.compile_dlogp))
    blocks = {}
    for variable in model.value_vars:
        known = variable.name.removeprefix("sampled_")
        for ending in ("_log__", "_logodds__", "_interval__"):
            known = known.removesuffix(ending)
        blocks[variable.name] = program.layout.blocks[known]
    assert sum(block.size for block in blocks.values()) == program.layout.n_coordinates
    for seed in range(3):
        position = program.layout.start(seed)
        point = {key: position[block.places].reshape(model.initial_point()[key].shape) for key, block in blocks.items()}
        found, gradient = program.log_density(position)
        ours = np.concatenate([gradient[block.places] for block in blocks.values()])
        assert found == pytest.approx(float(value(point)), rel=1e-12, abs=1e-10)
        np.testing.assert_allclose(ours, slopes(point), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_the_posterior_has_the_variables_of_the_generic_path(spec):
    program, (data, resolved, scales) = fused(spec)
    found = program.parameters(sampled(program.layout.start(1)))
    known = draw_prior(data, resolved, scales, n_draws=1, seed=1).parameters
    assert set(found) == set(known)
    for name, array in known.items():
        assert found[name].dims == array.dims
    for name, labels in known.coords.items():
        if name not in ("chain", "draw"):
            assert found[name].values.tolist() == labels.values.tolist()


def test_a_brand_channel_s_return_is_sampled_within_a_quarter():
    program, (_, resolved, _) = fused(SPECS["one brand"])
    position = program.layout.start(3)
    block = program.layout.blocks["roi"]
    position[block.places] = 0.0
    at = program.parameters(sampled(position)).isel(chain=0, draw=0)
    kernel = resolved.channels["tv"].carryover
    own = {name: at[name].values for name in kernel.parameters()}
    quarter, whole = (kernel.landed(weeks, own, weeks_per_period=1.0)[0] for weeks in (MEASURED_WEEKS, 104))
    assert float(at["roi"].sel(channel="tv")) * quarter / whole == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("spec", "roles"),
    [
        (channels(tv=mmm.Channel(order="adstock_first")), {}),
        (channels(tv=mmm.Channel(carryover=mmm.Delayed())), {}),
        (channels(tv=mmm.Channel(carryover=mmm.Weibull())), {}),
        (mmm.ModelSpec(), {"margin": "margin"}),
    ],
    ids=["adstock first", "delayed", "weibull", "a margin that varies"],
)
def test_what_it_is_not_written_for_takes_the_generic_path(spec, roles):
    _, resolved, _, inputs = prepared(spec, **roles)
    assert not covers(resolved, inputs)


def test_months_are_covered_too():
    frame = build_frame(72).assign(week=np.arange("2019-01", "2025-01", dtype="datetime64[M]").astype("datetime64[ns]"))
    data = build_data(frame)
    resolved, scales = mmm.ModelSpec().resolve(data), Scales.learn(data)
    program = program_for(data, resolved, scales)
    position = program.layout.start(1)
    parameters = program.parameters(sampled(position))
    likelihood = log_likelihood(Draws(parameters, data, resolved, scales, seed=1)).item()
    expected = likelihood + prior_density(program, position, parameters, resolved)
    assert program.log_density(position)[0] == pytest.approx(expected)


def test_what_is_not_finite_is_said_to_the_sampler_and_not_hidden():
    program, _ = fused(SPECS["default"])
    far = np.full(program.layout.n_coordinates, 1e4)
    found, gradient = program.log_density(far)
    assert np.isnan(found)
    assert np.isnan(gradient).all()


def test_numbers_of_another_model_are_refused():
    program, _ = fused(SPECS["default"])
    assert np.isnan(program.log_density(np.zeros(program.layout.n_coordinates + 1))[0])


def test_starts_differ_by_seed_lie_about_the_priors_middle_and_are_all_possible():
    program, _ = fused(SPECS["brands"])
    starts = np.array([program.layout.start(seed) for seed in range(200)])
    np.testing.assert_array_equal(starts[3], program.layout.start(3))
    # 200 of sd 1/sqrt(3): the mean's error is 0.04
    middle = program.parameters(sampled(starts.mean(axis=0))).isel(chain=0, draw=0)
    assert middle["slow_half_life"].values[0] == pytest.approx(30, rel=0.1)
    assert middle["saturation_level"].values[0] == pytest.approx(0.4, abs=0.05)
    assert np.ptp(starts, axis=0).min() > 1.8
    assert all(np.isfinite(program.log_density(start)[0]) for start in starts)


@pytest.mark.parametrize("n_weeks", [57, 58, 59, 60, 61])
def test_another_data_set_of_any_shape_needs_no_other_code(n_weeks):
    """Rows are done several at a time: what is left over must be neither lost nor counted twice."""
    data = build_data(build_frame(n_weeks))
    resolved, scales = mmm.ModelSpec().resolve(data), Scales.learn(data)
    program = FusedProgram.of(resolved, ModelInputs.prepare(data, resolved, scales), roi_name="roi")
    assert program.numbers[0] == len(program.numbers)
    position = program.layout.start(1)
    parameters = program.parameters(sampled(position))
    likelihood = log_likelihood(Draws(parameters, data, resolved, scales, seed=1)).item()
    expected = likelihood + prior_density(program, position, parameters, resolved)
    assert program.log_density(position)[0] == pytest.approx(expected, rel=1e-12)


def test_its_exponential_is_numpy_s_from_the_smallest_to_the_largest_and_stays_there_beyond():
    @numba.njit
    def each(x, found):
        for i in range(x.size):
            found[i] = density.exp(x[i])
        return found

    x = np.concatenate([np.linspace(-708, 709, 300_001), np.linspace(-1, 1, 100_001), [0.0, -0.0, 5e-324, -1e-300]])
    np.testing.assert_array_max_ulp(each(x, np.empty_like(x)), np.exp(x), maxulp=2)
    beyond = np.array([-np.inf, -1e300, -745.2, -708.5, 709.5, 709.8, 1e300, np.inf, np.nan])
    expected = np.exp(
        np.clip(beyond, -708, 709)
    )  # the smallest that is no subnormal number, the largest that is finite
    np.testing.assert_allclose(each(beyond, np.empty_like(beyond)), expected, rtol=1e-15)


@pytest.mark.slow
def test_it_gives_the_same_bits_freshly_compiled_and_from_disk(tmp_path):
    """Sums are reordered when it is compiled; what is kept on disk is what was compiled."""
    code = """
import mmm
from mmm.fitting.program import program_for
from mmm.model.inputs import Scales
data, _ = mmm.simulate.world(n_periods=110, n_channels=3, brand=["tv"], seed=1)
spec = mmm.ModelSpec().with_brand(["tv"], data).resolve(data)
program = program_for(data, spec, Scales.learn(data))
for seed in range(20):
    value, gradient = program.log_density(program.layout.start(seed))
    print(value.hex(), gradient.tobytes().hex())
"""
    run = [sys.executable, "-c", code]
    cold, warm = (
        subprocess.run(run, env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}, capture_output=True, text=True)
        for _ in range(2)
    )
    assert len(cold.stdout.splitlines()) == 20, cold.stderr
    assert cold.stdout == warm.stdout
    assert any(tmp_path.rglob("*.nbc"))


@pytest.mark.slow
def test_where_nothing_may_be_written_it_is_compiled_all_the_same(tmp_path):
    """A copy of the package with files where numba would make its folders."""
    package = shutil.copytree(
        Path(mmm.__file__).parent, tmp_path / "src" / "mmm", ignore=shutil.ignore_patterns("__pycache__")
    )
    for blocked in (tmp_path / "home", package / "fitting" / "fused" / "__pycache__"):
        blocked.write_text("")
    code = "from mmm.fitting.fused import density as d; print(d.__file__, d.log_density.address > 0)"
    home = str(tmp_path / "home")
    places = {"PYTHONPATH": str(tmp_path / "src"), "HOME": home, "XDG_CACHE_HOME": home}
    done = subprocess.run([sys.executable, "-B", "-c", code], env=os.environ | places, capture_output=True, text=True)
    assert done.stdout.split() == [str(package / "fitting" / "fused" / "density.py"), "True"], done.stderr


def sampled(position):
    return xr.Dataset({"position": (("chain", "draw", "position_dim"), position[None, None])})


def test_sampled_numbers_do_not_alter_the_program():
    program, _ = fused(SPECS["default"])
    before = program.numbers.copy()
    program.log_density(program.layout.start(1))
    np.testing.assert_array_equal(program.numbers, before)
    assert replace(program).numbers is program.numbers
