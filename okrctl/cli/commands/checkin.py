"""The command that records readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

import typer

from okrctl.cli import checkin_prompt, completion, io, prompts
from okrctl.cli.options import FORMAT, Commit, ConfirmValue, DryRun, Owners, Strings, WriteFormat
from okrctl.cli.session import Session
from okrctl.operations import checkin as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.checkin import CheckinDetails
from okrctl.operations.doubts import Doubt
from okrctl.operations.load import load_workspace
from okrctl.operations.project import parse_date
from okrctl.values.errors import OkrctlError
from okrctl.workspace import Workspace, references
from okrctl.yaml_edit.checkins import Checkin, PlannedEdit

HINT = "okrctl checkin REF VALUE, or several as REF=VALUE"
CSV_HELP = "A file with the columns ref, value, date, confidence, note; - reads standard input."


def checkin(
    context: typer.Context,
    words: Annotated[
        Strings,
        typer.Argument(
            metavar="REF VALUE | REF=VALUE...",
            autocompletion=completion.complete_checkin,
            help="Key result or KPI and its new value (REF=-5 for negatives).",
        ),
    ] = None,
    day: Annotated[
        date | None, typer.Option("--date", metavar="DATE", parser=parse_date, help="The day of the reading.")
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option("--confidence", metavar="0-10", help="Confidence in reaching the target, from 0 to 10."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", "-m", metavar="TEXT", help="A note.")] = None,
    csv: Annotated[str | None, typer.Option("--csv", metavar="FILE", help=CSV_HELP)] = None,
    owner: Owners = None,
    all: Annotated[bool, typer.Option("--all", help="Ask for the due readings of all owners.")] = False,
    commit: Commit = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing readings and skip confirmations.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
) -> int:
    """Record readings. Without arguments, ask for your readings that are due."""
    session = Session.of(context)
    options = WriteOptions(commit, force, dry_run, confirm_value)
    workspace = load_workspace(session)
    if csv is not None:
        if words or confidence is not None or note is not None:
            raise OkrctlError(
                "--csv cannot be used with a reference, --confidence or --note", "write them as columns of the file"
            )
        text = io.read_text_argument(session, csv)
        requested = list(operation.parse_csv(session, workspace, csv, text, day))
    elif words:
        requested = list(_parse_words(session, workspace, words, CheckinDetails(day, confidence, note)))
    else:
        if day is not None or confidence is not None or note is not None:
            raise OkrctlError("--date, --confidence and --note need a reference", HINT)
        if not prompts.is_interactive() or format == "json":
            raise OkrctlError("nothing to check in", f"{HINT}, or --csv FILE")
        return checkin_prompt.prompt_checkins(session, workspace, owner, all, options)
    if not requested:
        raise OkrctlError("nothing to check in", HINT)

    def replan(answers: Mapping[Doubt, str]) -> list[PlannedEdit]:
        return operation.checkin(session, workspace, operation.replace_doubted(requested, answers))

    io.write_edits(
        session, workspace, operation.checkin(session, workspace, requested), options, replan=replan, format=format
    )
    return 0


def _parse_words(
    session: Session, workspace: Workspace, words: Sequence[str], details: CheckinDetails
) -> Iterator[Checkin]:
    for reference, value in _split_pairs(words):
        if value is None and details.confidence is None and details.note is None:
            node = references.find_node(workspace, reference, session.today)
            hint = f"okrctl checkin {reference} VALUE"
            answer = prompts.ask_or_require(session, f"value of {node.ref}:", "a value", hint)
            value = prompts.typed_number(answer, workspace.config.numbers) or None
            yield operation.build_checkin(session, workspace, reference, value, details, is_argument=False)
            continue
        yield operation.build_checkin(session, workspace, reference, value, details)


def _split_pairs(words: Sequence[str]) -> list[tuple[str, str | None]]:
    """Split REF VALUE, or REF=VALUE several times, into references and values."""
    if "=" not in words[0]:
        if len(words) > 2 and any("=" in word for word in words[1:]):
            raise OkrctlError(f"'{words[0]}' has no value", HINT)
        return [(words[0], " ".join(words[1:]) or None)]
    pairs: list[tuple[str, str | None]] = []
    for word in words:
        reference, sign, value = word.partition("=")
        if not sign or not value.strip():
            raise OkrctlError(f"expected REF=VALUE, got '{word}'", HINT)
        pairs.append((reference, value))
    return pairs
