"""Runs okrctl as `python -m okrctl`."""

import contextlib
import os
import sys

# Python looks for modules in the working folder first, and no file of a workspace may ever be run.
with contextlib.suppress(FileNotFoundError):  # a folder that was deleted holds none
    if sys.path[:1] in ([""], [os.getcwd()]):
        del sys.path[0]

from okrctl.cli.main import main

sys.exit(main())
