"""Is the answer to be trusted? Refits under other assumptions, each with a table, a chart and a verdict in words.

A verb of this room takes a posterior, refits what it has to (`refits.py`) and returns a small frozen result that has
``table()``, ``plot()`` and ``verdict``, and that gives no number of a fit that failed its checks unless it is asked to.
"""

from mmm.validation.baselines import compare_baselines
from mmm.validation.comparison import Comparison
from mmm.validation.priors import compare_priors

__all__ = ["Comparison", "compare_baselines", "compare_priors"]
