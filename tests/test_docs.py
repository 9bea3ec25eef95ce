"""The docs hold together: links lead somewhere, code is code, and nothing of this machine is in them."""

import ast
import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})
CODE_PAGES = [page for page in PAGES if page.name == "README.md" or page.parent == ROOT / "docs"]

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^(?P=indent)```\s*$", re.M | re.S)
PAGE_IDS = [str(page.relative_to(ROOT)) for page in PAGES]


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


@pytest.mark.parametrize("page", CODE_PAGES, ids=lambda page: page.name)
def test_python_is_python(page):
    for block in FENCE.finditer(page.read_text()):
        if block["language"] in ("python", "py"):
            ast.parse(textwrap.dedent(block["code"]), filename=str(page))


@pytest.mark.parametrize("page", PAGES, ids=PAGE_IDS)
def test_nothing_of_a_machine_is_in_them(page):
    assert not re.search(r"(?<![\w.])/(home|tmp|work|root|Users)/", page.read_text())


def test_the_landing_page_leads_to_every_page_of_the_docs():
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / (a or b).partition("#")[0]).resolve() for a, b in LINK.findall(index.read_text())}
    pages = {page for page in PAGES if page.parent == ROOT / "docs"} - {index}
    assert pages <= linked
    assert {page for page in PAGES if page.parent.name == "adr"} <= linked or ROOT / "docs" / "adr" in linked


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
