"""Makes a key result out of cells with our names: how it is judged, what it starts from, where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pydantic_core import PydanticCustomError

from okrctl.importers import ImportedGoal
from okrctl.importers.options import ImportOptions
from okrctl.measures import MEASURES, Measure
from okrctl.values import fields, period, quantity
from okrctl.values.period import Period, PeriodError
from okrctl.values.quantity import Quantity, QuantityError
from okrctl.yaml_edit import Prose, Value

Cells = Mapping[str, str]
Report = Callable[[str], None]
BLANK = re.compile(r"(?i)|n\.?/?a\.?|-+|–|—|none|null|tbd|\?+|not (yet )?(scored|set|available)")
FOOTNOTE = re.compile(r"(?P<score>[0-9./%\s]*[0-9%])\s*(?P<mark>[*†‡#^]+|\(.*\))")
MEASURE_TYPES = {word: (measure, key) for measure in MEASURES.values() for word, key in measure.import_types.items()}
PERCENT_TYPES = frozenset("percent|percentage|percent complete|percentage complete".split("|"))
PLAIN_TYPES = frozenset(
    "number|numeric|numerical|integer|decimal|currency|money|amount|value|metric|count|increase|decrease|"
    "should increase to|should decrease to|milestone|milestones|graded|grade|score|".split("|")
)
DONE_WORDS = frozenset("yes|true|done|complete|completed|achieved|closed|100%|100|1|x|✓|✔".split("|"))
OPEN_WORDS = frozenset("no|false|open|not done|incomplete|not started|0%|0|".split("|"))


def read_common_fields(cells: Cells, line: int, title: str, how: ImportOptions, tell: Report) -> ImportedGoal:
    """What objectives and key results have in common."""
    thing = ImportedGoal(line, {})
    identifier = cells.get("id", "").lower()
    if identifier and fields.ID.match(identifier):
        thing.data["id"] = identifier
    elif identifier:
        tell(f"'{cells['id']}' is no id; one is made from the title")
    thing.data["title"] = Prose(title)
    if cells.get("owner"):
        thing.data["owner"] = Prose(how.owner_id(cells["owner"]))
    if cells.get("description"):
        thing.data["description"] = Prose(cells["description"])
    _set_weight(thing, cells, tell)
    if cells.get("status", "").casefold() == "draft":
        thing.data["state"] = "draft"
    for key, name in (("tags", "tags"), ("link", "links")):
        if words := [one.strip() for one in re.split(r"[,;\n]", cells.get(key, "")) if one.strip()]:
            thing.data[name] = [Prose(one) for one in words]
    thing.data.update({key: Prose(value) for key, value in cells.items() if key.startswith("x-") and value})
    return thing


def read_key_result(
    cells: Cells, line: int, title: str, where: Period, how: ImportOptions, tell: Report
) -> ImportedGoal | None:
    """A key result; None, and told, where it cannot be told how it is judged."""
    thing = read_common_fields(cells, line, title, how, tell)
    if cells.get("priority"):
        _set_priority(thing, cells["priority"], tell)
    maker = _KeyResultReader(thing, cells, where, how, tell)
    if not maker.read_measure():
        return None
    maker.read_readings()
    return thing


def _set_weight(thing: ImportedGoal, cells: Cells, tell: Report) -> None:
    said = cells.get("weight", "")
    if BLANK.fullmatch(said):
        return
    try:
        thing.data["weight"] = quantity.format_number(fields.parse_weight(said.removesuffix("%").strip()))
    except PydanticCustomError as error:
        tell(error.message())


def _set_priority(thing: ImportedGoal, said: str, tell: Report) -> None:
    try:
        thing.data["priority"] = str(fields.parse_priority(said))
    except PydanticCustomError as error:
        tell(error.message())


class _KeyResultReader:
    def __init__(self, thing: ImportedGoal, cells: Cells, where: Period, how: ImportOptions, tell: Report) -> None:
        self.thing, self.cells, self.where, self.how, self.tell = thing, cells, where, how, tell
        self.kind = " ".join(re.findall(r"[a-z0-9]+", cells.get("metric", "").replace("%", "percent").casefold()))
        self.graded = self.is_dated = self.has_range = False

    def read_measure(self) -> bool:
        """Find out how it is judged."""
        data, target = self.thing.data, self._parse_number("target")
        measure, key = MEASURE_TYPES.get(self.kind, (MEASURES["metric"], "to"))
        if measure.records == "date":
            return self._read_done(key)
        if self.kind not in PLAIN_TYPES | PERCENT_TYPES | MEASURE_TYPES.keys():
            self.tell(f"the metric type '{self.cells['metric']}' is not known")
        if target is None and not self.cells.get("target") and not self.cells.get("current"):
            self.graded = True
            data["graded"] = "true"
            return True
        if self.cells.get("target") and target is None and not BLANK.fullmatch(self.cells["target"]):
            return False
        self._set_unit(target)
        if measure.has_bounds and target is not None:
            data[key] = target.text.strip()
            return True
        return self._set_range(target, measure if measure.has_range else MEASURES["metric"])

    def _set_range(self, target: Quantity | None, measure: Measure[Any]) -> bool:
        start = self._parse_number("start")
        goal = "TBD" if target is None else target.text.strip()
        if target is not None and (start.number if start else Fraction(0)) == target.number:
            self.tell(f"it starts where it ends, at {goal}")
            return False
        if start is not None:
            self.thing.data[measure.start_key] = start.text.strip()
        self.thing.data[measure.target_key] = goal
        self.has_range = True
        return True

    def _set_unit(self, target: Quantity | None) -> None:
        said = self.cells.get("unit", "")
        bare = target is not None and target.unit is None
        if said:
            self.thing.data["unit"] = Prose(said)
        elif self.kind in PERCENT_TYPES and bare:
            self.thing.data["unit"] = "%"

    def _read_done(self, key: str) -> bool:
        said = next((self.cells[key] for key in ("current", "score", "progress", "status") if self.cells.get(key)), "")
        plain = re.sub(r"\.0+(?=%|$)", "", said.casefold()).replace(" %", "%")
        if plain not in DONE_WORDS | OPEN_WORDS:
            self.tell(f"'{said}' says neither done nor open")
        made = self._parse_past_day("date")
        self.is_dated = True
        self.thing.data[key] = "false" if plain not in DONE_WORDS else str(made) if made else "true"
        return True

    def read_readings(self) -> None:
        """Where it stands, and what is said about that."""
        reading = self._read_current()
        for key, of, into in (
            ("mid", self._middle_day(), "value"), ("projected", self._middle_day(), "forecast"),
            ("score", self.where.end, "value"),
        ):  # fmt: skip
            self._add_grade(key, of, into)
        words = self._read_comments()
        if not words:
            return
        day = max(self.thing.readings, default=None) if reading is None else reading
        if day is None:
            self.tell(f"{', '.join(words)}: there is no reading that it belongs to")
            return
        there = self.thing.readings[day]
        self.thing.readings[day] = {**(there if isinstance(there, dict) else {"value": there}), **words}

    def _read_current(self) -> date | None:
        """The day of the newest reading, once it is noted."""
        progress = self.cells.get("progress", "")
        if self.is_dated:
            return None
        if not self.graded:
            value = self._parse_number("current")
            self._check_progress(value, progress)
        else:
            value = self._parse_share(progress) if not any(self.cells.get(key) for key in ("mid", "score")) else None
        if value is None:
            return None
        dated = self._parse_past_day("date")
        day = dated or min(self.how.today, self.where.end)
        self.thing.undated_day = None if dated else day
        if day < self.where.start:
            self.tell(f"'{value.text}' is from {day}, before {period.describe(self.where)}")
            return None
        self.thing.readings[day] = value.text.strip()
        return day

    def _check_progress(self, value: Quantity | None, progress: str) -> None:
        """Progress is worked out; a product that works it out otherwise is told."""
        goal, start = (self._parse_number(key, quiet=True) for key in ("target", "start"))
        said = self._parse_share(progress)
        if said is None or not self.has_range or goal is None or value is None:
            if said is not None:
                self.tell(f"progress '{progress}' is worked out here, not typed")
            return
        first = start.number if start else Fraction(0)
        gone = (value.number - first) / (goal.number - first)
        if abs(min(max(gone, Fraction(0)), Fraction(1)) - said.number) > Fraction(1, 100):
            shown = quantity.format_number(gone * 100, "%", 0)
            self.tell(f"progress '{progress}' does not follow from the numbers, which say {shown}")

    def _parse_share(self, said: str) -> Quantity | None:
        """A share from 0 to 1, also written `62` where percent are meant; more than 100 % is told."""
        if BLANK.fullmatch(said):
            return None
        plain = re.sub(r"\s+%$", "%", said.strip())
        percent = f"{plain}%" if re.fullmatch(r"[0-9]{2,3}(\.[0-9]+)?", plain) else plain
        try:
            return Quantity(quantity.parse_grade(percent), None, percent)
        except QuantityError:
            self.tell(f"'{said}' is no share from 0 to 1")
            return None

    def _add_grade(self, key: str, day: date, into: str) -> None:
        """A typed score becomes a grade of its day."""
        said = self.cells.get(key, "").strip()
        if BLANK.fullmatch(said):
            if said:
                self.tell(f"{key}: '{said}' is no score")
            return
        if not self.graded:
            self.tell(f"{key} '{said}': it is judged by its numbers")
            return
        marked = FOOTNOTE.fullmatch(said)
        try:
            grade = quantity.parse_grade(marked["score"] if marked else said)
        except QuantityError as error:
            self.tell(f"{key}: {error.message}")
            return
        if day > self.how.today:
            self.tell(f"{key} '{said}' is of {day}, which has not come yet")
            return
        there = self.thing.readings.get(day)
        fields: dict[str, Value] = dict(there) if isinstance(there, dict) else {"value": there} if there else {}
        fields[into] = _format_grade(grade, marked["score"].strip() if marked else said)
        if marked:
            fields["note"] = Prose(said)
        self.thing.readings[day] = fields["value"] if list(fields) == ["value"] else fields

    def _middle_day(self) -> date:
        return self.where.start + timedelta(days=self.where.days // 2)

    def _read_comments(self) -> dict[str, Value]:
        """What is said beside the value."""
        found: dict[str, Value] = {}
        said = self.cells.get("confidence", "")
        if not BLANK.fullmatch(said):
            confidence = _parse_confidence(said)
            if confidence is None:
                self.tell(f"confidence '{said}' is no number from 0 to 10")
            else:
                found["confidence"] = confidence
        status = self.cells.get("status", "")
        shown = [status] if status and status.casefold() != "draft" and not self.is_dated else []
        notes = [one for one in (*shown, self.cells.get("note", "")) if one]
        return {**found, "note": Prose("; ".join(notes))} if notes else found

    def _parse_number(self, key: str, quiet: bool = False) -> Quantity | None:
        said = self.cells.get(key, "")
        if BLANK.fullmatch(said):
            return None
        try:
            return quantity.parse(said, self.cells.get("unit") or None)
        except QuantityError as error:
            if not quiet:
                self.tell(f"{key}: {error.message}; {error.hint}")
            return None

    def _parse_past_day(self, key: str) -> date | None:
        said = self.cells.get(key, "")
        if not said:
            return None
        try:
            day = parse_day(said)
        except PeriodError as error:
            self.tell(f"{key}: {error.message}; {error.hint}")
            return None
        if day > self.how.today:
            self.tell(f"{key}: {day} has not come yet")
            return None
        return day


def parse_day(said: str) -> date:
    """The day of an ISO date, also of one with a time behind it. Raises PeriodError."""
    return period.parse_day(re.sub(r"[T ][0-9]{1,2}:.*", "", said.strip()))


def _format_grade(grade: Fraction, said: str) -> str:
    """A grade as it was written, with a zero before the point; as a decimal number where nothing is lost."""
    return f"0{said}" if said.startswith(".") else said if grade else "0"


def _parse_confidence(said: str) -> str | None:
    """From 0 to 10; a share of a whole is taken as tenths."""
    try:
        if said.endswith("%") or "/" in said:
            return quantity.format_number(quantity.parse_grade(said) * 10)
        number = quantity.parse(said)
    except QuantityError:
        return None
    return quantity.format_number(number.number) if number.unit is None and 0 <= number.number <= 10 else None
