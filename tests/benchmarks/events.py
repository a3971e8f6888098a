"""Reads all files of a folder as raw events of libyaml and builds nothing of them."""

import sys
from pathlib import Path

from _ruamel_yaml import CParser  # type: ignore[import-not-found]

for path in Path(sys.argv[1]).rglob("*s/**/*.yaml"):
    pull = CParser(path.read_text("utf-8")).get_event
    while pull() is not None:
        pass
