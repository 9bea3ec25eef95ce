"""Worlds with known truth, and the plain-loop oracle that the model is checked against."""

from mmm.simulate.oracle import ChannelRules
from mmm.simulate.truth import Truth
from mmm.simulate.worlds import world, world_frame

__all__ = ["ChannelRules", "Truth", "world", "world_frame"]
