"""Everything assumed is in the table, as it was stated; and where the numbers come from is there as well."""

import mmm
from mmm.reporting.content import assumptions_table, provenance_table
from mmm.reporting.content.assumptions import prior_in_words
from tests.conftest import build_data, build_posterior


def values(table, of):
    rows = table[table["of"] == of]
    return dict(zip(rows["assumption"], rows["value"], strict=True))


def test_every_prior_of_every_channel_is_said():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True), "video": mmm.Channel(saturation=mmm.Root())})
    posterior = build_posterior(build_data(), spec)
    table = assumptions_table(posterior)
    for name, channel in posterior.spec.channels.items():
        said = values(table, name)
        assert said["roi"] == prior_in_words(channel.roi_prior)
        priors = {
            parameter.replace("_", " "): prior_in_words(prior) for parameter, prior in channel.parameters().items()
        }
        assert priors.items() <= said.items()
    assert values(table, "tv")["kind of channel"].startswith("brand")
    assert values(table, "video")["saturation"] == "root"


def test_a_baseline_without_a_walk_says_what_follows():
    posterior = build_posterior(build_data(), mmm.ModelSpec(trend=mmm.Trend(walk=None), holidays="GB"))
    said = values(assumptions_table(posterior), "baseline")
    assert said["random walk"] == "none: slow channels pick up whatever the base does"
    assert (said["holidays"], said["controls"], said["linear trend"]) == ("GB", "price, rain", "yes")


def test_money_is_said_wherever_it_was_stated():
    by_column = build_posterior(build_data(margin="margin"))
    assert values(assumptions_table(by_column), "money") == {"margin": "by column margin"}
    stated = mmm.Economics(margin=0.4, discount_rate=0.08)
    said = values(assumptions_table(build_posterior(build_data()), economics=stated), "money")
    assert said == {"margin": "0.4", "discount rate": "8% a year"}
    customers = mmm.Economics(customer_value=120.0, acquisition_cost={"tv": 0.2, "video": 0.1, "radio": 0.1})
    said = values(assumptions_table(build_posterior(build_data(outcome="orders")), economics=customers), "money")
    assert said["acquisition cost"] == "tv 0.2, video 0.1, radio 0.1"


def test_an_outcome_without_money_value_says_its_media_share():
    said = values(assumptions_table(build_posterior(build_data(outcome="orders"))), "model")
    assert said["share of the outcome due to media"].startswith("log-normal, median 0.15")


def test_provenance_is_that_of_the_fit(posterior):
    report = mmm.Report(posterior, window=("2023-03-06", "2023-05-29"))
    said = provenance_table(report).set_index("item")["value"]
    assert said["data fingerprint"] == posterior.data.fingerprint
    assert said["spend judged"] == "2023-03-06 to 2023-05-29"
    assert said["version of payback-mmm"] == mmm.__version__
