"""A channel's colour is its place; no two of the first 48 are alike, and what is no channel has none of them."""

import re
import subprocess
import sys

from mmm import charting
from mmm.charting import CHANNEL_COLOURS, channel_colours

NOT_CHANNELS = [value for name, value in vars(charting).items() if name.endswith(("_COLOUR", "INK"))]


def test_the_place_decides():
    assert channel_colours(("tv", "radio")) == {"tv": CHANNEL_COLOURS[0], "radio": CHANNEL_COLOURS[1]}
    assert channel_colours([]) == {}


def test_forty_eight_channels_differ_and_the_next_begin_again():
    names = [f"channel {i}" for i in range(60)]
    colours = channel_colours(names)
    assert len(set(colours.values())) == 48
    assert colours["channel 48"] == CHANNEL_COLOURS[0]
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours.values())
    assert colours["channel 16"] == "#003F62"  # the first with 45% black
    assert colours["channel 32"] == "#80B8D8"  # the first with half white


def test_what_is_no_channel_has_a_colour_of_its_own():
    assert len(NOT_CHANNELS) == 9
    assert not set(NOT_CHANNELS) & set(channel_colours(range(48)).values())


def test_colours_need_no_matplotlib():
    code = "import sys, mmm.charting as c; c.channel_colours(['tv']); print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
