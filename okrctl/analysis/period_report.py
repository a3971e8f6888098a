"""Gathers all that a report on one period says: figures, courses, what moved, what waits for people, KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis import alignment, trajectory
from okrctl.analysis.alignment import AlignmentTree
from okrctl.analysis.attention import AttentionItem, attention_items, unclosed_periods
from okrctl.analysis.hypotheses import Impact, evaluate_hypotheses
from okrctl.analysis.trajectory import Trajectory
from okrctl.analysis.unaddressed_kpis import kpi_attention_items
from okrctl.kpis import attribution
from okrctl.kpis import tree as anatomy
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.overview import KpiOverview, KpiStatus, build_kpi_overview
from okrctl.kpis.series import KpiValues
from okrctl.kpis.tree import KpiTreeNode
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.values.period import Period
from okrctl.values.timeseries import days_before
from okrctl.workspace import Node, Workspace, references

RECENT_DAYS = 14
DECISION_STATUSES = ("at risk", "alarm", "error", "behind", "still open", "getting worse")


@dataclass(frozen=True, slots=True)
class ProgressMove:
    """A key result whose progress changed: the same one on the earlier day and on the day asked."""

    before: KeyResultScore
    after: KeyResultScore

    @property
    def change(self) -> Fraction:
        """How much of the way was gone, below 0 where it was back."""
        return (self.after.progress or Fraction(0)) - (self.before.progress or Fraction(0))


@dataclass(frozen=True, slots=True)
class KpiStory:
    """A KPI that no other is made of: what it is made of, and why it moved since the day before the period."""

    tree: KpiTreeNode
    attribution: Attribution


@dataclass(slots=True)
class PeriodReport:
    """What a report on one period says on one day.

    `moves` are since `since`, the greatest first; `traces` by reference as in `tracing.traces`; `names` are of people,
    by their keys; `link` is what a path and `#L12` are appended to, where a forge shows the files; `lines` is what
    else there is to say.
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
    organisation: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    link_base: str | None = None
    notes: list[str] = field(default_factory=list)
    is_full: bool = False

    @property
    def decisions(self) -> list[AttentionItem]:
        """What somebody has to decide, the worst first."""
        return [one for one in self.attention if one.status in DECISION_STATUSES]

    @property
    def reminders(self) -> list[AttentionItem]:
        """What only waits for a reading."""
        return [one for one in self.attention if one.status not in DECISION_STATUSES]

    def owner_name(self, owner: str | None) -> str:
        """What people call an owner."""
        return self.names.get(owner or "", owner or "")

    def location(self, node: Node) -> tuple[str, int]:
        """The file and the line in which a thing begins."""
        return node.file.path, node.file.document.span_at(node.route).line


def build_period_report(
    workspace: Workspace, card: Scorecard, today: date, sealed: frozenset[str] = frozenset()
) -> PeriodReport:
    """All there is to say of the period of a scorecard on its day; `sealed` are the periods that are closed."""
    period, day = card.period, card.as_of
    since = max(min(day, period.end) - timedelta(days=RECENT_DAYS), period.start)
    gauges = KpiValues(workspace, min(day, period.end))
    gauged = build_kpi_overview(gauges)
    people = workspace.config.people or {}
    return PeriodReport(
        card=card,
        since=since,
        moves=_progress_moves(workspace, card, since),
        attention=_attention_items(gauges, card, gauged, today, sealed),
        alignment_tree=_alignment_of_period(workspace, card),
        trajectories=trajectory.build_trajectories(workspace, card),
        kpi_overview=gauged,
        kpi_stories=list(_kpi_stories(gauges, gauged, period)),
        impact=evaluate_hypotheses(workspace, card),
        organisation=workspace.config.organisation,
        names={key: one.name for key, one in people.items() if one.name},
    )


def _progress_moves(workspace: Workspace, card: Scorecard, since: date) -> list[ProgressMove]:
    if card.state == "ahead" or since >= card.as_of:
        return []
    earlier = scoring.build_scorecard(
        workspace, card.period, since, KeyResultValues(workspace, since, with_projections=False)
    )
    before = {id(kr.node): kr for one in earlier.objectives for kr in one.key_results}
    after = [kr for one in card.objectives for kr in one.key_results if kr.state == "active" and not kr.guardrail]
    pairs = [ProgressMove(before[id(kr.node)], kr) for kr in after if id(kr.node) in before and kr.progress is not None]
    return sorted((one for one in pairs if one.change), key=lambda one: (-abs(one.change), one.after.node.ref))


def _attention_items(
    gauges: KpiValues, card: Scorecard, gauged: KpiOverview, today: date, sealed: frozenset[str]
) -> list[AttentionItem]:
    workspace = gauges.workspace
    found = list(attention_items([card], references.ShortestUniqueRef(workspace, today), workspace))
    if card.state == "running":
        found += kpi_attention_items(gauged, gauges)
    found += [one for one in unclosed_periods(workspace, card.as_of, sealed) if one.ref == card.period.id]
    return sorted(found, key=lambda one: one.sort_key)


def _alignment_of_period(workspace: Workspace, card: Scorecard) -> AlignmentTree:
    """The objectives of the period below those of longer periods that they support."""
    around = [one for one in workspace.periods if one.contains(card.period) and one.id != card.period.id]
    cards = [card, *(scoring.build_scorecard(workspace, one, card.as_of) for one in around)]
    found = alignment.build_alignment_tree(workspace, cards)
    found.roots = [tree for tree in found.roots if _prune(tree, card.period)]
    return found


def _prune(tree: alignment.TreeNode, period: Period) -> bool:
    """Whether a tree has an objective of the period; what leads to none is taken out of it."""
    tree.children = [child for child in tree.children if _prune(child, period)]
    return bool(tree.children) or tree.objective.node.period.id == period.id


def _kpi_stories(gauges: KpiValues, gauged: KpiOverview, period: Period) -> Iterator[KpiStory]:
    formulas = [(one, of) for one in gauged.statuses if (of := attribution.parse_kpi_formula(one.kpi))]
    inputs = {name.id for _, of in formulas for name in of.names}
    first = days_before(period.start, 1)
    since = first if first < gauges.day else attribution.default_since(gauges.workspace, gauges.day)
    for one, _ in formulas:
        if one.kpi.id not in inputs and one.series:
            yield KpiStory(
                anatomy.build_kpi_tree(gauges, one.kpi),
                attribution.attribute_change(gauges, one.kpi, since, gauges.day),
            )


def notable_kpis(gauged: KpiOverview, most: int) -> list[KpiStatus]:
    """The KPIs that are alarmed or got worse, then those that moved, the worst first, at most so many."""
    moved = [one for one in gauged.statuses if one.alarm or one.change or one.period_change]
    return moved[:most]
