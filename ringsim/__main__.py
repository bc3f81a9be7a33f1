"""`python -m ringsim` is the command `ringsim`."""

import sys

from ringsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
