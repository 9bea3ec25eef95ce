"""In a notebook: compact, escaped, in the notebook's own colours, without a chart or a template library."""

import subprocess
import sys
from html.parser import HTMLParser

import pytest

import mmm
from mmm.refreshing.vintages import Vintages
from tests.conftest import build_data, build_frame, build_posterior

HOSTILE = "<script>alert(1)</script>"


def shown(posterior):
    return {
        "Posterior": posterior,
        "Diagnosis": posterior.diagnosis,
        "Report": mmm.Report(posterior, allow_unconverged=True),
        "Refresh": mmm.Refresh(posterior, posterior, Vintages(posterior.data, posterior.data)),
    }


class Closed(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ["Posterior", "Diagnosis", "Report", "Refresh"])
def test_title_and_verdict_are_there(posterior, name):
    thing = shown(posterior)[name]
    html = thing._repr_html_()
    assert f"mmm.{name}" in html
    assert "\N{CHECK MARK} Converged" in html
    assert Closed(html).open == []
    assert len(html) < 4000
    assert repr(thing).startswith(f"<{name}")


@pytest.mark.parametrize("name", ["Posterior", "Diagnosis", "Report", "Refresh"])
def test_a_fit_that_failed_says_so_by_more_than_colour(unconverged_posterior, name):
    html = shown(unconverged_posterior)[name]._repr_html_()
    assert "\N{BALLOT X} NOT CONVERGED" in html
    assert "font-weight: bold" in html


@pytest.mark.parametrize("name", ["Posterior", "Report"])
def test_names_are_text(name):
    frame = build_frame().rename(columns={"tv": HOSTILE})
    html = shown(build_posterior(build_data(frame, spend=[HOSTILE, "video"])))[name]._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", ["Posterior", "Diagnosis", "Report", "Refresh"])
def test_it_has_the_colours_of_the_notebook(posterior, name):
    html = shown(posterior)[name]._repr_html_()
    assert "color:" not in html.replace("background-color:", "")
    assert "#" not in html


def test_a_refresh_says_what_changed(posterior):
    assert "Nothing is another than at the last fit." in shown(posterior)["Refresh"]._repr_html_()


def test_brand_channels_are_marked():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
    assert "tv (brand), video" in build_posterior(build_data(), spec)._repr_html_()


def test_nothing_heavy_is_loaded_for_it(posterior, tmp_path):
    posterior.save(tmp_path / "fit.nc")
    code = f"""
import sys, mmm
fit = mmm.load({str(tmp_path / "fit.nc")!r})
things = (fit, fit.diagnosis, mmm.Report(fit))
before = set(sys.modules)  # what xarray brings along where Dask is installed is not ours
assert all(thing._repr_html_() for thing in things)
print(*sorted({{"jinja2", "matplotlib", "great_tables", "pymc"}} & (sys.modules.keys() - before)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
