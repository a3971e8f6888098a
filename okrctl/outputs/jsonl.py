"""JSON Lines: all rows of a workspace, one object a line."""

from __future__ import annotations

import json

from okrctl.analysis.export_rows import ExportTable
from okrctl.outputs.json import rows
from okrctl.outputs.terminal import TerminalStyle


def render(result: ExportTable, look: TerminalStyle) -> str:
    """A line for each row; characters beyond ASCII are escaped, so that no reader can break a line elsewhere."""
    return "".join(json.dumps(rows.row(row)) + "\n" for row in result.rows)
