"""Every cell of every tutorial, how-to and explanation runs, as a reader would type it.

The site runs them too (`sphinx-build`), as notebooks; here they run without a kernel, and one of our own warnings that
a page does not expect fails it.
"""

import ast

import matplotlib.pyplot as plt
import pytest

from tests.pages import NOTEBOOKS, cells_of, name_of

pytestmark = pytest.mark.slow


def run(page):
    """Run the cells of a page in one namespace; what stands alone at the end of a cell is shown."""
    names = {"__name__": "page"}
    for cell in cells_of(page):
        body = ast.parse(cell, filename=str(page)).body
        shown = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(page), "exec"), names)
        if shown is not None:
            repr(eval(compile(ast.Expression(shown.value), str(page), "eval"), names))
        for figure in map(plt.figure, plt.get_fignums()):
            figure.canvas.draw()
        plt.close("all")
    return names


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_the_cells_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page)


def test_there_are_pages_to_run():
    kinds = [page.parent.name for page in NOTEBOOKS]
    assert kinds.count("tutorials") >= 4
    assert kinds.count("how-to") >= 6
