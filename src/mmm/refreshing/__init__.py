"""The quarterly refresh: what changed, why, and whether the last forecast was right."""

from mmm.refreshing.forecast_check import ForecastCheck
from mmm.refreshing.history import History, history
from mmm.refreshing.preview import Preview, preview_refresh
from mmm.refreshing.refit import refresh
from mmm.refreshing.refreshed import Refresh

__all__ = ["ForecastCheck", "History", "Preview", "Refresh", "history", "preview_refresh", "refresh"]
