"""Plans check-ins: readings, confidences and notes, from a command line, a CSV file, or answers to questions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from okrctl.analysis.due_checkins import due_checkins, owner_names
from okrctl.history.seals.store import is_sealed
from okrctl.operations.doubts import Doubt
from okrctl.operations.project import Project
from okrctl.values import period
from okrctl.values.errors import ConfirmError, GitError, OkrctlError, UsageError
from okrctl.values.readings import detect_delimiter
from okrctl.workspace import KeyResult, Kpi, Workspace, references
from okrctl.yaml_edit import checkins
from okrctl.yaml_edit.checkins import Checkin, PlannedEdit

COLUMNS = ("ref", "value", "date", "confidence", "note")


class CheckinDetails(NamedTuple):
    """What holds for every check-in of a command line."""

    day: date | None = None
    confidence: str | None = None
    note: str | None = None


def build_checkin(
    project: Project, workspace: Workspace, reference: str, value: str | None, details: CheckinDetails,
    is_argument: bool = True,
) -> Checkin:  # fmt: skip
    """Return the check-in of one node; raises OkrctlError for an unknown reference.

    `is_argument`: the value is an argument, and no answer to a question.
    """
    node = references.find_node(workspace, reference, project.today)
    return Checkin(node, details.day or project.today, value, details.confidence, details.note, is_argument=is_argument)


def parse_csv(
    project: Project, workspace: Workspace, name: str, content: str, day: date | None = None
) -> Iterator[Checkin]:
    """Yield the check-ins of a CSV file; rows without a date are of `day`, or of today."""
    text = io.StringIO(content.removeprefix("\ufeff"), newline="")
    rows = csv.DictReader(text, delimiter=detect_delimiter(content), restval="")
    rows.fieldnames = [field.strip().casefold() for field in rows.fieldnames or ()]
    columns = f"columns: {', '.join(COLUMNS)}"
    if unknown := [field for field in rows.fieldnames if field not in COLUMNS]:
        raise OkrctlError(f"{name}: unknown column '{unknown[0]}'", columns)
    if "ref" not in rows.fieldnames:
        raise OkrctlError(f"{name}: no column 'ref'", columns)
    for row in rows:
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if any(cells.values()):
            yield _parse_row(project, workspace, cells, day, f"{name}:{rows.line_num}")


def _parse_row(project: Project, workspace: Workspace, cells: dict[str, str], day: date | None, origin: str) -> Checkin:
    try:
        node = references.find_node(workspace, cells["ref"], project.today)
        text = cells.get("date")
        reading_day = period.parse_written_day(text).day if text else day or project.today
    except OkrctlError as error:
        raise error.rephrase(f"{origin}: {error.message}") from error
    except period.PeriodError as error:
        raise UsageError(f"{origin}: {error.message}", error.hint) from error
    value, confidence, note = (cells.get(column) or None for column in ("value", "confidence", "note"))
    return Checkin(node, reading_day, value, confidence, note, origin)


def require_distinct(requested: Sequence[Checkin]) -> None:
    """Raise OkrctlError where a node is given twice for one day."""
    seen: set[tuple[str, date, str | None]] = set()
    for checkin in requested:
        has_steps = isinstance(checkin.node, KeyResult) and checkin.node.measure.records == "steps"
        milestone = checkin.value if has_steps else None
        key = (checkin.node.ref, checkin.day, milestone)
        if key in seen:
            raise OkrctlError(f"{checkin.node.ref} is given twice for {checkin.day}", "keep one of them")
        seen.add(key)


def checkin(project: Project, workspace: Workspace, requested: Sequence[Checkin]) -> list[PlannedEdit]:
    """Plan the edits of check-ins, which `record.write_edits` writes; raises OkrctlError for an invalid one."""
    require_distinct(requested)
    return [_plan(project, workspace, checkin) for checkin in requested]


def replace_doubted(requested: Sequence[Checkin], answers: Mapping[Doubt, str]) -> list[Checkin]:
    """The check-ins with other values in place of those that a person replaced."""
    return [_replace_doubted(checkin, answers) for checkin in requested]


def _replace_doubted(checkin: Checkin, answers: Mapping[Doubt, str]) -> Checkin:
    for doubt, answer in answers.items():
        if (doubt.ref, doubt.place) == (checkin.node.ref, checkin.day):
            is_value = not doubt.is_confidence
            checkin = replace(checkin, value=answer) if is_value else replace(checkin, confidence=answer)
    return checkin


def _plan(project: Project, workspace: Workspace, requested: Checkin) -> PlannedEdit:
    try:
        return checkins.plan_checkin(
            workspace, requested, project.today, is_sealed(project.root, requested.node)
        )  # fmt: skip
    except OkrctlError as error:
        message = f"{requested.origin}: {error.message}" if requested.origin else error.message
        raise error.rephrase(message) from error


def find_due(project: Project, workspace: Workspace, owners: set[str] | None) -> list[KeyResult | Kpi]:
    """Return the key results and KPIs that are due, of these owners or of all."""
    return due_checkins(workspace, project.today, owners)


def own_names(project: Project, workspace: Workspace) -> set[str]:
    """Return the names of the person at work, by git's `user.email`; raises OkrctlError where none is known."""
    if project.author is not None:
        return owner_names(workspace.config, project.author.email, project.author.name)
    if project.repository is None:
        raise GitError("cannot tell who you are: not in a git repository", "use --owner NAME or --all")
    email = project.repository.user_email()
    names = owner_names(workspace.config, email, project.repository.get_setting("user.name"))
    if not names:
        problem = f"no one under `people:` has the address {email}" if email else "git does not know your user.email"
        raise ConfirmError(problem, "add it to okrctl.yaml, or use --owner NAME or --all")
    return names
