"""Records readings: one, several, those of a CSV file, or one question after the other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import typer

from okrctl.cli import checkin_prompt, load, prompts, record
from okrctl.cli import io as given
from okrctl.cli.options import Commit, DryRun, Owners
from okrctl.cli.session import Session, parse_date
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.values.readings import detect_delimiter
from okrctl.workspace import KeyResult, Workspace, references
from okrctl.yaml_edit.checkins import Checkin

HINT = "okrctl checkin REF VALUE, or several as REF=VALUE"
COLUMNS = ("ref", "value", "date", "confidence", "note")


def checkin(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF VALUE | REF=VALUE...]", help="What, and where it stands; REF=-5 below zero."),
    ] = None,
    day: Annotated[
        date | None, typer.Option("--date", metavar="DATE", parser=parse_date, help="The day of the reading.")
    ] = None,
    confidence: Annotated[str | None, typer.Option("--confidence", metavar="0-10", help="What you believe.")] = None,
    note: Annotated[str | None, typer.Option("--note", "-m", metavar="TEXT", help="What there is to say.")] = None,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Columns ref, value, date, confidence, note; - reads.")
    ] = None,
    owner: Owners = None,
    all: Annotated[bool, typer.Option("--all", help="Ask for everybody's readings that are due.")] = False,
    commit: Commit = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a reading of that day, and go on in doubt.")] = False,
    dry_run: DryRun = False,
) -> int:
    """Record readings: okrctl checkin REF VALUE. Alone it asks for yours that are due, one after the other."""
    session = Session.of(context)
    how = record.WriteOptions(commit, force, dry_run)
    opened = load.load_workspace(session)
    if csv is not None:
        if words or confidence is not None or note is not None:
            raise OkrctlError("--csv brings its own references, values and notes", "give either --csv or a reference")
        said = list(_parse_csv(opened, session, csv, day))
    elif words:
        said = list(_parse_words(opened, session, words, Defaults(day, confidence, note)))
    else:
        if day is not None or confidence is not None or note is not None:
            raise OkrctlError("a date, a confidence or a note of what?", HINT)
        if not prompts.is_interactive():
            raise OkrctlError("there is nothing to check in", f"{HINT}, or --csv FILE")
        return checkin_prompt.prompt_checkins(session, opened, owner, all, how)
    _require_distinct(said)
    record.record_checkins(session, opened, said, how)
    return 0


class Defaults:
    """What the options say for every reading of the command line."""

    def __init__(self, day: date | None, confidence: str | None, note: str | None) -> None:
        self.day, self.confidence, self.note = day, confidence, note


def _parse_words(opened: Workspace, session: Session, words: Sequence[str], told: Defaults) -> Iterator[Checkin]:
    for ref, value in _split_pairs(words):
        node = references.find_node(opened, ref, session.today)
        if value is None and told.confidence is None and told.note is None:
            value = prompts.ask_or_require(f"value of {node.ref}:", "", f"it: okrctl checkin {ref} VALUE") or None
        yield Checkin(node, told.day or session.today, value, told.confidence, told.note)


def _split_pairs(words: Sequence[str]) -> list[tuple[str, str | None]]:
    if "=" not in words[0]:
        several = [word for word in words[1:] if "=" in word]
        if several and len(words) > 2:
            raise OkrctlError(f"'{words[0]}' has no value", HINT)
        return [(words[0], " ".join(words[1:]) or None)]
    pairs: list[tuple[str, str | None]] = []
    for word in words:
        ref, sign, value = word.partition("=")
        if not sign or not value.strip():
            raise OkrctlError(f"'{word}' is no REF=VALUE", HINT)
        pairs.append((ref, value))
    return pairs


def _parse_csv(opened: Workspace, session: Session, name: str, day: date | None) -> Iterator[Checkin]:
    content = given.read_text_argument(session.directory, name)
    text = io.StringIO(content.removeprefix("\ufeff"), newline="")
    rows = csv.DictReader(text, delimiter=detect_delimiter(content), restval="")
    rows.fieldnames = [field.strip().casefold() for field in rows.fieldnames or ()]
    if unknown := [field for field in rows.fieldnames if field not in COLUMNS]:
        raise OkrctlError(f"{name}: unknown column '{unknown[0]}'", f"the columns are {', '.join(COLUMNS)}")
    if "ref" not in rows.fieldnames:
        raise OkrctlError(f"{name}: there is no column 'ref'", f"the columns are {', '.join(COLUMNS)}")
    for row in rows:
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if any(cells.values()):
            yield _parse_row(opened, session, cells, day, f"{name}:{rows.line_num}")


def _parse_row(opened: Workspace, session: Session, cells: dict[str, str], day: date | None, place: str) -> Checkin:
    try:
        node = references.find_node(opened, cells["ref"], session.today)
        told = cells.get("date")
        when = period.parse_reading_day(told) if told else day or session.today
    except (OkrctlError, period.PeriodError) as error:
        raise OkrctlError(f"{place}: {error.message}", error.hint) from error
    return Checkin(
        node, when, cells.get("value") or None, cells.get("confidence") or None, cells.get("note") or None, place
    )


def _require_distinct(said: Sequence[Checkin]) -> None:
    seen: set[tuple[str, date, str | None]] = set()
    for one in said:
        milestone = one.value if isinstance(one.node, KeyResult) and one.node.measure.records == "steps" else None
        key = (one.node.ref, one.day, milestone)
        if key in seen:
            raise OkrctlError(f"{one.node.ref} is given twice for {one.day}", "keep one of them")
        seen.add(key)
    if not said:
        raise OkrctlError("there is nothing to check in", HINT)
