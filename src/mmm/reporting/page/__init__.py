"""The page: verdict and evidence first, then returns, payback, fit, assumptions and method, in one HTML file."""

from mmm.reporting.page.page import write_page

__all__ = ["write_page"]
