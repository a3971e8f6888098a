"""`python -m tests.oracle FIRST LAST [FOLDER]`: the disagreements of these seeds; FOLDER keeps their repositories."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.oracle.compare import listed
from tests.oracle.generate import world


def main() -> None:
    """Prints one line for each disagreement, with its seed."""
    first, last, *kept = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(int(first), int(last)):
            folder = Path(kept[0] if kept else scratch) / str(seed)
            for line in listed(folder, world(seed)):
                print(seed, line, flush=True)


main()
