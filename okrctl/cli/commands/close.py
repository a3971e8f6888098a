"""Ends a period: asks how its objectives went, shows what there is to learn, and seals its scorecard."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, NamedTuple

import typer

from okrctl import git, scoring
from okrctl.analysis import filters
from okrctl.analysis.filters import Selection
from okrctl.analysis.hypotheses import evaluate_hypotheses
from okrctl.check import retrospective as reviewing
from okrctl.check.finding import Context
from okrctl.cli import load, prompts, record, retrospective_prompt, write
from okrctl.cli import seals as sealing
from okrctl.cli.options import Commit, DryRun, Period
from okrctl.cli.retrospective_prompt import Strings
from okrctl.cli.session import Session
from okrctl.outputs.views.scorecard import render
from okrctl.scoring.scorecard import Scorecard, Scorecards
from okrctl.seals import seal as seals
from okrctl.seals.seal import SealContext, seal_path
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period as Span
from okrctl.values.period import describe
from okrctl.values.quantity import format_number
from okrctl.workspace import Workspace
from okrctl.yaml_edit import WritePlan, build_plan


class CloseOptions(NamedTuple):
    """The options that say what is written and what becomes of it."""

    commit: bool
    git_tag: bool
    dry_run: bool


def close(
    context: typer.Context,
    period: Period,
    outcome: Annotated[
        Strings, typer.Option("--outcome", metavar="REF=WORD", help="reached, missed or unclear; may be repeated.")
    ] = None,
    retrospective: Annotated[
        Strings, typer.Option("--retrospective", metavar="REF=TEXT", help="What was learnt; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; leave open what no option answers.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Close it although it still runs.")] = False,
    git_tag: Annotated[bool, typer.Option("--git-tag", help="Tag the commit of the seal: okrs-PERIOD.")] = False,
    commit: Commit = False,
    dry_run: DryRun = False,
) -> int:
    """End a period: outcomes, what was learnt, and the sealed scorecard."""
    session = Session.of(context)
    how = CloseOptions(commit, git_tag, dry_run)
    opened = load.load_workspace(session)
    [span] = load.requested_periods(opened, [period], session)
    _require_closable(session, opened, span, force)
    if git_tag:
        _require_tag_free(session, span)
    try:
        said = retrospective_prompt.collect_outcomes(
            session, _scorecard(session, opened, span), outcome, retrospective, yes
        )
        old, new = retrospective_prompt.outcome_texts(opened, said)
        after = record.workspace_with(session, opened, new)
        card = _scorecard(session, after, span)
        lines = _show_scorecard(session, after, card)
        if not yes and not dry_run and prompts.is_interactive():
            prompts.confirm_doubts(session, [f"the scorecard of {span.id} will be sealed"], False)
    except prompts.PromptEnded as left:
        session.say("nothing was written")
        return 130 if left.interrupted else 2
    first = build_plan(old, new, tuple(one.sentence for one in said), f"close {span.id}: outcomes and retrospectives")
    _write_seal(session, (opened, after), card, first, lines, how)
    return 0


def _require_closable(session: Session, opened: Workspace, span: Span, force: bool) -> None:
    """OkrctlError where a period is sealed already, or is not over."""
    if sealing.load_seal(session, span.id) is not None:
        hint = f"`okrctl verify {span.id}` holds it against the files; `okrctl reopen {span.id} --reason TEXT` opens it"
        raise OkrctlError(f"{span.id} is closed already: {seal_path(span.id)}", hint)
    if session.today < span.start:
        raise OkrctlError(f"{describe(span)} has not begun", "there is nothing to close yet")
    if session.today <= span.end and not force:
        raise OkrctlError(f"{describe(span)} still runs", "close it when it is over, or give --force")
    last = span.end + timedelta(days=opened.config.scoring.closing_days)
    if span.end < session.today < last:
        session.say(f"late figures of {span.id} would count until {last}; what comes after the seal does not")


def _require_tag_free(session: Session, span: Span) -> None:
    """OkrctlError where there is no repository to tag, or the tag is taken: better before anything is written."""
    repository = git.find_repository(session.root)
    if repository is None:
        raise OkrctlError("there is no git repository to tag", "run git init, or leave out --git-tag")
    if repository.find_commit_id(f"refs/tags/okrs-{span.id}"):
        raise OkrctlError(f"the tag 'okrs-{span.id}' exists already", f"git tag -d okrs-{span.id} deletes it")


def _scorecard(session: Session, opened: Workspace, span: Span) -> Scorecard:
    return scoring.build_scorecard(opened, span, scoring.default_day(span, session.today, opened.config))


def _show_scorecard(session: Session, opened: Workspace, card: Scorecard) -> list[str]:
    """Show the scorecard with what there is to learn from it; the findings as lines."""
    found = reviewing.format_lines(
        reviewing.run_retrospective_rules(opened, [card], Context(opened.config, session.today))
    )
    shown = filters.filter_scorecard(card, Selection(level="objective"))
    lines = [*found, *seals.verdict_lines(evaluate_hypotheses(opened, card))]
    result = Scorecards([shown], is_single=True, notes=lines, level="objective")
    session.out(render(result, "table", session.style))
    return found


def _write_seal(
    session: Session,
    states: tuple[Workspace, Workspace],
    card: Scorecard,
    first: WritePlan,
    lines: list[str],
    how: CloseOptions,
) -> None:
    """Write what was said, then the seal, which names the commit that holds all that its figures are made from."""
    opened, after = states
    repository = git.find_repository(session.root)
    if how.commit and repository is not None and (dirty := sealing.uncommitted_paths(repository, opened)):
        raise OkrctlError(f"not committed yet: {', '.join(dirty)}", "commit these first: the seal is to name a commit")
    if first.changes and (how.commit or how.dry_run):
        write.apply_plan(session, first, dry_run=how.dry_run, commit=how.commit)
    apart = how.commit or how.dry_run or not first.changes
    commit = sealing.sealed_commit(session, after) if apart and not (how.dry_run and first.changes) else None
    around = SealContext(commit, session.today, tuple(lines), sealing.load_reopenings(session, card.period.id))
    text = seals.render_seal(seals.build_seal(after, card, around))
    score = "no score" if card.score is None else format_number(card.score, None, 2)
    path = seal_path(card.period.id)
    says = (f"sealing {describe(card.period)} with {score}: {path}",)
    second = build_plan({path: None}, {path: text}, says, f"close {card.period.id}: {score}, sealed")
    joined = (
        second
        if apart
        else second._replace(changes=(*first.changes, *second.changes), messages=(*first.messages, *says))
    )
    if write.apply_plan(session, joined, dry_run=how.dry_run, commit=how.commit):
        _tag_seal(session, card.period.id, score, commit, how)


def _tag_seal(session: Session, period_id: str, score: str, commit: str | None, how: CloseOptions) -> None:
    """Tag the commit of the seal, or, where that is not committed, the one that it names."""
    repository = git.find_repository(session.root) if how.git_tag else None
    if not how.git_tag:
        return
    head = repository.head() if repository and how.commit else None
    target = head.id if head else commit
    if repository is None or target is None:
        raise OkrctlError("there is no commit to tag", "the seal is written; with --commit it can be tagged")
    git.tag(repository, f"okrs-{period_id}", target, f"{period_id} closed with {score}")
    session.say(f"tagged as okrs-{period_id}")
