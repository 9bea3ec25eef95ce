"""One function a slide, or a run of slides that go on: what it says, from which table, with which notes."""

from mmm.reporting.deck.slides.answer import add_answer, add_opening, add_roi_chart
from mmm.reporting.deck.slides.booked import add_contributions, add_ledger
from mmm.reporting.deck.slides.changes import add_changes
from mmm.reporting.deck.slides.doubts import add_backtest, add_limits
from mmm.reporting.deck.slides.payback import add_customers, add_payback
from mmm.reporting.deck.slides.sources import add_assumptions, add_evidence, add_prior_cases, add_provenance

__all__ = [
    "add_answer",
    "add_assumptions",
    "add_backtest",
    "add_changes",
    "add_contributions",
    "add_customers",
    "add_evidence",
    "add_ledger",
    "add_limits",
    "add_opening",
    "add_payback",
    "add_prior_cases",
    "add_provenance",
    "add_roi_chart",
]
