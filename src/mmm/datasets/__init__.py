"""Example data that ship with the library; origins and licences are in `LICENSES.md` beside them."""

from __future__ import annotations

from mmm.datasets.retail import load_retail_weekly

__all__ = ["load_retail_weekly"]
