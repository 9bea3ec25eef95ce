"""Equations as MathML, which browsers draw themselves: no script, no font and no network for the reader."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

#: Between a function and what it is applied to, unless that stands in parentheses, browsers leave no space.
APPLIED = re.compile(r"<mo>&ApplyFunction;</mo>(?=\s*<m(?!o\b|row\b))")


def converted(translator, node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """Convert an equation, or say where one is that cannot be: under `-W` the build then stops."""
    try:
        written = tex2mathml(node.astext(), as_block=block)
    except MathError as error:
        logger.warning("no MathML for %r: %s", node.astext(), error, location=node, type="mathml")
        return translator.encode(node.astext())
    return APPLIED.sub(r'\g<0><mspace width="0.17em"/>', written)


def visit_math(translator, node: nodes.math) -> None:
    """Write an equation in a line."""
    translator.body.append(converted(translator, node, block=False))
    raise nodes.SkipNode


def visit_math_block(translator, node: nodes.math_block) -> None:
    """Write an equation of its own; a wide one scrolls by itself instead of widening the page."""
    translator.body.append(f'<div class="math-block">{converted(translator, node, block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; `html_math_renderer = "mathml"` chooses it."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
