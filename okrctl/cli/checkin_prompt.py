"""Walks a person through the readings that are due, one question after the other, and writes each answer at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from okrctl import git, scoring
from okrctl.analysis.due_checkins import due_checkins, owner_names
from okrctl.cli import prompts, record, write
from okrctl.cli.prompts import PromptEnded
from okrctl.cli.record import WriteOptions
from okrctl.cli.session import Session
from okrctl.outputs.terminal import paint, sanitize
from okrctl.scoring.values import KeyResultValues
from okrctl.values import quantity
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Workspace, references
from okrctl.yaml_edit import checkins
from okrctl.yaml_edit.checkins import Checkin

INTERRUPTED = 130


class Answer(NamedTuple):
    """What was typed for one thing; `left` where the person left in the middle of it."""

    value: str
    confidence: str | None = None
    note: str | None = None
    ended: PromptEnded | None = None


def prompt_checkins(
    session: Session, opened: Workspace, owners: Sequence[str] | None, everyone: bool, options: WriteOptions
) -> int:
    """Ask for every reading that is due; 0, or 130 where Ctrl-C ended it. What was answered is written."""
    wanted = None if everyone else set(owners or _own_names(session, opened))
    refs = [one.ref for one in due_checkins(opened, session.today, wanted)]
    if not refs:
        session.say(f"nothing is due{'' if everyone else ' for ' + ', '.join(sorted(wanted or ()))}")
        return 0
    session.say("Enter skips a question, Ctrl-D ends; what you answered is written at once.")
    told: list[str] = []
    paths: set[str] = set()
    left: PromptEnded | None = None
    for place, ref in enumerate(refs, 1):
        node = references.find_node(opened, ref, session.today)
        assert isinstance(node, KeyResult | Kpi)
        try:
            opened, left = _prompt_node(session, opened, node, f"{place}/{len(refs)}", options, told, paths)
        except PromptEnded as stop:
            left = stop
        if left is not None:
            break
    _finish(session, told, paths, len(refs), options)
    return INTERRUPTED if left is not None and left.interrupted else 0


def _prompt_node(
    session: Session,
    opened: Workspace,
    node: KeyResult | Kpi,
    place: str,
    how: WriteOptions,
    told: list[str],
    paths: set[str],
) -> tuple[Workspace, PromptEnded | None]:
    """Ask about one thing, and write the answer at once."""
    for line in describe_node(session, opened, node, place):
        session.say(line)
    while True:
        value = _prompt_value(session, opened, node)
        if not value:
            return opened, None
        answer = Answer(value) if node.csv is not None else _prompt_details(value)
        said = Checkin(node, session.today, value, answer.confidence, answer.note)
        try:
            after, effects = record.record_checkins(
                session, opened, [said], WriteOptions(False, how.force, how.dry_run)
            )
        except OkrctlError as error:
            _print_error(session, error)
            if answer.ended is not None:
                return opened, answer.ended
            continue
        if after is not opened:
            told.extend(effect.sentence for effect in effects)
            paths.add(node.csv.path if node.csv is not None else node.file.path)
        return after, answer.ended


def _prompt_value(session: Session, opened: Workspace, node: KeyResult | Kpi) -> str:
    """A value that makes sense, or an empty answer; what makes none is told and asked again."""
    wanted = node.measure.prompt if isinstance(node, KeyResult) else "value"
    while value := prompts.ask(f"  {wanted} [skip]:"):
        try:
            checkins.plan_checkin(opened, Checkin(node, session.today, value), session.today)
            break
        except OkrctlError as error:
            _print_error(session, error)
    return value


def _print_error(session: Session, error: OkrctlError) -> None:
    session.say(sanitize(f"  {error.message}; {error.hint}" if error.hint else f"  {error.message}"))


def _prompt_details(value: str) -> Answer:
    """Confidence and note to a value; where the person leaves in between, what was typed before is not lost."""
    answer = Answer(value)
    try:
        answer = answer._replace(confidence=prompts.ask("  confidence 0-10 [none]:") or None)
        return answer._replace(note=prompts.ask("  note [none]:") or None)
    except PromptEnded as stop:
        return answer._replace(ended=stop)


def describe_node(session: Session, opened: Workspace, node: KeyResult | Kpi, place: str) -> list[str]:
    """The lines above a question: what it is, where it stands, the way it has to go."""
    unit = node.unit if isinstance(node, Kpi) else opened.unit(node)
    title = paint(f"{place}  {sanitize(node.model.title or node.id)}", "bold", session.style)
    lines = [f"\n{title}", f"  {sanitize(node.ref)}"]
    last = next((one for one in reversed(node.readings) if one.value is not None and one.day <= session.today), None)
    if last is not None and last.value is not None:
        age = (session.today - last.day).days
        lines.append(
            sanitize(f"  last: {quantity.format_number(last.value.number, unit)} on {last.day}, {age} days ago")
        )
    if isinstance(node, KeyResult):
        lines += [sanitize(f"  {line}") for line in _describe_target(opened, node, session, unit)]
    return lines


def _describe_target(opened: Workspace, node: KeyResult, session: Session, unit: str | None) -> list[str]:
    """What a key result is to reach: from where to where, its bounds, or its steps."""
    start = None
    if node.measure.has_range:
        day = scoring.default_day(node.period, session.today, opened.config)
        start = KeyResultValues(opened, day).measurement(node).series.start
    target = start, node.measure.target(node.model, start)
    return node.measure.describe_goal(node.model, target, node.period.end, unit, session.style.glyphs.arrow)


def _own_names(session: Session, opened: Workspace) -> set[str]:
    """Who the person is, by git's `user.email`; OkrctlError where that tells nothing."""
    repository = git.find_repository(session.root)
    if repository is None:
        raise OkrctlError("there is no git repository that says who you are", "give --owner NAME or --all")
    email = repository.user_email()
    mine = owner_names(opened.config, email, repository.get_setting("user.name"))
    if not mine:
        who = f"nobody under `people:` has the address {email}" if email else "git does not know your user.email"
        raise OkrctlError(who, "add it to okrctl.yaml, or give --owner NAME or --all")
    return mine


def _finish(session: Session, told: Sequence[str], paths: set[str], count: int, how: WriteOptions) -> None:
    session.say(f"\n{len(told)} of {count} written" if not how.dry_run else "\nnothing was written")
    if how.commit and told:
        first = f"checkin {told[0]}" if len(told) == 1 else "\n".join([f"checkin of {len(told)}", "", *told])
        write.commit_files(session, sorted(paths), first)
