"""Ends a period: asks how its objectives went, shows what there is to learn, and seals its scorecard."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, NamedTuple

import typer

from okrctl import git, scoring
from okrctl.analysis import filters
from okrctl.analysis.filters import Selection
from okrctl.analysis.hypotheses import impact
from okrctl.check import retrospective as reviewing
from okrctl.check.finding import Context
from okrctl.cli import load, prompts, record, retrospective_prompt, write
from okrctl.cli import seals as sealing
from okrctl.cli.options import Commit, DryRun, Period
from okrctl.cli.retrospective_prompt import Words
from okrctl.cli.session import Session
from okrctl.outputs import render
from okrctl.scoring.scorecard import Scorecard, Scorecards
from okrctl.seals import seal as seals
from okrctl.seals.seal import Circumstances, path_of
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period as Span
from okrctl.values.period import described
from okrctl.values.quantity import show
from okrctl.workspace import Workspace
from okrctl.yaml_edit import Plan, plan


class How(NamedTuple):
    """The options that say what is written and what becomes of it."""

    commit: bool
    git_tag: bool
    dry_run: bool


def close(
    context: typer.Context,
    period: Period,
    outcome: Annotated[
        Words, typer.Option("--outcome", metavar="REF=WORD", help="reached, missed or unclear; may be repeated.")
    ] = None,
    retrospective: Annotated[
        Words, typer.Option("--retrospective", metavar="REF=TEXT", help="What was learnt; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; leave open what no option answers.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Close it although it still runs.")] = False,
    git_tag: Annotated[bool, typer.Option("--git-tag", help="Tag the commit of the seal: okrs-PERIOD.")] = False,
    commit: Commit = False,
    dry_run: DryRun = False,
) -> int:
    """End a period: outcomes, what was learnt, and the sealed scorecard."""
    session = Session.of(context)
    how = How(commit, git_tag, dry_run)
    opened = load.whole(session)
    [span] = load.periods_asked(opened, [period], session)
    _refuse(session, opened, span, force)
    if git_tag:
        _refuse_tag(session, span)
    try:
        said = retrospective_prompt.words(session, _card(session, opened, span), outcome, retrospective, yes)
        old, new = retrospective_prompt.texts(opened, said)
        after = record.with_texts(session, opened, new)
        card = _card(session, after, span)
        lines = _show(session, after, card)
        if not yes and not dry_run and prompts.possible():
            prompts.sure(session, [f"the scorecard of {span.id} will be sealed"], False)
    except prompts.Left as left:
        session.say("nothing was written")
        return 130 if left.interrupted else 2
    first = plan(old, new, tuple(one.sentence for one in said), f"close {span.id}: outcomes and retrospectives")
    _seal(session, (opened, after), card, first, lines, how)
    return 0


def _refuse(session: Session, opened: Workspace, span: Span, force: bool) -> None:
    """OkrctlError where a period is sealed already, or is not over."""
    if sealing.load(session, span.id) is not None:
        hint = f"`okrctl verify {span.id}` holds it against the files; `okrctl reopen {span.id} --reason TEXT` opens it"
        raise OkrctlError(f"{span.id} is closed already: {path_of(span.id)}", hint)
    if session.today < span.start:
        raise OkrctlError(f"{described(span)} has not begun", "there is nothing to close yet")
    if session.today <= span.end and not force:
        raise OkrctlError(f"{described(span)} still runs", "close it when it is over, or give --force")
    last = span.end + timedelta(days=opened.config.scoring.closing_days)
    if span.end < session.today < last:
        session.say(f"late figures of {span.id} would count until {last}; what comes after the seal does not")


def _refuse_tag(session: Session, span: Span) -> None:
    """OkrctlError where there is no repository to tag, or the tag is taken: better before anything is written."""
    repository = git.find(session.root)
    if repository is None:
        raise OkrctlError("there is no git repository to tag", "run git init, or leave out --git-tag")
    if repository.id_of(f"refs/tags/okrs-{span.id}"):
        raise OkrctlError(f"the tag 'okrs-{span.id}' exists already", f"git tag -d okrs-{span.id} deletes it")


def _card(session: Session, opened: Workspace, span: Span) -> Scorecard:
    return scoring.scorecard(opened, span, scoring.day_asked(span, session.today, opened.config))


def _show(session: Session, opened: Workspace, card: Scorecard) -> list[str]:
    """Show the scorecard with what there is to learn from it; the findings as lines."""
    found = reviewing.lines(reviewing.review(opened, [card], Context(opened.config, session.today)))
    shown = filters.chosen(card, Selection(level="objective"))
    lines = [*found, *seals.outlook(impact(opened, card))]
    result = Scorecards([shown], single=True, lines=lines, level="objective")
    session.out(render(result, "table", session.look))
    return found


def _seal(
    session: Session, states: tuple[Workspace, Workspace], card: Scorecard, first: Plan, lines: list[str], how: How
) -> None:
    """Write what was said, then the seal, which names the commit that holds all that its figures are made from."""
    opened, after = states
    repository = git.find(session.root)
    if how.commit and repository is not None and (dirty := sealing.unsaved(repository, opened)):
        raise OkrctlError(f"not committed yet: {', '.join(dirty)}", "commit these first: the seal is to name a commit")
    if first.changes and (how.commit or how.dry_run):
        write.carry_out(session, first, dry_run=how.dry_run, commit=how.commit)
    apart = how.commit or how.dry_run or not first.changes
    commit = sealing.commit_for(session, after) if apart and not (how.dry_run and first.changes) else None
    around = Circumstances(commit, session.today, tuple(lines), sealing.reopenings(session, card.period.id))
    text = seals.written(seals.seal(after, card, around))
    score = "no score" if card.score is None else show(card.score, None, 2)
    path = path_of(card.period.id)
    says = (f"sealing {described(card.period)} with {score}: {path}",)
    second = plan({path: None}, {path: text}, says, f"close {card.period.id}: {score}, sealed")
    joined = second if apart else second._replace(changes=(*first.changes, *second.changes), says=(*first.says, *says))
    if write.carry_out(session, joined, dry_run=how.dry_run, commit=how.commit):
        _tag(session, card.period.id, score, commit, how)


def _tag(session: Session, period_id: str, score: str, commit: str | None, how: How) -> None:
    """Tag the commit of the seal, or, where that is not committed, the one that it names."""
    repository = git.find(session.root) if how.git_tag else None
    if not how.git_tag:
        return
    head = repository.head() if repository and how.commit else None
    target = head.id if head else commit
    if repository is None or target is None:
        raise OkrctlError("there is no commit to tag", "the seal is written; with --commit it can be tagged")
    git.tag(repository, f"okrs-{period_id}", target, f"{period_id} closed with {score}")
    session.say(f"tagged as okrs-{period_id}")
