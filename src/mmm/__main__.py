"""`python -m mmm`: the same as the command `mmm`."""

import sys

from mmm.command_line import main

if __name__ == "__main__":
    sys.exit(main())
