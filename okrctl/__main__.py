"""Runs okrctl as `python -m okrctl`."""

import sys

from okrctl.cli import main

sys.exit(main())
