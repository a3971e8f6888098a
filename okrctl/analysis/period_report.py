"""The report on one period: figures, trajectories, progress, what needs attention, KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis import alignment, trajectory
from okrctl.analysis.alignment import AlignmentTree
from okrctl.analysis.attention import AttentionItem, attention_items, kpi_attention_items, unclosed_periods
from okrctl.analysis.hypotheses import Impact, evaluate_hypotheses
from okrctl.analysis.period_figures import PeriodFigures, SameDay, build_period_figures, compare_same_day
from okrctl.analysis.trajectory import Trajectory
from okrctl.kpis import attribution
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.overview import KpiOverview, KpiStatus, build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import KpiTreeNode, build_kpi_tree
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.values.dates import days_before
from okrctl.values.period import Period
from okrctl.workspace import Node, Workspace, references

RECENT_DAYS = 14
DECISION_STATUSES = ("at risk", "alarm", "error", "moved", "behind", "still open", "signal", "at its worst")


@dataclass(frozen=True, slots=True)
class ProgressMove:
    """A key result whose progress changed: on the earlier day and on the day of the report."""

    before: KeyResultScore
    after: KeyResultScore

    @property
    def change(self) -> Fraction:
        """The change of the progress, below 0 where it fell."""
        return (self.after.progress or Fraction(0)) - (self.before.progress or Fraction(0))


@dataclass(frozen=True, slots=True)
class KpiStory:
    """A KPI that no other formula uses: its inputs, and why it moved since the day before the period."""

    tree: KpiTreeNode
    attribution: Attribution


@dataclass(slots=True)
class PeriodReport:
    """The report on one period on one day.

    `moves` are since `since`, the largest first; `trajectories` by reference, as `build_trajectories` gives them;
    `names` are of people, by their keys; `unknown_owners` are neither people nor teams of the settings; a path and
    `#L12` are appended to `link_base`, where a forge shows the files;
    `notes` are the lines below.
    """

    card: Scorecard
    since: date
    moves: list[ProgressMove]
    attention: list[AttentionItem]
    alignment_tree: AlignmentTree
    trajectories: dict[str, Trajectory]
    kpi_overview: KpiOverview
    kpi_stories: list[KpiStory]
    impact: Impact
    figures: PeriodFigures
    same_day: SameDay | None = None
    organisation: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    unknown_owners: frozenset[str] = frozenset()
    link_base: str | None = None
    notes: list[str] = field(default_factory=list)
    is_full: bool = False

    @property
    def decisions(self) -> list[AttentionItem]:
        """What needs a decision, the worst first."""
        return [item for item in self.attention if item.status in DECISION_STATUSES]

    @property
    def reminders(self) -> list[AttentionItem]:
        """What only needs a reading."""
        return [item for item in self.attention if item.status not in DECISION_STATUSES]

    def owner_name(self, owner: str | None) -> str:
        """What people call an owner."""
        return self.names.get(owner or "", owner or "")

    def goal_title(self, ref: str) -> str:
        """The title of an objective of the report, else its reference."""
        found = (each.node for each in self.card.objectives if each.node.ref == ref)
        return next((node.model.title or node.id for node in found), ref)

    def location(self, node: Node) -> tuple[str, int]:
        """The file and the line in which a node begins."""
        return node.file.path, node.file.document.span_at(node.route).line


def build_period_report(
    workspace: Workspace, card: Scorecard, today: date, sealed: frozenset[str] = frozenset()
) -> PeriodReport:
    """The report on the period of a scorecard on its day; `sealed` are the periods that are closed."""
    period, day = card.period, card.as_of
    since = max(days_before(min(day, period.end), RECENT_DAYS), period.start)
    kpi_values = KpiValues(workspace, min(day, period.end))
    overview = build_kpi_overview(kpi_values)
    return replace(
        build_goals_report(workspace, card),
        since=since,
        moves=_progress_moves(workspace, card, since),
        attention=_attention_items(kpi_values, card, overview, today, sealed),
        alignment_tree=_alignment_of_period(workspace, card),
        trajectories=trajectory.build_trajectories(workspace, card),
        kpi_overview=overview,
        kpi_stories=list(_kpi_stories(kpi_values, overview, period)),
        impact=evaluate_hypotheses(workspace, card),
        same_day=compare_same_day(workspace, card),
    )


def build_goals_report(workspace: Workspace, card: Scorecard) -> PeriodReport:
    """The report with only the goals of a scorecard and its figures, for those who look at nothing else."""
    period, people = card.period, workspace.config.people or {}
    return PeriodReport(
        card=card,
        since=period.start,
        moves=[],
        attention=[],
        alignment_tree=AlignmentTree([card]),
        trajectories={},
        kpi_overview=KpiOverview(card.as_of, None, []),
        kpi_stories=[],
        impact=Impact(period, card.state, card.as_of, []),
        figures=build_period_figures(card, workspace.config),
        organisation=workspace.config.organisation,
        names={key: person.name for key, person in people.items() if person.name},
        unknown_owners=frozenset(owner for owner in owners_of(workspace) if not workspace.config.is_known_owner(owner)),
    )


def owners_of(workspace: Workspace) -> list[str]:
    """The owners of objectives, key results and KPIs."""
    nodes: list[Node] = [*workspace.objectives, *workspace.key_results, *workspace.kpi_nodes]
    return sorted({node.owner for node in nodes if node.owner})


def _progress_moves(workspace: Workspace, card: Scorecard, since: date) -> list[ProgressMove]:
    if card.state == "ahead" or since >= card.as_of:
        return []
    earlier = scoring.build_scorecard(workspace, card.period, since, KeyResultValues(workspace, since))
    before = {id(kr.node): kr for kr in _key_results(earlier)}
    active = (kr for kr in _key_results(card) if kr.state == "active" and not kr.guardrail)
    after = (kr for kr in active if kr.progress is not None and id(kr.node) in before)
    moves = (ProgressMove(before[id(kr.node)], kr) for kr in after)
    return sorted(filter(_has_changed, moves), key=lambda move: (-abs(move.change), move.after.node.ref))


def _has_changed(move: ProgressMove) -> bool:
    return move.change != 0


def _key_results(card: Scorecard) -> Iterator[KeyResultScore]:
    return (key_result for objective in card.objectives for key_result in objective.key_results)


def _attention_items(
    kpi_values: KpiValues, card: Scorecard, overview: KpiOverview, today: date, sealed: frozenset[str]
) -> list[AttentionItem]:
    workspace = kpi_values.workspace
    items = list(attention_items([card], references.ShortestUniqueRef(workspace, today), workspace))
    if card.state == "running":
        items += kpi_attention_items(overview, kpi_values)
    items += [item for item in unclosed_periods(workspace, card.as_of, sealed) if item.ref == card.period.id]
    return sorted(items, key=lambda item: item.sort_key)


def _alignment_of_period(workspace: Workspace, card: Scorecard) -> AlignmentTree:
    """The objectives of the period below those of longer periods that they support."""
    longer = [period for period in workspace.periods if period.contains(card.period) and period.id != card.period.id]
    cards = [card, *(scoring.build_scorecard(workspace, period, card.as_of) for period in longer)]
    tree = alignment.build_alignment_tree(workspace, cards)
    tree.roots = [root for root in tree.roots if _prune(root, card.period)]
    return tree


def _prune(tree: alignment.TreeNode, period: Period) -> bool:
    """Whether a tree has an objective of the period; branches without one are removed from it."""
    tree.children = [child for child in tree.children if _prune(child, period)]
    return bool(tree.children) or tree.objective.node.period.id == period.id


def _kpi_stories(kpi_values: KpiValues, overview: KpiOverview, period: Period) -> Iterator[KpiStory]:
    parsed = ((status, attribution.parse_kpi_formula(status.kpi)) for status in overview.statuses)
    formulas = [(status, formula) for status, formula in parsed if formula]
    inputs = {name.id for _, formula in formulas for name in formula.names}
    first = days_before(period.start, 1)
    since = first if first < kpi_values.day else attribution.default_since(kpi_values.workspace, kpi_values.day)
    for status, _ in formulas:
        if status.kpi.id not in inputs and status.series:
            yield KpiStory(
                build_kpi_tree(kpi_values, status.kpi),
                attribution.attribute_change(kpi_values, status.kpi, since, kpi_values.day),
            )


def notable_kpis(overview: KpiOverview, most: int) -> list[KpiStatus]:
    """The KPIs that are alarmed or got worse, then those that moved, the worst first, at most so many."""
    moved = [
        status for status in overview.statuses if status.alarm or status.signal or status.change or status.period_change
    ]
    return moved[:most]
