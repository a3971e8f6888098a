"""Shows long output in the pager that PAGER names, as git does."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from okrctl.cli.unencodable import NEAREST

DEFAULT_PAGER = "less"
LESS = "FRX"  # ends at once where all fits, shows colours, and leaves the text on the screen
NO_PAGER = ("", "cat")


def pager_command(environment: Mapping[str, str]) -> list[str] | None:
    """The pager and its arguments; None where none is wanted or found."""
    wanted = environment.get("PAGER", DEFAULT_PAGER)
    if wanted.strip() in NO_PAGER or environment.get("TERM") == "dumb":
        return None
    import shlex
    import shutil

    try:
        words = shlex.split(wanted)
    except ValueError:  # an open quotation mark
        return None
    return words if shutil.which(words[0]) else None


def is_long(text: str, environment: Mapping[str, str]) -> bool:
    """Whether a text has more lines than the terminal of standard output; False where that is no terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return False
    import shutil

    rows = environment.get("LINES", "")
    height = int(rows) if rows.isascii() and rows.isdecimal() else shutil.get_terminal_size().lines
    return text.count("\n") >= height


def show_in_pager(text: str, command: list[str], environment: Mapping[str, str]) -> bool:
    """Show a text and wait until the reader is done; False where the pager could not be started."""
    import subprocess

    inherited = {"LESS": LESS, "LV": "-c", **environment}
    sys.stdout.flush()
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=inherited)
    except OSError:
        return False
    try:
        pager.communicate(text.encode(getattr(sys.stdout, "encoding", None) or "utf-8", NEAREST))
    except KeyboardInterrupt:  # the pager handles it itself
        pager.wait()
    return True
