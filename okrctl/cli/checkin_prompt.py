"""Asks for the readings that are due, one question after the other, and writes each answer at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from okrctl import scoring
from okrctl.cli import io, prompts
from okrctl.cli.prompts import PromptEnded
from okrctl.cli.session import Session
from okrctl.operations import checkin as operation
from okrctl.operations.apply import WriteOptions, apply_plan
from okrctl.operations.doubts import Doubt
from okrctl.operations.transaction import group_by_work_tree
from okrctl.outputs.terminal import paint, sanitize
from okrctl.scoring.values import KeyResultValues
from okrctl.values import quantity
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Workspace, references
from okrctl.yaml_edit import WritePlan
from okrctl.yaml_edit.checkins import Checkin, PlannedEdit, plan_checkin
from okrctl.yaml_edit.plan import CsvEdit, FileEdit


class Answer(NamedTuple):
    """What was typed for one node; `ended` if the person left in the middle of it."""

    value: str
    confidence: str | None = None
    note: str | None = None
    ended: PromptEnded | None = None


@dataclass
class _Written:
    """What was written so far: a sentence for each check-in, and its edits, to commit at the end."""

    sentences: list[str] = field(default_factory=list)
    edits: list[Sequence[FileEdit | CsvEdit]] = field(default_factory=list)


def prompt_checkins(
    session: Session, workspace: Workspace, owners: Sequence[str] | None, everyone: bool, options: WriteOptions
) -> int:
    """Ask for every reading that is due; returns the exit status, 130 if Ctrl-C ended it. Answers are kept then."""
    names = None if everyone else set(owners or operation.own_names(session, workspace))
    due = [node.ref for node in operation.find_due(session, workspace, names)]
    if not due:
        session.say("nothing is due" if names is None else f"nothing is due for {', '.join(sorted(names))}")
        session.say("`okrctl checkin REF VALUE` records a reading all the same")
        return 0
    session.say("Enter skips a question, Ctrl-D ends; each answer is written at once.")
    written = _Written()
    ended = _prompt_all(session, workspace, due, options, written)
    _finish(session, written, len(due), options)
    return prompts.INTERRUPTED if ended is not None and ended.interrupted else 0


def _prompt_all(
    session: Session, workspace: Workspace, due: Sequence[str], options: WriteOptions, written: _Written
) -> PromptEnded | None:
    """Ask about one node after the other, until the person leaves."""
    for number, ref in enumerate(due, 1):
        # Each answer makes a new workspace, so the node is looked up again.
        node = references.find_node(workspace, ref, session.today)
        assert isinstance(node, KeyResult | Kpi)
        for line in describe_node(session, workspace, node, f"{number}/{len(due)}"):
            session.say(line)
        try:
            workspace, ended = _prompt_node(session, workspace, node, options, written)
        except PromptEnded as error:
            ended = error
        if ended is not None:
            return ended
    return None


def _prompt_node(
    session: Session, workspace: Workspace, node: KeyResult | Kpi, options: WriteOptions, written: _Written
) -> tuple[Workspace, PromptEnded | None]:
    """Ask about one node until the answer is valid, and write it; returns the workspace after it."""
    while True:
        value = _prompt_value(session, workspace, node)
        if not value:
            return workspace, None
        answer = Answer(value) if node.csv is not None else _prompt_details(session, value, workspace.config.numbers)
        checkin = Checkin(node, session.today, value, answer.confidence, answer.note)
        try:
            replan = partial(_replan, session, workspace, checkin)
            result = io.write_edits(session, workspace, replan({}), options._replace(commit=False), replan=replan)
        except OkrctlError as error:
            _print_error(session, error)
            if answer.ended is not None:
                return workspace, answer.ended
            continue
        if result.write.is_written and result.write.plan is not None:
            written.sentences.append("; ".join(effect.sentence for effect in result.effects))
            written.edits.append(result.write.plan.edits)
        return result.workspace, answer.ended


def _replan(
    session: Session, workspace: Workspace, checkin: Checkin, answers: Mapping[Doubt, str]
) -> list[PlannedEdit]:
    return operation.checkin(session, workspace, operation.replace_doubted([checkin], answers))


def _prompt_value(session: Session, workspace: Workspace, node: KeyResult | Kpi) -> str:
    """Return a valid value, or an empty answer; for an invalid value the question is repeated."""
    question = node.measure.prompt if isinstance(node, KeyResult) else "value"
    numbers = workspace.config.numbers if isinstance(node, Kpi) or node.measure.takes_readings else None
    while value := prompts.typed_number(prompts.ask(session, f"  {question} [skip]:"), numbers):
        try:
            plan_checkin(workspace, Checkin(node, session.today, value), session.today)
            break
        except OkrctlError as error:
            _print_error(session, error)
    return value


def _print_error(session: Session, error: OkrctlError) -> None:
    session.notify(f"  {error.message}; {error.hint}" if error.hint else f"  {error.message}")


def _prompt_details(session: Session, value: str, numbers: str | None) -> Answer:
    """Ask for confidence and note; if the person leaves in between, what was typed before is kept."""
    answer = Answer(value)
    try:
        confidence = prompts.typed_number(prompts.ask(session, "  confidence 0-10 [none]:"), numbers)
        answer = answer._replace(confidence=confidence or None)
        return answer._replace(note=prompts.ask(session, "  note [none]:") or None)
    except PromptEnded as ended:
        return answer._replace(ended=ended)


def describe_node(session: Session, workspace: Workspace, node: KeyResult | Kpi, position: str) -> list[str]:
    """Return the lines above a question: title, reference, last value and range."""
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    title = paint(f"{position}  {sanitize(node.model.title or node.id)}", "bold", session.style)
    lines = [f"\n{title}", f"  {sanitize(node.ref)}"]
    for reading in reversed(node.readings):
        if reading.value is not None and reading.day <= session.today:
            value, age = quantity.format_number(reading.value.number, unit), (session.today - reading.day).days
            lines.append(sanitize(f"  last: {value} on {reading.day}, {age} days ago"))
            break
    if isinstance(node, KeyResult):
        lines += [sanitize(f"  {line}") for line in _describe_target(session, workspace, node, unit)]
    return lines


def _describe_target(session: Session, workspace: Workspace, node: KeyResult, unit: str | None) -> list[str]:
    """Return what a key result should reach: baseline and target, bounds, milestones or grades."""
    baseline = None
    if node.measure.has_range:
        day = scoring.default_day(node.period, session.today, workspace.config)
        baseline = KeyResultValues(workspace, day).measurement(node).series.start
    target = baseline, node.measure.target(node.model, baseline)
    return node.measure.describe_goal(node.model, target, node.period.end, unit, session.style.glyphs.arrow)


def _finish(session: Session, written: _Written, count: int, options: WriteOptions) -> None:
    sentences = written.sentences
    session.say(f"\n{len(sentences)} of {count} written" if not options.dry_run else "\nnothing was written")
    if options.commit and sentences:
        _commit(session, written)


def _commit(session: Session, written: _Written) -> None:
    """Commit what was written, in each repository that has some of it."""
    for paths in group_by_work_tree(session.root, [edits[0].path for edits in written.edits]).values():
        chosen = [pair for pair in zip(written.sentences, written.edits, strict=True) if pair[1][0].path in paths]
        sentences = [sentence for sentence, _ in chosen]
        several = "\n".join([f"checkin: {len(sentences)} readings", "", *sentences])
        message = f"checkin {sentences[0]}" if len(sentences) == 1 else several
        made = tuple(edit for _, edits in chosen for edit in edits)
        apply_plan(session, WritePlan((), (), message, made), WriteOptions(commit=True))
