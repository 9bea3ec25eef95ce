"""What the fused density does not cover is compiled; such programs are kept by structure and given new numbers.

nutpie is played by a stand-in.
"""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

import mmm
from mmm.fitting import program
from mmm.fitting.fused.program import FusedProgram
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.structure import model_numbers, model_structure
from tests.conftest import build_data, build_frame


class Named:
    def __init__(self, name):
        self.name = name


class Compiled:
    """Plays a compiled model that knows two of the numbers."""

    def __init__(self, numbers=None):
        self.shared_var_keys = {Named(name): name for name in ("rotated_outcome", "noise_scale")}
        self.numbers = numbers or {}

    def with_data(self, **numbers):
        return Compiled({**self.numbers, **numbers})


@pytest.fixture
def compilations(monkeypatch):
    import pymc  # noqa: F401 - looks for nutpie when it is imported, and must find the real one
    import pytensor

    made = []

    def compile_pymc_model(model):
        made.append((model, pytensor.config.numba__fastmath))
        return Compiled()

    monkeypatch.setitem(sys.modules, "nutpie", SimpleNamespace(compile_pymc_model=compile_pymc_model))
    program.forget_programs()
    yield made
    program.forget_programs()


#: A spec that the fused density is not written for.
LATE = mmm.ModelSpec(channels={"tv": mmm.Channel(carryover=mmm.Delayed())})


def given(data, spec=None):
    spec = (spec or mmm.ModelSpec()).resolve(data)
    return data, spec, Scales.learn(data)


def structure(data, spec=None):
    data, spec, scales = given(data, spec)
    return model_structure(spec, ModelInputs.prepare(data, spec, scales))


def test_other_numbers_of_one_structure_share_a_program(compilations):
    first = program.program_for(*given(build_data(build_frame(seed=3)), LATE))
    other = build_data(build_frame(seed=4))
    spec = mmm.ModelSpec(
        channels=LATE.channels | {"video": mmm.Channel(roi_prior=mmm.LogNormal(median=3, sigma=0.2))},
        noise=mmm.HalfNormal(sigma=0.3),
        trend=mmm.Trend(walk=mmm.HalfNormal(sigma=0.02), smooth_weeks=26),
    )
    second = program.program_for(*given(other, spec))
    assert len(compilations) == 1
    assert second.compiled.numbers["noise_scale"] == 0.3
    data, resolved, scales = given(other, spec)
    expected = model_numbers(resolved, ModelInputs.prepare(data, resolved, scales))
    np.testing.assert_array_equal(second.compiled.numbers["rotated_outcome"], expected["rotated_outcome"])
    assert not np.array_equal(first.compiled.numbers["rotated_outcome"], second.compiled.numbers["rotated_outcome"])
    # numbers that the code does not use are not forced on it
    assert set(second.compiled.numbers) == {"rotated_outcome", "noise_scale"}


def test_what_the_fused_density_covers_is_not_compiled(compilations, national_data):
    made = program.program_for(*given(national_data))
    assert isinstance(made, FusedProgram)
    assert not compilations


@pytest.mark.parametrize(
    "spec",
    [
        mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}),
        mmm.ModelSpec(channels={"tv": mmm.Channel(order="adstock_first")}),
        mmm.ModelSpec(
            channels={"tv": mmm.Channel(carryover=mmm.Geometric(half_life=mmm.LogNormal(median=2, sigma=1)))}
        ),
        mmm.ModelSpec(trend=mmm.Trend(walk=None)),
        mmm.ModelSpec(horizon_weeks=52),
        mmm.ModelSpec(seasonality=2),
    ],
    ids=["brand", "order", "half-life prior", "no walk", "horizon", "fewer columns"],
)
def test_another_structure_is_another_program(national_data, spec):
    assert structure(national_data, spec) != structure(national_data)


def test_a_value_that_varies_is_another_structure():
    assert structure(build_data(margin="margin")) != structure(build_data(margin=0.4))


def test_the_slow_share_s_prior_is_a_number_and_its_half_life_s_is_structure(national_data):
    def brand(**kernel):
        return mmm.ModelSpec(channels={"tv": mmm.Channel(carryover=mmm.TwoSpeed(**kernel))})

    plain = structure(national_data, brand())
    assert structure(national_data, brand(slow_share=mmm.LogitNormal(median=0.3, sigma=0.4))) == plain
    longer = mmm.LogNormal(median=50, sigma=0.45, lower=10, upper=120)
    assert structure(national_data, brand(slow_half_life=longer)) != plain


def test_the_oldest_program_is_forgotten_first(compilations, monkeypatch, national_data):
    monkeypatch.setattr(program, "KEPT_PROGRAMS", 1)
    other = LATE.model_copy(update={"horizon_weeks": 52.0})
    for spec in (LATE, LATE, other, other, LATE):
        program.program_for(*given(national_data, spec))
    assert len(compilations) == 3


def test_compiled_without_fast_math_so_that_cold_and_warm_caches_give_the_same_bits(compilations, national_data):
    import pytensor

    before = pytensor.config.numba__fastmath
    made = program.program_for(*given(national_data, LATE))
    assert [fastmath for _, fastmath in compilations] == [False]
    assert pytensor.config.numba__fastmath == before
    assert {"roi", "sigma", "tau"} <= set(made.variables)
    assert not any(name.startswith("sampled_") for name in made.variables)
