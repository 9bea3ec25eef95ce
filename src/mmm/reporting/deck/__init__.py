"""The PowerPoint deck of a report: native tables and charts on the company's own template."""

from mmm.reporting.deck.deck import deck_bytes

__all__ = ["deck_bytes"]
