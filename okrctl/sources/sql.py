"""Readings from a query: DuckDB on the files of the workspace, or any database that SQLAlchemy has a driver for."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from okrctl.sources.data_files import list_data_files
from okrctl.sources.optional import require_package
from okrctl.sources.policy import MAX_ROWS, AccessPolicy, SourceError
from okrctl.sources.request import RawReadings, Request
from okrctl.values.errors import OkrctlError

SINCE_PARAMETER = re.compile(r"(?<![:\w]):since\b")
TABLE_FUNCTIONS = ("read_csv", "read_parquet", "read_json")
NO_SELECT = "the query must be a single valid SELECT"
UNREADABLE = (
    "the query may read only data files of the workspace (CSV, JSON, Parquet), each by its name: "
    "no pattern, no hidden file, none that git ignores, none behind a link"
)
READ_QUERY = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:select|with|values)\b.*")


def fetch(request: Request) -> RawReadings:
    """The rows of the query: a date and a value each, or a single value. Raises SourceError."""
    query = (request.get_text("sql") or "").strip().rstrip(";")
    if not READ_QUERY.fullmatch(query) or ";" in re.sub(r"'[^']*'|\"[^\"]*\"", "", query):
        raise SourceError(NO_SELECT)
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
        raise SourceError(f"the query has no column '{unknown}' among its {len(columns)}")
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
    """Run the query in DuckDB, which may open the data files of the workspace only, each by its name."""
    duckdb = require_package("duckdb", "duckdb", "a query on workspace files")
    settings = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "allow_community_extensions": "false", "memory_limit": "1GB", "threads": "2",
    }  # fmt: skip
    query = SINCE_PARAMETER.sub("$since", query)
    connection = duckdb.connect(":memory:", config=settings)
    try:
        _require_plain_query(connection, query)
        paths = ", ".join("'" + path.replace("'", "''") + "'" for path in list_data_files(request.access.root))
        for statement in (f"SET allowed_paths=[{paths}]", "SET enable_external_access=false",
                          "SET lock_configuration=true"):  # fmt: skip
            connection.execute(statement)
        parameters = {"since": request.first_day} if "$since" in query else None
        with _interrupt_after_timeout(request.access, connection.interrupt) as is_late:
            try:
                result = connection.execute(query, parameters)
                return [column[0] for column in result.description], result.fetchmany(MAX_ROWS + 1)
            except duckdb.PermissionException:
                raise SourceError(UNREADABLE) from None
            except duckdb.Error as error:
                raise _database_error(request.access, error, is_late()) from None
    finally:
        connection.close()


def _require_plain_query(connection: Any, query: str) -> None:
    """Raise SourceError unless a query is one SELECT whose only table functions are those that read data files."""
    ((text,),) = connection.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchall()
    tree = json.loads(text)
    if tree["error"] or len(tree["statements"]) != 1:
        raise SourceError(NO_SELECT)
    for name in _table_functions(tree):
        if name.lower() not in TABLE_FUNCTIONS:
            raise SourceError(f"the query uses {name}(...); only {', '.join(TABLE_FUNCTIONS)} may be used")


def _table_functions(tree: Any) -> Iterator[str]:
    """The names of all functions that a query selects from, at any depth."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if node.get("type") == "TABLE_FUNCTION":
                yield str(node["function"].get("function_name"))
            pending += node.values()
        elif isinstance(node, list):
            pending += node


def _query_database(request: Request, query: str) -> QueryResult:
    """Run the query, read-only and rolled back, in the database whose address is in an environment variable."""
    name = request.get_text("url_env") or ""
    secret = request.access.read_secret(name)
    alchemy = require_package("sqlalchemy", "sql", "a database query")
    try:
        url = alchemy.make_url(secret)
        request.access.hide(url.password or "")
        engine = alchemy.create_engine(url, poolclass=alchemy.NullPool, **_read_only_options(url, request.access))
    except (alchemy.exc.ArgumentError, alchemy.exc.NoSuchModuleError, ValueError) as error:
        raise SourceError(f"{name} is not a valid database address: {type(error).__name__}") from None
    except ImportError as error:
        raise OkrctlError(f"the database at {name} needs {error.name}", f"pip install {error.name}") from None
    try:
        with _connect(engine, alchemy, name) as connection:
            return _run_query(request, alchemy, connection, query)
    except alchemy.exc.SQLAlchemyError as error:
        raise _database_error(request.access, getattr(error, "orig", None) or error, False) from None
    finally:
        engine.dispose()


def _connect(engine: Any, alchemy: Any, name: str) -> Any:
    try:
        return engine.connect()
    except alchemy.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise SourceError(f"cannot connect to the database at {name}: {type(cause).__name__}") from None


def _read_only_options(url: Any, access: AccessPolicy) -> dict[str, Any]:
    """How to open the database read-only and with a timeout, as its driver expects it; nothing for another driver."""
    seconds = max(1, round(access.seconds))
    match url.get_backend_name():
        case "postgresql":
            return {"connect_args": {"connect_timeout": seconds}}  # `_run_query` makes the session read-only
        case "sqlite" if url.database and not url.database.startswith("file:"):
            import sqlite3
            from urllib.parse import quote

            address = f"file:{quote(url.database)}?mode=ro"
            return {"creator": lambda: sqlite3.connect(address, uri=True, timeout=seconds, check_same_thread=False)}
        case "duckdb":
            return {"connect_args": {"read_only": True}}
    return {}


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
    """The kind of an error and no more of it: its text may quote what is in the database."""
    if is_late:
        return SourceError(f"the query took longer than {access.seconds:g} seconds")
    return SourceError(f"the database reports {type(error).__name__} ({len(str(error))} characters)")
