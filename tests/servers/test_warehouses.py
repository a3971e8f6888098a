"""`export --into` a real PostgreSQL: run twice, changed in between, from a dirty tree, and by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.operations.test_export_series import GOALS, commit
from tests.repositories import isolate
from tests.running import Result, run, write
from tests.servers import houses

pytestmark = [pytest.mark.server, pytest.mark.skipif(not houses.POSTGRES, reason="there is no PostgreSQL")]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty database."""
    pytest.importorskip("sqlalchemy", reason="there is no SQLAlchemy")
    pytest.importorskip("psycopg", reason="there is no psycopg")
    with houses.postgres() as (port, _):
        yield f"postgresql+psycopg://postgres:{quote(houses.PASSWORD, safe='')}@127.0.0.1:{port}/postgres"


def put(root: Path, database: str, *arguments: str) -> Result:
    env = {"OKRCTL_URL": database}
    return run("export", "--what", "scores", "--into", "env:OKRCTL_URL", *arguments, cwd=root, env=env)


def ask(database: str, query: str) -> list[tuple[Any, ...]]:
    import sqlalchemy

    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    engine.dispose()
    return found


def test_a_run_replaces_the_rows_of_its_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    isolate(monkeypatch)
    root = write(tmp_path / "goals", {"okrs/a.yaml": GOALS})
    commit(root)
    everything = "select * from okrctl_scores order by workspace, commit, ref, date"
    newest = (
        "select score, commit = 'dirty' from okrctl_scores "
        "where is_latest and key_result = 'share' and workspace <> 'other' order by 1"
    )
    assert put(root, database, "--workspace", "other").status == 0
    said = put(root, database)
    assert (said.status, said.err) == (0, "wrote 70 rows of github.com/acme/goals into okrctl_scores\n")
    first = ask(database, everything)
    assert len(first) == 140
    assert put(root, database).status == 0 and ask(database, everything) == first
    write(root, {"okrs/a.yaml": GOALS.replace("60}", "70}")})
    assert put(root, database).status == 0
    assert ask(database, newest) == [(0.7, True)]
    assert put(root, database, "--keep-history", "--known-at", "HEAD", "--as-of", "2025-06-30").status == 0
    assert put(root, database, "--keep-history").status == 0
    assert len(ask(database, everything)) == 210
    assert ask(database, newest) == [(0.6, False), (0.7, True)]


def test_a_wrong_address_is_named_without_its_password(tmp_path: Path, database: str) -> None:
    root = write(tmp_path, {"okrs/a.yaml": GOALS})
    wrong = put(root, database.replace("p4ss", "guess"), "--workspace", "w")
    assert wrong.status == 2 and "password authentication failed" in wrong.err and "guess" not in wrong.err
