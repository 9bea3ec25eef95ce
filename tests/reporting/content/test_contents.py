"""Each table is made once for all documents, and each sentence is known by the channel it speaks of."""

import numpy as np
import pandas as pd

import mmm
from mmm.reporting.content import Contents
from tests.conftest import build_data, build_frame, build_posterior


def contents_of(posterior, **options):
    return mmm.Report(posterior, **options)._contents


def test_documents_of_a_report_share_its_tables(posterior):
    report = mmm.Report(posterior)
    assert report._contents.ledger is report._contents.ledger
    pd.testing.assert_frame_equal(report._contents.ledger, report.ledger())
    pd.testing.assert_frame_equal(report._contents.roi, report.roi())


def test_what_there_is_not_is_none(posterior):
    orders = contents_of(build_posterior(build_data(outcome="orders")))
    assert orders.payback is None
    assert orders.ltv_cac is None
    assert contents_of(posterior).payback is not None


def test_every_sentence_has_its_channel(unconverged_posterior):
    spec = mmm.ModelSpec(channels={"radio": mmm.Channel(brand=True)})
    contents = contents_of(build_posterior(build_data(), spec))
    assert list(contents.paragraphs) == ["radio", "tv", "video", "total"]
    for name, words in contents.paragraphs.items():
        assert words.startswith("All channels together" if name == "total" else name)
    assert contents.how_to_read.startswith("Returns of the spend of")
    failed = contents_of(unconverged_posterior, allow_unconverged=True)
    assert failed.paragraphs["tv"].startswith("tv returned")
    assert failed.failure.startswith("NOT CONVERGED")


def test_a_warning_names_a_channel_and_not_one_whose_name_begins_alike(posterior):
    report = mmm.Report(posterior)
    contents = Contents(report, report._basis)
    object.__setattr__(contents, "warnings", ("tv2 is late.", "Of tv, half.", "radio and tv move together.", "None."))
    assert contents.warnings_of("tv") == ("Of tv, half.", "radio and tv move together.")
    assert contents.warnings_of("tv2") == ("tv2 is late.",)


def test_one_channel_is_the_answer():
    assert contents_of(build_posterior(build_data(spend=["tv"]))).everything == "tv"


def test_the_curve_by_weeks_ends_where_nearly_all_has_come():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
    contents = contents_of(build_posterior(build_data(), spec))
    slow, fast = contents.roi_by_week("tv"), contents.roi_by_week("video")
    assert slow["horizon_weeks"].iloc[-1] > fast["horizon_weeks"].iloc[-1] == 13
    assert (slow.iloc[0] == 0).all()
    at = mmm.Report(contents.report.posterior).roi(horizon_weeks=13).set_index("channel").loc["tv"]
    np.testing.assert_allclose(slow.set_index("horizon_weeks").loc[13, "roi_upper"], at["roi_upper"], rtol=1e-12)


def test_quarters_add_up_their_periods():
    posterior = build_posterior(build_data(build_frame(210)), n_draws=20)
    contents = contents_of(posterior)
    assert contents.is_by_quarter
    table = contents.charted_contributions.query("channel == 'total'").set_index("date")
    draws = posterior.draws.contributions().sum("channel")[:, :, 0]
    first = draws.sel(date=slice("2023-04-01", "2023-06-30")).sum("date")
    assert table.loc["2023-04-01", "contribution"] == np.median(first)
