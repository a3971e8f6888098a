"""Runs okrctl as `python -m okrctl`."""

import os
import sys

# Python looks for modules in the working folder first, and no file of a workspace may ever be run.
if sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from okrctl.cli import main

sys.exit(main())
