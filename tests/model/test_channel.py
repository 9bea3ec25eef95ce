"""A channel: which parameters it has, which channels can be computed together, and what it refuses."""

import pytest

from mmm import schema
from mmm.errors import SpecError
from mmm.model.carryover import Binomial, Delayed, Geometric, NoCarryover, TwoSpeed, Weibull
from mmm.model.channel import Channel
from mmm.model.priors import Beta, HalfNormal, LogNormal
from mmm.model.saturation import Hill, NoSaturation, Root
from tests.model.conftest import CURVES, FORMS, KERNELS, channel_of


def test_defaults_are_hill_with_a_slope_then_geometric():
    channel = Channel()
    assert channel.saturation == Hill()
    assert channel.carryover == Geometric()
    assert channel.order == "saturation_first"
    assert channel.roi_prior is None
    assert list(channel.parameters()) == ["saturation_level", "saturation_slope", "half_life", "carry_in_level"]


@pytest.mark.parametrize(("curve", "kernel", "order"), FORMS)
def test_every_parameter_has_a_public_name_and_its_own_prior(curve, kernel, order):
    channel = channel_of(curve, kernel, order)
    parameters = channel.parameters()
    assert set(parameters) <= set(schema.CHANNEL_PARAMETERS)
    assert set(parameters) - {"carry_in_level"} == set(CURVES[curve].parameters()) | set(KERNELS[kernel].parameters())
    # without memory nothing is carried in, and a parameter that does nothing would be its prior
    assert ("carry_in_level" in parameters) == (kernel != "none")


def test_own_priors_reach_the_parameters():
    channel = Channel(
        saturation=Root(exponent=Beta(alpha=5, beta=2)),
        carryover=Weibull(shape=LogNormal(median=2, sigma=0.1)),
        carry_in_prior=HalfNormal(sigma=0.2),
    )
    parameters = channel.parameters()
    assert parameters["saturation_exponent"] == Beta(alpha=5, beta=2)
    assert parameters["shape"] == LogNormal(median=2, sigma=0.1)
    assert parameters["carry_in_level"] == HalfNormal(sigma=0.2)


def test_a_channel_with_nothing_to_learn_but_its_return():
    assert Channel(saturation=NoSaturation(), carryover=NoCarryover()).parameters() == {}


def test_forms_are_the_same_only_for_what_can_be_computed_together():
    forms = [channel_of(*form).form for form in FORMS]
    assert len(set(forms)) == len(forms)
    # priors do not matter for the computation, the length of a kernel does
    assert (
        Channel(saturation=Hill(level=Beta(alpha=9, beta=9)), roi_prior=LogNormal(median=2, sigma=1)).form
        == Channel().form
    )
    assert Channel(carryover=Delayed(max_lag_weeks=4)).form != Channel(carryover=Delayed(max_lag_weeks=5)).form


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"order": "adstock"}, r"Channel\.order = 'adstock': Input should be 'saturation_first' or 'adstock_first'"),
        ({"saturation": "hill"}, r"Channel\.saturation = 'hill'"),
        ({"saturation": Geometric()}, r"Channel\.saturation = .*does not match any of the expected tags"),
        ({"carryover": Hill()}, r"Channel\.carryover = .*does not match any of the expected tags"),
        ({"roi_prior": 2.0}, r"Channel\.roi_prior = 2\.0: .*instance of LogNormal"),
        ({"carry_in_prior": LogNormal(median=1, sigma=1)}, r"Channel\.carry_in_prior = .*instance of HalfNormal"),
        ({"roi_priors": LogNormal(median=1, sigma=1)}, r"no field 'roi_priors'; did you mean 'roi_prior'\?"),
        ({"max_lag_weeks": 8}, r"Channel has no field 'max_lag_weeks'"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, message):
    with pytest.raises(SpecError, match=message):
        Channel(**fields)


def test_channels_can_be_compared_and_keyed():
    assert Channel(carryover=Binomial()) == Channel(carryover=Binomial(max_lag_weeks=8))
    assert len({Channel(), Channel(), Channel(order="adstock_first")}) == 2


def test_brand_and_two_speeds_say_each_other():
    assert Channel(brand=True).carryover == TwoSpeed()
    assert Channel(carryover=TwoSpeed()).brand
    assert Channel.model_validate_json(Channel(brand=True).model_dump_json()) == Channel(brand=True)
    assert list(Channel(brand=True).parameters()) == [
        "saturation_level", "saturation_slope", "fast_half_life", "slow_share", "slow_half_life", "carry_in_level",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"brand": True, "carryover": Geometric()}, "brand=True with carryover 'geometric'"),
        ({"brand": False, "carryover": TwoSpeed()}, "brand=False with carryover 'two_speed'"),
        ({"brand": True, "order": "adstock_first"}, "the slow stock barely moves"),
        ({"roi_prior": LogNormal(median=1, sigma=1, upper=3)}, "roi_prior has bounds"),
    ],
)
def test_a_channel_that_contradicts_itself_is_refused(fields, message):
    with pytest.raises(SpecError, match=message):
        Channel(**fields)


def test_two_speeds_that_could_change_places_are_refused():
    with pytest.raises(SpecError, match="could change places"):
        TwoSpeed(fast_half_life=LogNormal(median=1.5, sigma=0.6))


def test_declaring_a_brand_keeps_everything_else_and_refuses_a_kernel_of_its_own():
    channel = Channel(saturation=Root(), roi_prior=LogNormal(median=2, sigma=0.5))
    brand = channel.as_brand()
    assert (brand.saturation, brand.roi_prior, brand.brand) == (Root(), channel.roi_prior, True)
    assert brand.as_brand() is brand
    with pytest.raises(SpecError, match="brand=True with carryover 'delayed'"):
        Channel(carryover=Delayed()).as_brand()
