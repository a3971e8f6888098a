"""Gathers all that a report on one period says: figures, courses, what moved, what waits for people, KPIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis import alignment, trajectory
from okrctl.analysis.alignment import Forest
from okrctl.analysis.attention import Attention, gather, open_periods
from okrctl.analysis.hypotheses import Impact, impact
from okrctl.analysis.trajectory import Trace
from okrctl.analysis.unaddressed_kpis import kpis_to_look_at
from okrctl.kpis import attribution
from okrctl.kpis import tree as anatomy
from okrctl.kpis.attribution import Drivers
from okrctl.kpis.overview import Board, Gauge, board
from okrctl.kpis.series import Gauges, earlier
from okrctl.kpis.tree import Branch
from okrctl.scoring.progress import Ledger
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.values.period import Period
from okrctl.workspace import Node, Workspace, resolve

RECENT = 14
DECISIONS = ("at risk", "alarm", "error", "behind", "still open", "getting worse")


@dataclass(frozen=True, slots=True)
class Move:
    """A key result whose progress changed: the same one on the earlier day and on the day asked."""

    before: KeyResultScore
    after: KeyResultScore

    @property
    def change(self) -> Fraction:
        """How much of the way was gone, below 0 where it was back."""
        return (self.after.progress or Fraction(0)) - (self.before.progress or Fraction(0))


@dataclass(frozen=True, slots=True)
class Story:
    """A KPI that no other is made of: what it is made of, and why it moved since the day before the period."""

    tree: Branch
    drivers: Drivers


@dataclass(slots=True)
class Briefing:
    """What a report on one period says on one day.

    `moves` are since `since`, the greatest first; `traces` by reference as in `tracing.traces`; `names` are of people,
    by their keys; `link` is what a path and `#L12` are appended to, where a forge shows the files; `lines` is what
    else there is to say.
    """

    card: Scorecard
    since: date
    moves: list[Move]
    attention: list[Attention]
    forest: Forest
    traces: dict[str, Trace]
    board: Board
    stories: list[Story]
    impact: Impact
    organisation: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    link: str | None = None
    lines: list[str] = field(default_factory=list)
    full: bool = False

    @property
    def decisions(self) -> list[Attention]:
        """What somebody has to decide, the worst first."""
        return [one for one in self.attention if one.status in DECISIONS]

    @property
    def chores(self) -> list[Attention]:
        """What only waits for a reading."""
        return [one for one in self.attention if one.status not in DECISIONS]

    def name(self, owner: str | None) -> str:
        """What people call an owner."""
        return self.names.get(owner or "", owner or "")

    def place(self, node: Node) -> tuple[str, int]:
        """The file and the line in which a thing begins."""
        return node.file.path, node.file.document.at(node.route).line


def briefing(workspace: Workspace, card: Scorecard, today: date, sealed: frozenset[str] = frozenset()) -> Briefing:
    """All there is to say of the period of a scorecard on its day; `sealed` are the periods that are closed."""
    period, day = card.period, card.as_of
    since = max(min(day, period.end) - timedelta(days=RECENT), period.start)
    gauges = Gauges(workspace, min(day, period.end))
    gauged = board(gauges)
    people = workspace.config.people or {}
    return Briefing(
        card=card, since=since, moves=_moves(workspace, card, since),
        attention=_attention(gauges, card, gauged, today, sealed), forest=_forest(workspace, card),
        traces=trajectory.traces(workspace, card), board=gauged, stories=list(_stories(gauges, gauged, period)),
        impact=impact(workspace, card), organisation=workspace.config.organisation,
        names={key: one.name for key, one in people.items() if one.name},
    )  # fmt: skip


def _moves(workspace: Workspace, card: Scorecard, since: date) -> list[Move]:
    if card.state == "ahead" or since >= card.as_of:
        return []
    earlier = scoring.scorecard(workspace, card.period, since, Ledger(workspace, since, projecting=False))
    before = {id(kr.node): kr for one in earlier.objectives for kr in one.key_results}
    after = [kr for one in card.objectives for kr in one.key_results if kr.state == "active" and not kr.guardrail]
    pairs = [Move(before[id(kr.node)], kr) for kr in after if id(kr.node) in before and kr.progress is not None]
    return sorted((one for one in pairs if one.change), key=lambda one: (-abs(one.change), one.after.node.ref))


def _attention(gauges: Gauges, card: Scorecard, gauged: Board, today: date, sealed: frozenset[str]) -> list[Attention]:
    workspace = gauges.workspace
    found = list(gather([card], resolve.Shortest(workspace, today), workspace))
    if card.state == "running":
        found += kpis_to_look_at(gauged, gauges)
    found += [one for one in open_periods(workspace, card.as_of, sealed) if one.ref == card.period.id]
    return sorted(found, key=lambda one: one.order)


def _forest(workspace: Workspace, card: Scorecard) -> Forest:
    """The objectives of the period below those of longer periods that they support."""
    around = [one for one in workspace.periods if one.contains(card.period) and one.id != card.period.id]
    cards = [card, *(scoring.scorecard(workspace, one, card.as_of) for one in around)]
    found = alignment.forest(workspace, cards)
    found.trees = [tree for tree in found.trees if _keep(tree, card.period)]
    return found


def _keep(tree: alignment.Branch, period: Period) -> bool:
    """Whether a tree has an objective of the period; what leads to none is taken out of it."""
    tree.children = [child for child in tree.children if _keep(child, period)]
    return bool(tree.children) or tree.objective.node.period.id == period.id


def _stories(gauges: Gauges, gauged: Board, period: Period) -> Iterator[Story]:
    formulas = [(one, of) for one in gauged.gauges if (of := attribution.read(one.kpi))]
    inputs = {name.id for _, of in formulas for name in of.names}
    first = earlier(period.start, 1)
    since = first if first < gauges.day else attribution.usual_start(gauges.workspace, gauges.day)
    for one, _ in formulas:
        if one.kpi.id not in inputs and one.steps:
            yield Story(anatomy.anatomy(gauges, one.kpi), attribution.explain(gauges, one.kpi, since, gauges.day))


def worth_a_look(gauged: Board, most: int) -> list[Gauge]:
    """The KPIs that are alarmed or got worse, then those that moved, the worst first, at most so many."""
    moved = [one for one in gauged.gauges if one.alarm or one.change or one.period_change]
    return moved[:most]
