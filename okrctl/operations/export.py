"""Exports all readings of all periods as rows for other programs."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from okrctl.analysis import export_rows
from okrctl.analysis.export_rows import COLUMNS, ExportTable, Row
from okrctl.operations.load import NO_FILTERS, Filters, load_at_revision
from okrctl.operations.project import Project
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.export import render
from okrctl.sources.optional import require_package

PARQUET_TYPES = {"Fraction": "DOUBLE", "date": "DATE", "int": "BIGINT", "bool": "BOOLEAN"}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which rows to export."""

    as_of: date | None = None
    known_at: str | None = None
    filters: Filters = NO_FILTERS


def export(project: Project, request: ExportRequest) -> ExportTable:
    """Return a row for each objective, key result and KPI on each day with a reading."""
    workspace, commit, today = load_at_revision(project, request.known_at)
    selection = request.filters.select(workspace)
    return export_rows.build_export(workspace, selection, today, request.as_of or (today if commit else None))


def render_parquet(table: ExportTable) -> bytes:
    """Return the rows as a Parquet file with typed columns; raises OkrctlError where DuckDB is not installed.

    DuckDB only writes to files, and reads the rows fastest from JSON Lines, so both lie in a temporary folder.
    """
    duckdb = require_package("duckdb", "duckdb", "writing Parquet")
    with tempfile.TemporaryDirectory(prefix="okrctl-") as folder:
        source, target = Path(folder, "rows.jsonl"), Path(folder, "rows.parquet")
        source.write_text(render(table, "jsonl", TerminalStyle()), encoding="utf-8")
        with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
            connection.execute("CREATE TABLE rows (" + ", ".join(_column_definitions()) + ")")
            if table.rows:
                connection.execute(f"COPY rows FROM {_quote(source)} (FORMAT json)")
            connection.execute(f"COPY rows TO {_quote(target)} (FORMAT parquet)")
        return target.read_bytes()


def _column_definitions() -> list[str]:
    types = (str(field.type).split(" | ")[0] for field in fields(Row))
    return [f'"{name}" {PARQUET_TYPES.get(kind, "VARCHAR")}' for name, kind in zip(COLUMNS, types, strict=True)]


def _quote(path: Path) -> str:
    return "'" + json.dumps(str(path), ensure_ascii=False)[1:-1].replace("'", "''") + "'"
