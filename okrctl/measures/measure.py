"""What a measure is: its keys, its arithmetic, its words, and what an edit does to it.

Everything that is special to one way of judging a key result is in its module `measures/NAME.py`, as a subclass
of `Measure`. The other rooms ask the measure of a key result and never compare its name, so a new measure is known to
the scorecard, `diff`, `amend`, `--what-if` and the JSON Schema once its module is written and named in
`measures/__init__.py`. Only rules about one measure name it, and the importers, which must recognize it in words. mypy
refuses to instantiate a measure that lacks one of the abstract members.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Generic, Literal, NamedTuple, Protocol, TypeVar

from okrctl.values import quantity
from okrctl.values.diagnostic import Route
from okrctl.values.fields import StrictModel
from okrctl.values.precision import Precision
from okrctl.values.quantity import Quantity
from okrctl.values.timeseries import KeyResultSeries

Effect = Literal["relaxed", "tightened", "neutral"]

# How check-ins are written: numbers or grades under `readings`, the date of `done`, or a date for each step.
Records = Literal["numbers", "grades", "date", "steps"]

Bounds = tuple[Fraction | None, Fraction | None]
Range = tuple[Fraction | None, Fraction | None]
FormatAmount = Callable[[Fraction, str | None], str]
F = TypeVar("F", bound=StrictModel)


class ScoredKeyResult(Protocol):
    """What a measure reads of a scored key result to put it into words."""

    @property
    def series(self) -> KeyResultSeries: ...
    @property
    def target(self) -> Fraction | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def value(self) -> Fraction | None: ...
    @property
    def value_date(self) -> date | None: ...
    @property
    def progress(self) -> Fraction | None: ...
    @property
    def due(self) -> date: ...
    @property
    def tally(self) -> tuple[int, int] | None: ...
    @property
    def precision(self) -> Precision: ...


class Step(NamedTuple):
    """A part of a key result that is done or open; `route` leads from the key result to the date.

    `due` is its own due day; without one it is due with the key result.
    """

    id: str | None
    title: str | None
    weight: Fraction
    done: date | bool
    route: Route
    due: date | None = None

    def done_day(self, first: date) -> date | None:
        """The day from which it counts as done; `true` counts from the first day."""
        if isinstance(self.done, date):
            return self.done
        return first if self.done else None


class ComparedField(NamedTuple):
    """A field that `diff` compares: its value, how it is shown, and the route to it from the key result."""

    name: str
    value: Any
    shown: Any
    route: Route


class InputNumber(NamedTuple):
    """A number or date of the file that a score follows from."""

    route: Route
    name: str
    value: Fraction | date


class Requirement(NamedTuple):
    """`key` must be there, or one of `alternatives`, where a key result has a key of the measure."""

    key: str
    alternatives: tuple[str, ...]
    message: str
    help: str = ""


class Snippet(NamedTuple):
    """What an editor offers to write: `body` has the keys of the measure, with places to fill as `${1:text}`."""

    label: str
    description: str
    body: Mapping[str, Any]


class AmendOption(NamedTuple):
    """An option of `okrctl amend`: the key that it changes, what stands for its value, and its help.

    `shape` says how the value is written: one number, several of them in a list, a change such as -7%, or numbers by
    date.
    """

    key: str
    shape: Literal["number", "numbers", "change", "by date"]
    metavar: str
    help: str


class CarriedValues(NamedTuple):
    """The numbers that a key result goes on with in the next period, as text; None where there is none.

    `remaining` is what is left of the target of a sum.
    """

    current: str | None
    target: str | None
    remaining: str | None


class Measure(ABC, Generic[F]):
    """One way to judge a key result; `fields` are the keys of a key result that is judged this way."""

    # What the file says

    @property
    @abstractmethod
    def name(self) -> str:
        """The name in JSON and CSV."""

    @property
    @abstractmethod
    def fields(self) -> type[F]:
        """The keys of the measure with their types."""

    @property
    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """The keys of which each says that a key result is judged this way."""

    @property
    @abstractmethod
    def records(self) -> Records:
        """How check-ins are written."""

    @property
    @abstractmethod
    def summary(self) -> str:
        """How a key result is judged, as in `A key result judged by ...`."""

    @property
    @abstractmethod
    def snippet(self) -> Snippet:
        """What editors offer to write."""

    @property
    @abstractmethod
    def example(self) -> str:
        """A key result with readings, as YAML without its id and title."""

    @property
    @abstractmethod
    def easier_example(self) -> str | None:
        """The same with an easier target; None where no edit makes it easier."""

    requirement: Requirement | None = None
    several_keys_help: str = "keep one of them"  # where a key result has several keys of this measure
    has_range: bool = False  # goes from a start to a target, and takes `plan` and `stretch`
    start_key: str = ""  # of the number that it starts from
    target_key: str = ""  # of the number to reach
    default_start: Fraction | None = None  # where the file and a KPI say nothing
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # other keys under which the file may write a compared field
    text_keys: tuple[str, ...] = ()  # whose values are free text, also inside a mapping
    amendable: ClassVar[Mapping[str, AmendOption]] = {}  # what `okrctl amend` changes, by the name of the option
    import_types: ClassVar[Mapping[str, str]] = {}  # target key by word for the metric type in an imported table

    @property
    def family(self) -> str:
        """Measures of one family are compared field by field; for others `diff` says that the measure changed."""
        return self.name

    @property
    def is_numeric(self) -> bool:
        """Whether it is judged by numbers with a unit."""
        return self.records == "numbers"

    @property
    def takes_readings(self) -> bool:
        """Whether values are written under `readings`."""
        return self.records in ("numbers", "grades")

    def numbers(self, fields: F) -> Iterator[tuple[Route, Quantity]]:
        """The numbers of the target, each of which may carry the unit, with the route from the key result."""
        return iter(())

    def __bool__(self) -> bool:
        """False for UNMEASURED alone."""
        return bool(self.keys)

    def steps(self, fields: F) -> Sequence[Step]:
        """What is done or open."""
        return ()

    # Arithmetic

    def written_start(self, fields: F) -> Quantity | str | None:
        """The start as the file says it: a number, TBD, or nothing."""
        return None

    def target(self, fields: F, start: Fraction | None) -> Fraction | None:
        """The number to reach; None where there is none or it is TBD."""
        return None

    @abstractmethod
    def progress(self, fields: F, series: KeyResultSeries) -> Fraction | None:
        """The progress on the day of the series, below 0 and above 1 too; None without a value."""

    def expected(self, fields: F, series: KeyResultSeries, target: Fraction | None, due: date) -> Fraction | None:
        """The progress expected on the day of the series: a straight line from the first day to the due day."""
        return expected_line(series, due)

    def bounds(self, fields: F) -> Bounds:
        """The least and the greatest value allowed; None where it is open."""
        return None, None

    def is_in_bounds(self, fields: F, series: KeyResultSeries) -> bool | None:
        """Whether the newest value is in bounds; None for a measure without bounds and without a value."""
        return None

    @property
    def has_bounds(self) -> bool:
        """Whether bounds judge it, so that nothing is expected of it and it never comes to an end."""
        return False

    def tally(self, fields: F, series: KeyResultSeries) -> tuple[int, int] | None:
        """How many of how many: steps done, or intervals in bounds."""
        return None

    # Words

    @property
    @abstractmethod
    def placeholder(self) -> str:
        """What stands for the value in `okrctl checkin REF VALUE`."""

    @property
    @abstractmethod
    def prompt(self) -> str:
        """What `okrctl checkin` asks for."""

    @abstractmethod
    def describe_target(self, fields: F, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """What is to be reached, as `0 -> 25000 users` or `at most 4`."""

    @abstractmethod
    def describe_goal(self, fields: F, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """What is to be reached, in lines above the prompt of a check-in; `target` is the start and the target."""

    def describe_value(self, fields: F, result: ScoredKeyResult, amount: FormatAmount) -> str | None:
        """The value in words; None where it is a plain number with a unit."""
        return None

    def describe_bounds(self, fields: F, unit: str | None, amount: FormatAmount) -> str:
        """`at most 5 %`, `48 to 52 %`; empty for a measure without bounds."""
        return ""

    def facts(self, fields: F, amount: FormatAmount) -> Iterator[tuple[str, str]]:
        """What `okrctl show` adds to the target, as label and text."""
        return iter(())

    # The arithmetic that `okrctl explain` prints

    @abstractmethod
    def formula(self, fields: F, result: ScoredKeyResult, value: str) -> str:
        """The progress as a formula with its numbers; `value` is the value or the formula that gives it."""

    @abstractmethod
    def explain(self, fields: F, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """The progress in sentences; `value_source` says what the value is, such as `the newest reading`."""

    def inputs(self, fields: F, result: ScoredKeyResult) -> Iterator[InputNumber]:
        """The numbers of the target that the progress follows from; readings and the start are found by others."""
        return iter(())

    # Edits

    @abstractmethod
    def compared_fields(self, fields: F, unit: str | None) -> Iterator[ComparedField]:
        """What `diff` compares of the measure."""

    @abstractmethod
    def effect(self, name: str, old: F, new: F, ranges: Callable[[], tuple[Range, Range]]) -> Effect | None:
        """Whether the change of a compared field made the target easier or harder; None where nothing was agreed.

        `ranges` gives the start and the target of both sides.
        """

    def with_start(self, start: Quantity) -> dict[str, Any]:
        """The fields of a key result with this start; empty for a measure without one."""
        return {}

    def with_done(self, fields: F, number: int, done: date | bool) -> dict[str, Any]:
        """The fields of a key result whose step with this number, from 0, is done or open."""
        return {}

    def with_current_state(self, agreed: F, current: F) -> dict[str, Any]:
        """The fields of an agreed key result that say where it is today, with what the current one says."""
        return {}

    def carry_over(self, draft: dict[str, Any], values: CarriedValues) -> None:
        """Change the raw mapping of a key result for the next period."""


class Unmeasured(Measure[StrictModel]):
    """Stands in where a key result names no measure, or several."""

    name = ""
    fields = StrictModel
    keys = ()
    records: Records = "numbers"
    summary = "nothing"
    snippet = Snippet("", "", {})
    example = ""
    easier_example = None
    placeholder = "VALUE"
    prompt = "value"

    @property
    def is_numeric(self) -> bool:
        """Nothing says so."""
        return False

    def numbers(self, fields: StrictModel) -> Iterator[tuple[Route, Quantity]]:
        """Those of all measures that are named."""
        for name, value in vars(fields).items():
            if isinstance(value, Quantity):
                yield (name.rstrip("_"),), value
        for number, bound in enumerate(getattr(fields, "between", None) or ()):
            yield ("between", number), bound

    def progress(self, fields: StrictModel, series: KeyResultSeries) -> Fraction | None:
        """Without a measure there is no progress."""
        return None

    def expected(
        self, fields: StrictModel, series: KeyResultSeries, target: Fraction | None, due: date
    ) -> Fraction | None:
        """Without a measure nothing is expected."""
        return None

    def describe_target(self, fields: StrictModel, result: ScoredKeyResult, amount: FormatAmount, arrow: str) -> str:
        """Say that the measure is missing."""
        return "no measure"

    def describe_goal(self, fields: StrictModel, target: Range, last: date, unit: str | None, arrow: str) -> list[str]:
        """Without a measure there is nothing to say."""
        return []

    def formula(self, fields: StrictModel, result: ScoredKeyResult, value: str) -> str:
        """Without a measure there is no formula."""
        return ""

    def explain(self, fields: StrictModel, result: ScoredKeyResult, value_source: str) -> Iterator[str]:
        """Without a measure there is nothing to explain."""
        return iter(())

    def compared_fields(self, fields: StrictModel, unit: str | None) -> Iterator[ComparedField]:
        """Without a measure nothing is compared."""
        return iter(())

    def effect(
        self, name: str, old: StrictModel, new: StrictModel, ranges: Callable[[], tuple[Range, Range]]
    ) -> Effect | None:
        """Without a measure nothing gets easier or harder."""
        return None


UNMEASURED = Unmeasured()


def expected_line(series: KeyResultSeries, due: date) -> Fraction:
    """The share of the days from the first day to the due day that have passed."""
    return _share_of_days(series.first, series.day, due)


@lru_cache(maxsize=4096)
def _share_of_days(first: date, day: date, due: date) -> Fraction:
    """Kept, since on one day most key results of a period expect the same."""
    if day >= due:
        return Fraction(1)
    if day <= first:
        return Fraction(0)
    return Fraction((day - first).days, (due - first).days)


def flag_effect(is_easier_now: bool, was_easier: bool) -> Effect:
    """The effect of a flag whose one side is easier than the other."""
    return "neutral" if is_easier_now == was_easier else "relaxed" if is_easier_now else "tightened"


def formula_number(number: Fraction) -> str:
    """A number in a formula, exactly: as a decimal where it has one, else as a fraction."""
    places = next((places for places in range(13) if 10**places % number.denominator == 0), None)
    shown = f"({number})" if places is None else format(quantity.round_number(number, places), "f")
    return f"({shown})" if number < 0 and places is not None else shown


def formula_sum(numbers: Sequence[Fraction]) -> str:
    """A sum in a formula, in parentheses where it has several terms."""
    if len(numbers) < 2:
        return formula_number(numbers[0]) if numbers else "0"
    return f"({' + '.join(formula_number(number) for number in numbers)})"
