"""Every quantity of the evidence table has a name that people can read."""

import pytest

import mmm
from mmm import schema
from mmm.reporting.quantities import quantity_name
from tests.conftest import build_data, build_posterior, build_tracker


@pytest.mark.parametrize("quantity", [schema.ROI, schema.OUTCOME_PER_SPEND, *schema.CHANNEL_PARAMETERS])
def test_parameters_have_names_of_their_own(quantity):
    assert quantity_name(quantity) != quantity.replace("_", " ").capitalize() or quantity in ("retention",)
    assert "_" not in quantity_name(quantity)


def test_everything_in_the_table_is_named():
    data = build_data(tracker=build_tracker())
    posterior = build_posterior(data, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}))
    for quantity in mmm.Report(posterior).evidence()["quantity"].unique():
        assert "_" not in quantity_name(quantity)
        assert quantity_name(quantity)[0].isupper()
