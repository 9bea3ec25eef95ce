"""A deck says what the tables say: its charts to the last bit, its titles with their interval, its notes in full."""

import re
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

import mmm
from mmm.errors import ReportError
from mmm.reporting.content.contents import MOST_PERIODS
from tests.conftest import build_data, build_frame, build_posterior
from tests.reporting.companions import backtest_of, comparison_of, parts_of, refresh_of
from tests.reporting.deck.templates import TABLE_STYLE, corporate

EVIL = {"tv": "=cmd|' /C calc'!A0", "video": '<b>"video" & co</b>', "radio": "+radio"}
BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})


def write(report, path, **given):
    report.to_pptx(path / "q3.pptx", **given)
    return Presentation(path / "q3.pptx")


def title(slide):
    return slide.shapes.title.text_frame.text


def titled(deck, words):
    [found] = [slide for slide in deck.slides if words in title(slide)]
    return found


def charts(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def series(chart):
    return {one.name: list(one.values) for plot in chart.plots for one in plot.series}


def sheet_of(chart):
    """The workbook inside of a chart, formulas not evaluated."""
    return openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]


def columns_of(chart):
    rows = list(sheet_of(chart).iter_rows(values_only=True))
    return {name: [row[j] for row in rows[1:]] for j, name in enumerate(rows[0])}


def tables(deck):
    return [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]


def words_of(slide):
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return found + [
        cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells
    ]


@pytest.fixture(scope="module")
def report():
    return mmm.Report(build_posterior(build_data(), BRAND))


@pytest.fixture(scope="module")
def deck(report, tmp_path_factory):
    return write(report, tmp_path_factory.mktemp("deck"))


# --- charts -----------------------------------------------------------------------------------------------------------


def test_the_chart_of_returns_holds_the_table(report, deck):
    [slide] = [slide for slide in deck.slides if "the largest spend" in title(slide)]
    [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
    rows = report.roi(horizon_weeks=104).set_index("channel")
    by_spend = rows.drop("total").sort_values("spend", ascending=False).index
    rows = rows.loc[[*by_spend, "total"]]
    assert list(chart.plots[0].categories) == list(rows.index)
    assert series(chart) == {"median": rows["roi"].tolist(), "break-even": [1.0] * 4}
    found = columns_of(chart)
    assert found["lower"] == rows["roi_lower"].tolist()
    assert found["upper"] == rows["roi_upper"].tolist()
    assert found["above"] == [f"=E{i}-B{i}" for i in range(2, 6)]  # a chart follows when an end is edited
    bars = chart.plots[0].series[0]._element.xpath("c:errBars")[0]
    sides = [bars.find(qn(f"c:{side}")) for side in ("plus", "minus")]
    assert [side.find(f".//{qn('c:f')}").text for side in sides] == ["Sheet1!$F$2:$F$5", "Sheet1!$G$2:$G$5"]
    drawn = [[float(value.text) for value in side.iter(qn("c:v"))] for side in sides]
    assert drawn == [(rows["roi_upper"] - rows["roi"]).tolist(), (rows["roi"] - rows["roi_lower"]).tolist()]
    assert chart.value_axis.maximum_scale > rows["roi_upper"].max()  # no interval is cut


def test_the_chart_of_payback_holds_draws_summarised(report, deck):
    both = [slide for slide in deck.slides if " back after " in title(slide) and any(s.has_chart for s in slide.shapes)]
    for slide, channel in zip(both, ("total", "tv"), strict=True):
        [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
        found, table = series(chart), report._contents.roi_by_week(channel)
        assert found["median"] == table["roi"].tolist()
        assert found["90% interval, upper end"] == table["roi_upper"].tolist()
        assert found["90% interval, lower end"] == table["roi_lower"].tolist()
        assert found["break-even"] == [1.0] * len(table)
        assert columns_of(chart)["median"] == table["roi"].tolist()
        assert (found["median"][0], table["horizon_weeks"].iloc[0]) == (0.0, 0.0)
        last = int(table["horizon_weeks"].iloc[-1])
        assert last % 13 == 0
        at_last = report.roi(horizon_weeks=last).set_index("channel").loc[channel]
        assert found["median"][-1] == pytest.approx(at_last["roi"], rel=1e-12)


def test_the_chart_of_the_ledger_holds_the_table(report, deck):
    [chart] = [shape.chart for shape in titled(deck, "still to come").shapes if shape.has_chart]
    rows = report.ledger().set_index("channel").drop("total").sort_values("cohort_total")
    rows = rows.loc[list(chart.plots[0].categories)]
    assert rows["cohort_total"].is_monotonic_increasing  # from below, so that the largest is on top
    expected = {"from earlier spend": "carry_in", "landed in the window": "in_window", "still to come": "carry_out"}
    assert series(chart) == {label: rows[name].tolist() for label, name in expected.items()}
    assert columns_of(chart)["still to come"] == rows["carry_out"].tolist()


def test_the_chart_of_contributions_holds_the_table(report, deck):
    [chart] = [shape.chart for shape in titled(deck, "Media brought").shapes if shape.has_chart]
    wide = report.contributions().pivot(index="date", columns="channel", values="contribution")
    assert series(chart) == {name: wide[name].tolist() for name in ("baseline", "tv", "video", "radio")}
    dates = [row[0].value for row in sheet_of(chart).iter_rows(min_row=2)]
    assert dates == wide.index.tolist()


def test_many_periods_are_drawn_by_quarter_from_sums_of_draws(tmp_path):
    posterior = build_posterior(build_data(build_frame(MOST_PERIODS + 8)), n_draws=50)
    deck = write(mmm.Report(posterior), tmp_path)
    [chart] = [shape.chart for shape in titled(deck, "Media brought").shapes if shape.has_chart]
    draws = posterior.draws.contributions().sel(channel="tv")[:, :, 0]
    quarter = draws.date.dt.year.values * 10 + draws.date.dt.quarter.values
    sums = [float(np.median(draws.values[:, :, quarter == one].sum(axis=-1))) for one in np.unique(quarter)]
    np.testing.assert_allclose(series(chart)["tv"], sums, rtol=1e-12)
    assert list(chart.plots[0].categories) == [f"{one // 10} Q{one % 10}" for one in np.unique(quarter)]


def test_channels_keep_the_colours_they_have_in_every_chart(report, deck):
    colours = report._basis.context.colours
    [chart] = [shape.chart for shape in titled(deck, "Media brought").shapes if shape.has_chart]
    painted = {one.name: f"#{one.format.fill.fore_color.rgb}" for one in chart.plots[0].series}
    assert {name: painted[name] for name in colours} == colours


# --- words ------------------------------------------------------------------------------------------------------------


def test_titles_are_sentences_with_their_interval(report, deck):
    for slide in list(deck.slides)[1:]:
        assert re.search(r"\(90%\)|90% (equal-tailed|interval)", title(slide)), title(slide)
    row = report.roi(horizon_weeks=104).set_index("channel").loc["total"]
    said = re.fullmatch(r"All channels together returned (.+) to (.+) per GBP spent within 104 weeks \(90%\)",
                        title(deck.slides[1]))  # fmt: skip
    assert float(said[1]) == pytest.approx(row["roi_lower"], abs=0.5)
    assert float(said[2]) == pytest.approx(row["roi_upper"], abs=0.5)


def test_notes_carry_the_whole_sentences_and_what_limits_them(report, deck):
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert all(notes)
    answer = notes[1]
    for sentence in report.sentences():
        assert sentence in answer
    named = [warning for warning in report.warnings() if re.search(r"\btv\b", warning)]
    assert named
    for warning in named:
        assert warning in answer
    assert "Prior reliance" in answer
    reliance = report.roi(horizon_weeks=104).set_index("channel")["prior_reliance"]
    assert f"tv {reliance['tv']:.0%}" in answer


def test_all_warnings_are_on_a_slide(report, deck):
    shown = "\n".join(words for slide in deck.slides if "limit" in title(slide) for words in words_of(slide))
    assert report.warnings()
    for warning in report.warnings():
        assert warning in shown


def test_names_are_text_wherever_they_stand(tmp_path):
    data = build_data(build_frame().rename(columns=EVIL), spend=list(EVIL.values()))
    deck = write(mmm.Report(build_posterior(data)), tmp_path)
    in_tables = {cell.text for table in tables(deck) for row in table.rows for cell in row.cells}
    assert set(EVIL.values()) <= in_tables
    in_charts = {str(one) for chart in charts(deck) for one in chart.plots[0].categories}
    assert set(EVIL.values()) <= in_charts
    in_workbooks = set()
    for chart in charts(deck):
        for row in sheet_of(chart).iter_rows():
            for cell in row:
                if cell.data_type == "f":  # only the distances that we wrote ourselves
                    assert re.fullmatch(r"=[A-Z]\d+-[A-Z]\d+", cell.value)
                in_workbooks.add(cell.value)
    assert set(EVIL.values()) <= in_workbooks


def test_a_fit_that_failed_says_so_on_every_slide(unconverged_posterior, tmp_path):
    deck = write(mmm.Report(unconverged_posterior, allow_unconverged=True), tmp_path)
    for slide in deck.slides:
        assert unconverged_posterior.diagnosis.verdict in words_of(slide)
        assert not [words for words in words_of(slide) if "see the column" in words]


# --- what is shown where there is less, or more -----------------------------------------------------------------------


def test_what_is_given_along_gets_slides_of_its_own(report, tmp_path):
    fit = report.posterior
    plain = write(report, tmp_path)
    given = {"refresh": refresh_of(fit), "backtest": backtest_of(fit), "priors": comparison_of(fit)}
    deck = write(report, tmp_path, **given)
    new = [title(slide) for slide in deck.slides if title(slide) not in {title(one) for one in plain.slides}]
    assert new[0].startswith("Nothing moved by more than new weeks explain; all channels together returned")
    assert new[1:3] == [
        "There is no forecast of the last fit to check",
        next(one for one in new if one.startswith("The 80% intervals of 2 forecasts")),
    ]
    assert re.search(r"by what is assumed: default .* and sceptic .* \(90%\)", new[3])
    assert "refresh, decomposition, backtest, priors" in words_of(plain.slides[-1])
    assert "refresh" not in words_of(deck.slides[-1])
    assert backtest_of(fit).verdict in titled(deck, "80% intervals").notes_slide.notes_text_frame.text


def test_drift_is_that_of_the_refresh(report, tmp_path):
    new = build_posterior(build_data(build_frame(73)), BRAND)
    refreshed = refresh_of(new, report.posterior)
    deck = write(mmm.Report(new), tmp_path, refresh=refreshed)
    [table] = [s.table for s in titled(deck, "by more than new weeks explain").shapes if s.has_table]
    assert [row.cells[0].text for row in table.rows][1:] == refreshed.drift()["channel"].tolist()
    assert [row.cells[5].text for row in table.rows][1:] == refreshed.drift()["flag"].tolist()
    assert titled(deck, "last forecast held")
    shown = words_of(titled(deck, "last forecast held"))
    assert any(refreshed.forecast_check().verdict in words for words in shown)


def test_a_channel_that_changed_is_the_title_of_its_slide(report, tmp_path):
    frame = build_frame(73)
    check = refresh_of(build_posterior(build_data(frame), BRAND), report.posterior).forecast_check()
    lost = 5 * check.media.sel(channel="tv").mean("draw").values
    frame.loc[60:, "revenue"] = check.draws.mean(axis=0) - lost
    new = build_posterior(build_data(frame), BRAND)
    refreshed = refresh_of(new, report.posterior)
    slide = titled(write(mmm.Report(new), tmp_path, refresh=refreshed), "times what the last fit expected of it")
    assert title(slide).startswith("tv brought ")
    assert all(any(said in words for words in words_of(slide)) for said in refreshed.forecast_check().sentences())


def test_why_the_answer_moved_is_a_slide_where_it_was_asked_for(report, tmp_path):
    new = build_posterior(build_data(build_frame(73)), BRAND)
    refreshed = refresh_of(new, report.posterior)
    parts = parts_of(refreshed)
    deck = write(mmm.Report(new), tmp_path, refresh=refreshed, decomposition=parts)
    slide = titled(deck, "The median of all channels together ")
    assert re.search(r"moved by [+-]\d.* from 13 new weeks|stayed where it was", title(slide))
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    assert [row.cells[0].text for row in table.rows][1:] == parts["channel"].tolist()
    assert refreshed.sentences(decomposition=parts)[0] in slide.notes_slide.notes_text_frame.text
    assert "decomposition" in " ".join(words_of(write(mmm.Report(new), tmp_path, refresh=refreshed).slides[-1]))


def test_an_outcome_without_money_value_has_no_payback(tmp_path):
    deck = write(mmm.Report(build_posterior(build_data(outcome="orders"))), tmp_path)
    assert "orders per GBP within 104 weeks (90%)" in title(deck.slides[1])
    assert not [slide for slide in deck.slides if "back after" in title(slide)]
    assert "break-even" not in {name for chart in charts(deck) for name in series(chart)}


def test_customers_get_a_slide_where_their_value_is_given(tmp_path):
    economics = mmm.Economics(customer_value=120.0)
    deck = write(mmm.Report(build_posterior(build_data(outcome="orders")), economics=economics), tmp_path)
    assert re.search(r"are worth .* times what they cost \(90%\)", title(titled(deck, "customers won")))


def test_one_channel_is_the_answer_itself(tmp_path):
    posterior = build_posterior(build_data(spend=["tv"]))
    deck = write(mmm.Report(posterior), tmp_path)
    assert title(deck.slides[1]).startswith("tv returned ")
    assert not [words for slide in deck.slides for words in words_of(slide) if "All channels" in words]


def test_a_window_without_spend_is_said_and_not_drawn(tmp_path):
    frame = build_frame()
    frame.loc[40:, ["tv", "video", "radio"]] = 0.0
    report = mmm.Report(build_posterior(build_data(frame)), window=("2023-11-06", "2024-01-01"))
    deck = write(report, tmp_path)
    assert title(deck.slides[1]) == "Nothing was spent on all channels together"
    assert not [slide for slide in deck.slides if "the largest spend" in title(slide)]


def test_many_channels_go_on_over_slides(tmp_path):
    names = [f"regional partner programme number {i}" for i in range(14)]
    rng = np.random.default_rng(0)
    frame = build_frame().assign(**{name: rng.gamma(3.0, 300.0, 60) for name in names})
    report = mmm.Report(build_posterior(build_data(frame, spend=names), n_draws=30))
    deck = write(report, tmp_path)
    assert all(len(table.rows) <= 11 for table in tables(deck))
    answers = [slide for slide in deck.slides if re.search(r"returned .* \(90%\) \(\d of 2\)", title(slide))][:2]
    shown = [cell for slide in answers for cell in words_of(slide) if cell in names]
    assert shown == names
    parts = [shape.chart for slide in deck.slides if "the largest spend" in title(slide)
             for shape in slide.shapes if shape.has_chart]  # fmt: skip
    assert sum(len(list(chart.plots[0].categories)) for chart in parts) == 15
    assert len({chart.value_axis.maximum_scale for chart in parts}) == 1


# --- the template -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(10.0, 7.5), (13.333, 7.5), (11.69, 8.27)])
def test_everything_is_on_the_slide_and_large_enough(report, tmp_path, width, height):
    template = corporate(tmp_path / "corporate.pptx")
    if width != 10:
        template = wide(template, tmp_path / "wide.pptx", width, height)
    deck = write(report, tmp_path, template=template)
    assert (deck.slide_width, deck.slide_height) == (Inches(width), Inches(height))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            sizes = [r.font.size for r in runs(shape) if r.font.size is not None]
            assert all(size >= Pt(12) for size in sizes)
            if shape.has_chart:
                assert shape.chart.font.size >= Pt(12)
            if shape.is_placeholder and shape.has_text_frame:
                assert shape.text_frame.text  # nothing says "click to add text"


def runs(shape):
    frames = [shape.text_frame] if shape.has_text_frame else []
    if shape.has_table:
        frames += [cell.text_frame for row in shape.table.rows for cell in row.cells]
    return [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]


def wide(template, path, width, height):
    """Stretch a template to another size."""
    presentation = Presentation(template)
    scale = Inches(width) / presentation.slide_width, Inches(height) / presentation.slide_height
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            left, top, w, h = shape.left, shape.top, shape.width, shape.height
            if holder is presentation.slide_master or shape._element.spPr.find(".//{*}off") is not None:
                shape.left, shape.top = int(left * scale[0]), int(top * scale[1])
                shape.width, shape.height = int(w * scale[0]), int(h * scale[1])
    presentation.save(path)
    return path


def test_the_company_is_recognised(report, tmp_path):
    deck = write(report, tmp_path, template=corporate(tmp_path / "corporate.pptx"))
    assert [layout.name for layout in deck.slide_layouts] == [
        "Leer", "Nur Titel", "Zwei Inhalte", "Titel und Inhalt", "Titelfolie",
    ]  # fmt: skip
    assert {slide.slide_layout.name for slide in deck.slides} == {"Titelfolie", "Titel und Inhalt"}
    assert not [slide for slide in deck.slides if "an old slide" in title(slide)]
    theme = deck.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    ).blob
    assert b"Georgia" in theme
    assert b"7B1E3B" in theme
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert TABLE_STYLE in shape._element.xml
            assert not [run for run in runs(shape) if run.font.name is not None]


def test_slides_have_their_numbers(deck):
    for slide in list(deck.slides)[1:]:
        assert slide._element.xpath(".//a:fld[@type='slidenum']")
        ids = slide._element.xpath("p:cSld/p:spTree//p:cNvPr/@id")
        assert len(ids) == len(set(ids))


# --- the file ---------------------------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(report, tmp_path):
    for name in ("a.pptx", "b.pptx"):
        mmm.Report(report.posterior).to_pptx(tmp_path / name)
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()
    properties = Presentation(tmp_path / "a.pptx").core_properties
    assert properties.title == "What media returned: revenue"
    assert properties.created == pd.Timestamp(report.posterior.provenance.created).tz_localize(None)


def test_what_cannot_be_written_leaves_nothing(report, tmp_path):
    with pytest.raises(ReportError, match=r"does not end in \.pptx"):
        report.to_pptx(tmp_path / "q3.ppt")
    with pytest.raises(ReportError, match="there is no template"):
        report.to_pptx(tmp_path / "q3.pptx", template=tmp_path / "none.pptx")
    with pytest.raises(ReportError, match="belongs to a fit of"):
        report.to_pptx(tmp_path / "q3.pptx", priors=comparison_of(build_posterior(build_data(), seed=8)))
    assert not list(tmp_path.iterdir())
