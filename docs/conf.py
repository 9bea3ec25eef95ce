"""How the pages are built: `sphinx-build -W -b html docs docs/_build/html`. Nothing here needs a network."""

import inspect
import os
import sys
from functools import cached_property
from importlib.metadata import version as installed
from pathlib import Path

import mmm
import mmm.validation

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

# The kernels of the notebooks inherit both: one thread gives the same numbers everywhere, and charts stand in the page.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

project = "payback-mmm"
author = "the authors of payback-mmm"
copyright = "the authors of payback-mmm, Apache-2.0"
version = release = installed("payback-mmm")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "mathml",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "_ext", "_templates", "**/.ipynb_checkpoints"]
nitpicky = True
# What other projects document: without a network their pages cannot be looked up, and types are named as text.
nitpick_ignore_regex = [
    (r"py:.*", r"(numpy|np|pandas|pd|xarray|xr|matplotlib|arviz|pymc|pytensor|nutpie|pydantic|concurrent)\..*"),
]

# --- pages ---------------------------------------------------------------------------------------------
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3  # the anchors that code hosts make, so that a link works in both places
html_math_renderer = "mathml"

# --- notebooks -----------------------------------------------------------------------------------------
nb_execution_mode = "cache"  # a page runs again when its code has changed; `-D nb_execution_mode=off` runs none
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_merge_streams = True
suppress_warnings = ["myst-nb.lexer"]  # of cells that no kernel has seen, where none are run

# --- reference -----------------------------------------------------------------------------------------
autosummary_generate = True
autodoc_typehints = "none"  # the types are in the docstrings, in words
numpydoc_show_class_members = False  # the template lists them, inherited ones with the rest
numpydoc_xref_param_type = False


# Where file names ignore case, the page of `mmm.refresh` would lie over that of `mmm.Refresh`.
autosummary_filename_map = {
    f"mmm.{name}": f"mmm.{name}_function" for name in ("backtest", "history", "placebo", "recovery", "refresh")
}


def members_of(thing: type) -> list[tuple[str, str]]:
    """Methods and properties of a class, by kind, that are ours and not those of another library's base class."""
    ours = []
    for member, value in inspect.getmembers_static(thing):
        owner = next((base for base in thing.__mro__ if member in vars(base)), object)
        if member.startswith("_") or not owner.__module__.startswith("mmm."):
            continue
        if isinstance(value, property | cached_property):
            ours.append(("property", member))
        elif inspect.isfunction(value) or isinstance(value, classmethod | staticmethod):
            ours.append(("method", member))
    return ours


autosummary_context = {
    "members_of": {
        f"{module.__name__}.{name}": members_of(getattr(module, name))
        for module in (mmm, mmm.simulate, mmm.validation)
        for name in module.__all__
        if inspect.isclass(getattr(module, name))
    }
}

# --- theme ---------------------------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = f"payback-mmm {release}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_theme_options = {
    "logo": {"text": "payback-mmm"},
    "header_links_before_dropdown": 6,
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": []}
