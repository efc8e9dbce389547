"""`python -m revivatui`."""

from __future__ import annotations

import sys

from revivatui.cli import main

if __name__ == "__main__":
    sys.exit(main())
