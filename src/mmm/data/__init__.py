"""The strict door: frames go in, checked and frozen arrays come out."""

from __future__ import annotations

from mmm.data.description import DataDescription
from mmm.data.marketing_data import MarketingData
from mmm.data.tracker import Tracker

__all__ = ["DataDescription", "MarketingData", "Tracker"]
