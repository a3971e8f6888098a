"""Turns rows into a Parquet file, by way of DuckDB."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields
from pathlib import Path

from okrctl.analysis.export_rows import COLUMNS, ExportTable, Row
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.export import render
from okrctl.sources.optional import require_package

TYPES = {"Fraction": "DOUBLE", "date": "DATE", "int": "BIGINT", "bool": "BOOLEAN"}


def to_parquet(table: ExportTable) -> bytes:
    """The file's bytes, with a type for each column; OkrctlError where DuckDB is not installed."""
    duckdb = require_package("duckdb", "duckdb", "writing Parquet")
    with tempfile.TemporaryDirectory(prefix="okrctl-") as name:
        lines, made = Path(name, "rows.jsonl"), Path(name, "rows.parquet")
        lines.write_text(render(table, "jsonl", TerminalStyle()), encoding="utf-8")
        with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
            connection.execute("CREATE TABLE rows (" + ", ".join(_column_types()) + ")")
            if table.rows:
                connection.execute(f"COPY rows FROM {_quote(lines)} (FORMAT json)")
            connection.execute(f"COPY rows TO {_quote(made)} (FORMAT parquet)")
        return made.read_bytes()


def _column_types() -> list[str]:
    kinds = (str(one.type).split(" | ")[0] for one in fields(Row))
    return [f'"{name}" {TYPES.get(kind, "VARCHAR")}' for name, kind in zip(COLUMNS, kinds, strict=True)]


def _quote(path: Path) -> str:
    return "'" + json.dumps(str(path), ensure_ascii=False)[1:-1].replace("'", "''") + "'"
