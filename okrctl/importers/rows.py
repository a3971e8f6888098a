"""A key result from cells with our names: its measure, its start and its readings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pydantic_core import PydanticCustomError

from okrctl.importers import ImportedGoal, ImportOptions
from okrctl.measures import MEASURES, Measure, metric
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


def read_common_fields(cells: Cells, line: int, title: str, options: ImportOptions, report: Report) -> ImportedGoal:
    """The fields that objectives and key results have in common."""
    goal = ImportedGoal(line, {})
    _set_id(goal, cells, report)
    goal.data["title"] = Prose(title)
    if cells.get("owner"):
        goal.data["owner"] = Prose(options.owner_id(cells["owner"]))
    if cells.get("description"):
        goal.data["description"] = Prose(cells["description"])
    _set_weight(goal, cells, report)
    if cells.get("status", "").casefold() == "draft":
        goal.data["state"] = "draft"
    for key, name in (("tags", "tags"), ("link", "links")):
        if words := _split_words(cells.get(key, "")):
            goal.data[name] = words
    goal.data.update({key: Prose(value) for key, value in cells.items() if key.startswith("x-") and value})
    return goal


def _split_words(text: str) -> list[Value]:
    return [Prose(word.strip()) for word in re.split(r"[,;\n]", text) if word.strip()]


def read_key_result(
    cells: Cells, line: int, title: str, span: Period, options: ImportOptions, report: Report
) -> ImportedGoal | None:
    """The key result; None, with a report, where it cannot be measured."""
    goal = read_common_fields(cells, line, title, options, report)
    if cells.get("priority"):
        _set_priority(goal, cells["priority"], report)
    reader = _KeyResultReader(goal, cells, span, options, report)
    if not reader.read_measure():
        return None
    reader.read_readings()
    return goal


def _set_id(goal: ImportedGoal, cells: Cells, report: Report) -> None:
    identifier = cells.get("id", "").lower()
    if identifier and fields.ID.match(identifier):
        goal.data["id"] = identifier
    elif identifier:
        report(f"'{cells['id']}' is not a valid id; the id is made from the title")


def _set_weight(goal: ImportedGoal, cells: Cells, report: Report) -> None:
    text = cells.get("weight", "")
    if BLANK.fullmatch(text):
        return
    try:
        goal.data["weight"] = quantity.format_number(fields.parse_weight(text.removesuffix("%").strip()))
    except PydanticCustomError as error:
        report(error.message())


def _set_priority(goal: ImportedGoal, text: str, report: Report) -> None:
    try:
        goal.data["priority"] = str(fields.parse_priority(text))
    except PydanticCustomError as error:
        report(error.message())


class _KeyResultReader:
    def __init__(self, goal: ImportedGoal, cells: Cells, span: Period, options: ImportOptions, report: Report) -> None:
        self.goal, self.cells, self.span, self.options, self.report = goal, cells, span, options, report
        self.kind = " ".join(re.findall(r"[a-z0-9]+", cells.get("metric", "").replace("%", "percent").casefold()))
        self.graded = self.has_dates = self.has_range = False

    def read_measure(self) -> bool:
        """Set the keys of its measure; False, with a report, where it cannot be measured."""
        data, target = self.goal.data, self._parse_number("target")
        measure, key = MEASURE_TYPES.get(self.kind, (metric.MEASURE, metric.MEASURE.target_key))
        if measure.records == "date":
            return self._read_done(key)
        if self.kind not in PLAIN_TYPES | PERCENT_TYPES | MEASURE_TYPES.keys():
            self.report(f"unknown metric type '{self.cells['metric']}'")
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
        return self._set_range(target, measure if measure.has_range else metric.MEASURE)

    def _set_range(self, target: Quantity | None, measure: Measure[Any]) -> bool:
        start = self._parse_number("start")
        goal = "TBD" if target is None else target.text.strip()
        if target is not None and (start.number if start else Fraction(0)) == target.number:
            self.report(f"start and target are both {goal}")
            return False
        if start is not None:
            self.goal.data[measure.start_key] = start.text.strip()
        self.goal.data[measure.target_key] = goal
        self.has_range = True
        return True

    def _set_unit(self, target: Quantity | None) -> None:
        text = self.cells.get("unit", "")
        has_no_unit = target is not None and target.unit is None
        if text:
            self.goal.data["unit"] = Prose(text)
        elif self.kind in PERCENT_TYPES and has_no_unit:
            self.goal.data["unit"] = "%"

    def _read_done(self, key: str) -> bool:
        text = next((self.cells[key] for key in ("current", "score", "progress", "status") if self.cells.get(key)), "")
        plain = re.sub(r"\.0+(?=%|$)", "", text.casefold()).replace(" %", "%")
        if plain not in DONE_WORDS | OPEN_WORDS:
            self.report(f"'{text}' is not valid; expected done or open")
        day = self._parse_past_day("date")
        self.has_dates = True
        self.goal.data[key] = "false" if plain not in DONE_WORDS else str(day) if day else "true"
        return True

    def read_readings(self) -> None:
        """Set its readings, with notes and confidence."""
        reading = self._read_current()
        for key, day, field in (
            ("mid", self._middle_day(), "value"), ("projected", self._middle_day(), "forecast"),
            ("score", self.span.end, "value"),
        ):  # fmt: skip
            self._add_grade(key, day, field)
        words = self._read_comments()
        if not words:
            return
        newest = max(self.goal.readings, default=None) if reading is None else reading
        if newest is None:
            self.report(f"{', '.join(words)}: no reading to add it to")
            return
        known = self.goal.readings[newest]
        self.goal.readings[newest] = {**(known if isinstance(known, dict) else {"value": known}), **words}

    def _read_current(self) -> date | None:
        """Set the current reading; returns its day."""
        progress = self.cells.get("progress", "")
        if self.has_dates:
            return None
        if not self.graded:
            value = self._parse_number("current")
            self._check_progress(value, progress)
        else:
            value = self._parse_share(progress) if not any(self.cells.get(key) for key in ("mid", "score")) else None
        if value is None:
            return None
        dated = self._parse_past_day("date")
        day = dated or min(self.options.today, self.span.end)
        self.goal.undated_day = None if dated else day
        if day < self.span.start:
            self.report(f"'{value.text}' of {day} is before {period.describe(self.span)}")
            return None
        self.goal.readings[day] = value.text.strip()
        return day

    def _check_progress(self, value: Quantity | None, progress: str) -> None:
        """Report a progress that differs from the computed one; okrctl computes progress itself."""
        goal, start = (self._parse_number(key, quiet=True) for key in ("target", "start"))
        text = self._parse_share(progress)
        if text is None or not self.has_range or goal is None or value is None:
            if text is not None:
                self.report(f"progress '{progress}' is ignored; okrctl computes it")
            return
        first = start.number if start else Fraction(0)
        share = (value.number - first) / (goal.number - first)
        if abs(min(max(share, Fraction(0)), Fraction(1)) - text.number) > Fraction(1, 100):
            shown = quantity.format_number(share * 100, "%", 0)
            self.report(f"progress '{progress}' differs from the {shown} of the numbers")

    def _parse_share(self, text: str) -> Quantity | None:
        """A share from 0 to 1, which may be written as `62` for percent; None, with a report, for an invalid one."""
        if BLANK.fullmatch(text):
            return None
        plain = re.sub(r"\s+%$", "%", text.strip())
        percent = f"{plain}%" if re.fullmatch(r"[0-9]{2,3}(\.[0-9]+)?", plain) else plain
        try:
            return Quantity(quantity.parse_grade(percent), None, percent)
        except QuantityError:
            self.report(f"'{text}' is not a valid share; expected 0 to 1")
            return None

    def _add_grade(self, key: str, day: date, field: str) -> None:
        """Set a score as the grade of its day."""
        text = self.cells.get(key, "").strip()
        if BLANK.fullmatch(text):
            if text:
                self.report(f"{key}: '{text}' is not a valid score")
            return
        if not self.graded:
            self.report(f"{key} '{text}': ignored, the score follows from its numbers")
            return
        marked = FOOTNOTE.fullmatch(text)
        try:
            grade = quantity.parse_grade(marked["score"] if marked else text)
        except QuantityError as error:
            self.report(f"{key}: {error.message}")
            return
        if day > self.options.today:
            self.report(f"{key} '{text}' of {day} is in the future")
            return
        known = self.goal.readings.get(day)
        fields: dict[str, Value] = dict(known) if isinstance(known, dict) else {"value": known} if known else {}
        fields[field] = _format_grade(grade, marked["score"].strip() if marked else text)
        if marked:
            fields["note"] = Prose(text)
        self.goal.readings[day] = fields["value"] if list(fields) == ["value"] else fields

    def _middle_day(self) -> date:
        return self.span.start + timedelta(days=self.span.days // 2)

    def _read_comments(self) -> dict[str, Value]:
        """The confidence and note of a reading."""
        found: dict[str, Value] = {}
        text = self.cells.get("confidence", "")
        if not BLANK.fullmatch(text):
            confidence = _parse_confidence(text)
            if confidence is None:
                self.report(f"confidence '{text}' is not valid; expected 0 to 10")
            else:
                found["confidence"] = confidence
        status = self.cells.get("status", "")
        shown = [status] if status and status.casefold() != "draft" and not self.has_dates else []
        notes = [note for note in (*shown, self.cells.get("note", "")) if note]
        return {**found, "note": Prose("; ".join(notes))} if notes else found

    def _parse_number(self, key: str, quiet: bool = False) -> Quantity | None:
        text = self.cells.get(key, "")
        if BLANK.fullmatch(text):
            return None
        try:
            return quantity.parse(text, self.cells.get("unit") or None)
        except QuantityError as error:
            if not quiet:
                self.report(f"{key}: {error.message}; {error.hint}")
            return None

    def _parse_past_day(self, key: str) -> date | None:
        text = self.cells.get(key, "")
        if not text:
            return None
        try:
            day = parse_day(text)
        except PeriodError as error:
            self.report(f"{key}: {error.message}; {error.hint}")
            return None
        if day > self.options.today:
            self.report(f"{key}: {day} is in the future")
            return None
        return day


def parse_day(text: str) -> date:
    """The day of an ISO date, which may have a time after it. Raises PeriodError."""
    return period.parse_day(re.sub(r"[T ][0-9]{1,2}:.*", "", text.strip()))


def _format_grade(grade: Fraction, text: str) -> str:
    """A grade as it was written, with a zero before the decimal point."""
    return f"0{text}" if text.startswith(".") else text if grade else "0"


def _parse_confidence(text: str) -> str | None:
    """A confidence from 0 to 10; a share such as 70 % is multiplied by 10. None for an invalid one."""
    try:
        if text.endswith("%") or "/" in text:
            return quantity.format_number(quantity.parse_grade(text) * 10)
        number = quantity.parse(text)
    except QuantityError:
        return None
    return quantity.format_number(number.number) if number.unit is None and 0 <= number.number <= 10 else None
