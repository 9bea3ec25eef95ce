"""The docs hold together: links lead somewhere, code is code, and nothing of this machine is in them."""

import ast
import re
import textwrap

import pytest

import mmm
from tests.pages import DOCS, FENCE, PAGES, ROOT, cells_of, name_of

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
TOCTREE = re.compile(r"^```\{toctree\}\n(?::[^\n]*\n)*(?P<entries>.*?)^```", re.M | re.S)
PAGE_IDS = [name_of(page) for page in PAGES]


def anchors_of(text):
    """Anchors that headings get on code hosts: lower case, punctuation dropped, spaces to hyphens."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-") for heading in headings}


def prose(page):
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text()))


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_links_lead_somewhere(page):
    for target in (first or second for first, second in LINK.findall(prose(page))):
        if re.match(r"(https?|mailto):", target):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{target} is not there"
        assert ROOT in other.parents or other == ROOT, f"{target} leads out of the project"
        if anchor:
            assert anchor in anchors_of(other.read_text()), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_fences_are_closed(page):
    assert len(re.findall(r"^ *```", page.read_text(), re.M)) == 2 * len(list(FENCE.finditer(page.read_text())))


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_python_is_python(page):
    blocks = [block for block in FENCE.finditer(page.read_text()) if block["language"] in ("python", "py")]
    for code in [*(textwrap.dedent(block["code"]) for block in blocks), *cells_of(page)]:
        ast.parse(code, filename=str(page))


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_nothing_of_a_machine_is_in_them(page):
    assert not re.search(r"(?<![\w.])/(home|tmp|work|root|Users)/", page.read_text())


def in_the_site(page):
    """A page and all that its table of contents leads to."""
    found = {page}
    for tree in TOCTREE.finditer(page.read_text()):
        for entry in tree["entries"].split():
            below = sorted(page.parent.glob(f"{entry}.md"))
            assert below, f"{name_of(page)} leads to {entry}, which is not there"
            for other in below:
                found |= in_the_site(other.resolve())
    return found


def test_the_landing_page_leads_to_every_page_of_the_docs():
    assert {page for page in PAGES if DOCS in page.parents} == in_the_site(DOCS / "index.md")


def test_the_reference_has_every_public_name_once():
    text = (DOCS / "reference" / "index.md").read_text()
    listed = [
        name for tree in re.findall(r"autosummary::\n.*?\n\n(.*?)^```", text, re.M | re.S) for name in tree.split()
    ]
    names = {name for name in mmm.__all__ if name not in ("datasets", "errors", "schema", "simulate")}
    names |= {f"simulate.{name}" for name in mmm.simulate.__all__}
    names |= {f"datasets.{name}" for name in mmm.datasets.__all__}
    assert sorted(name for name in listed if not name.startswith("validation.")) == sorted(names)


def plain(page):
    """Text of a page in one line, quotation marks of blocks left out."""
    return " ".join((DOCS / page).read_text().replace("\n> ", "\n").split())


@pytest.mark.parametrize("page", ["index.md", "explanation/why-trust-the-intervals.md"])
def test_coverage_is_quoted_as_it_was_measured(page):
    evidence, quoted = (DOCS / "calibration.md").read_text(), plain(page)
    worlds, kinds = re.search(r"(\d+) of them, of (\d+) kinds", evidence).groups()
    quarter, year, window = re.findall(r"^- 90% intervals .* held the truth in \*\*(\d+%)\*\*", evidence, re.M)
    assert f"In {worlds} simulated worlds of {kinds} kinds, most of which" in quoted
    said = f"{quarter} of cases within 13 weeks, in {year} within 52, and in {window} over the data"
    assert f"held the truth in {said}" in quoted


def test_calibration_is_quoted_as_it_was_measured():
    evidence, quoted = (DOCS / "calibration.md").read_text(), plain("explanation/why-trust-the-intervals.md")
    assert re.search(r"(\d+ of \d+ quantities) lie within the 95%", quoted)[1] in evidence
    worlds, of_all, inside = re.search(r"^(\d+) worlds, (\d+) quantities: (\d+) lie", evidence, re.M).groups()
    assert f"in {worlds} worlds {inside} of {of_all} quantities lie" in quoted


def test_what_fails_is_quoted_as_it_was_measured():
    evidence, quoted = (DOCS / "calibration.md").read_text(), plain("explanation/why-trust-the-intervals.md")
    below = re.findall(r"^\*\*\w+\*\* .*?: coverage (\d+%)", evidence, re.M)
    assert sorted(re.findall(r"\((\d+%)\)", quoted)) == sorted(below)
    assert f"{len(below)} fall below 80%: " in evidence
    assert {4: "four"}[len(below)] + " fall below 80%" in quoted


def test_the_sentences_of_the_landing_page_are_those_of_the_runs():
    landing = plain("index.md")
    assert re.search(r"tv returned .*? evidence\.", landing)[0] in plain("brand-payback.md")

    second = plain("four-quarters.md").split("## The fourth quarter")[0]
    moved, held = re.search(r"(tv's revenue ROI .*?\)\.) (The 90% interval .*?\.)", landing).groups()
    assert moved in second
    assert held in second


@pytest.mark.parametrize(
    ("text", "found"),
    [("# Two words", "two-words"), ("## `roi()`, by horizon", "roi-by-horizon"), ("# A\n```\n# not me\n```\n", "a")],
)
def test_anchors_are_made_as_code_hosts_make_them(text, found):
    assert anchors_of(text) == {found}


def symbol_rows():
    rows = re.findall(r"^\|.*\| `(\S+)`[^|]*\| `([\w/]+\.py)` \|$", (ROOT / "docs" / "symbols.md").read_text(), re.M)
    assert len(rows) > 30
    return rows


@pytest.mark.parametrize(("name", "file"), symbol_rows())
def test_every_symbol_is_where_the_table_says(name, file):
    *owner, member = name.split(".")
    tree = ast.parse((ROOT / "src" / "mmm" / file).read_text())
    body = tree.body
    if owner and owner != ["schema"]:
        body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner[0])
    nodes = [inner for node in body for inner in ([node] if owner else ast.walk(node))]
    found = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    found |= {node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    assert member in found
