"""A digest of some days: what moved, what needs attention, what is due, what was decided, and what KPIs did.

It is built once for a whole workspace; `for_selection` keeps what concerns some owners or teams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import chain, filterfalse

from okrctl import scoring
from okrctl.analysis.arithmetic import round_figure
from okrctl.analysis.attention import (
    NOT_ADDRESSED,
    AttentionItem,
    attention_items,
    kpi_attention_items,
    unclosed_periods,
)
from okrctl.analysis.due_checkins import due_checkins
from okrctl.analysis.filters import Selection
from okrctl.kpis.overview import KpiOverview, KpiStatus, build_kpi_overview
from okrctl.kpis.trend import trend_of
from okrctl.schema.settings import Config
from okrctl.scoring.scorecard import KeyResultScore, Scorecard
from okrctl.scoring.values import KeyResultValues
from okrctl.values.dates import days_after, days_before
from okrctl.values.precision import Precision
from okrctl.values.quantity import format_number, format_short, round_number
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace, references

DAYS_AHEAD = 7
MONDAY = 0
UNADDRESSED = ("signal", "at its worst")
READING_STATUSES = ("stale", "due")


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One line of a digest: what it is about, and what there is to say.

    `status` is one of the words of `okrctl status`, a trend, or what was decided; `label` is another word for it where
    people see one, None where it is the same. `old` and `new` are progress (1 is the target), or the value of a limit
    or KPI in `unit`. `node` decides for whom it is; None for a whole period.
    """

    ref: str
    title: str
    text: str
    status: str | None = None
    owner: str | None = None
    next: str = ""
    day: date | None = None
    old: Fraction | None = None
    new: Fraction | None = None
    unit: str | None = None
    node: Node | None = field(default=None, repr=False, compare=False)
    label: str | None = field(default=None, repr=False, compare=False)

    @property
    def status_word(self) -> str:
        """The status for people, empty where there is none."""
        return (self.status or "") if self.label is None else self.label


@dataclass(slots=True)
class Digest:
    """What happened from `since` to `as_of`, both included; `cards` are those of the running periods.

    `results` are the active key results that it is about. `owners` and `teams` are those that it was chosen for, empty
    for the whole workspace. `names` and mail `addresses` are of people, by their keys. `notes` say what could not be
    found out.
    """

    since: date
    as_of: date
    cards: list[Scorecard]
    results: list[KeyResultScore]
    moved: list[DigestItem]
    attention: list[DigestItem]
    due: list[DigestItem]
    decided: list[DigestItem]
    kpis: list[DigestItem]
    unaddressed: list[DigestItem]
    organisation: str | None = None
    owners: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any((self.moved, self.attention, self.due, self.decided, self.kpis, self.unaddressed))

    def owner_name(self, owner: str) -> str:
        """What people call an owner or a team."""
        return self.names.get(owner, owner)

    def for_selection(self, selection: Selection) -> Digest:
        """The lines that concern the selected owners and teams, and those about whole periods."""

        def choose(items: list[DigestItem]) -> list[DigestItem]:
            return [item for item in items if is_included(item.node, selection)]

        return replace(
            self,
            results=[scored for scored in self.results if is_included(scored.node, selection)],
            moved=choose(self.moved),
            attention=[item for item in choose(self.attention) if item.node is not None or selection.is_everything],
            due=choose(self.due),
            decided=choose(self.decided),
            kpis=choose(self.kpis),
            unaddressed=choose(self.unaddressed),
            owners=selection.owners,
            teams=selection.teams,
        )


def is_included(node: Node | None, selection: Selection) -> bool:
    """Whether a line about a node is for the selected owners and teams; a line about a whole period is for all."""
    match node:
        case None:
            return True
        case Kpi():
            return selection.includes_kpi(node)
        case KeyResult():
            return selection.includes_team(node.objective.team) and selection.includes_key_result(node)
        case Objective():
            return selection.includes_team(node.team) and selection.includes_objective(node)


def last_monday(day: date) -> date:
    """The last Monday before a day: on a Monday the one of the week before, so that weekly digests miss no day."""
    return days_before(day, (day.weekday() - MONDAY) or 7)


def people_of(digest: Digest) -> list[str]:
    """Everyone who owns something in the digest, in order."""
    lists = (digest.moved, digest.attention, digest.due, digest.decided, digest.kpis, digest.unaddressed)
    owners = {item.owner for items in lists for item in items}
    return sorted(
        {owner for owner in owners if owner} | {each.node.owner for each in digest.results if each.node.owner}
    )


def build_digest(
    workspace: Workspace, day: date, since: date, sealed: frozenset[str], decided: Iterable[DigestItem] = ()
) -> Digest:
    """The digest of a workspace; `sealed` are the closed periods, `decided` what files alone do not tell."""
    values = KeyResultValues(workspace, day)
    running = (period for period in workspace.periods if period.runs_on(day))
    cards = [scoring.build_scorecard(workspace, period, day, values) for period in running]
    active = list(_active_results(cards))
    overview = build_kpi_overview(values.kpi_values)
    shorten = references.ShortestUniqueRef(workspace, day)
    attention = _attention(values, cards, overview, shorten, sealed)
    readings = list(filter(_is_reading_due, attention))
    return Digest(
        since=since,
        as_of=day,
        cards=cards,
        results=active,
        moved=_find_moved(workspace, cards, active, since, values),
        attention=list(filterfalse(_is_listed_elsewhere, attention)),
        due=[*_due_readings(workspace, day, readings, active, shorten), *_due_soon(day, cards, active)],
        decided=[*decided, *_amendments(workspace, since, day), *_given_up(workspace, since, day)],
        kpis=list(chain.from_iterable(_kpi_move(status, since) for status in overview.statuses)),
        unaddressed=list(map(_without_addressing, filter(_is_unaddressed, attention))),
        organisation=workspace.config.organisation,
        names=_names(workspace.config),
        addresses={key: person.email for key, person in (workspace.config.people or {}).items() if person.email},
    )


def _active_results(cards: list[Scorecard]) -> Iterator[KeyResultScore]:
    for objective in chain.from_iterable(card.objectives for card in cards):
        yield from (scored for scored in objective.key_results if scored.state == "active")


def _names(config: Config) -> dict[str, str]:
    """What people call teams and people, by their keys."""
    teams = {key: config.team_name(key) for key in config.teams or {}}
    return teams | {key: person.name for key, person in (config.people or {}).items() if person.name}


def _attention(
    values: KeyResultValues, cards: list[Scorecard], overview: KpiOverview, shorten: Callable[[Node], str],
    sealed: frozenset[str],
) -> list[DigestItem]:  # fmt: skip
    """What `okrctl status` lists, the worst first, each with its node."""
    workspace = values.workspace
    nodes: dict[str, Node] = {node.ref: node for node in references.all_nodes(workspace)} | workspace.kpis
    found = [
        *attention_items(cards, shorten, workspace),
        *kpi_attention_items(overview, values.kpi_values),
        *unclosed_periods(workspace, values.day, sealed),
    ]
    return [_attention_item(item, nodes) for item in sorted(found, key=lambda item: item.sort_key)]


def _attention_item(item: AttentionItem, nodes: dict[str, Node]) -> DigestItem:
    return DigestItem(
        item.ref, item.title or item.ref, item.why, item.status, item.owner, item.next, node=nodes.get(item.ref),
        label=item.status_word,
    )  # fmt: skip


def _is_reading_due(item: DigestItem) -> bool:
    return item.status in READING_STATUSES or (item.status == "no data" and item.next.startswith("okrctl checkin"))


def _is_unaddressed(item: DigestItem) -> bool:
    return item.status in UNADDRESSED


def _is_listed_elsewhere(item: DigestItem) -> bool:
    return _is_reading_due(item) or _is_unaddressed(item)


def _without_addressing(item: DigestItem) -> DigestItem:
    """The item without the words that the heading of its list says."""
    return replace(item, text=item.text.removesuffix(f"; {NOT_ADDRESSED}"))


# What moved


def _find_moved(
    workspace: Workspace, cards: list[Scorecard], active: list[KeyResultScore], since: date, values: KeyResultValues
) -> list[DigestItem]:
    """The key results whose progress, or whose value where a limit is judged, is another than before `since`."""
    day = days_before(since, 1)
    earlier = KeyResultValues(workspace, day, reuse=values)
    before: dict[int, KeyResultScore] = {}
    for card in cards:
        for objective in scoring.build_scorecard(workspace, card.period, day, earlier).objectives:
            before |= {id(scored.node): scored for scored in objective.key_results}
    items = [_move_item(before.get(id(scored.node)), scored) for scored in active]
    moves = [item for item in items if item is not None and _has_moved(item)]
    return sorted(moves, key=lambda item: (item.unit is not None, -abs((item.new or 0) - (item.old or 0)), item.ref))


def _has_moved(item: DigestItem) -> bool:
    """Whether it is another than before; of a limit the first value is a move, of a progress one above 0."""
    return item.new != (item.old if item.unit is not None else item.old or 0)


def _move_item(before: KeyResultScore | None, after: KeyResultScore) -> DigestItem | None:
    node = after.node
    if after.progress is None:
        return None
    is_limit = node.measure.has_bounds
    old, new = (_figure(before, is_limit) if before else None), _figure(after, is_limit)
    text = " → ".join(_value_texts(old, new, after.unit) if is_limit else _percent_texts(old, new, after.precision))
    unit = (after.unit or "") if is_limit else None
    return DigestItem(
        node.ref, node.model.title or node.id, text, after.status, node.owner, old=old, new=new, unit=unit, node=node,
        label=after.status_word,
    )  # fmt: skip


def _figure(scored: KeyResultScore, is_limit: bool) -> Fraction | None:
    """The value of a limit, the progress of all else."""
    return scored.value if is_limit else scored.progress


def _value_texts(old: Fraction | None, new: Fraction | None, unit: str | None) -> Iterator[str]:
    return (format_short(value, unit) for value in (old, new) if value is not None)


def _percent_texts(old: Fraction | None, new: Fraction | None, precision: Precision) -> list[str]:
    """The progress before and after, with two places where whole percents would not show the change."""
    shares = [share or Fraction(0) for share in (old, new)]
    texts = [precision.percent(share) for share in shares]
    return texts if texts[0] != texts[1] else [f"{round_number(100 * share, 2):f} %" for share in shares]


# What is due


def _due_readings(
    workspace: Workspace, day: date, listed: list[DigestItem], active: list[KeyResultScore],
    shorten: Callable[[Node], str],
) -> Iterator[DigestItem]:  # fmt: skip
    """The readings that `okrctl status` lists, then those that are as old as their cadence."""
    yield from listed
    known = {item.ref for item in listed}
    shown = {id(scored.node) for scored in active}
    for node in due_checkins(workspace, day):
        if node.ref not in known and (isinstance(node, Kpi) or id(node) in shown):
            yield _due_reading(workspace, node, day, shorten)


def _due_reading(workspace: Workspace, node: KeyResult | Kpi, day: date, shorten: Callable[[Node], str]) -> DigestItem:
    newest = max((reading.day for reading in node.readings if reading.day <= day), default=None)
    last = f"last reading {newest}" if newest else "no reading"
    if isinstance(node, Kpi):
        cadence, words = workspace.kpi_cadence(node), f"{node.id} VALUE"
    else:
        cadence, words = workspace.cadence(node), f"{shorten(node)} {node.measure.placeholder}"
    return DigestItem(
        node.ref, node.model.title or node.id, f"{last}, expected {cadence.name}", "due", node.owner,
        f"okrctl checkin {words}", newest, node=node,
    )  # fmt: skip


def _due_soon(day: date, cards: list[Scorecard], active: list[KeyResultScore]) -> Iterator[DigestItem]:
    """The periods, targets and milestones that are due in the next days."""
    last = days_after(day, DAYS_AHEAD)
    for card in cards:
        if card.period.end <= last:
            yield DigestItem(card.period.id, card.period.id, f"ends on {card.period.end}", "due", day=card.period.end)
    for scored in active:
        if scored.progress is None or scored.progress < 1:
            for due, text in _due_days(scored):
                if day <= due <= last:
                    node = scored.node
                    title = node.model.title or node.id
                    yield DigestItem(node.ref, title, text, "due", node.owner, day=due, node=node)


def _due_days(scored: KeyResultScore) -> Iterator[tuple[date, str]]:
    """The days by which a key result and its open milestones are due; not the last day of the period."""
    if scored.due != scored.node.period.end:
        yield scored.due, f"target due on {scored.due}"
    for step in scored.node.measure.steps(scored.node.model):
        if step.due is not None and not step.done:
            yield step.due, f"milestone due on {step.due}: {step.title}"


# What was decided


def _amendments(workspace: Workspace, since: date, day: date) -> Iterator[DigestItem]:
    for node in workspace.key_results:
        for amendment in node.model.amended:
            if since <= amendment.date <= day:
                was = ", ".join(f"{key} was {value}" for key, value in amendment.was.items())
                text = f"{was}; {amendment.reason} ({amendment.by})"
                title = node.model.title or node.id
                yield DigestItem(node.ref, title, text, "amended", node.owner, day=amendment.date, node=node)


def _given_up(workspace: Workspace, since: date, day: date) -> Iterator[DigestItem]:
    nodes: list[Objective | KeyResult] = [*workspace.objectives, *workspace.key_results]
    for node in nodes:
        model = node.model
        if model.state in ("deprioritized", "postponed") and model.since and since <= model.since <= day:
            title = model.title or node.id
            yield DigestItem(
                node.ref, title, model.reason or f"since {model.since}", model.state, node.owner, day=model.since,
                node=node,
            )  # fmt: skip


# What KPIs did


def _kpi_move(status: KpiStatus, since: date) -> Iterator[DigestItem]:
    """The newest value of a KPI, where it is of these days, and the one before them."""
    kpi, series = status.kpi, status.series
    if not series or series[-1].day < since:
        return
    point = series.newest(days_before(since, 1))
    old, new = (point.value if point else None), series[-1].value
    shown = format_number(round_figure(new), kpi.unit)
    text = f"{format_number(round_figure(old), kpi.unit)} → {shown}" if old is not None else shown
    trend = trend_of(kpi, old, new)
    if status.alarm:
        text += f", {status.alarm}"
    is_within = trend == "steady" and old != new and not status.alarm
    if is_within:
        text += ", within its range"
    yield DigestItem(
        kpi.id, kpi.model.title or kpi.id, text, "alarm" if status.alarm else trend, kpi.owner, day=series[-1].day,
        old=old, new=new, unit=kpi.unit, node=kpi, label="" if is_within else None,
    )  # fmt: skip
