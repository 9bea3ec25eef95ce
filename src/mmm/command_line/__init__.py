"""The command line: `mmm check`, `mmm fit`, `mmm refresh` and `mmm report`, for refreshes on a schedule.

It reads a config, calls what a notebook would call, and prints what that says. Nothing is computed here.
"""

from mmm.command_line.program import main

__all__ = ["main"]
