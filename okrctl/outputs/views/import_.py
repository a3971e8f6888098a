"""Shows what an import did: what became of each line, and how much of what the file has was placed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from okrctl.importers import ImportReport, LineResult
from okrctl.outputs import json
from okrctl.outputs.terminal import TerminalStyle, sanitize

PREFIXES = {"placed": "", "remark": "note: ", "not-placed": "not imported: "}


def render(result: ImportReport, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """An import in a format; both say the same of each line, in the same order."""
    match format:
        case "table":
            return "\n".join(_lines(result))
        case "json":
            return json.document(_data(result))


def _lines(result: ImportReport) -> Iterator[str]:
    yield from (_line(result.file, line) for line in result.lines)
    yield from result.summary


def _line(file: str, line: LineResult) -> str:
    return sanitize(f"{file}:{line.line}: {PREFIXES[line.outcome]}{line.message}")


def _data(result: ImportReport) -> dict[str, Any]:
    totals = {
        kind.lower().replace(" ", "_"): {"seen": seen, "placed": placed}
        for kind, (seen, placed) in result.totals.items()
    }
    return {
        "file": result.file,
        "changes": result.changes,
        "diff": result.diff,
        "commit": result.commit,
        "effects": result.effects,
        "written": result.is_written,
        "lines": [{"line": each.line, "outcome": each.outcome, "message": each.message} for each in result.lines],
        "totals": totals,
        "counts": {kind.replace(" ", "_"): count for kind, count in result.counts.items()},
        "doubts": result.doubts,
    }
