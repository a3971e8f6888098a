"""Asks how the objectives of a period went and what was learnt, or takes it from the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from okrctl.cli import prompts
from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.seals.seal import OUTCOMES, objectives_without_outcome
from okrctl.values import suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import format_number
from okrctl.workspace import Workspace
from okrctl.workspace.references import matches_ending
from okrctl.yaml import Source
from okrctl.yaml_edit import Edit, SetValue, edit
from okrctl.yaml_edit import Prose as Text

Strings = list[str] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person says about an objective at the end: how it went, what was learnt, or one of them."""

    objective: ObjectiveScore
    outcome: str | None = None
    retrospective: str | None = None

    @property
    def sentence(self) -> str:
        """What will stand in the file."""
        words = [self.outcome or "", "what was learnt" if self.retrospective else ""]
        return f"{self.objective.node.ref}: {', '.join(word for word in words if word)}"

    @property
    def changes(self) -> list[Edit]:
        """The changes of its file."""
        route = self.objective.node.route
        found: list[Edit] = [SetValue((*route, "outcome"), self.outcome)] if self.outcome else []
        return [
            *found,
            *([SetValue((*route, "retrospective"), Text(self.retrospective))] if self.retrospective else []),
        ]


def collect_outcomes(
    session: Session, card: Scorecard, outcomes: Strings, retrospectives: Strings, leave_open: bool
) -> list[Outcome]:
    """What the options say, and, where somebody is there, the answers to the rest.

    Raises OkrctlError where an option makes no sense, or nobody is there to say how an objective went.
    """
    went = {id(one): _parse_outcome(text) for one, text in _parse_option(card, outcomes, "--outcome", "reached")}
    learnt = {id(one): text for one, text in _parse_option(card, retrospectives, "--retrospective", "what was learnt")}
    open_ones = [one for one in objectives_without_outcome(card) if id(one) not in went]
    ask = not leave_open and prompts.is_interactive()
    if open_ones and not ask and not leave_open:
        names = ", ".join(one.node.ref for one in open_ones)
        raise OkrctlError(
            f"nobody is here to say how these went: {names}",
            f"give --outcome REF={'|'.join(OUTCOMES)} for each, or --yes to leave them open",
        )
    found = []
    for one in card.objectives:
        said = Outcome(one, went.get(id(one)), learnt.get(id(one)))
        found.append(_prompt_outcome(session, said, one in open_ones) if ask and one.state == "active" else said)
    return [one for one in found if one.changes]


def _parse_option(card: Scorecard, said: Strings, option: str, example: str) -> list[tuple[ObjectiveScore, str]]:
    """The objectives that an option names, each with the words behind the sign."""
    found = []
    for text in said or ():
        ref, sign, rest = text.partition("=")
        if not sign or not rest.strip():
            hint = f"write it as REF=WORDS, such as trust/brand={example}"
            raise OkrctlError(f"{option} '{text}' says nothing", hint)
        fits = [one for one in card.objectives if matches_ending(one.node.ref, ref.strip())]
        if len(fits) != 1:
            names = [one.node.ref for one in fits or card.objectives]
            guess = suggestions.did_you_mean(
                suggestions.find_closest(ref.strip(), [one.node.id for one in card.objectives])
            )
            what = f"'{ref}' fits several objectives" if fits else f"there is no objective '{ref}'{guess}"
            raise OkrctlError(f"{option}: {what}", f"the period has: {', '.join(names)}")
        found.append((fits[0], rest.strip()))
    return found


def _parse_outcome(text: str) -> str:
    word = text.strip().casefold()
    fits = [known for known in OUTCOMES if word and known.startswith(word)]
    if len(fits) != 1:
        raise OkrctlError(f"an outcome is {', '.join(OUTCOMES)}, not '{text}'", "such as --outcome REF=reached")
    return fits[0]


def _prompt_outcome(session: Session, said: Outcome, is_open: bool) -> Outcome:
    """The same with the answers of the person; an empty one leaves it open."""
    one = said.objective
    if is_open or (said.retrospective is None and one.node.model.retrospective is None):
        score = "no score" if one.score is None else format_number(one.score, None, 2)
        session.say(f"{sanitize(one.node.ref)}  {score}  {sanitize(one.node.model.title or '')}")
    outcome, learnt = said.outcome, said.retrospective
    while is_open:
        try:
            answer = prompts.ask("  How did it go: reached, missed or unclear? (empty leaves it open)")
            outcome = _parse_outcome(answer) if answer else None
            break
        except OkrctlError as error:
            session.say(f"  {error.message}")
    if learnt is None and one.node.model.retrospective is None:
        learnt = prompts.ask("  What was learnt? (empty for nothing)") or None
    return Outcome(one, outcome, learnt)


def outcome_texts(opened: Workspace, said: Sequence[Outcome]) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the files concerned, before and after, by path; EditError where one cannot be changed safely."""
    by_file: dict[str, list[Edit]] = {}
    for one in said:
        by_file.setdefault(one.objective.node.file.path, []).extend(one.changes)
    old = {file.path: file.document.text for file in opened.files if file.path in by_file}
    return old, {path: edit(Source(path, text), by_file[path]).text for path, text in old.items()}
