"""Starts a period: empty drafts for each team, unfinished objectives carried over, or a draft for a KPI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from okrctl import files, scoring
from okrctl.history.seals.store import load_seal
from okrctl.operations.apply import WriteOptions, WriteResult, apply_plan
from okrctl.operations.load import Loaded, load_with_changes, load_workspace, requested_periods
from okrctl.operations.project import Project
from okrctl.schema.settings import COMPANY
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.templates import period as templates
from okrctl.templates.period import GoalDraft
from okrctl.values import period as periods
from okrctl.values.diagnostic import FileProblem
from okrctl.values.errors import (
    AmbiguousError,
    ConfirmError,
    ConflictError,
    FilesError,
    NotFoundError,
    OkrctlError,
    RefusedError,
)
from okrctl.values.period import Period, PeriodError, selection
from okrctl.workspace import Kpi, Workspace, references
from okrctl.yaml import Source, decode
from okrctl.yaml_edit import AppendValue, build_plan, edit

FRESH_ID = "first-goal"


@dataclass(frozen=True, slots=True)
class NewPeriodRequest:
    """Which period to start, for which teams (default: those at work), and what to draft for it.

    `carry_over` is the period whose unfinished objectives go on: those of `refs`, or all with `carry_all`. `kpi` is a
    KPI to draft an objective for. `force` replaces what the files of the teams hold.
    """

    period: str
    teams: Sequence[str] = ()
    carry_over: str | None = None
    refs: Sequence[str] = ()
    carry_all: bool = False
    kpi: str | None = None
    force: bool = False


@dataclass
class NewPeriod:
    """A period to be started in a workspace, with the drafts planned for it by team and id."""

    workspace: Workspace
    period: Period
    request: NewPeriodRequest
    drafts: dict[tuple[str, str], GoalDraft] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def add(self, team: str, draft: GoalDraft) -> None:
        """Plan an objective; raises OkrctlError where the period has one with this id."""
        name = str(draft["id"])
        if (self.period.id, team, name) in self.workspace.by_name:
            raise ConflictError(f"{self.period.id}/{team}/{name} already exists", "leave it out, or rename it first")
        self.drafts[team, name] = draft


def plan_period(project: Project, request: NewPeriodRequest) -> NewPeriod:
    """Return the period to be started; raises OkrctlError where that is not possible."""
    workspace = load_workspace(project)
    new = NewPeriod(workspace, _find_period(project, workspace, request.period), request)
    if load_seal(project.root, new.period.id) is not None:
        raise RefusedError(f"{new.period.id} is closed", f"`okrctl reopen {new.period.id} --reason TEXT` reopens it")
    if (request.refs or request.carry_all) and request.carry_over is None:
        raise OkrctlError("--ref and --all need --carry-over", "add --carry-over PERIOD")
    known = {*(workspace.config.teams or {}), *(objective.team for objective in workspace.objectives), COMPANY}
    for team in request.teams:
        if workspace.config.teams is not None and team not in known:
            raise NotFoundError(f"no such team: '{team}'", f"the teams are {', '.join(sorted(known))}")
        _require_current(new, team)
    return new


def _require_current(new: NewPeriod, team: str) -> None:
    """Raise OkrctlError for a team that ends before the new period does."""
    last = new.workspace.config.last_day(team)
    if last is not None and last < new.period.end:
        raise OkrctlError(
            f"the team '{team}' ends on {last}, before {new.period.id} ends on {new.period.end}",
            "use another team, or correct `until:` in okrctl.yaml",
        )


def _find_period(project: Project, workspace: Workspace, name: str) -> Period:
    """Return the period of this name, which need not have files; raises OkrctlError for an invalid name."""
    known, fiscal = workspace.periods, workspace.config.fiscal
    try:
        if name == "next":
            return periods.next_period(selection.default_periods(known, project.today)[0], fiscal)
        existing = next((period for period in known if period.id.casefold() == name.casefold()), None)
        return existing or next(_following_cycles(known, name), None) or periods.parse(name, fiscal)
    except PeriodError as error:
        raise OkrctlError(error.message, error.hint) from error
    except IndexError:
        raise NotFoundError("no earlier period found", "pass the name of the new period, such as 2026-Q3") from None


def _following_cycles(known: Sequence[Period], name: str) -> Iterator[Period]:
    """Yield the cycle of this name: cycles have names of their own, and `cycle-8` is as long as `cycle-7`."""
    for period in known:
        if period.kind == "custom":
            try:
                following = periods.next_period(period)
            except PeriodError:
                continue
            if following.id == name:
                yield following


def unfinished_objectives(project: Project, new: NewPeriod) -> list[ObjectiveScore]:
    """Return the objectives that the request carries over or that a person may choose from."""
    request, workspace = new.request, new.workspace
    assert request.carry_over is not None
    loaded = Loaded(workspace, None, project.today)
    [old] = requested_periods(project, loaded, [request.carry_over])
    if old.id == new.period.id:
        raise OkrctlError(f"{old.id} cannot be carried over into itself", "pass the period before it")
    card = scoring.build_scorecard(workspace, old, loaded.day_of(old))
    own = [objective for objective in card.objectives if not request.teams or objective.node.team in request.teams]
    if request.refs:
        return _requested_objectives(new, own)
    carried = _carried_references(new)
    return _open_objectives(new, card, [objective for objective in own if objective.node.ref not in carried])


def _requested_objectives(new: NewPeriod, own: Sequence[ObjectiveScore]) -> list[ObjectiveScore]:
    chosen = [_find_objective(own, reference) for reference in new.request.refs]
    for objective in chosen:
        _require_current(new, objective.node.team)
    return chosen


def _open_objectives(new: NewPeriod, card: Scorecard, own: Sequence[ObjectiveScore]) -> list[ObjectiveScore]:
    """Return the unfinished objectives of current teams; a message names what the others leave behind."""
    success = new.workspace.config.scoring.success
    new.messages += _describe_left_behind(new, [each for each in templates.left_behind(card, success) if each in own])
    unfinished = [objective for objective in templates.unfinished_objectives(card, success) if objective in own]
    return [objective for objective in unfinished if not _is_former_team(new, objective)]


def _describe_left_behind(new: NewPeriod, objectives: Sequence[ObjectiveScore]) -> list[str]:
    """Return a line with the unfinished key results of objectives that succeeded, and how to carry them over."""
    if not objectives:
        return []
    names = [result.node.ref for each in objectives for result in templates.unfinished_key_results(each)]
    options = " ".join(f"--ref {each.node.ref}" for each in objectives)
    command = f"okrctl new {new.period.id} --carry-over {new.request.carry_over} {options}"
    what = "an unfinished key result" if len(names) == 1 else "unfinished key results"
    of = "an objective" if len(objectives) == 1 else "objectives"
    return [f"not carried over: {', '.join(names)}, {what} of {of} that succeeded; to carry over, run `{command}`"]


def _is_former_team(new: NewPeriod, objective: ObjectiveScore) -> bool:
    """Whether the team of an objective ends before the new period does; a message says so."""
    node = objective.node
    last = new.workspace.config.last_day(node.team)
    if last is None or last >= new.period.end:
        return False
    new.messages.append(f"leaving out {node.ref}: the team '{node.team}' ends on {last}")
    return True


def _carried_references(new: NewPeriod) -> set[str | None]:
    objectives = (objective for objective in new.workspace.objectives if objective.period.id == new.period.id)
    return {objective.model.carried_from for objective in objectives}


def _find_objective(objectives: Sequence[ObjectiveScore], reference: str) -> ObjectiveScore:
    matches = [one for one in objectives if references.matches_ending(one.node.ref, reference)]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(objective.node.ref for objective in matches or objectives)
    problem = f"'{reference}' is ambiguous" if matches else f"no such objective: '{reference}'"
    raise (AmbiguousError if matches else NotFoundError)(f"--ref: {problem}", f"the period has: {names}")


def new(project: Project, new: NewPeriod, carried: Sequence[ObjectiveScore], options: WriteOptions) -> WriteResult:
    """Write the drafts of a new period, with these objectives carried over.

    References that lead nowhere in the new period are removed from the drafts.
    """
    if new.request.kpi is not None:
        _draft_for_kpi(project, new, new.request.kpi)
    else:
        for objective in carried:
            draft = templates.carry_over(objective, new.period)
            former = templates.drop_former_owners(draft, new.workspace.config, new.period.end)
            new.add(objective.node.team, draft)
            without = f" without its owner {', '.join(former)}, who has left" if former else ""
            new.messages.append(f"carrying over {objective.node.ref}{without}")
        _draft_fresh(new)
    return write_drafts(project, new, options)


def write_drafts(project: Project, new: NewPeriod, options: WriteOptions) -> WriteResult:
    """Write the drafts that are planned; raises FilesError where a file would be broken."""
    old, texts = build_texts(project, new)
    messages = [*new.messages]
    if new.drafts:
        after = load_with_changes(project, texts)
        messages += templates.drop_broken_references(after, new.drafts, new.period)
        old, texts = build_texts(project, new)
        load_with_changes(project, texts)
    for path in sorted(texts):
        messages.append(f"{'adding to' if old[path] is not None and not new.request.force else 'writing'} {path}")
    names = ", ".join(name for _, name in new.drafts)
    return apply_plan(project, build_plan(old, texts, tuple(messages), f"new {new.period.id}: {names}"), options)


def _draft_for_kpi(project: Project, new: NewPeriod, name: str) -> None:
    kpi = references.find_node(new.workspace, name, project.today, (Kpi,))
    assert isinstance(kpi, Kpi)
    own = kpi.model.team or COMPANY
    is_former = new.workspace.config.ends_before(own, new.period.end)
    team = [*new.request.teams, COMPANY if is_former else own][0]
    taken = [
        objective.id
        for objective in new.workspace.objectives
        if (objective.period.id, objective.team) == (new.period.id, team)
    ]
    new.add(team, templates.draft_for_kpi(new.workspace, kpi, new.period, taken, project.today))
    new.messages.append(f"drafting an objective of {team} in {new.period.id} for '{kpi.id}'")


def _draft_fresh(new: NewPeriod) -> None:
    """Plan an empty draft for each team that has neither drafts nor files."""
    drafted = {team for team, _ in new.drafts}
    for team in new.request.teams or _working_teams(new):
        if team not in drafted and (new.request.force or not _team_paths(new, team)):
            new.drafts[team, FRESH_ID] = templates.empty_draft(team)
    if not new.drafts and new.request.carry_over is None:
        paths = ", ".join(file.path for file in new.workspace.files if file.period == new.period)
        raise ConfirmError(f"{new.period.id} already has files: {paths}", "--force replaces them with drafts")


def _working_teams(new: NewPeriod) -> list[str]:
    """Return the teams of the newest earlier period that is about as long, else those of the settings."""
    earlier = [
        period
        for period in new.workspace.periods
        if period.start < new.period.start and 3 * period.days < 4 * new.period.days < 5 * period.days
    ]
    newest = earlier[-1] if earlier else None
    teams = list(dict.fromkeys(file.team for file in new.workspace.files if newest and file.period == newest))
    return _without_former(new, teams) or _without_former(new, list(new.workspace.config.teams or {})) or [COMPANY]


def _without_former(new: NewPeriod, teams: Sequence[str]) -> list[str]:
    """Return the teams that are there for the whole new period; a message names each of the others once."""
    current = []
    for team in teams:
        last = new.workspace.config.last_day(team)
        message = f"no draft for {team}: it ends on {last}"
        if last is None or last >= new.period.end:
            current.append(team)
        elif message not in new.messages:
            new.messages.append(message)
    return current


def _team_paths(new: NewPeriod, team: str) -> list[str]:
    return [file.path for file in new.workspace.files if file.period == new.period and file.team == team]


def target_path(new: NewPeriod, team: str) -> str:
    """Return the file of a team in the new period, named as the team named its files before."""
    existing = _team_paths(new, team)
    if existing:
        return existing[0]
    earlier = [
        (file.period.start, file.path, file.period.id)
        for file in new.workspace.files
        if file.period and file.team == team and file.period.id in file.path
    ]
    if earlier:
        _, path, period = max(earlier, key=lambda entry: entry[0])
        return path.replace(period, new.period.id)
    return f"okrs/{new.period.id}/{team}.yaml"


def build_texts(project: Project, new: NewPeriod) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return the texts of the files with drafts, before and after."""
    old: dict[str, str | None] = {}
    texts: dict[str, str] = {}
    by_team: dict[str, list[GoalDraft]] = {}
    for (team, _), draft in new.drafts.items():
        by_team.setdefault(team, []).append(draft)
    for team, drafts in by_team.items():
        path = target_path(new, team)
        before = old[path] = _read_existing(project, path)
        is_only_fresh = new.request.force and [draft["id"] for draft in drafts] == [FRESH_ID]
        if before is None or is_only_fresh:
            texts[path] = templates.render_file(new.period, team, drafts, _heading(new.period, drafts))
        else:
            texts[path] = edit(Source(path, before), [AppendValue(("objectives",), draft) for draft in drafts]).text
    return old, texts


def _read_existing(project: Project, path: str) -> str | None:
    if not files.has_file(project.root, path):
        return None
    decoded = decode(path, files.read_inside(project.root, path))
    if isinstance(decoded, FileProblem):
        raise FilesError(f"{path}: {decoded.message}", decoded.help)
    return decoded.text


def _heading(period: Period, drafts: Sequence[Mapping[str, object]]) -> str:
    hint = " Drafts do not count until `state: draft` is removed."
    return f"{period.start} to {period.end}.{hint if any(draft.get('state') == 'draft' for draft in drafts) else ''}"
