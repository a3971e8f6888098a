"""Writes the rows of an export into Parquet files and databases, where they replace those of their workspace.

Rows of other workspaces stay, so the exports of many repositories stack in one table. What is written stands in one
transaction: a reader sees the rows of before or those of after, and an export that fails changes nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

from okrctl import files
from okrctl.analysis.export_rows import Cell, ExportTable
from okrctl.files import record
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views.export import render
from okrctl.sources.optional import require_package
from okrctl.values.errors import OkrctlError

DUCKDB_TYPES = {"Fraction": "DOUBLE", "date": "DATE", "int": "BIGINT", "bool": "BOOLEAN"}
TARGET_HINT = "write duckdb:FILE, a database URL such as postgresql+psycopg://host/name, or env:NAME"
PARTITION = ("workspace", "commit")
CHUNK = 5_000


def table_name(table: ExportTable) -> str:
    """The name of the table in a database: `okrctl_scores`."""
    return f"okrctl_{table.what}"


def write_table(
    table: ExportTable, target: str, environment: Mapping[str, str], folder: Path, *, keep_history: bool
) -> None:
    """Replace the rows of the workspace in a database; with `keep_history`, only those of the same commit.

    `target` is `duckdb:FILE` (from `folder`), the URL of a database, or `env:NAME` for a variable that holds either.
    Raises OkrctlError, whose message never holds the URL.
    """
    record.note_unknown()
    kind, _, name = target.partition(":")
    address, shown = target, f"'{kind}:...'"
    if kind == "env":
        address, shown = environment.get(name, ""), name
        if not address:
            raise OkrctlError(f"the environment variable '{name}' is not set", "set it to the address of the database")
    if address.startswith("duckdb:") and not address.startswith("duckdb://"):
        _write_duckdb(table, folder / address.removeprefix("duckdb:"), keep_history)
    elif ":" not in address:
        raise OkrctlError(f"{shown if kind == 'env' else repr(target)} is not a database address", TARGET_HINT)
    else:
        _write_database(table, address, folder, shown, keep_history, is_secret=kind == "env")


# Parquet


def render_parquet(table: ExportTable, without: Sequence[str] = ()) -> bytes:
    """Return the rows as a Parquet file with typed columns, `without` some.

    Raises OkrctlError where DuckDB is not installed.
    """
    duckdb = require_package("duckdb", "duckdb", "writing Parquet")
    with tempfile.TemporaryDirectory(prefix="okrctl-") as folder, _in_memory(duckdb) as connection:
        target = Path(folder, "rows.parquet")
        _load_rows(connection, table, "rows", Path(folder))
        columns = ", ".join(_quote_name(name) for name in table.columns if name not in without)
        connection.execute(f"COPY (SELECT {columns} FROM rows) TO {_quote_path(target)} (FORMAT parquet)")
        return target.read_bytes()


def write_folder(table: ExportTable, folder: Path, *, keep_history: bool) -> Path:
    """Write the rows into a folder partitioned by workspace and commit, replacing those of this workspace.

    Returns the file, `scores/workspace=NAME/commit=ID/rows.parquet`. As Hive, DuckDB, pandas and polars expect it,
    names are percent-encoded, and the two columns are in the path only. With `keep_history` the files of other commits
    stay. Raises OkrctlError.
    """
    data = render_parquet(table, PARTITION)
    values = (getattr(table.stamp, name) or "none" for name in PARTITION)
    workspace, commit = (f"{name}={quote(value, safe='')}" for name, value in zip(PARTITION, values, strict=True))
    path = folder / table.what / workspace / commit / "rows.parquet"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_output(path, data)
        for old in () if keep_history else list(path.parents[1].glob(f"commit=*/{path.name}")):
            if old != path:
                old.unlink()
                if not any(old.parent.iterdir()):
                    old.parent.rmdir()
    except OSError as error:
        raise OkrctlError(f"cannot write {path}: {error.strerror}", "check its permissions") from error
    return path


# DuckDB


@contextmanager
def _in_memory(duckdb: Any) -> Iterator[Any]:
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as connection:
        yield connection


def _load_rows(connection: Any, table: ExportTable, name: str, folder: Path) -> None:
    """Create a table with the rows: DuckDB reads them fastest from a file of JSON Lines."""
    columns = ", ".join(f"{_quote_name(column)} {kind}" for column, kind in _duckdb_columns(table).items())
    connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
    if table.rows:
        source = folder / "rows.jsonl"
        source.write_text(render(table, "jsonl", TerminalStyle()), encoding="utf-8")
        connection.execute(f"COPY {name} FROM {_quote_path(source)} (FORMAT json)")


def _duckdb_columns(table: ExportTable) -> dict[str, str]:
    return {name: DUCKDB_TYPES.get(kind, "VARCHAR") for name, kind in table.columns.items()}


def _write_duckdb(table: ExportTable, path: Path, keep_history: bool) -> None:
    duckdb = require_package("duckdb", "duckdb", "writing into DuckDB")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="okrctl-") as folder,
            duckdb.connect(os.fspath(path), config={"autoinstall_known_extensions": "false"}) as connection,
        ):
            _load_rows(connection, table, "new_rows", Path(folder))
            connection.execute("BEGIN")
            _replace_in_duckdb(connection, table, keep_history)
            connection.execute("COMMIT")
    except duckdb.Error as error:
        raise OkrctlError(f"cannot write {path.name}: {_first_line(error)}", "nothing was written") from None


def _replace_in_duckdb(connection: Any, table: ExportTable, keep_history: bool) -> None:
    name, columns = table_name(table), _duckdb_columns(table)
    definitions = ", ".join(f"{_quote_name(column)} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({definitions})")
    for column, kind in columns.items():
        connection.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {_quote_name(column)} {kind}")
    same_commit = ' AND "commit" IS NOT DISTINCT FROM ?' if keep_history else ""
    values = [table.stamp.workspace, *([table.stamp.commit] if keep_history else [])]
    connection.execute(f"DELETE FROM {name} WHERE workspace = ?{same_commit}", values)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM new_rows")


# Other databases


def _write_database(
    table: ExportTable, url: str, folder: Path, shown: str, keep_history: bool, *, is_secret: bool
) -> None:
    alchemy = require_package("sqlalchemy", "sql", "writing into a database")
    try:
        address = alchemy.make_url(url)
        if address.password and not is_secret:
            raise OkrctlError("--into has a password, which others can read on the command line", "use --into env:NAME")
        if address.get_backend_name() == "sqlite" and not (address.database or ":").startswith((":", "file:")):
            address = address.set(database=str(folder / address.database))
        engine = alchemy.create_engine(address, poolclass=alchemy.NullPool)
    except (alchemy.exc.ArgumentError, alchemy.exc.NoSuchModuleError, ValueError) as error:
        raise OkrctlError(f"{shown} is not a database address: {type(error).__name__}", TARGET_HINT) from None
    except ImportError as error:
        raise OkrctlError(f"the database of {shown} needs {error.name}", f"pip install {error.name}") from None
    try:
        with engine.begin() as connection:
            _replace_in_database(alchemy, connection, table, keep_history)
    except alchemy.exc.SQLAlchemyError as error:
        reason = _first_line(getattr(error, "orig", None) or error)
        password = address.password or ""
        reason = reason.replace(password, "***") if password else reason
        raise OkrctlError(f"the database of {shown} reports: {reason}", "nothing was written") from None
    finally:
        engine.dispose()


def _replace_in_database(alchemy: Any, connection: Any, table: ExportTable, keep_history: bool) -> None:
    types = {"Fraction": alchemy.Double, "date": alchemy.Date, "int": alchemy.BigInteger, "bool": alchemy.Boolean}
    columns = [alchemy.Column(name, types.get(kind, alchemy.Text)()) for name, kind in table.columns.items()]
    target = alchemy.Table(table_name(table), alchemy.MetaData(), *columns)
    target.create(connection, checkfirst=True)
    _add_missing_columns(alchemy, connection, target)
    if connection.dialect.name == "postgresql":  # two runs at once would each keep their rows
        connection.exec_driver_sql(f"LOCK TABLE {target.name} IN SHARE ROW EXCLUSIVE MODE")
    condition = target.c.workspace == table.stamp.workspace
    if keep_history:
        condition = alchemy.and_(condition, target.c.commit.is_not_distinct_from(table.stamp.commit))
    connection.execute(target.delete().where(condition))
    names = list(table.columns)
    rows = [dict(zip(names, map(_plain, cells), strict=True)) for cells in table.cells()]
    for first in range(0, len(rows), CHUNK):
        connection.execute(target.insert(), rows[first : first + CHUNK])


def _add_missing_columns(alchemy: Any, connection: Any, target: Any) -> None:
    """Add the columns that a table of an earlier version lacks."""
    known = {column["name"] for column in alchemy.inspect(connection).get_columns(target.name)}
    for column in target.columns:
        if column.name not in known:
            quoted = connection.dialect.identifier_preparer.quote(column.name)
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {target.name} ADD COLUMN {quoted} {kind}")


def _plain(cell: Cell) -> Any:
    return float(cell) if isinstance(cell, Fraction) else cell


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:200]


def _quote_path(path: Path) -> str:
    return "'" + json.dumps(str(path), ensure_ascii=False)[1:-1].replace("'", "''") + "'"


def _quote_name(name: str) -> str:
    return f'"{name}"'
