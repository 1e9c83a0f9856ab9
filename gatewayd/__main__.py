"""`python -m gatewayd` and the installed command."""

import sys

from gatewayd.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
