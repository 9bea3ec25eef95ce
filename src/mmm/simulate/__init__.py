"""Worlds with known truth, and the plain-loop oracle that the model is checked against."""

from mmm.simulate.files import write_world
from mmm.simulate.rules import ChannelRules
from mmm.simulate.settings import WorldSettings
from mmm.simulate.tracker import TrackerRules
from mmm.simulate.truth import Truth
from mmm.simulate.worlds import world, world_frame

__all__ = ["ChannelRules", "TrackerRules", "Truth", "WorldSettings", "world", "world_frame", "write_world"]
