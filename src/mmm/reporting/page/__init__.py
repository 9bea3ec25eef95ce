"""The page: verdict and evidence first, then returns, payback, fit, assumptions and method, in one HTML file."""

from mmm.reporting.page.page import page_bytes

__all__ = ["page_bytes"]
