"""Asks on a terminal what a file leaves open: how numbers and dates are read, teams, periods, KPIs, likely typos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okrctl.cli import prompts
from okrctl.cli.session import Session
from okrctl.importers import MissingAnswer, Question
from okrctl.operations import import_ as operation
from okrctl.operations.apply import WriteOptions
from okrctl.operations.doubts import Doubt, require_confirmed
from okrctl.operations.import_ import ImportRequest, PlannedImport


def plan_with_answers(session: Session, request: ImportRequest, force: bool) -> PlannedImport:
    """Plan an import, and ask on a terminal what would place more of it.

    Raises MissingAnswer, which names the option, elsewhere and where a person leaves a question without an answer that
    nothing can be placed without.
    """
    asked: set[Question] = set()
    while True:
        try:
            planned = operation.plan_import(session, request, force=force)
        except MissingAnswer as missing:
            if not prompts.is_interactive() or missing.question in asked:
                raise
            question = missing.question
        else:
            open_questions = [question for question in planned.questions if question not in asked]
            if not open_questions or not prompts.is_interactive():
                return planned
            question = open_questions[0]
        asked.add(question)
        request = _with_answer(session, request, question)


def _with_answer(session: Session, request: ImportRequest, question: Question) -> ImportRequest:
    """The request with what a person answers; as it is where they leave the question open."""
    session.notify(question.text)
    match question.kind:
        case "decimal":
            return replace(request, decimal=_choose(session, "Decimal mark: comma or point?", question.choices))
        case "dates":
            return replace(
                request, dates=_choose(session, "Order in dates: day-first or month-first?", question.choices)
            )
        case "period":
            return replace(request, period=prompts.ask(session, "Period, such as 2026-Q2:") or None)
        case "better":
            answer = _choose(session, "Is higher or lower better? Enter leaves the KPI out:", ("", *question.choices))
            return replace(request, better=_extend(request.better, question.subject, answer))
        case "team":
            known = ", ".join(question.choices)
            answer = _choose(session, f"Which team is it: {known}? Enter leaves its rows out:", ("", *question.choices))
            return replace(request, team_map=_extend(request.team_map, question.subject, answer))


def _extend(answers: Mapping[str, str] | None, subject: str, answer: str) -> Mapping[str, str]:
    return {**(answers or {}), **({subject: answer} if answer else {})}


def _choose(session: Session, question: str, choices: Sequence[str]) -> str:
    """One of the choices, also by its first letters; asked again until it is."""
    while True:
        answer = prompts.ask(session, question).casefold()
        if answer in choices:
            return answer
        found = [choice for choice in choices if answer and choice.startswith(answer)]
        if len(found) == 1:
            return found[0]


def ask_about_values(
    session: Session, doubts: Sequence[Doubt], options: WriteOptions, numbers: str | None
) -> dict[Doubt, str | None]:
    """Return what a person wants in place of values that look like typos: another, or none.

    Confirmed values and those of a dry run are only named; without a terminal, raises OkrctlError. `numbers` is how
    people type numbers in the workspace.
    """
    if options.confirm_value or options.dry_run:
        for doubt in doubts:
            session.notify(doubt.message)
        return {}
    if doubts and not prompts.is_interactive():
        require_confirmed(doubts)
    return {doubt: answer for doubt in doubts if (answer := _ask_about(session, doubt, numbers)) != doubt.text}


def _ask_about(session: Session, doubt: Doubt, numbers: str | None) -> str | None:
    """What to write in place of a value: itself, another, or None for nothing."""
    other = f" or {', '.join(doubt.ways[1:])}" if doubt.ways[1:] else ""
    out = ", x leaves it out" if _is_optional(doubt) else ""
    session.notify(f"  {doubt.message}")
    answer = prompts.ask(session, f"  Enter writes {doubt.ways[0]}, k keeps {doubt.text}{out}, or type another{other}:")
    if answer.casefold() in ("k", "keep"):
        return doubt.text
    if out and answer.casefold() in ("x", "leave out"):
        return None
    return prompts.typed_number(answer, numbers) or doubt.ways[0]


def _is_optional(doubt: Doubt) -> bool:
    """Whether a goal can do without the value: a reading, a baseline or a target, but no bound."""
    return not isinstance(doubt.place, tuple) or doubt.place[0] in ("from", "to")
