"""What pages say about the past of a goal or KPI: commits to choose from, who wrote a reading, what changed when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from okrctl.git import Commit
from okrctl.history.log import NodeLog
from okrctl.operations import revisions
from okrctl.operations.details import History, Origin, WrittenReading
from okrctl.outputs.reports.markdown import file_url
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard as wording
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.outputs.views.diff import is_new_reading
from okrctl.outputs.views.log import describe_entry
from okrctl.server.visit import Visit

NOT_COMMITTED = "not committed"
SOURCE_COLUMNS = ("commit", "line")


class CommitGroup(NamedTuple):
    """The commits of a month."""

    month: str
    commits: list[Commit]


class Step(NamedTuple):
    """What one commit changed in a goal or KPI, in words, with the page that shows all of it."""

    commit: Commit
    href: str | None
    lines: list[str]


def commits_by_month(visit: Visit, shown: Commit | None) -> list[CommitGroup]:
    """The newest commits, and the one that is shown where it is older."""
    served = visit.served
    commits = served.remember_answer("commits", served.state(), lambda: revisions.newest_commits(visit.project))
    if shown is not None and shown.id not in {commit.id for commit in commits}:
        commits = [*commits, shown]
    grouped = groupby(commits, key=lambda commit: commit.day.strftime("%B %Y"))
    return [CommitGroup(month, list(group)) for month, group in grouped]


def commit_address(commit: Commit) -> str | None:
    """The page that says what a commit changed; of the first one the address at which it is known.

    None for a commit of a submodule: the pages are about the commits that pin it.
    """
    if commit.submodule:
        return None
    parent = commit.parents[0][:10] if commit.parents else commit.id[:10]
    return f"/changes?{urlencode({'from': parent, 'to': commit.id[:10]})}"


def commit_cell(commit: Commit | None) -> Cell:
    """The commit that wrote a line."""
    return Cell(NOT_COMMITTED) if commit is None else Cell(commit.id[:10], "ref", href=commit_address(commit))


def place_cell(origin: Origin, path: str, line: int) -> Cell:
    """A line of a file, leading to the forge where one is known."""
    href = None if origin.link_base is None else file_url(origin.link_base, path, line)
    return Cell(f"{path}:{line}", "place", href=href)


def readings_table(
    written: Sequence[WrittenReading], unit: str | None, origin: Origin, title: str,
    write: Callable[[Fraction], str] | None = None,
) -> Table:  # fmt: skip
    """The readings with who wrote them, the newest first; a column that is empty is left out."""
    columns = (
        Column("Day"), Column("Value", "value", True), Column("Confidence", "confidence", True),
        Column("Forecast", "forecast", True), Column("Note", "note"), Column("Written by", "author"),
        Column("Commit", "commit"), Column("Line", "line"),
    )  # fmt: skip
    write = write or (lambda number: wording.amount(number, unit))
    rows = [_reading_cells(each, write, origin) for each in reversed(written)]
    shown = [number for number in range(len(columns)) if any(row[number].text for row in rows)]
    return Table(
        tuple(columns[number] for number in shown),
        [Row(tuple(row[number] for number in shown)) for row in rows],
        f"Readings of {title}, the newest first",
    )


def _reading_cells(written: WrittenReading, write: Callable[[Fraction], str], origin: Origin) -> tuple[Cell, ...]:
    reading, commit = written.reading, written.commit
    by = Cell() if commit is None else Cell(commit.author, "name", notes=(Cell(f"on {commit.day}"),))
    return (
        Cell(str(reading.day)),
        Cell("" if reading.value is None else write(reading.value.number)),
        Cell("" if reading.confidence is None else wording.amount(reading.confidence)),
        Cell("" if reading.forecast is None else write(reading.forecast.number)),
        Cell(reading.note or "", "name"),
        by,
        commit_cell(commit),
        place_cell(origin, written.path, written.line),
    )


class Changes(NamedTuple):
    """The changes of a goal or KPI, and why there are none or no older ones; `later` is the page that has them."""

    steps: list[Step]
    problem: str = ""
    later: str = ""


def is_asked(visit: Visit) -> bool:
    """Whether the address asks for the history."""
    return visit.query("history") == "1"


def changes_of(visit: Visit, found: History | None) -> Changes:
    """The changes, or where they are found."""
    if found is None:
        return Changes([], later=f"{visit.address(history=1)}#history")
    return Changes(history_steps(found.log) if found.log else [], found.problem)


def history_steps(log: NodeLog) -> list[Step]:
    """The commits that changed something other than readings, which stand in a table of their own; the newest first."""
    changes = [entry for entry in log.entries if not is_new_reading(entry.field, entry.old)]
    grouped = groupby(changes, key=lambda entry: entry.commit)
    return [
        Step(commit, commit_address(commit), [describe_entry(entry, log, UNICODE.arrow) for entry in entries])
        for commit, entries in grouped
    ]


def split_sources(table: Table) -> tuple[Table, Table]:
    """A table of readings without the places that they were read from, and these places by their day."""
    places = [number for number, column in enumerate(table.columns) if column.key in SOURCE_COLUMNS]
    rest = [number for number in range(len(table.columns)) if number not in places]
    sources = replace(table, caption=table.caption.replace("Readings of", "Where these are written: readings of", 1))
    return _choose(table, rest), _choose(sources, [*rest[:1], *places])


def fold_confidence(table: Table) -> Table:
    """A table of readings in which a confidence that few of them have stands below the value."""
    numbers = {column.key: number for number, column in enumerate(table.columns)}
    number, value = numbers.get("confidence"), numbers.get("value")
    if number is None or value is None:
        return table
    given = sum(bool(row.cells[number].text) for row in table.rows)
    if 2 * given >= len(table.rows):
        return table
    rows = [_fold_cell(row, number, value) for row in table.rows]
    return _choose(replace(table, rows=rows), [each for each in range(len(table.columns)) if each != number])


def _fold_cell(row: Row, number: int, value: int) -> Row:
    """A row whose confidence is a note of its value."""
    text, cells = row.cells[number].text, list(row.cells)
    cells[value] = cells[value]._replace(notes=(Cell(f"confidence {text}"),)) if text else cells[value]
    return row._replace(cells=tuple(cells))


def _choose(table: Table, numbers: Sequence[int]) -> Table:
    """The columns of a table with these numbers."""
    rows = [row._replace(cells=tuple(row.cells[number] for number in numbers)) for row in table.rows]
    return replace(table, columns=tuple(table.columns[number] for number in numbers), rows=rows)
