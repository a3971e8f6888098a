"""The oracle for KPIs, from the section "KPIs" of scoring.md. What that page leaves open: see oracle.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import factorial

from tests.oracle.values import Formula, Kpi, Period, Workspace

Span = tuple[date, date]

DAYS = {"daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30, "quarterly": 91}
DAY = timedelta(days=1)


def length(cadence: str) -> int:
    """Days of a cadence, for ages and trends and for which of two is the coarser."""
    return DAYS[cadence] if cadence in DAYS else int(cadence.split()[0])


@dataclass(frozen=True)
class Part:
    """What one input did to a formula between two days, and its own inputs to it."""

    id: str
    old: Fraction
    new: Fraction
    part: Fraction
    parts: tuple[Part, ...] | None


# Names, series and values on a day


def names(formula: Formula | None) -> list[str]:
    """The KPIs that a formula names, each once."""
    if isinstance(formula, tuple):
        return list(dict.fromkeys(names(formula[1]) + names(formula[2])))
    return [formula] if isinstance(formula, str) else []


def inputs(workspace: Workspace, kpi: Kpi) -> list[Kpi]:
    """The direct inputs of a formula."""
    return [workspace.kpi(name) for name in names(kpi.formula)]


def leaves(workspace: Workspace, kpi: Kpi) -> list[Kpi]:
    """The KPIs with readings at the ends of a formula's tree."""
    below = [leaf for one in inputs(workspace, kpi) for leaf in leaves(workspace, one)]
    return list({leaf.id: leaf for leaf in below}.values()) if kpi.formula is not None else [kpi]


def by_slots(workspace: Workspace, kpi: Kpi) -> bool:
    """Whether a formula is worked out for slots: one of its inputs is a sum or a mean, or such a formula."""
    return kpi.formula is not None and any(leaf.aggregate != "latest" for leaf in leaves(workspace, kpi))


def result(formula: Formula, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """The formula's value; None where an input has none or something is divided by zero."""
    if isinstance(formula, Decimal):
        return Fraction(formula)
    if isinstance(formula, str):
        return values[formula]
    left, right = result(formula[1], values), result(formula[2], values)
    if left is None or right is None:
        return None
    match formula[0]:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right if right else None


def points(workspace: Workspace, kpi: Kpi) -> dict[date, Fraction]:
    """The readings, or for a formula over `latest` KPIs its value on each day on which an input has a reading."""
    if kpi.formula is None:
        return {day: Fraction(value) for day, value in sorted(kpi.readings.items())}
    days = sorted({day for leaf in leaves(workspace, kpi) for day in leaf.readings})
    values = {day: value_on(workspace, kpi, day) for day in days}
    return {day: value for day, value in values.items() if value is not None}


def value_on(workspace: Workspace, kpi: Kpi, day: date) -> Fraction | None:
    """The newest reading not later than the day, or the formula over the inputs' newest values on that day."""
    if kpi.formula is None:
        known = [when for when in kpi.readings if when <= day]
        return Fraction(kpi.readings[max(known)]) if known else None
    return result(kpi.formula, {one.id: value_on(workspace, one, day) for one in inputs(workspace, kpi)})


# Slots


def slot(cadence: str, day: date) -> Span:
    """The slot of a cadence that holds a day."""
    if cadence in ("monthly", "quarterly"):
        months = 1 if cadence == "monthly" else 3
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        following = first.month - 1 + months
        return first, date(first.year + following // 12, following % 12 + 1, 1) - DAY
    days = length(cadence)
    origin = date(1970, 1, 5) if cadence in ("weekly", "fortnightly") else date(1970, 1, 1)
    first = day - timedelta(days=(day - origin).days % days)
    return first, first + timedelta(days=days - 1)


def cadence_of(workspace: Workspace, kpi: Kpi) -> str:
    """The KPI's own cadence, else the coarsest among a formula's inputs, else the default of KPIs."""
    if kpi.cadence or kpi.formula is None:
        return kpi.cadence or "weekly"
    return max((cadence_of(workspace, one) for one in inputs(workspace, kpi)), key=length)


def in_slot(workspace: Workspace, kpi: Kpi, span: Span, day: date, cadence: str) -> dict[date, Fraction]:
    """The readings of a sum or mean that a slot counts, with the one reading that may move between neighbours."""

    def inside(one: Span) -> list[date]:
        return sorted(when for when in kpi.readings if one[0] <= when <= min(one[1], day))

    own = inside(span)
    if cadence_of(workspace, kpi) == cadence:
        after, before = inside(slot(cadence, span[1] + DAY)), inside(slot(cadence, span[0] - DAY))
        if not own and len(after) > 1:
            own = after[:1]
        elif not before and len(own) > 1:
            own = own[1:]
    return {when: Fraction(kpi.readings[when]) for when in own}


def slots_of(workspace: Workspace, kpi: Kpi, span: Span, day: date) -> list[Span]:
    """The slots of a formula that belong to a span of days and in which every input has a figure."""
    cadence = cadence_of(workspace, kpi)
    flows = [leaf for leaf in leaves(workspace, kpi) if leaf.aggregate != "latest"]
    found = []
    current = slot(cadence, span[0] - timedelta(days=length(cadence) + 2))
    while current[0] <= min(span[1], day):
        counted = [in_slot(workspace, leaf, current, day, cadence) for leaf in flows]
        days = [when for one in counted for when in one]
        if days and span[0] <= max(days) <= span[1] and _counts(workspace, flows, current, day, cadence):
            figures = [figure_in(workspace, one, [current], day, cadence) for one in inputs(workspace, kpi)]
            if all(figure is not None for figure in figures):
                found.append(current)
        current = slot(cadence, current[1] + DAY)
    return found


def _counts(workspace: Workspace, flows: Sequence[Kpi], span: Span, day: date, cadence: str) -> bool:
    if span[1] <= day:
        return True
    return all(_is_as_full(workspace, leaf, span, day, cadence) for leaf in flows)


def _is_as_full(workspace: Workspace, leaf: Kpi, span: Span, day: date, cadence: str) -> bool:
    """Whether a running slot has as many readings as the newest one before it that has any."""
    earlier = [when for when in leaf.readings if when < span[0]]
    before = slot(cadence, max(earlier)) if earlier else None
    own = len(in_slot(workspace, leaf, span, day, cadence))
    return before is not None and own > 0 and own >= len(in_slot(workspace, leaf, before, day, cadence))


def figure_in(workspace: Workspace, kpi: Kpi, spans: Sequence[Span], day: date, cadence: str) -> Fraction | None:
    """What an input enters a formula of that cadence with for some of its slots; sums are sums for a slot."""
    if not spans:
        return None
    if by_slots(workspace, kpi):
        same = cadence_of(workspace, kpi) == cadence
        own = list(spans) if same else [one for span in spans for one in slots_of(workspace, kpi, span, day)]
        figure = figure_of(workspace, kpi, own, day)
        return figure / len(spans) if kpi.aggregate == "sum" and figure is not None else figure
    if kpi.formula is not None or kpi.aggregate == "latest":
        return _latest_in(workspace, kpi, min(spans[-1][1], day))
    if kpi.aggregate == "sum" and length(cadence_of(workspace, kpi)) > length(cadence):
        return None
    values = [value for span in spans for value in in_slot(workspace, kpi, span, day, cadence).values()]
    if not values:
        return None
    return sum(values, Fraction()) / (len(spans) if kpi.aggregate == "sum" else len(values))


def _latest_in(workspace: Workspace, kpi: Kpi, day: date) -> Fraction | None:
    for leaf in leaves(workspace, kpi):
        known = [when for when in leaf.readings if when <= day]
        if not known or (day - max(known)).days > 2 * length(cadence_of(workspace, leaf)):
            return None
    return value_on(workspace, kpi, day)


def figure_of(workspace: Workspace, kpi: Kpi, spans: Sequence[Span], day: date) -> Fraction | None:
    """The figure of a formula for some of its own slots."""
    if not spans or kpi.formula is None:
        return None
    if kpi.aggregate == "sum":
        each = [figure_in_slot(workspace, kpi, span, day) for span in spans]
        return None if None in each else sum((one for one in each if one is not None), Fraction())
    return result(kpi.formula, _inputs_in(workspace, kpi, spans, day))


def _inputs_in(workspace: Workspace, kpi: Kpi, spans: Sequence[Span], day: date) -> dict[str, Fraction | None]:
    cadence = cadence_of(workspace, kpi)
    return {one.id: figure_in(workspace, one, spans, day, cadence) for one in inputs(workspace, kpi)}


def figure_in_slot(workspace: Workspace, kpi: Kpi, span: Span, day: date) -> Fraction | None:
    """A formula's value in one slot."""
    return None if kpi.formula is None else result(kpi.formula, _inputs_in(workspace, kpi, [span], day))


def slot_values(workspace: Workspace, kpi: Kpi, day: date) -> dict[Span, Fraction]:
    """The formula's value in every slot that has one by the day."""
    days = [when for leaf in leaves(workspace, kpi) for when in leaf.readings if when <= day]
    if not days:
        return {}
    spans = slots_of(workspace, kpi, (min(days), day), day)
    values = {span: figure_in_slot(workspace, kpi, span, day) for span in spans}
    return {span: value for span, value in values.items() if value is not None}


# Figures for a period


def shown_period(periods: Sequence[Period], day: date) -> Period | None:
    """The shortest running period, else the newest past one."""
    running = [one for one in periods if one.start <= day <= one.end]
    past = [one for one in periods if one.end < day]
    if running:
        return min(running, key=lambda one: one.end - one.start)
    return max(past, key=lambda one: one.end) if past else None


def figure(workspace: Workspace, kpi: Kpi, span: Span | None, day: date) -> Fraction | None:
    """What `kpi` shows on a day: by aggregate over the span (a period), or the newest value."""
    if by_slots(workspace, kpi):
        if span:
            return figure_of(workspace, kpi, slots_of(workspace, kpi, span, day), day)
        known = slot_values(workspace, kpi, day)
        return known[max(known)] if known else None
    if kpi.formula is not None or kpi.aggregate == "latest":
        return value_on(workspace, kpi, day)
    spans = span or (date.min, day)
    values = [Fraction(value) for when, value in kpi.readings.items() if spans[0] <= when <= min(spans[1], day)]
    if not values:
        return None
    return sum(values, Fraction()) / (1 if kpi.aggregate == "sum" else len(values))


def inside(workspace: Workspace, kpi: Kpi, span: Span, day: date) -> tuple[Fraction | None, date | None]:
    """What a key result takes from a KPI: its figure for the readings inside the span, and the newest one's day.

    Whether a slot counts is decided by what is known on the day, which may lie after the span. The newest reading of
    a formula over slots is its value in the newest of them, dated at the slot's end.
    """
    if by_slots(workspace, kpi):
        ends = [min(one[1], day) for one in slot_values(workspace, kpi, day)]
        return figure(workspace, kpi, span, day), max((end for end in ends if span[0] <= end <= span[1]), default=None)
    if kpi.formula is None and kpi.aggregate != "latest":
        days = [when for when in kpi.readings if span[0] <= when <= span[1]]
        return figure(workspace, kpi, span, span[1]), max(days, default=None)
    known = {when: value for when, value in points(workspace, kpi).items() if span[0] <= when <= span[1]}
    return (known[max(known)], max(known)) if known else (None, None)


def newest_not_later(workspace: Workspace, kpi: Kpi, day: date) -> Fraction | None:
    """The `from` of a key result that leaves it out."""
    if by_slots(workspace, kpi):
        known = {span: value for span, value in slot_values(workspace, kpi, day).items() if span[1] <= day}
        return known[max(known)] if known else None
    earlier = {when: value for when, value in points(workspace, kpi).items() if when <= day}
    return earlier[max(earlier)] if earlier else None


def changes(workspace: Workspace, kpi: Kpi, period: Period | None, day: date) -> tuple[Fraction | None, ...] | None:
    """Previous, change, and change since the period began, of a KPI that is `latest` all the way down."""
    if by_slots(workspace, kpi) or kpi.aggregate != "latest":
        return None
    known = {when: value for when, value in points(workspace, kpi).items() if when <= day}
    now = value_on(workspace, kpi, day)
    if now is None or not known:
        return (None, None, None)
    older = max(known) - timedelta(days=length(cadence_of(workspace, kpi)))
    before = [when for when in known if when <= older]
    previous = known[max(before)] if before else None
    began = value_on(workspace, kpi, period.start - DAY) if period else None
    return previous, None if previous is None else now - previous, None if began is None else now - began


def level(workspace: Workspace, kpi: Kpi, span: Span, day: date) -> Fraction | None:
    """The mean of a KPI's readings in the last calendar month of a span (its last 28 days if `span` says so)."""
    found = points(workspace, kpi) if kpi.formula is None or kpi.readings else judged(workspace, kpi, day)
    values = [value for when, value in found.items() if span[0] <= when <= min(span[1], day)]
    return sum(values, Fraction()) / len(values) if values else None


def judged(workspace: Workspace, kpi: Kpi, day: date) -> dict[date, Fraction]:
    """What counts as a reading of a formula: its value in a slot in which every input has a reading, at its end."""
    cadence, below = cadence_of(workspace, kpi), leaves(workspace, kpi)
    days = [when for leaf in below for when in leaf.readings if when <= day]
    found: dict[date, Fraction] = {}
    for span in sorted({slot(cadence, when) for when in days}):
        is_full = all(in_slot(workspace, leaf, span, day, cadence) for leaf in below)
        if not is_full or not _counts(workspace, below, span, day, cadence):
            continue
        end = min(span[1], day)
        flow = by_slots(workspace, kpi)
        value = figure_in_slot(workspace, kpi, span, day) if flow else value_on(workspace, kpi, end)
        if value is not None:
            found[end] = value
    return found


# Why did it move


def counted_until(workspace: Workspace, kpi: Kpi, until: date, day: date) -> date:
    """The last day that counts: that of the slot that holds `until`, where it is over by the day of the question."""
    if not by_slots(workspace, kpi):
        return until
    last = slot(cadence_of(workspace, kpi), until)[1]
    return last if last <= day else until


def ends(workspace: Workspace, kpi: Kpi, since: date, until: date) -> tuple[Fraction | None, Fraction | None]:
    """A formula's two values between which its change is split."""
    if by_slots(workspace, kpi):
        cadence = cadence_of(workspace, kpi)
        spans = slot(cadence, since), slot(cadence, until)
        return (
            figure_in_slot(workspace, kpi, spans[0], until),
            figure_in_slot(workspace, kpi, spans[1], until),
        )
    return value_on(workspace, kpi, since), value_on(workspace, kpi, until)


def split(workspace: Workspace, kpi: Kpi, since: date, until: date) -> tuple[Part, ...] | None:
    """Each direct input's mean effect over all orders of switching, with the inputs' own splits below; or None."""
    if kpi.formula is None:
        return ()
    below = inputs(workspace, kpi)
    old: dict[str, Fraction] = {}
    new: dict[str, Fraction] = {}
    for one in below:
        first, last = _input_ends(workspace, kpi, one, since, until)
        if first is None or last is None:
            return None
        old[one.id], new[one.id] = first, last
    parts = _shapley(kpi.formula, old, new)
    if parts is None:
        return None
    return tuple(
        Part(one.id, old[one.id], new[one.id], parts[one.id], _split_below(workspace, kpi, one, since, until))
        for one in below
    )


def _split_below(workspace: Workspace, kpi: Kpi, one: Kpi, since: date, until: date) -> tuple[Part, ...] | None:
    """The split of an input; none where its own slots are of another length, so that it would not add up."""
    if by_slots(workspace, one) and cadence_of(workspace, one) != cadence_of(workspace, kpi):
        return None
    return split(workspace, one, since, until)


def _input_ends(
    workspace: Workspace, kpi: Kpi, one: Kpi, since: date, until: date
) -> tuple[Fraction | None, Fraction | None]:
    if not by_slots(workspace, kpi):
        return value_on(workspace, one, since), value_on(workspace, one, until)
    cadence = cadence_of(workspace, kpi)
    first, last = slot(cadence, since), slot(cadence, until)
    return (
        figure_in(workspace, one, [first], until, cadence),
        figure_in(workspace, one, [last], until, cadence),
    )


def _shapley(formula: Formula, old: Mapping[str, Fraction], new: Mapping[str, Fraction]) -> dict[str, Fraction] | None:
    total = dict.fromkeys(old, Fraction())
    for order in permutations(old):
        values: dict[str, Fraction | None] = dict(old)
        before = result(formula, values)
        for name in order:
            values[name] = new[name]
            after = result(formula, values)
            if before is None or after is None:
                return None
            total[name] += after - before
            before = after
    return {name: amount / factorial(len(total)) for name, amount in total.items()}
