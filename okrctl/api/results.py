"""The results of the public API: frozen dataclasses with exact fractions.

Scores and progress are shares: 0 is the start, 1 the target. Values are in the unit that stands beside them. None
stands for what is not known, or does not apply. `to_dict()` gives exactly what the command prints with
`--format json`, where numbers have six places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, cast

from okrctl.analysis import alignment, detail, explanation
from okrctl.analysis.attention import StatusReport as AttentionReport
from okrctl.analysis.hypotheses import Impact as PeriodImpact
from okrctl.analysis.period_report import PeriodReport
from okrctl.check import report
from okrctl.history.log import NodeLog
from okrctl.history.score_diff import WorkspaceDiff
from okrctl.history.seals.verify import Verification
from okrctl.kpis import attribution
from okrctl.kpis.detail import KpiDetail
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.tree import KpiTreeNode
from okrctl.outputs import json, reports
from okrctl.outputs.ci import json as check_view
from okrctl.outputs.terminal import TerminalStyle
from okrctl.outputs.views import alignment as alignment_view
from okrctl.outputs.views import attribution as attribution_view
from okrctl.outputs.views import diff as diff_view
from okrctl.outputs.views import explanation as explanation_view
from okrctl.outputs.views import goal as goal_view
from okrctl.outputs.views import hypotheses as hypotheses_view
from okrctl.outputs.views import kpi as kpi_view
from okrctl.outputs.views import kpi_tree as kpi_tree_view
from okrctl.outputs.views import kpis as kpis_view
from okrctl.outputs.views import log as log_view
from okrctl.outputs.views import scorecard as scorecard_view
from okrctl.outputs.views import status as status_view
from okrctl.outputs.views import verification as verification_view
from okrctl.scoring import scorecard
from okrctl.values.diagnostic import Diagnostic
from okrctl.values.errors import NotFoundError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def to_document(data: Mapping[str, object]) -> dict[str, Json]:
    """The JSON document of a command as plain data."""
    return cast("dict[str, Json]", json.plain({"version": 1, **data}))


class Status(StrEnum):
    """How a key result, objective or period is doing."""

    NOT_STARTED = "not started"
    STARTING = "starting"
    ON_TRACK = "on track"
    BEHIND = "behind"
    AT_RISK = "at risk"
    STALE = "stale"
    NO_DATA = "no data"
    ERROR = "error"
    ACHIEVED = "achieved"
    SUCCEEDED = "succeeded"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The findings of a check, by path, line and column; iterating gives each Diagnostic.

    `ok` says that nothing is at or above `fail_on` of the settings, and that every requested path was read. `notes` are
    about what could not be checked.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    ok: bool
    notes: tuple[str, ...]
    _result: report.CheckReport = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: report.CheckReport, notes: tuple[str, ...]) -> CheckReport:
        """The public form of a report."""
        is_ok = not result.has_failed and not result.unread
        return cls(result.diagnostics, result.files, is_ok, notes, result)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    def __len__(self) -> int:
        return len(self.diagnostics)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl check --format json` prints."""
        return to_document(check_view.data(self._result))


@dataclass(frozen=True, slots=True)
class Period:
    """A period with its first and last day; `state` is ahead, running or over."""

    id: str
    start: date
    end: date
    state: str


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A key result on the day of the scorecard; `value`, `start` and `target` are in `unit`."""

    ref: str
    id: str
    title: str | None
    owner: str | None
    measure: str
    unit: str | None
    start: Fraction | None
    target: Fraction | None
    value: Fraction | None
    value_date: date | None
    progress: Fraction | None
    score: Fraction | None
    expected: Fraction | None
    status: Status | None
    confidence: Fraction | None
    weight: Fraction
    due: date | None
    state: str
    is_guardrail: bool
    is_counted: bool

    @classmethod
    def build(cls, result: scorecard.KeyResultScore) -> KeyResult:
        """The public form of a scored key result."""
        data = scorecard_view.key_result_data(result)
        return cls(
            data["ref"], data["id"], data["title"], data["owner"], data["measure"], data["unit"], data["from"],
            data["to"], data["value"], data["value_date"], data["progress"], data["score"], data["expected"],
            _status(data["status"]), data["confidence"], data["weight"], data["due"], data["state"],
            data["guardrail"], data["counted"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective with its key results; `decided_by` is the id of the key result that its status comes from."""

    ref: str
    id: str
    title: str | None
    owner: str | None
    score: Fraction | None
    status: Status | None
    decided_by: str | None
    band: str | None
    weight: Fraction
    state: str
    key_results: tuple[KeyResult, ...]

    @classmethod
    def build(cls, scored: scorecard.ObjectiveScore) -> Objective:
        """The public form of a scored objective."""
        node = scored.node
        return cls(
            node.ref, node.id, node.model.title, node.owner, scored.score, _status(scored.status), scored.decided_by,
            scored.band, scored.weight, scored.state, tuple(map(KeyResult.build, scored.key_results)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """A team with its objectives; of its key results that count, `measured` have a value."""

    id: str
    name: str
    score: Fraction | None
    band: str | None
    pace: Status | None
    measured: int
    objectives: tuple[Objective, ...]

    @classmethod
    def build(cls, scored: scorecard.TeamScore) -> Team:
        """The public form of a scored team."""
        objectives = tuple(map(Objective.build, scored.objectives))
        pace = _status(scored.pace)
        return cls(scored.team, scored.name, scored.score, scored.band, pace, scored.measured_count, objectives)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scorecard of a period as of a day; `card["growth"]` is the team of that id.

    `agreed_score` is the score against what was agreed, None where no baseline is known; `known_at` the commit that the
    files are from, None for those on the disk.
    """

    period: Period
    as_of: date
    known_at: str | None
    score: Fraction | None
    band: str | None
    pace: Status | None
    agreed_score: Fraction | None
    teams: tuple[Team, ...]
    _card: scorecard.Scorecard = field(repr=False, compare=False)

    @classmethod
    def build(cls, card: scorecard.Scorecard) -> Scorecard:
        """The public form of a scorecard."""
        period = Period(card.period.id, card.period.start, card.period.end, card.state)
        agreed = None if card.agreed is None else card.agreed.score
        teams = tuple(map(Team.build, card.teams))
        return cls(period, card.as_of, card.known_at, card.score, card.band, _status(card.pace), agreed, teams, card)

    def __getitem__(self, team: str) -> Team:
        """The team of this id; raises NotFoundError where it has no objective in the period."""
        found = next((each for each in self.teams if each.id == team), None)
        if found is None:
            names = ", ".join(each.id for each in self.teams)
            raise NotFoundError(f"{self.period.id} has no team '{team}'", f"its teams are {names or 'none yet'}")
        return found

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl score PERIOD --format json` prints."""
        return to_document(scorecard_view.card_data(self._card))


@dataclass(frozen=True, slots=True)
class Reading:
    """A value on a day, in the unit of its KPI; `is_computed` where it follows from a formula."""

    date: date
    value: Fraction
    is_computed: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """An objective or a key result in full: `key_result` is None for an objective, which always stands in `objective`.

    `path` and `line` (from 1) are its place in the files, `supporters` the references of what names it as parent.
    """

    ref: str
    as_of: date
    path: str
    line: int
    objective: Objective
    key_result: KeyResult | None
    supporters: tuple[str, ...]
    _result: detail.Detail = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: detail.Detail) -> Detail:
        """The public form of a node in full."""
        key_result = None if result.key_result is None else KeyResult.build(result.key_result)
        objective = Objective.build(result.objective)
        supporters = tuple(node.ref for node in result.supporters)
        ref = objective.ref if key_result is None else key_result.ref
        return cls(ref, result.card.as_of, result.path, result.line, objective, key_result, supporters, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl show REF --format json` prints."""
        return to_document(goal_view.data(self._result))


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node of a tree with those below it: an objective and its supporters, or a KPI and its inputs.

    `value` is the score of an objective, as a share, or the value of a KPI in its unit.
    """

    ref: str
    title: str | None
    value: Fraction | None
    children: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """What supports what, from the roots down, or the formula of a KPI, which is the only root."""

    roots: tuple[TreeNode, ...]
    _result: alignment.AlignmentTree | KpiTreeNode = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: alignment.AlignmentTree | KpiTreeNode) -> Tree:
        """The public form of a tree."""
        if isinstance(result, KpiTreeNode):
            return cls((_kpi_node(result),), result)
        return cls(tuple(map(_objective_node, result.roots)), result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl tree --format json` prints."""
        if isinstance(self._result, KpiTreeNode):
            return to_document(kpi_tree_view.data(self._result))
        return to_document(alignment_view.data(self._result))


def _objective_node(node: alignment.TreeNode) -> TreeNode:
    scored = node.objective
    children = tuple(map(_objective_node, node.children))
    return TreeNode(scored.node.ref, scored.node.model.title, scored.score, children)


def _kpi_node(node: KpiTreeNode) -> TreeNode:
    kpi = node.status.kpi
    return TreeNode(kpi.id, kpi.model.title, node.status.value, tuple(map(_kpi_node, node.children)))


@dataclass(frozen=True, slots=True)
class Report:
    """The report on a period; `notes` are the lines below its scores."""

    scorecard: Scorecard
    notes: tuple[str, ...]
    _result: PeriodReport = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: PeriodReport) -> Report:
        """The public form of a report."""
        return cls(Scorecard.build(result.card), tuple(result.notes), result)

    def to_markdown(self) -> str:
        """The page that `okrctl report` prints."""
        return reports.render(self._result, "markdown", TerminalStyle())

    def to_html(self) -> str:
        """The page that `okrctl report --format html` prints: one file, without anything from elsewhere."""
        return reports.render(self._result, "html", TerminalStyle())

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl report --format json` prints."""
        return to_document(reports.data(self._result))


@dataclass(frozen=True, slots=True)
class Part:
    """An input of a formula: its values on both days, and its share in the change of the KPI above it."""

    id: str
    old: Fraction
    new: Fraction
    amount: Fraction
    parts: tuple[Part, ...]

    @classmethod
    def build(cls, part: attribution.Contribution) -> Part:
        """The public form of a contribution."""
        return cls(part.kpi.id, part.old, part.new, part.amount, tuple(map(cls.build, part.contributions)))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why a KPI moved between two days: the amounts of `parts` add up to `change`, in the unit of the KPI."""

    id: str
    since: date
    until: date
    old: Fraction | None
    new: Fraction | None
    change: Fraction | None
    remark: str | None
    parts: tuple[Part, ...]
    _result: attribution.Attribution = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: attribution.Attribution) -> Attribution:
        """The public form of an attribution."""
        parts = tuple(map(Part.build, result.contributions))
        days = (result.since, result.until)
        return cls(result.kpi.id, *days, result.old, result.new, result.change, result.remark, parts, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl explain KPI --since --until --format json` prints."""
        return to_document(attribution_view.data(self._result))


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI on a day; values are in `unit`, and `readings` are the oldest first.

    `trend` is better, worse or same; `alarm` and `signal` say what is out of bounds, or out of the ordinary.
    """

    id: str
    title: str | None
    owner: str | None
    unit: str | None
    as_of: date
    value: Fraction | None
    value_date: date | None
    change: Fraction | None
    trend: str | None
    alarm: str | None
    signal: str | None
    readings: tuple[Reading, ...]
    _detail: KpiDetail = field(repr=False, compare=False)
    _attribute: Callable[[str, date | None, date | None], Attribution] = field(repr=False, compare=False)

    @classmethod
    def build(cls, detail: KpiDetail, attribute: Callable[[str, date | None, date | None], Attribution]) -> Kpi:
        """The public form of a KPI in full."""
        status = detail.status
        readings = tuple(Reading(point.day, point.value, point.is_computed) for point in status.series)
        return cls(
            status.kpi.id, status.kpi.model.title, status.kpi.owner, status.kpi.unit, detail.as_of, status.value,
            status.value_date, status.change, status.trend, status.alarm, status.signal, readings, detail, attribute,
        )  # fmt: skip

    def attribution(self, *, since: date | None = None, until: date | None = None) -> Attribution:
        """Why it moved between two days, by default in the period so far; raises UsageError for days in disorder."""
        return self._attribute(self.id, since, until)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl show KPI --format json` prints."""
        return to_document(kpi_view.document(self._detail))


@dataclass(frozen=True, slots=True)
class KpiList:
    """The KPIs on a day, the worst first, by their ids; iterating gives the ids."""

    as_of: date
    ids: tuple[str, ...]
    values: Mapping[str, Fraction | None]
    _overview: KpiOverview = field(repr=False, compare=False)

    @classmethod
    def build(cls, overview: KpiOverview) -> KpiList:
        """The public form of an overview."""
        statuses: list[KpiStatus] = list(overview.statuses)
        values = {status.kpi.id: status.value for status in statuses}
        return cls(overview.as_of, tuple(values), values, overview)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl kpi --format json` prints."""
        return to_document(kpis_view.document(self._overview))


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention, why, and the command to run next."""

    ref: str
    status: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What needs attention on a day, the worst first."""

    as_of: date
    attention: tuple[Attention, ...]
    _report: AttentionReport = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: AttentionReport) -> StatusReport:
        """The public form of a status report."""
        items = tuple(Attention(each.ref, each.status, each.why, each.next) for each in result.attention)
        return cls(result.as_of, items, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl status --format json` prints."""
        return to_document(status_view.data(self._report))


@dataclass(frozen=True, slots=True)
class Input:
    """A number of a formula, and the place where it is written."""

    name: str
    value: Fraction | date
    path: str | None
    line: int | None
    commit: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The arithmetic of a score: the formula gives it exactly, `steps` say it in words."""

    ref: str
    score: Fraction | None
    formula: str
    inputs: tuple[Input, ...]
    steps: tuple[str, ...]
    _result: explanation.Explanation = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: explanation.Explanation) -> Explanation:
        """The public form of an explanation."""
        inputs = tuple(Input(each.name, each.value, each.path, each.line, each.commit) for each in result.inputs)
        return cls(result.ref, result.score, result.formula, inputs, tuple(result.steps), result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl explain REF --format json` prints."""
        return to_document(explanation_view.data(self._result))


@dataclass(frozen=True, slots=True)
class Change:
    """A change of meaning: `kind` is added, removed or changed; `effect` relaxed, tightened, neutral or None.

    `old` and `new` are in words, as the log of a node has them.
    """

    ref: str
    kind: str
    field: str | None
    old: str | None
    new: str | None
    effect: str | None
    is_amended: bool
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two commits, by their ids; `new` is None for the files on the disk."""

    old: str
    new: str | None
    changes: tuple[Change, ...]
    _result: WorkspaceDiff = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: WorkspaceDiff) -> Diff:
        """The public form of a comparison."""
        changes = tuple(
            Change(
                each.ref, each.kind, each.field, _words(each.old), _words(each.new), each.effect, each.amended,
                each.path, each.line,
            )
            for each in result.changes
        )  # fmt: skip
        return cls(result.old, result.new, changes, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl diff --format json` prints."""
        return to_document(diff_view.data(self._result))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A change of one field by one commit; `old` and `new` are in words."""

    commit: str
    date: date
    author: str
    ref: str
    field: str | None
    old: str | None
    new: str | None
    effect: str | None
    subject: str


@dataclass(frozen=True, slots=True)
class Log:
    """The history of one node in git, the newest entry first."""

    ref: str
    entries: tuple[LogEntry, ...]
    _result: NodeLog = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: NodeLog) -> Log:
        """The public form of a log."""
        entries = tuple(
            LogEntry(
                each.commit.id, each.commit.day, each.commit.author, each.ref, each.field, _words(each.old),
                _words(each.new), each.effect, each.commit.subject,
            )
            for each in result.entries
        )  # fmt: skip
        return cls(result.ref, entries, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl log REF --format json` prints."""
        return to_document(log_view.data(self._result))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What an objective was expected to do to a KPI; levels are in the KPI's unit, `verdict` None until it is over."""

    ref: str
    kpi: str
    before: Fraction | None
    after: Fraction | None
    verdict: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Impact:
    """The hypotheses of a period with their verdicts."""

    period: str
    hypotheses: tuple[Hypothesis, ...]
    _result: PeriodImpact = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: PeriodImpact) -> Impact:
        """The public form of the verdicts."""
        found = tuple(
            Hypothesis(each.objective.node.ref, each.hypothesis.kpi, each.before, each.after, each.verdict, each.why)
            for each in result.hypotheses
        )
        return cls(result.period.id, found, result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl impact PERIOD --format json` prints."""
        return to_document(hypotheses_view.document(self._result))


@dataclass(frozen=True, slots=True)
class Seal:
    """Whether the seal of a closed period holds; `commit` is the one that it was recomputed from."""

    period: str
    commit: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class SealCheck:
    """The seals that were recomputed; `ok` says that all hold."""

    seals: tuple[Seal, ...]
    ok: bool
    _result: Verification = field(repr=False, compare=False)

    @classmethod
    def build(cls, result: Verification) -> SealCheck:
        """The public form of a verification."""
        seals = tuple(Seal(each.period, each.commit, each.is_valid) for each in result.results)
        return cls(seals, all(seal.holds for seal in seals), result)

    def to_dict(self) -> dict[str, Json]:
        """What `okrctl verify --format json` prints."""
        return to_document(verification_view.data(self._result))


def _status(word: str | None) -> Status | None:
    return None if word is None else Status(word)


def _words(value: object) -> str | None:
    from okrctl.history.diff import describe

    return None if value is None else describe.format_value(value)
