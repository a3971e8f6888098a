"""What pages say about KPIs: one verdict, what changed since when, how old it is, and what is usual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from okrctl.analysis import arithmetic
from okrctl.kpis.attribution import Attribution, most_harmful, most_helpful, parse_kpi_formula
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.signals import MIN_READINGS
from okrctl.outputs.reports import charts
from okrctl.outputs.reports.numbers import MINUS, KpiNumbers, write_number
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.text import scorecard
from okrctl.values.nouns import count_noun
from okrctl.values.period import Period
from okrctl.workspace import Kpi

SIGNS = str.maketrans({"-": MINUS, "*": "×"})
STRETCHES = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}


class Change(NamedTuple):
    """A change and since when it is: `since 1 Sep`, `+2 parcels`."""

    since: str
    text: str


class FormulaPart(NamedTuple):
    """A part of a formula: the title of a KPI with its id, or what stands between two of them."""

    text: str
    id: str = ""


def describe_kpis(overview: KpiOverview) -> KpiText:
    """The words for the KPIs of an overview."""
    return KpiText(overview.statuses, overview.as_of)


class KpiText:
    """The words for KPIs on a day; the numbers of each KPI have the same places everywhere on a page."""

    def __init__(self, statuses: Iterable[KpiStatus], as_of: date) -> None:
        self.numbers = KpiNumbers(statuses)
        self.as_of = as_of

    def day(self, day: date) -> str:
        """A day, with its year where that is another one."""
        return scorecard.short_day(day, self.as_of)

    # What it is now

    def value(self, status: KpiStatus) -> str:
        """The value with its unit, and whether it is a sum or a mean."""
        if status.value is None:
            return scorecard.NOTHING
        if status.kpi.aggregate == "mean":
            return f"{self.numbers.mean(status.value, status.kpi)} mean"
        text = self.numbers.amount(status.value, status.kpi)
        return f"{text} sum" if status.kpi.aggregate == "sum" else text

    def verdict(self, status: KpiStatus) -> str:
        """What needs attention first: an alarm, else a signal; empty where nothing does."""
        return "alarm" if status.alarm else "signal" if status.signal else ""

    def reasons(self, status: KpiStatus) -> list[str]:
        """Why there is an alarm, a signal, or both."""
        return [text for text in (self.alarm(status), self.signal(status)) if text]

    def alarm(self, status: KpiStatus) -> str:
        """Which bound of an alarm is crossed; empty where none is."""
        watch = status.kpi.model.watch
        if watch is None or not status.alarm:
            return ""
        word, bound = status.alarm.partition(" ")[0], watch.below if status.alarm.startswith("below") else watch.above
        return f"{word} {self.bound(bound.number, status.kpi)}" if bound is not None else status.alarm

    def bound(self, number: Fraction, kpi: Kpi) -> str:
        """A bound that somebody wrote, with as many places as it has."""
        return write_number(number, kpi.unit)

    def signal(self, status: KpiStatus) -> str:
        """What is out of the ordinary; empty where nothing is."""
        return arithmetic.describe_signal(status.judged, status.kpi, lambda number, unit: self._limit(number, status))

    def _limit(self, number: Fraction, status: KpiStatus, *, has_unit: bool = True) -> str:
        """A usual limit, which is not written as the newest reading where it is another number."""
        return self.numbers.mean(number, status.kpi, has_unit=has_unit, other=status.judged.readings[-1].value)

    def age(self, status: KpiStatus) -> str:
        """How old the newest value is; of a formula, for which day it is computed from which older input."""
        inputs = self.inputs(status)
        if not inputs or status.value_date is None:
            return wording.reading_age_in_words(status)
        return f"computed for {'today' if status.value_date == self.as_of else self.day(status.value_date)} {inputs}"

    def inputs(self, status: KpiStatus) -> str:
        """The oldest input of a formula and its day, where that is older than the value; else empty."""
        oldest = status.oldest_input
        if oldest is None or status.value_date is None or oldest.day >= status.value_date:
            return ""
        return f"using {scorecard.title(oldest.kpi)} as of {self.day(oldest.day)}"

    def direction(self, kpi: Kpi) -> str:
        """Which values are better."""
        if kpi.model.between:
            low, high = kpi.model.between
            return f"best between {write_number(low.number)} and {self.bound(high.number, kpi)}"
        return wording.direction(kpi)

    # What changed

    def changes(self, status: KpiStatus, period: Period | None) -> Iterator[Change]:
        """How far it moved since the reading before, and since a period began."""
        kpi = status.kpi
        if status.comparison is not None:
            note = wording.comparison_note(status)
            yield Change(note, self.numbers.change(status.change, kpi) if status.change is not None else "")
            return
        if status.change is not None and status.previous_date is not None:
            since = f"since {self.day(status.previous_date)}" if status.is_computed else "since the last reading"
            yield Change(since, self.numbers.change(status.change, kpi))
        if status.period_change is not None and period is not None:
            yield Change(f"since {self.day(period.start)}", self.numbers.change(status.period_change, kpi))

    # What is usual

    def limits(self, status: KpiStatus) -> str:
        """The usual limits and what they follow from, else how many readings are missing; empty without a reading."""
        drawn, count = status.judged.drawn, len(status.judged.readings)
        if drawn is not None:
            low, high = self._limit(drawn.low, status, has_unit=False), self._limit(drawn.high, status)
            days = f"{self.day(drawn.first)} to {self.day(drawn.last)}"
            return f"{low} to {high}, based on the {drawn.readings} readings from {days}"
        if not status.judged.is_young:
            return ""
        needed = f"no usual limits yet: {count} of the {MIN_READINGS} readings needed"
        return f"{needed} ({self._counted(status)})" if len(status.series) > count else needed

    def _counted(self, status: KpiStatus) -> str:
        cadence = status.kpi.model.cadence
        return (
            f"only one per {STRETCHES[cadence.name]} counts"
            if cadence and cadence.name in STRETCHES
            else "not every one counts"
        )

    def standing(self, status: KpiStatus) -> str:
        """That the newest of few readings is the worst of all; empty where it is not, and where there are limits."""
        readings, worst = status.judged.readings, status.judged.worst
        if not worst:
            return ""
        day = f"on {self.day(readings[-1].day)} " if readings[-1].value != status.value else ""
        return f"{day}the {worst} of {len(readings)} readings"

    def signal_reason(self, status: KpiStatus) -> str:
        """What makes the newest reading a signal, and what would be usual; empty where it is none."""
        found, readings = self.signal(status), status.judged.readings
        if not found:
            return ""
        newest = f"{self.numbers.amount(readings[-1].value, status.kpi)} on {self.day(readings[-1].day)}"
        return f"{newest}: {found}. Usual is {self.limits(status)}."

    def heading(self, overview: KpiOverview) -> str:
        """How many KPIs there are, how many have an alarm, how many a signal."""
        verdicts = [self.verdict(status) for status in overview.statuses]
        parts = [count_noun(len(verdicts), "KPI")]
        for word, article in (("alarm", "an"), ("signal", "a")):
            parts += [f"{verdicts.count(word)} with {article} {word}"] if word in verdicts else []
        return ", ".join(parts)

    # Why it moved

    def total_change(self, moved: Attribution) -> str:
        """The value on both days, and the change."""
        kpi = moved.kpi
        old, new = (self.numbers.amount(number, kpi) for number in (moved.old, moved.new))
        text = f"{old} on {self.day(moved.since)} → {new} on {self.day(moved.until)}"
        return text if moved.change is None else f"{text}: {self.numbers.change(moved.change, kpi)}"

    def attribution_notes(self, moved: Attribution) -> Iterator[str]:
        """Why a change cannot be split, else which inputs hurt and helped most."""
        if moved.remark:
            yield moved.remark
        for words, chain in (("What hurt most", most_harmful(moved)), ("What helped most", most_helpful(moved))):
            if chain:
                above = [moved.kpi, *(each.kpi for each in chain)]
                amounts = [self.numbers.change(each.amount, kpi) for each, kpi in zip(chain, above, strict=False)]
                named = zip((scorecard.title(each.kpi) for each in chain), amounts, strict=True)
                yield f"{words}: {arithmetic.describe_chain(named)}"

    # Drawings

    def chart(self, status: KpiStatus, most: int | None = None) -> charts.Drawing | None:
        """The values with the usual limits where there are some, the bounds of an alarm and the best values."""
        kpi, judged = status.kpi, status.judged
        names = charts.ValueNames(
            lambda number: self.numbers.amount(number, kpi), write_number,
            lambda number: self.numbers.mean(number, kpi, has_unit=False),
        )  # fmt: skip
        if judged.drawn is not None:
            label = f"Readings of {scorecard.title(kpi)}: usual limits {self.limits(status)}"
            return charts.limits_chart(judged, names, label, list(self._marks(kpi)))
        line = [(point.day, point.value) for point in status.series][-(most or 0) :]
        return charts.value_chart(line, names, f"Values of {scorecard.title(kpi)}", list(self._marks(kpi)))

    def _marks(self, kpi: Kpi) -> Iterator[charts.Mark]:
        watch, between = kpi.model.watch, kpi.model.between
        for word, bound in (("below", watch.below), ("above", watch.above)) if watch else ():
            if bound is not None:
                yield charts.Mark("alarm", f"alarm {word} {write_number(bound.number)}", (bound.number,))
        if between:
            low, high = (bound.number for bound in between)
            yield charts.Mark("target", f"best {write_number(low)} to {write_number(high)}", (low, high))

    # The formula

    def formula(self, kpi: Kpi, kpis: Mapping[str, Kpi]) -> list[FormulaPart]:
        """The formula in parts; nothing without a valid one."""
        parsed = parse_kpi_formula(kpi)
        if parsed is None:
            return []
        parts, end = [], 0
        for name in parsed.mentions:
            title = scorecard.title(kpis[name.id]) if name.id in kpis else name.id
            parts += [FormulaPart(parsed.text[end : name.column - 1].translate(SIGNS)), FormulaPart(title, name.id)]
            end = name.column - 1 + name.length
        return [*parts, FormulaPart(parsed.text[end:].translate(SIGNS))]
