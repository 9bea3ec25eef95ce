"""The pages of the docs and the code in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
#: Also what is only included into a page; not what a build leaves behind.
PAGES = sorted(
    page
    for page in {*ROOT.glob("*.md"), *DOCS.glob("**/*.md")}
    if "_build" not in page.parts and "api" not in page.parts
)

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\{[^}]*\}|\w*)[^\n]*\n(?P<code>.*?)^(?P=indent)```\s*$", re.M | re.S
)
CELL = "{code-cell}"
#: Lines at the head of a cell that are for the build, such as `:tags: [remove-cell]`.
OPTIONS = re.compile(r"\A(:[\w-]+:[^\n]*\n)+\n?")


def cells_of(page):
    """Code of a page's cells, in order."""
    blocks = FENCE.finditer(page.read_text())
    return [OPTIONS.sub("", block["code"]) for block in blocks if block["language"] == CELL]


def name_of(page):
    """Path of a page, for the names of tests."""
    return str(page.relative_to(ROOT))


NOTEBOOKS = [page for page in PAGES if cells_of(page)]
