"""The page is one file that needs nothing, says everything by words, and is the same for the same fit."""

import itertools
import re
import sys
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import mmm
from mmm.errors import ReportError
from mmm.refreshing.sentences import signed_parts
from mmm.refreshing.vintages import Vintages
from mmm.reporting.page.chapters import SECTIONS
from tests.conftest import build_data, build_frame, build_posterior
from tests.reporting.companions import backtest_of, comparison_of, parts_of, refresh_of

HOSTILE = "<script>alert('tv')</script> & $co$"
ALWAYS = [name for name in SECTIONS if name != "changes"]
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Outline(HTMLParser):
    """What a page consists of, and whether its tags close where they should."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.text, self.alts = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "svg" and dict(attrs).get("role") == "img":
            self.alts.append(dict(attrs)["aria-label"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def written(report, folder, **options):
    path = folder / "page.html"
    report.to_html(path, **options)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def brand():
    frame = build_frame().rename(columns={"tv": HOSTILE})
    data = build_data(frame, spend=[HOSTILE, "video", "radio"], margin=0.4)
    return build_posterior(data, mmm.ModelSpec(channels={HOSTILE: mmm.Channel(brand=True)}))


@pytest.fixture(scope="module")
def single():
    return build_posterior(build_data(spend=["tv"]))


@pytest.fixture(scope="module")
def whole(brand, folder):
    """Everything that a page may show, of a channel with a name that means harm."""
    old = build_data(
        build_frame().rename(columns={"tv": HOSTILE}).iloc[:52], spend=[HOSTILE, "video", "radio"], margin=0.4
    )
    last = build_posterior(old, mmm.ModelSpec(channels={HOSTILE: mmm.Channel(brand=True)}))
    return written(
        mmm.Report(brand),
        folder,
        refresh=mmm.Refresh(last, brand, Vintages(old, brand.data)),
        backtest=backtest_of(brand),
        priors=comparison_of(brand),
    )


@pytest.fixture(scope="module")
def outline(whole):
    return Outline(whole)


def test_sections_come_in_the_order_in_which_they_are_read(outline):
    assert [attributes["id"] for attributes in outline.of("section")] == list(SECTIONS)


def test_every_tag_is_closed_and_every_id_is_there_once(outline):
    assert outline.open == []
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_links_and_references_lead_somewhere(outline, whole):
    ids = {attributes["id"] for _, attributes in outline.tags if "id" in attributes}
    targets = [a["href"] for _, a in outline.tags if "href" in a]
    assert targets
    assert all(target.startswith("#") and target[1:] in ids for target in targets)
    assert set(re.findall(r"url\(#([^)]*)\)", whole)) <= ids


def test_nothing_is_fetched_and_nothing_runs(whole, outline):
    assert "http://" not in whole
    assert "https://" not in whole
    assert not re.search(r"url\((?!#)|@import|javascript:|\son\w+=", re.sub(r">[^<]*<", "><", whole))
    assert {tag for tag, _ in outline.tags} & {"script", "link", "img", "iframe", "object", "embed"} == set()
    [policy] = [a["content"] for a in outline.of("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert len(whole.encode()) < 5e6


def test_a_name_is_text_wherever_it_stands(whole, outline):
    assert "<script" not in whole
    assert HOSTILE in outline.words
    assert sum(HOSTILE in alt for alt in outline.alts) > 5
    inside = re.search(r'<svg [^>]*role="img".*?</svg>', whole, flags=re.S)[0]
    assert "&lt;script&gt;" in re.sub(r'aria-label="[^"]*"', "", inside)


def test_it_can_be_read_by_those_who_do_not_see_it(outline):
    [html] = outline.of("html")
    assert html["lang"] == "en"
    headings = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings.count(1) == 1
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))
    assert {"class": "skip", "href": "#content"} in outline.of("a")
    assert len(outline.of("caption")) == len(outline.of("table")) > 6
    assert all(attributes.get("scope") in ("col", "row") for attributes in outline.of("th"))
    assert all(re.search(r"\d", alt) for alt in outline.alts)


def test_every_drawing_says_what_it_says(outline):
    drawn = outline.of("svg")
    assert all("aria-label" in a or a.get("aria-hidden") == "true" for a in drawn)


def test_the_answer_stands_first_with_its_interval(outline, brand):
    report = mmm.Report(brand)
    title = outline.words.index("All channels together returned")
    assert outline.words.index("What limits this") > title
    for sentence in (*report.sentences(), *report.warnings()):
        assert " ".join(sentence.split()) in outline.words


def test_numbers_are_those_of_the_tables(outline, brand):
    row = mmm.Report(brand).roi(horizon_weeks=104).set_index("channel").loc["total"]
    assert f"{row['roi_lower']:.2f} to {row['roi_upper']:.2f}" in outline.words
    assert f"Prior reliance {mmm.Report(brand).roi(horizon_weeks=104)['prior_reliance'][0]:.0%}" in outline.words


def test_companions_are_shown(outline, whole):
    assert "8 new weekly periods" in outline.words
    assert "The 90% interval of the last forecast held" in outline.words
    assert "decomposition=refreshed.decomposition() shows it here" in outline.words
    assert "2 forecasts of 13 weeks" in outline.words
    assert "half of it" in outline.words
    assert "No backtest was run" not in whole


def test_why_an_answer_moved_is_shown_where_it_was_asked_for(posterior, folder):
    refreshed = refresh_of(build_posterior(build_data(build_frame(73))), posterior)
    parts = parts_of(refreshed)
    report = mmm.Report(refreshed.posterior)
    outline = Outline(written(report, folder, sections=["changes"], refresh=refreshed, decomposition=parts))
    for sentence in refreshed.sentences(decomposition=parts):
        assert sentence in outline.words
    assert signed_parts(parts, refreshed.drift())["new_weeks"][0] in outline.words
    assert len([alt for alt in outline.alts if "The sentences below say the same of each channel." in alt]) == 2
    answers = [alt for alt in outline.alts if "tv before " in alt and "total now " in alt]
    assert len(answers) == 2  # wide and narrow
    checked = refreshed.forecast_check().by_channel()
    assert {"cannot tell"} <= {*checked["flag"]}
    assert all(f"{power:.0%}" in outline.words for power in checked["power"])
    assert "cannot tell" in outline.words
    assert "shows it here" not in outline.words


def test_the_same_fit_gives_the_same_bytes_and_no_figure_is_left_open(single, folder):
    chosen = ["roi", "response"]
    first = written(mmm.Report(single), folder, sections=chosen)
    with plt.style.context("dark_background"):
        assert written(mmm.Report(single), folder, sections=chosen) == first
    assert plt.get_fignums() == []


def test_a_fit_that_failed_says_so_in_every_section(unconverged_posterior, folder):
    report = mmm.Report(unconverged_posterior, allow_unconverged=True)
    outline = Outline(written(report, folder, sections=["verdict", "roi", "method"]))
    assert sum(a.get("class") == "alarm" for a in outline.of("p")) == 4  # on top, and in each section
    assert outline.words.count(unconverged_posterior.diagnosis.verdict) >= 4
    assert "see the column" not in outline.words


def test_an_outcome_without_money_value_has_no_payback(folder):
    report = mmm.Report(build_posterior(build_data(outcome="orders")))
    html = written(report, folder, sections=["verdict", "payback"])
    assert "The outcome has no money value" in html
    assert "per GBP spent" not in html
    assert report.valuation.label in html


def test_channels_without_spend_in_the_window_are_named_as_such(folder):
    frame = build_frame()
    frame.loc[30:, "tv"] = 0.0
    posterior = build_posterior(build_data(frame), mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}))
    report = mmm.Report(posterior, window=("2023-09-01", "2024-02-19"))
    html = written(report, folder, sections=["verdict", "roi", "payback"])
    assert "Nothing was spent on tv" in html
    assert "nan" not in Outline(html).words.lower().split()


def test_one_channel_is_enough(single, folder):
    html = written(mmm.Report(single), folder)
    assert [a["id"] for a in Outline(html).of("section")] == ALWAYS
    assert "No backtest was run" in html
    assert "What a sceptic and an optimist would conclude from the same data was not tried" in html


# --- sections of one's own --------------------------------------------------------------------------------------------


def test_own_sections_stand_where_they_were_put(posterior, folder):
    table = pd.DataFrame({"what": ["<b>x</b>"], "roi": [1.234], "roi_lower": [0.5], "roi_upper": [2.0]})
    figure, ax = plt.subplots()
    ax.set_title("<i>mine</i>")
    own = mmm.Section("A & B", "First <u>x</u>.\n\nSecond.", table=table, chart=ax, alt="Three things.")
    report = mmm.Report(posterior)
    drawn = mmm.Section("Drawn", "", chart=report.plot_roi)
    html = written(report, folder, sections=["method", own, "provenance", drawn])
    outline = Outline(html)
    assert [a["id"] for a in outline.of("section")] == ["method", "own-1", "provenance", "own-3"]
    for text in ("A & B", "First <u>x</u>.", "<b>x</b>", "<i>mine</i>", "1.2 (0.5 to 2.0)"):
        assert text in outline.words
    assert outline.alts == ["Three things.", "Drawn"]
    assert plt.fignum_exists(figure.number), "a figure that was given stays open"


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (["verdikt"], r"no section 'verdikt'(.|\n)*did you mean 'verdict'"),
        ("verdict", r"sections='verdict'(.|\n)*use a list"),
        ([], "sections is empty"),
        (["roi", "roi"], "has 'roi' twice"),
        ([3], "there is no section 3"),
        (["changes"], r"no refresh was given(.|\n)*pass refresh="),
    ],
)
def test_sections_that_are_none_are_refused(posterior, folder, sections, message):
    with pytest.raises(ReportError, match=message):
        mmm.Report(posterior).to_html(folder / "refused.html", sections=sections)
    assert not (folder / "refused.html").exists()


@pytest.mark.parametrize("name", ["q3.txt", "q3", "missing/q3.html"])
def test_a_path_that_cannot_be_meant_is_refused(posterior, folder, name):
    with pytest.raises(ReportError, match=r"does not end in \.html|the folder of"):
        mmm.Report(posterior).to_html(folder / name)


def test_what_belongs_to_another_fit_is_refused(posterior, folder):
    other = comparison_of(build_posterior(build_data(), seed=8))
    with pytest.raises(ReportError, match="priors= belongs to a fit of"):
        mmm.Report(posterior).to_html(folder / "q3.html", priors=other)


def test_a_missing_extra_is_named(posterior, folder, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("mmm.reporting.page")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ReportError, match=r"a page was asked for, and jinja2(.|\n)*'payback-mmm\[report\]'"):
        mmm.Report(posterior).to_html(folder / "q3.html")
