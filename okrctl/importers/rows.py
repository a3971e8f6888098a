"""Makes a key result out of cells with our names: how it is judged, what it starts from, where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from pydantic_core import PydanticCustomError

from okrctl.importers import Thing
from okrctl.importers.options import How
from okrctl.values import fields, period, quantity
from okrctl.values.period import Period, PeriodError
from okrctl.values.quantity import Quantity, QuantityError
from okrctl.yaml_edit import Value, Words

Cells = Mapping[str, str]
Tell = Callable[[str], None]
BLANK = re.compile(r"(?i)|n\.?/?a\.?|-+|–|—|none|null|tbd|\?+|not (yet )?(scored|set|available)")
FOOTNOTE = re.compile(r"(?P<score>[0-9./%\s]*[0-9%])\s*(?P<mark>[*†‡#^]+|\(.*\))")
DONE_TYPES = frozenset("boolean|binary|bool|yes no|done not done|achieved or not|task|checkbox|to do|done".split("|"))
LEAST_TYPES = frozenset("at least|above|should stay above|stay above|maintain above|minimum|min".split("|"))
MOST_TYPES = frozenset("at most|below|should stay below|stay below|maintain below|maximum|max".split("|"))
PERCENT_TYPES = frozenset("percent|percentage|percent complete|percentage complete".split("|"))
PLAIN_TYPES = frozenset(
    "number|numeric|numerical|integer|decimal|currency|money|amount|value|metric|count|increase|decrease|"
    "should increase to|should decrease to|milestone|milestones|graded|grade|score|".split("|")
)
YES = frozenset("yes|true|done|complete|completed|achieved|closed|100%|100|1|x|✓|✔".split("|"))
NO = frozenset("no|false|open|not done|incomplete|not started|0%|0|".split("|"))


def common(cells: Cells, line: int, title: str, how: How, tell: Tell) -> Thing:
    """What objectives and key results have in common."""
    thing = Thing(line, {})
    identifier = cells.get("id", "").lower()
    if identifier and fields.ID.match(identifier):
        thing.data["id"] = identifier
    elif identifier:
        tell(f"'{cells['id']}' is no id; one is made from the title")
    thing.data["title"] = Words(title)
    if cells.get("owner"):
        thing.data["owner"] = Words(how.owner(cells["owner"]))
    if cells.get("description"):
        thing.data["description"] = Words(cells["description"])
    _weight(thing, cells, tell)
    if cells.get("status", "").casefold() == "draft":
        thing.data["state"] = "draft"
    for key, name in (("tags", "tags"), ("link", "links")):
        if words := [one.strip() for one in re.split(r"[,;\n]", cells.get(key, "")) if one.strip()]:
            thing.data[name] = [Words(one) for one in words]
    thing.data.update({key: Words(value) for key, value in cells.items() if key.startswith("x-") and value})
    return thing


def key_result(cells: Cells, line: int, title: str, where: Period, how: How, tell: Tell) -> Thing | None:
    """A key result; None, and told, where it cannot be told how it is judged."""
    thing = common(cells, line, title, how, tell)
    if cells.get("priority"):
        _priority(thing, cells["priority"], tell)
    maker = _Maker(thing, cells, where, how, tell)
    if not maker.measure():
        return None
    maker.stand()
    return thing


def _weight(thing: Thing, cells: Cells, tell: Tell) -> None:
    said = cells.get("weight", "")
    if BLANK.fullmatch(said):
        return
    try:
        thing.data["weight"] = quantity.show(fields.positive(said.removesuffix("%").strip()))
    except PydanticCustomError as error:
        tell(error.message())


def _priority(thing: Thing, said: str, tell: Tell) -> None:
    try:
        thing.data["priority"] = str(fields.priority(said))
    except PydanticCustomError as error:
        tell(error.message())


class _Maker:
    def __init__(self, thing: Thing, cells: Cells, where: Period, how: How, tell: Tell) -> None:
        self.thing, self.cells, self.where, self.how, self.tell = thing, cells, where, how, tell
        self.kind = " ".join(re.findall(r"[a-z0-9]+", cells.get("metric", "").replace("%", "percent").casefold()))
        self.graded = False

    def measure(self) -> bool:
        """Find out how it is judged."""
        data, target = self.thing.data, self._number("target")
        if self.kind in DONE_TYPES:
            return self._done()
        if self.kind not in PLAIN_TYPES | PERCENT_TYPES | LEAST_TYPES | MOST_TYPES:
            self.tell(f"the metric type '{self.cells['metric']}' is not known")
        if target is None and not self.cells.get("target") and not self.cells.get("current"):
            self.graded = True
            data["graded"] = "true"
            return True
        if self.cells.get("target") and target is None and not BLANK.fullmatch(self.cells["target"]):
            return False
        self._unit(target)
        if self.kind in LEAST_TYPES | MOST_TYPES and target is not None:
            data["at_least" if self.kind in LEAST_TYPES else "at_most"] = target.text.strip()
            return True
        return self._way(target)

    def _way(self, target: Quantity | None) -> bool:
        start = self._number("start")
        goal = "TBD" if target is None else target.text.strip()
        if target is not None and (start.number if start else Fraction(0)) == target.number:
            self.tell(f"it starts where it ends, at {goal}")
            return False
        if start is not None:
            self.thing.data["from"] = start.text.strip()
        self.thing.data["to"] = goal
        return True

    def _unit(self, target: Quantity | None) -> None:
        said = self.cells.get("unit", "")
        bare = target is not None and target.unit is None
        if said:
            self.thing.data["unit"] = Words(said)
        elif self.kind in PERCENT_TYPES and bare:
            self.thing.data["unit"] = "%"

    def _done(self) -> bool:
        said = next((self.cells[key] for key in ("current", "score", "progress", "status") if self.cells.get(key)), "")
        plain = re.sub(r"\.0+(?=%|$)", "", said.casefold()).replace(" %", "%")
        if plain not in YES | NO:
            self.tell(f"'{said}' says neither done nor open")
        made = self._day("date")
        self.thing.data["done"] = "false" if plain not in YES else str(made) if made else "true"
        return True

    def stand(self) -> None:
        """Where it stands, and what is said about that."""
        reading = self._current()
        for key, of, into in (
            ("mid", self._middle(), "value"), ("projected", self._middle(), "forecast"),
            ("score", self.where.end, "value"),
        ):  # fmt: skip
            self._grade(key, of, into)
        words = self._words()
        if not words:
            return
        day = max(self.thing.readings, default=None) if reading is None else reading
        if day is None:
            self.tell(f"{', '.join(words)}: there is no reading that it belongs to")
            return
        there = self.thing.readings[day]
        self.thing.readings[day] = {**(there if isinstance(there, dict) else {"value": there}), **words}

    def _current(self) -> date | None:
        """The day of the newest reading, once it is noted."""
        progress = self.cells.get("progress", "")
        if "done" in self.thing.data:
            return None
        if not self.graded:
            value = self._number("current")
            self._compare(value, progress)
        else:
            value = self._graded(progress) if not any(self.cells.get(key) for key in ("mid", "score")) else None
        if value is None:
            return None
        dated = self._day("date")
        day = dated or min(self.how.today, self.where.end)
        self.thing.undated = None if dated else day
        if day < self.where.start:
            self.tell(f"'{value.text}' is from {day}, before {period.described(self.where)}")
            return None
        self.thing.readings[day] = value.text.strip()
        return day

    def _compare(self, value: Quantity | None, progress: str) -> None:
        """Progress is worked out; a product that works it out otherwise is told."""
        goal, start = (self._number(key, quiet=True) for key in ("target", "start"))
        said = self._graded(progress)
        if said is None or "to" not in self.thing.data or goal is None or value is None:
            if said is not None:
                self.tell(f"progress '{progress}' is worked out here, not typed")
            return
        first = start.number if start else Fraction(0)
        gone = (value.number - first) / (goal.number - first)
        if abs(min(max(gone, Fraction(0)), Fraction(1)) - said.number) > Fraction(1, 100):
            shown = quantity.show(gone * 100, "%", 0)
            self.tell(f"progress '{progress}' does not follow from the numbers, which say {shown}")

    def _graded(self, said: str) -> Quantity | None:
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

    def _grade(self, key: str, day: date, into: str) -> None:
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
        fields[into] = _exact(grade, marked["score"].strip() if marked else said)
        if marked:
            fields["note"] = Words(said)
        self.thing.readings[day] = fields["value"] if list(fields) == ["value"] else fields

    def _middle(self) -> date:
        return self.where.start + timedelta(days=self.where.days // 2)

    def _words(self) -> dict[str, Value]:
        """What is said beside the value."""
        found: dict[str, Value] = {}
        said = self.cells.get("confidence", "")
        if not BLANK.fullmatch(said):
            confidence = _confidence(said)
            if confidence is None:
                self.tell(f"confidence '{said}' is no number from 0 to 10")
            else:
                found["confidence"] = confidence
        status = self.cells.get("status", "")
        shown = [status] if status and status.casefold() != "draft" and "done" not in self.thing.data else []
        notes = [one for one in (*shown, self.cells.get("note", "")) if one]
        return {**found, "note": Words("; ".join(notes))} if notes else found

    def _number(self, key: str, quiet: bool = False) -> Quantity | None:
        said = self.cells.get(key, "")
        if BLANK.fullmatch(said):
            return None
        try:
            return quantity.parse(said, self.cells.get("unit") or None)
        except QuantityError as error:
            if not quiet:
                self.tell(f"{key}: {error.message}; {error.hint}")
            return None

    def _day(self, key: str) -> date | None:
        said = self.cells.get(key, "")
        if not said:
            return None
        try:
            day = day_of(said)
        except PeriodError as error:
            self.tell(f"{key}: {error.message}; {error.hint}")
            return None
        if day > self.how.today:
            self.tell(f"{key}: {day} has not come yet")
            return None
        return day


def day_of(said: str) -> date:
    """The day of an ISO date, also of one with a time behind it. Raises PeriodError."""
    return period.parse_day(re.sub(r"[T ][0-9]{1,2}:.*", "", said.strip()))


def _exact(grade: Fraction, said: str) -> str:
    """A grade as it was written, with a zero before the point; as a decimal number where nothing is lost."""
    return f"0{said}" if said.startswith(".") else said if grade else "0"


def _confidence(said: str) -> str | None:
    """From 0 to 10; a share of a whole is taken as tenths."""
    try:
        if said.endswith("%") or "/" in said:
            return quantity.show(quantity.parse_grade(said) * 10)
        number = quantity.parse(said)
    except QuantityError:
        return None
    return quantity.show(number.number) if number.unit is None and 0 <= number.number <= 10 else None
