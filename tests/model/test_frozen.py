"""Specifications cannot change, and say which field was meant."""

import pickle

import pytest
from pydantic import ValidationError

import mmm
from mmm.errors import MMMError, SpecError
from mmm.model.carryover import Geometric
from mmm.model.channel import Channel
from mmm.model.frozen import Frozen
from mmm.model.priors import LogNormal
from mmm.model.saturation import Hill


class Example(Frozen):
    level: float = 1.0
    size: int = 2


def test_a_misspelt_field_names_the_nearest():
    with pytest.raises(SpecError) as caught:
        Example(levle=2.0)
    assert caught.value.what == "Example has no field 'levle'; did you mean 'level'? Its fields: level, size."


def test_an_unknown_field_with_nothing_near_lists_what_there_is():
    with pytest.raises(SpecError) as caught:
        Example(zzz=1)
    assert caught.value.what == "Example has no field 'zzz'. Its fields: level, size."


def test_every_mistake_is_told_at_once():
    with pytest.raises(SpecError) as caught:
        Example(levle=2.0, size="many")
    lines = caught.value.what.splitlines()
    assert len(lines) == 2
    assert any(line.startswith("Example.size = 'many': Input should be a valid integer") for line in lines)


def test_the_error_is_ours_and_a_value_error():
    with pytest.raises(MMMError):
        Example(size=None)
    with pytest.raises(ValueError, match="size = None"):
        Example(size=None)


def test_nothing_can_be_changed_afterwards():
    example = Example()
    with pytest.raises(ValidationError, match="frozen"):
        example.level = 3.0
    assert example.level == 1.0


def test_equal_by_value_and_usable_as_a_key():
    assert Example() == Example(level=1.0)
    assert {Example(): "a"}[Example(size=2)] == "a"


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        ({"satration": {}}, "has no field 'satration'; did you mean 'saturation'? Its fields: brand, saturation, "),
        ({"roi_prior": {"median": 1, "sigma": "1"}}, ".roi_prior.sigma = '1': a number is needed here"),
        ({"roi_prior": {"median": 1}}, ".roi_prior.sigma is missing"),
        ({"carry_in_prior": {"sigma": -1}}, ".carry_in_prior.sigma = -1: Input should be greater than 0"),
        ({"order": "adstock_frist"}, "; did you mean 'adstock_first'?"),
        ({"brand": True, "order": "adstock_first"}, ": a brand channel with order='adstock_first'"),
        (
            {"saturation": {"kind": "hill", "levle": {"family": "beta", "alpha": 1, "beta": 1}}},
            ".saturation has no field 'levle'; did you mean 'level'? Its fields: kind, level, slope.",
        ),
        (
            {"saturation": {"kind": "hill", "level": {"alpha": 0, "beta": 1}}},
            ".saturation.level.alpha = 0: Input should be greater than 0",
        ),
        (
            {"saturation": {"kind": "hil"}},
            ".saturation.kind = 'hil': there is no such kind; did you mean 'hill'? Kinds: ",
        ),
        ({"saturation": "root"}, ".saturation = 'root': a kind is needed, as in {'kind': 'root'}. Kinds: 'hill', "),
        ({"saturation": {}}, ".saturation = {}: a kind is needed, as in {'kind': 'hill'}. Kinds: 'hill', "),
    ],
)
def test_a_mistake_deep_inside_names_the_way_to_it(channel, message):
    with pytest.raises(SpecError) as caught:
        mmm.ModelSpec(channels={"tv": channel})
    [line] = caught.value.what.splitlines()
    assert line.startswith("ModelSpec.channels.tv")
    assert message in line


def test_the_way_to_a_mistake_can_be_asked_for():
    with pytest.raises(SpecError) as caught:
        mmm.ModelSpec(channels={"tv": {"saturation": {"kind": "root", "exponnt": 1}}}, horizon_weeks=0)
    assert [(problem.where, problem.known) for problem in caught.value.problems] == [
        (("channels", "tv", "saturation", "exponnt"), False),
        (("horizon_weeks",), True),
    ]


def test_a_kind_that_does_not_exist_lists_those_that_do():
    with pytest.raises(SpecError) as caught:
        Channel(carryover={"kind": "geometrical"})
    for kind in ("geometric", "delayed", "weibull", "binomial", "none"):
        assert f"'{kind}'" in caught.value.what


def test_a_class_instead_of_an_object_is_refused():
    with pytest.raises(SpecError, match=r"Channel\.carryover = <class"):
        Channel(carryover=Geometric)


def test_nested_specifications_come_back_from_json_as_they_were():
    channel = Channel(
        saturation=Hill(slope=LogNormal(median=1.2, sigma=0.2)),
        carryover=Geometric(half_life=LogNormal(median=3, sigma=0.5)),
        order="adstock_first",
    )
    assert Channel.model_validate_json(channel.model_dump_json()) == channel


def test_what_a_specification_holds_cannot_be_changed_either():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel()})
    with pytest.raises(TypeError, match="cannot be changed"):
        spec.channels["tv"] = mmm.Channel(order="adstock_first")
    assert pickle.loads(pickle.dumps(spec)) == spec


@pytest.mark.parametrize("value", ["2", True])
def test_a_number_in_quotes_or_a_truth_value_is_not_a_number(value):
    with pytest.raises(SpecError, match="a number is needed here"):
        mmm.LogNormal(median=value, sigma=1.0)


def test_a_copy_is_checked_as_if_it_had_been_written_down_anew():
    spec = mmm.ModelSpec(horizon_weeks=52)
    assert spec.model_copy(update={"seasonality": 5}) == mmm.ModelSpec(horizon_weeks=52, seasonality=5)
    assert spec.model_copy() == spec
    with pytest.raises(SpecError, match="did you mean 'seasonality'"):
        spec.model_copy(update={"seasonalty": 5})
    with pytest.raises(SpecError, match=r"horizon_weeks = '52'"):
        spec.model_copy(update={"horizon_weeks": "52"})


def test_a_copy_keeps_what_was_stated_apart_from_what_was_left_out():
    stated = mmm.Economics(margin=0.4)
    assert stated.model_copy(update={"discount_rate": 0.05}).model_fields_set == {"margin", "discount_rate"}
