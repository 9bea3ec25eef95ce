"""Chains that start at an earlier posterior's draws: the same numbers in the coordinates that are sampled."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

import mmm
from mmm.errors import SpecError
from mmm.fitting.fused.layout import Layout
from mmm.fitting.program import CompiledModel
from mmm.fitting.sampler import sample
from mmm.fitting.start import laid_out, starting_at, starting_positions
from mmm.model.inputs import Scales
from mmm.posterior import draw_prior
from tests.conftest import build_data, build_tracker
from tests.fitting.test_fused import SPECS, channels
from tests.fitting.test_sampler import run, traced


@dataclass(frozen=True)
class Compiled:
    """Plays a compiled model of three coordinates, which would start at zero."""

    coords: dict = field(default_factory=dict)
    shapes: dict = field(default_factory=lambda: {"sigma_log__": (), "tau_log__": (2,)})
    initial_point_func: Callable = lambda _: np.zeros(3)


def drawn(spec, data=None):
    data = data or build_data()
    return draw_prior(data, spec.resolve(data), Scales.learn(data), n_draws=200, seed=4)


def laid_out_for(spec, earlier):
    """Where draws are in the coordinates of a spec, and the layout."""
    resolved = spec.resolve(earlier.data)
    layout = Layout.of(resolved, roi_name=earlier.roi_name)
    coordinates = [(name, block.size) for name, block in layout.blocks.items()]
    return laid_out(starting_positions(earlier, resolved), coordinates), layout


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_positions_stand_for_the_draws_that_they_were_made_from(spec):
    earlier = drawn(spec)
    known, layout = laid_out_for(spec, earlier)
    assert np.isfinite(known).all()
    back = layout.parameters(known[None], weeks_per_period=1.0)
    for name, values in earlier.parameters.items():
        np.testing.assert_allclose(back[name].values, values.values, rtol=1e-9)


def test_what_the_earlier_model_did_not_have_starts_where_it_would_otherwise():
    earlier = drawn(channels(video=mmm.Channel(saturation=mmm.Tanh())), build_data(spend=["tv", "video"]))
    spec, data = channels(tv=mmm.Channel(brand=True)), build_data()
    layout = Layout.of(spec.resolve(data), roi_name="roi")
    coordinates = [(name, block.size) for name, block in layout.blocks.items()]
    known = laid_out(starting_positions(earlier, spec.resolve(data)), coordinates)
    at = {name: np.isfinite(known[:, block.places]).all(axis=0).tolist() for name, block in layout.blocks.items()}
    # tv is a brand now, whose return depends on its two speeds; video has a slope now; radio is new
    assert at["fast_half_life"] == at["slow_half_life"] == at["slow_share"] == [False]
    assert at["half_life"] == [True, False]
    assert at["saturation_level"] == [True, True, False]
    assert at["saturation_slope"] == [True, False, False]
    assert at["roi"] == [False, True, False]
    assert at["sigma"] == at["tau"] == [True]
    position = starting_at(known, layout.start)(5)
    assert np.isfinite(position).all()
    new = layout.blocks["slow_share"].places
    np.testing.assert_array_equal(position[new], layout.start(5)[new])


def test_a_draw_beyond_the_new_priors_bounds_is_no_start():
    spec = SPECS["a cut half-life"]  # of video, above 0.5
    earlier = drawn(mmm.ModelSpec())
    half_life = earlier.parameters["half_life"]
    low = half_life.where(half_life["channel"] != "video", 0.4)
    known, layout = laid_out_for(spec, replace(earlier, parameters=earlier.parameters.assign(half_life=low)))
    finite = np.isfinite(known[:, layout.blocks["half_life"].places]).all(axis=0)
    assert finite.tolist() == [True, False, True]


def test_the_seed_of_a_chain_chooses_the_draw_and_nothing_else_does():
    known = np.arange(4000.0)[:, None]
    start = starting_at(known, lambda _: np.zeros(1))
    found = [float(start(seed)[0]) for seed in range(50)]
    assert found == [float(start(seed)[0]) for seed in reversed(range(50))][::-1]
    assert len(set(found)) >= 48  # two of fifty among four thousand are the same with probability 0.26
    # 50 uniform numbers: their mean has a standard error of 163
    assert np.mean(found) == pytest.approx(2000, abs=500)


def test_a_seed_as_large_as_a_chain_s_is_taken():
    assert starting_at(np.ones((3, 1)), lambda _: np.zeros(1))(2**64 - 1) == [1.0]


def test_the_sampler_is_handed_the_start(monkeypatch):
    stand_in, _ = run(monkeypatch, traced(np.ones((2, 100))))
    received = {}
    monkeypatch.setattr(type(stand_in), "sample", lambda self, compiled, **_: received.update(at=compiled) or self)
    program = CompiledModel(Compiled(), ("sigma",), {"sigma": "sigma_log__", "tau": "tau_log__"})
    sampler = mmm.Sampler(draws=100, tune=100, chains=2)
    sample(program, sampler, seed=1, progress=False, start={"tau": np.array([[1.0, 2.0]])})
    np.testing.assert_array_equal(received["at"].initial_point_func(9), [0.0, 1.0, 2.0])
    np.testing.assert_array_equal(program.compiled.initial_point_func(9), np.zeros(3))


def test_a_start_that_is_no_posterior_is_refused(national_data):
    with pytest.raises(SpecError, match="start is a str"):
        mmm.fit(national_data, seed=1, start="last.nc")


GENERIC = {
    "delayed": (channels(tv=mmm.Channel(carryover=mmm.Delayed()), video=mmm.Channel(carryover=mmm.Binomial())), {}),
    "tracker": (channels(tv=mmm.Channel(brand=True)), {"tracker": "share"}),
    "index": (channels(tv=mmm.Channel(brand=True)), {"tracker": "index"}),
    "value per point": (
        mmm.ModelSpec(
            channels={"tv": mmm.Channel(brand=True)},
            tracker=mmm.TrackerModel(value_per_point=mmm.LogNormal(median=500, sigma=1)),
        ),
        {"tracker": "share"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(GENERIC))
def test_the_compiled_model_has_the_same_coordinates_under_the_same_names(name):
    import pymc as pm

    from mmm.model.build import build
    from mmm.model.variables import kept_variables, sampled_variables

    spec, roles = GENERIC[name]
    roles = {key: build_tracker(unit=unit) for key, unit in roles.items()}
    earlier = drawn(spec, build_data(**roles))
    model = build(earlier.data, earlier.spec, scales=earlier.scales)
    known = starting_positions(earlier, earlier.spec)
    sampled, shapes = sampled_variables(model), model.initial_point()
    assert set(sampled) == set(known)
    assert set(sampled.values()) == set(shapes)
    point = {theirs: known[ours][7].reshape(shapes[theirs].shape) for ours, theirs in sampled.items()}
    kept = kept_variables(model)
    outputs = model.replace_rvs_by_values(kept)
    values = pm.compile(model.value_vars, outputs, mode="FAST_COMPILE")(**point)
    for variable, value in zip(kept, values, strict=True):
        np.testing.assert_allclose(value, earlier.parameters[variable.name].values[0, 7], rtol=1e-9)
