"""Writes the files of a coming period: empty drafts, what is carried over, or a draft for a KPI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer

from okrctl import scoring
from okrctl.cli import io, load, prompts, seals, write
from okrctl.cli.options import Commit, DryRun, Force
from okrctl.cli.options import Period as Asked
from okrctl.cli.session import Session
from okrctl.outputs.terminal import sanitize
from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.templates import period as drafting
from okrctl.templates.period import GoalDraft
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period, PeriodError, selection
from okrctl.values.quantity import format_number
from okrctl.workspace import Kpi, Workspace, references
from okrctl.yaml import Source
from okrctl.yaml_edit import AppendValue, build_plan, edit

Words = list[str] | None


@dataclass
class NewPeriodRequest:
    """What the command line asks for, in a workspace."""

    session: Session
    opened: Workspace
    span: Period
    teams: list[str]
    force: bool
    drafts: dict[tuple[str, str], GoalDraft] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)

    def add(self, team: str, draft: GoalDraft) -> None:
        """Plan an objective; OkrctlError where the period has one of that name."""
        ident = str(draft["id"])
        if (self.span.id, team, ident) in self.opened.by_name:
            raise OkrctlError(f"{self.span.id}/{team}/{ident} is there already", "leave it out, or rename it first")
        self.drafts[team, ident] = draft


def new(
    context: typer.Context,
    period: Asked,
    carry_over: Annotated[
        str | None, typer.Option("--carry-over", metavar="PERIOD", help="Take what is unfinished from this one.")
    ] = None,
    ref: Annotated[Words, typer.Option("--ref", metavar="REF", help="Carry this over; may be repeated.")] = None,
    all: Annotated[bool, typer.Option("--all", help="Carry over all that is unfinished.")] = False,
    kpi: Annotated[str | None, typer.Option("--for", metavar="KPI", help="Draft an objective for this KPI.")] = None,
    team: Annotated[Words, typer.Option("--team", metavar="ID", help="For this team; may be repeated.")] = None,
    force: Force = False,
    commit: Commit = False,
    dry_run: DryRun = False,
) -> int:
    """Begin a period: a file with drafts for each team, what is carried over, or a draft for a KPI."""
    session = Session.of(context)
    opened = load.load_workspace(session)
    span = _requested_period(session, opened, period)
    _require_open(session, opened, span, team or [], (ref, all), carry_over)
    wish = NewPeriodRequest(session, opened, span, list(team or ()), force)
    if kpi is not None:
        _draft_for_kpi(wish, kpi)
    elif carry_over is not None:
        try:
            _carry_over(wish, carry_over, ref, all)
        except prompts.PromptEnded as left:
            session.say("nothing was written")
            return 130 if left.interrupted else 2
    if kpi is None:
        _draft_fresh(wish, carried=carry_over is not None)
    _write_drafts(wish, dry_run, commit)
    return 0


def _requested_period(session: Session, opened: Workspace, words: str) -> Period:
    """The period that is meant, which need not have files; OkrctlError where there is no such one."""
    known = opened.periods
    try:
        if words == "next":
            return period.next_period(selection.default_periods(known, session.today)[0], opened.config.fiscal)
        there = next((one for one in known if one.id.casefold() == words.casefold()), None)
        return there or next(_following_cycles(known, words), None) or period.parse(words, opened.config.fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error
    except IndexError:
        raise OkrctlError("there is no period that a next one could follow", "name it, such as 2026-Q3") from None


def _following_cycles(known: Sequence[Period], words: str) -> Iterator[Period]:
    """Cycles have names of their own: `cycle-8` is as long as `cycle-7` and comes right behind it."""
    for one in known:
        if one.kind == "custom":
            try:
                after = period.next_period(one)
            except PeriodError:
                continue
            if after.id == words:
                yield after


def _require_open(
    session: Session, opened: Workspace, span: Period, teams: list[str], chosen: tuple[Words, bool], carry: str | None
) -> None:
    if seals.load_seal(session, span.id) is not None:
        raise OkrctlError(f"{span.id} is closed", f"`okrctl reopen {span.id} --reason TEXT` opens it")
    if any(chosen) and carry is None:
        raise OkrctlError("--ref and --all say what is carried over", "give --carry-over PERIOD too")
    known = {*(opened.config.teams or {}), *(one.team for one in opened.objectives), COMPANY}
    for name in teams:
        if opened.config.teams is not None and name not in known:
            raise OkrctlError(f"there is no team '{name}'", f"the teams are {', '.join(sorted(known))}")


def _draft_for_kpi(wish: NewPeriodRequest, words: str) -> None:
    found = references.find_node(wish.opened, words, wish.session.today, (Kpi,))
    assert isinstance(found, Kpi)
    team = (wish.teams or [found.model.team or COMPANY])[0]
    taken = [one.id for one in wish.opened.objectives if (one.period.id, one.team) == (wish.span.id, team)]
    wish.add(team, drafting.draft_for_kpi(wish.opened, found, wish.span, taken, wish.session.today))
    wish.says.append(f"drafting an objective of {team} in {wish.span.id} for '{found.id}'")


def _carry_over(wish: NewPeriodRequest, words: str, refs: Words, everything: bool) -> None:
    """Plan what goes on, by the options or by the person's answers."""
    opened, session = wish.opened, wish.session
    [old] = load.requested_periods(opened, [words], session)
    if old.id == wish.span.id:
        raise OkrctlError(f"{old.id} cannot be carried over into itself", "name the period before")
    card = scoring.build_scorecard(opened, old, scoring.default_day(old, session.today, opened.config))
    there = [one for one in card.objectives if not wish.teams or one.node.team in wish.teams]
    taken = {one.model.carried_from for one in opened.objectives if one.period.id == wish.span.id}
    left = [one for one in drafting.unfinished_objectives(card, opened.config.scoring.success)
            if one in there and one.node.ref not in taken]  # fmt: skip
    if refs:
        left = [_find_unfinished(there, ref) for ref in refs]
    elif not everything:
        left = list(_prompt_unfinished(session, left))
    for one in left:
        wish.add(one.node.team, drafting.carry_over(one, wish.span))
        wish.says.append(f"carrying over {one.node.ref}")


def _find_unfinished(there: list[ObjectiveScore], ref: str) -> ObjectiveScore:
    fits = [one for one in there if references.matches_ending(one.node.ref, ref)]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(one.node.ref for one in fits or there)
    raise OkrctlError(f"--ref '{ref}' {'fits several' if fits else 'fits no'} objective", f"there are: {names}")


def _prompt_unfinished(session: Session, left: list[ObjectiveScore]) -> Iterator[ObjectiveScore]:
    """What the person wants to go on with, one question after the other; OkrctlError off the terminal."""
    if left and not prompts.is_interactive():
        names = ", ".join(one.node.ref for one in left)
        raise OkrctlError(f"nobody is here to choose among {names}", "give --all, or --ref REF for each")
    everything = False
    for one in left:
        score = "no score" if one.score is None else format_number(one.score, None, 2)
        if not everything:
            session.say(f"{sanitize(one.node.ref)}  {score}  {sanitize(one.node.model.title or '')}")
            answer = _prompt_choice(session)
            if answer == "none":
                return
            everything = answer == "all"
        if everything or answer == "keep":
            yield one


def _prompt_choice(session: Session) -> str:
    while True:
        word = prompts.ask("  keep, drop, all (keep the rest) or none (drop the rest)? [keep]").casefold() or "keep"
        fits = [known for known in ("keep", "drop", "all", "none") if known.startswith(word)]
        if len(fits) == 1:
            return fits[0]
        session.say(f"  '{sanitize(word)}' is none of these")


def _draft_fresh(wish: NewPeriodRequest, *, carried: bool) -> None:
    """Plan an empty draft for each team that has nothing else."""
    for team in wish.teams or _teams(wish.opened, wish.span):
        if team not in {name for name, _ in wish.drafts} and (wish.force or not _team_paths(wish, team)):
            wish.drafts[team, "first-goal"] = drafting.empty_draft(team)
    if not wish.drafts and not carried:
        paths = ", ".join(file.path for file in wish.opened.files if file.period == wish.span)
        raise OkrctlError(f"{wish.span.id} has its files already: {paths}", "--force overwrites them with drafts")


def _teams(opened: Workspace, span: Period) -> list[str]:
    """The teams at work: those of the newest period before that is as long, else those of the settings."""
    before = [one for one in opened.periods if one.start < span.start and 3 * one.days < 4 * span.days < 5 * one.days]
    newest = before[-1] if before else None
    found = list(dict.fromkeys(file.team for file in opened.files if newest and file.period == newest))
    return found or list(opened.config.teams or {}) or [COMPANY]


def _team_paths(wish: NewPeriodRequest, team: str) -> list[str]:
    return [file.path for file in wish.opened.files if file.period == wish.span and file.team == team]


def _target_path(wish: NewPeriodRequest, team: str) -> str:
    """Where a team's goals of the period stand, or would stand if it goes on naming its files as it does."""
    there = _team_paths(wish, team)
    if there:
        return there[0]
    earlier = [file for file in wish.opened.files if file.period and file.team == team and file.period.id in file.path]
    if earlier:
        newest = max(earlier, key=lambda file: file.period.start if file.period else wish.span.start)
        assert newest.period is not None
        return newest.path.replace(newest.period.id, wish.span.id)
    return f"okrs/{wish.span.id}/{team}.yaml"


def _write_drafts(wish: NewPeriodRequest, dry_run: bool, commit: bool) -> None:
    """Write the drafts, without what leads nowhere in the new period."""
    session, span = wish.session, wish.span
    old, new = _texts(wish)
    says = [*wish.says]
    if wish.drafts:
        says += drafting.drop_broken_references(_resulting_workspace(wish, new), wish.drafts, span)
        old, new = _texts(wish)
        _resulting_workspace(wish, new)
    says += [f"{'adding to' if old[path] is not None and not wish.force else 'writing'} {path}" for path in sorted(new)]
    write.apply_plan(
        session, build_plan(old, new, tuple(says), f"new {span.id}: {', '.join(ident for _, ident in wish.drafts)}"),
        dry_run=dry_run, commit=commit,
    )  # fmt: skip


def _resulting_workspace(wish: NewPeriodRequest, new: dict[str, str]) -> Workspace:
    """The workspace as it will be; OkrctlError where it could not be read."""
    after = load.load_from_disk(wish.session, {path: text.encode() for path, text in new.items()})
    if after.broken_files:
        file, message = after.broken_files[0]
        raise OkrctlError(f"this would break {file.path}: {message}", "nothing was written")
    return after


def _texts(wish: NewPeriodRequest) -> tuple[dict[str, str | None], dict[str, str]]:
    """The texts of the files concerned, before and after."""
    old: dict[str, str | None] = {}
    new: dict[str, str] = {}
    by_team: dict[str, list[GoalDraft]] = {}
    root = wish.session.root
    for (team, _), draft in wish.drafts.items():
        by_team.setdefault(team, []).append(draft)
    for team, drafts in by_team.items():
        path = _target_path(wish, team)
        old[path] = io.read_text_argument(root, path) if (root / path).exists() else None
        appends = [AppendValue(("objectives",), draft) for draft in drafts]
        before = old[path]
        if before is None or _is_only_fresh(wish, drafts):
            new[path] = drafting.render_file(wish.span, team, drafts, _heading(wish.span, drafts))
        else:
            new[path] = edit(Source(path, before), appends).text
    return old, new


def _is_only_fresh(wish: NewPeriodRequest, drafts: list[GoalDraft]) -> bool:
    return wish.force and [str(draft["id"]) for draft in drafts] == ["first-goal"]


def _heading(span: Period, drafts: list[GoalDraft]) -> str:
    hint = " Drafts count for nothing until `state: draft` is taken out."
    return f"{span.start} to {span.end}.{hint if any(draft.get('state') == 'draft' for draft in drafts) else ''}"
