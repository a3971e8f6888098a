"""Readings from a query: DuckDB on the files of the workspace, or any database that SQLAlchemy has a driver for."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from okrctl.sources.optional import require_package
from okrctl.sources.policy import MAX_ROWS, AccessPolicy, SourceError
from okrctl.sources.request import RawReadings, Request
from okrctl.values.errors import OkrctlError

SINCE_PARAMETER = re.compile(r"(?<![:\w]):since\b")
READ_QUERY = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:select|with|values)\b.*")


def fetch(request: Request) -> RawReadings:
    """The rows of the query: a date and a value each, or a single value. Raises SourceError."""
    query = (request.get_text("sql") or "").strip().rstrip(";")
    if not READ_QUERY.fullmatch(query) or ";" in re.sub(r"'[^']*'|\"[^\"]*\"", "", query):
        raise SourceError("the query must be a single SELECT")
    columns, rows = _query_database(request, query) if "url_env" in request.spec else _query_duckdb(request, query)
    if len(rows) > MAX_ROWS:
        raise SourceError(f"more than {MAX_ROWS:,} rows; select one value per day, or use --since")
    return _parse_rows(request, columns, rows)


def describe(spec: Mapping[str, object]) -> str:
    """The name of the variable with the address of the database, if there is one."""
    return f"sql {spec['url_env']}" if "url_env" in spec else "sql"


def _parse_rows(request: Request, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> RawReadings:
    """The columns that the source names, else the only one, else the two that there are."""
    names = request.get_text("date"), request.get_text("value")
    unknown = next((name for name in names if name is not None and name not in columns), None)
    if unknown is not None:
        raise SourceError(f"the query has no column '{unknown}'; its columns are {', '.join(columns)[:200]}")
    if len(columns) == 1 and names[0] is None:
        if len(rows) != 1 or rows[0][0] is None:
            raise SourceError(f"the query returns {len(rows)} rows with one column, expected one value")
        return [(None, rows[0][0])]
    return _dated_rows(columns, rows, names)


def _dated_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], names: tuple[str | None, str | None]
) -> RawReadings:
    if len(columns) != 2 and None in names:
        raise SourceError(f"the query returns {len(columns)} columns; choose two with `date:` and `value:`")
    day = columns.index(names[0]) if names[0] else 0
    value = columns.index(names[1]) if names[1] else 1
    if any(row[day] is None for row in rows):
        raise SourceError("the query returns a row without a date")
    return [(row[day], row[value]) for row in rows]


QueryResult = tuple[list[str], list[Any]]


def _query_duckdb(request: Request, query: str) -> QueryResult:
    """Run the query in DuckDB, which may read the files below the working folder (the workspace root) only."""
    duckdb = require_package("duckdb", "duckdb", "a query on workspace files")
    settings = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "allow_community_extensions": "false", "memory_limit": "1GB", "threads": "2",
    }  # fmt: skip
    connection = duckdb.connect(":memory:", config=settings)
    try:
        for statement in ("SET allowed_directories=['.']", "SET enable_external_access=false",
                          "SET lock_configuration=true"):  # fmt: skip
            connection.execute(statement)
        parameters = {"since": request.first_day} if SINCE_PARAMETER.search(query) else None
        with _interrupt_after_timeout(request.access, connection.interrupt) as is_late:
            try:
                result = connection.execute(SINCE_PARAMETER.sub("$since", query), parameters)
                return [column[0] for column in result.description], result.fetchmany(MAX_ROWS + 1)
            except duckdb.Error as error:
                raise _database_error(request.access, error, is_late()) from None
    finally:
        connection.close()


def _query_database(request: Request, query: str) -> QueryResult:
    """Run the query, read-only and rolled back, in the database whose address is in an environment variable."""
    name = request.get_text("url_env") or ""
    secret = request.access.read_secret(name)
    alchemy = require_package("sqlalchemy", "sql", "a database query")
    try:
        url = alchemy.make_url(secret)
        request.access.hide(url.password or "")
        engine = alchemy.create_engine(
            url, poolclass=alchemy.NullPool, connect_args=_timeout_arguments(url, request.access)
        )
    except (alchemy.exc.ArgumentError, alchemy.exc.NoSuchModuleError, ValueError) as error:
        raise SourceError(f"{name} is not a valid database address: {type(error).__name__}") from None
    except ImportError as error:
        raise OkrctlError(f"the database of {name} needs {error.name}", f"pip install {error.name}") from None
    try:
        with engine.connect() as connection:
            return _run_query(request, alchemy, connection, query)
    except alchemy.exc.SQLAlchemyError as error:
        raise _database_error(request.access, getattr(error, "orig", None) or error, False) from None
    finally:
        engine.dispose()


def _timeout_arguments(url: Any, access: AccessPolicy) -> dict[str, Any]:
    """The timeout as the driver expects it; nothing for a driver without one."""
    seconds = max(1, round(access.seconds))
    if url.get_backend_name() == "postgresql":
        return {"connect_timeout": seconds}
    return {"timeout": seconds} if url.get_backend_name() == "sqlite" else {}


def _run_query(request: Request, alchemy: Any, connection: Any, query: str) -> QueryResult:
    name = connection.dialect.name
    if name == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(request.access.seconds * 1000))}")
    elif name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif name in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    parameters = {"since": request.first_day} if SINCE_PARAMETER.search(query) else {}
    try:
        result = connection.execution_options(stream_results=True).execute(alchemy.text(query), parameters)
        with closing(result):
            return list(result.keys()), result.fetchmany(MAX_ROWS + 1)
    finally:
        connection.rollback()


@contextmanager
def _interrupt_after_timeout(access: AccessPolicy, interrupt_query: Any) -> Iterator[Any]:
    """Interrupt a query that takes longer than the limit; yields a function that says whether that happened."""
    is_late = threading.Event()

    def interrupt() -> None:
        is_late.set()
        interrupt_query()

    timer = threading.Timer(access.seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield is_late.is_set
    finally:
        timer.cancel()


def _database_error(access: AccessPolicy, error: BaseException, is_late: bool) -> SourceError:
    if is_late:
        return SourceError(f"the query took longer than {access.seconds:g} seconds")
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return SourceError(f"the database reports: {first[:200]}")
