"""Writes 10,000 rows as okrctl writes them off the terminal, or with rich.table; the argument says which."""

import io
import sys

from okrctl.outputs.grid import Cell, layout_row
from okrctl.outputs.terminal import TerminalStyle

ROWS = [(f"row {number}", "People find calm orders", "0.71", "on track", "12 of 40 orders") for number in range(10_000)]


def ours() -> int:
    """As plain rows."""
    widths = [max(map(len, column)) for column in zip(*ROWS, strict=True)]
    return sum(len(line) for one in ROWS for line in layout_row([Cell(text) for text in one], widths, TerminalStyle()))


def rich() -> int:
    """As one table of rich."""
    from rich.console import Console
    from rich.table import Table

    table = Table("Name", "Title", "Score", "Status", "Value")
    for one in ROWS:
        table.add_row(*one)
    out = io.StringIO()
    Console(file=out, width=120).print(table)
    return len(out.getvalue())


if __name__ == "__main__":
    assert {"ours": ours, "rich": rich, "nothing": int}[sys.argv[1]]() >= 0
