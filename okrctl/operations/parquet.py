"""Turns rows into a Parquet file, by way of DuckDB."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields
from pathlib import Path

from okrctl.analysis.export_rows import COLUMNS, Row, Table
from okrctl.outputs import render
from okrctl.outputs.terminal import Look
from okrctl.sources.optional import need

TYPES = {"Fraction": "DOUBLE", "date": "DATE", "int": "BIGINT", "bool": "BOOLEAN"}


def parquet(table: Table) -> bytes:
    """The file's bytes, with a type for each column; OkrctlError where DuckDB is not installed."""
    duckdb = need("duckdb", "duckdb", "writing Parquet")
    with tempfile.TemporaryDirectory(prefix="okrctl-") as name:
        lines, made = Path(name, "rows.jsonl"), Path(name, "rows.parquet")
        lines.write_text(render(table, "jsonl", Look()), encoding="utf-8")
        with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
            connection.execute("CREATE TABLE rows (" + ", ".join(_columns()) + ")")
            if table.rows:
                connection.execute(f"COPY rows FROM {_quoted(lines)} (FORMAT json)")
            connection.execute(f"COPY rows TO {_quoted(made)} (FORMAT parquet)")
        return made.read_bytes()


def _columns() -> list[str]:
    kinds = (str(one.type).split(" | ")[0] for one in fields(Row))
    return [f'"{name}" {TYPES.get(kind, "VARCHAR")}' for name, kind in zip(COLUMNS, kinds, strict=True)]


def _quoted(path: Path) -> str:
    return "'" + json.dumps(str(path), ensure_ascii=False)[1:-1].replace("'", "''") + "'"
