"""Figures as SVG: small, self-contained, without ids that clash, text as text."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mmm.reporting.page.pictures import given_picture, picture, small_picture


def draw(*, label="weeks since the spend; bands hold 50% and 90%", annotated=False):
    _, ax = plt.subplots(figsize=(9, 4), layout="constrained")
    ax.plot([0.123456789, 1], [0.987654321, 2], label="a < b")
    ax.plot([0, 1], [2, 1], "o", label="c & d")
    ax.set_title("What it is", loc="left")
    ax.set_xlabel(label)
    ax.legend()
    if annotated:
        ax.annotate("79%\nby week 1", (0.5, 1.5))
    return ax


def test_title_goes_out_of_the_chart_and_into_the_page():
    made = picture(draw, prefix="a", headline="tv returned 1 to 2", alt="Numbers.")
    assert (made.headline, made.title) == ("Tv returned 1 to 2", "What it is")
    assert "What it is" not in made.wide + made.narrow


def test_a_sentence_under_a_chart_may_be_its_headline():
    made = picture(lambda: draw(label="94% of weeks\nlie within"), prefix="a", alt="Fit.")
    assert made.headline == "94% of weeks lie within"
    assert "94% of weeks" not in re.sub(r'aria-label="[^"]*"', "", made.wide)
    assert 'aria-label="Fit. 94% of weeks lie within."' in made.wide


def test_the_narrow_one_is_as_wide_as_a_phone_and_has_its_axis_in_words():
    made = picture(draw, prefix="a", headline="-", alt="Numbers.")
    wide, narrow = (float(ElementTree.fromstring(svg).get("viewBox").split()[2]) for svg in (made.wide, made.narrow))
    assert wide > 1.8 * narrow
    assert made.axis == "weeks since the spend; bands hold 50% and 90%"
    assert "weeks since" in made.wide
    assert "weeks since" not in made.narrow


def test_what_is_written_in_a_small_one_goes_below_it():
    made = small_picture(lambda: draw(annotated=True), prefix="a", alt="Landing.")
    assert made.note == "79% by week 1"
    assert made.narrow is None
    assert 'aria-label="Landing. 79% by week 1."' in made.wide


def test_svg_has_no_namespace_style_date_or_font():
    made = picture(draw, prefix="a", headline="-", alt="Numbers.").wide
    assert not re.search(r"xmlns|<style|metadata|font-family|DejaVu|http", made)
    assert "a &lt; b" in made
    assert "c &amp; d" in made
    assert not re.search(r' d="[^"]*\d\.\d{3}', made)


def test_ids_of_two_pictures_do_not_clash():
    first, second = (small_picture(draw, prefix=prefix, alt="-").wide for prefix in ("a", "b"))
    ids = [set(re.findall(r'\bid="([^"]*)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip((first, second), ids, strict=True):
        assert {*re.findall(r'href="#([^"]*)"', svg), *re.findall(r"url\(#([^)]*)\)", svg)} <= own


def test_quotes_in_alternative_texts_are_escaped():
    made = small_picture(draw, prefix="a", alt='"><script>x</script>')
    assert "<script" not in made.wide
    assert ElementTree.fromstring(made.wide).get("aria-label").startswith('"><script>')


def test_dollars_are_money_and_no_formula():
    def priced():
        ax = draw(label="-")
        ax.set_ylabel("$x$ and $\\frac")
        return ax

    assert "$x$ and $\\frac" in small_picture(priced, prefix="a", alt="-").wide


def test_a_chart_of_ones_own_is_taken_as_it_is():
    figure, ax = plt.subplots()
    ax.imshow(np.eye(3))
    ax.set_title("mine")
    ax.plot([0, 1], [0, 1], url="https://example.org")[0].set_gid("line")
    before = figure.get_size_inches().tolist()
    made = given_picture(figure, prefix="own", alt="Mine.")
    assert "mine" in made.wide
    assert "example.org" not in made.wide
    assert "data:image/png;base64," in made.wide
    assert figure.get_size_inches().tolist() == before
    assert plt.fignum_exists(figure.number)


def test_a_function_may_give_a_figure_which_is_closed():
    made = given_picture(lambda: draw().figure, prefix="own", alt="Mine.")
    assert "What it is" in made.wide
    assert plt.get_fignums() == []


def test_a_chart_that_fails_leaves_nothing_open():
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        small_picture(fail, prefix="a", alt="-")
    assert plt.get_fignums() == []
