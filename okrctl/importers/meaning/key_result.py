"""Makes a key result out of cells with our names: how it is judged, what it starts from, where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from okrctl.importers import ImportedGoal
from okrctl.importers.meaning import headers, phrases
from okrctl.importers.meaning.notation import Amount, Notation
from okrctl.importers.options import ImportOptions
from okrctl.measures import MEASURES
from okrctl.values import period, quantity
from okrctl.values.period import Period
from okrctl.values.quantity import QuantityError
from okrctl.values.unit import is_same_unit
from okrctl.yaml_edit import Prose, Value

Cells = Mapping[str, str]
Report = Callable[[str], None]
BLANK = re.compile(
    r"(?i)|n\.?/?a\.?|-+|–|—|none|null|tb[adc]|\?+|x+%?|not (yet )?(scored|set|available)|k\.? ?a\.?|offen"
)
FOOTNOTE = re.compile(r"(?P<score>[0-9./%\s]*[0-9%])\s*(?P<mark>[*†‡#^]+|\(.*\))")
_TYPES = [(word, measure, key) for measure in MEASURES.values() for word, key in measure.import_types.items()]
_DONE_TYPES = frozenset(word for word, measure, _ in _TYPES if measure.records == "date")
_AT_LEAST_TYPES = frozenset(word for word, _, key in _TYPES if key == "at_least")
_AT_MOST_TYPES = frozenset(word for word, _, key in _TYPES if key == "at_most")
_PERCENT_TYPES = frozenset("percent|percentage|percent complete|percentage complete|prozent|pourcentage".split("|"))
_NUMBER_TYPES = frozenset("number|numeric|numerical|integer|decimal|zahl|nombre|numero".split("|"))
_PLAIN_TYPES = frozenset(
    "number|numeric|numerical|integer|decimal|currency|money|amount|value|metric|count|increase|decrease|kpi|zahl|"
    "progress|default progress|rollup|auto rollup|automatic|manual|should increase to|should decrease to|"
    "milestone|milestones|graded|grade|score|nombre|numero|".split("|")
)


@dataclass(slots=True)
class Reader:
    """What the cells of a file are read with; `where` is the period, `report` and `remark` say what came of a cell."""

    options: ImportOptions
    notation: Notation
    where: Period
    report: Report
    remark: Report

    def amount(self, column: str, text: str) -> Amount | None:
        """A number; None for what is none. Raises Ambiguity for one that may mean two."""
        return None if BLANK.fullmatch(text) else self.notation.read_amount(column, text)

    def day(self, column: str, text: str) -> date | None:
        """A day; None, and reported, for what is none."""
        found = self.notation.read_day(column, text, self.where.end.year)
        if found is None and not BLANK.fullmatch(text):
            self.report(f"{column}: '{quantity.truncate(text)}' is not a valid date; write 2026-04-13")
        return found


def read_measure_and_readings(goal: ImportedGoal, cells: Cells, reader: Reader) -> None:
    """Find out how a key result is judged, and where it stands."""
    maker = _KeyResultMaker(goal, cells, reader)
    maker.read_measure()
    maker.read_readings()
    maker.add_description()


class _KeyResultMaker:
    def __init__(self, goal: ImportedGoal, cells: Cells, reader: Reader) -> None:
        self.goal, self.cells, self.reader, self.where = goal, dict(cells), reader, reader.where
        metric = cells.get("metric", "").replace("%", "percent").casefold()
        self.kind = " ".join(re.findall(r"[^\W_]+", metric))
        if {"percent", "percentage", "prozent"} & {*self.kind.split()} and self.kind not in _PERCENT_TYPES:
            self.kind = "percent"
        self.is_graded = False
        self.kept: list[str] = []
        self.unit: str | None = None
        self.is_unit_stated = False  # under `unit:`, not behind each number
        self.numbers: dict[str, Fraction] = {}

    def read_measure(self) -> None:
        self._read_metric_as_unit()
        self._place_result()
        text = self.cells.get("target", "")
        target, start, current = (self._amount(name) for name in ("target", "start", "current"))
        self._choose_unit(target, start, current)
        if self.kind in _DONE_TYPES:
            self._set_done()
        elif target is not None and not (target.whole and start is current is None and self._has_grade()):
            self._set_metric(target, start)
        elif not BLANK.fullmatch(text):
            self._set_worded(text, start)
        elif start is not None or current is not None:
            self._set_open(start)
        elif self._is_yes_or_no():
            self._set_done()
        else:
            self._keep_unread("start", "current")
            self._set_graded()
        self._set_unit()

    def _read_metric_as_unit(self) -> None:
        """What is no type of metric is its unit, such as `min` where the target is `at most 5`; and the other way."""
        unit = headers.normalize(self.cells.get("unit", ""))
        if unit in _PERCENT_TYPES:
            self.cells["unit"] = "%"
        elif unit and unit in _DONE_TYPES | _NUMBER_TYPES:
            self.kind = self.kind or unit
            del self.cells["unit"]
        known = self.kind in _PLAIN_TYPES | _PERCENT_TYPES | _AT_LEAST_TYPES | _AT_MOST_TYPES | _DONE_TYPES
        if self.kind in ("min", "max"):
            target = self._amount("target")
            known = not (target and target.bound) or target.bound == self._bound_of_type()
        if known:
            return
        metric = self.cells["metric"]
        if self.kind != "max" and not self.cells.get("unit") and re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+){0,2}", metric):
            self.cells["unit"] = metric
            self.reader.remark(f"metric '{metric}' read as the unit")
        else:
            self.reader.report(f"unknown metric type '{metric}'")
        self.kind = ""

    def _set_unit(self) -> None:
        """Write the unit once, in front of the numbers, where the measure has one."""
        data = self.goal.data
        if {"done", "graded"} & data.keys():
            if self.cells.get("unit"):
                self.reader.report(f"unit '{self.cells['unit']}': no number to add it to")
        elif self.is_unit_stated and self.unit:
            keys: tuple[str, ...] = ("from", "to", "change", "at_least", "at_most")
            measure: dict[str, Value] = {key: data.pop(key) for key in keys if key in data}
            self.goal.data = {**data, "unit": "%" if self.unit == "%" else Prose(self.unit), **measure}

    def _amount(self, name: str) -> Amount | None:
        text = self.cells.get(name, "")
        found = self.reader.amount(name, text)
        if found is None and not BLANK.fullmatch(text):
            share = name != "target" and re.fullmatch(r"\s*[0-9]+\s*/\s*[0-9]+\s*\(\s*([0-9.,]+\s?%)\s*\)\s*", text)
            found = self.reader.amount(name, share[1]) if share else self._amount_before_remark(name, text)
        return found

    def _amount_before_remark(self, name: str, text: str) -> Amount | None:
        """`31% (Q1 2026)`: what is in brackets says of when or by whom the number is."""
        marked = re.fullmatch(r"(?P<number>[^()]*[^()\s])\s*\([^()]*[^\W\d_][^()]*\)", text.strip())
        found = self.reader.amount(name, marked["number"]) if marked else None
        if found is not None:
            self.reader.remark(f"{name} '{quantity.truncate(text)}' read as {found.text}")
        return found

    def _place_result(self) -> None:
        """What stands behind an arrow is the value where there is a target, else a grade."""
        result = self.cells.pop("result", "")
        if not result and not self.cells.get("current"):
            return
        share = re.match(r"(?:[^\W\d_]+ )?([0-9.,]+\s?%) (?:of|der|des|de|di|van) ", str(self.goal.data["title"]))
        if not self.cells.get("target") and (found := share):
            self.cells["target"] = found[1]
            self.reader.remark(f"'{found[1]}' of the title is its target")
        if not result:
            return
        name = "current" if self.cells.get("target") else "score"
        if self.cells.get(name):
            self.kept.append(f"Result: {result}")
        else:
            self.cells[name] = result

    def _choose_unit(self, *amounts: Amount | None) -> None:
        """One unit for all numbers; what disagrees stays text."""
        named = list(dict.fromkeys(filter(None, (amount.unit or amount.money for amount in amounts if amount))))
        stated = self._stated_unit(named)
        self.unit = stated or next(iter(named), None)
        if self.kind in _PERCENT_TYPES and any(amounts) and not self.unit:
            self.unit = stated = "%"
        elif self.unit and not stated and (self._is_partly_named(amounts) or not self._is_plain_unit(self.unit)):
            stated = self.unit
        self.is_unit_stated = bool(stated)

    def _is_partly_named(self, amounts: Sequence[Amount | None]) -> bool:
        """Whether some numbers have the unit and some have none, as in `from 55 to 30 min`."""
        return any(amount and not amount.unit and not amount.money for amount in amounts)

    def _stated_unit(self, named: list[str]) -> str:
        """The unit of the column `unit`, unless the numbers have another."""
        stated = "" if BLANK.fullmatch(self.cells.get("unit", "").strip()) else self.cells["unit"].strip()
        if stated and not all(is_same_unit(stated, unit) for unit in named):
            self.reader.report(f"unit '{stated}': the numbers say {' and '.join(named)}")
            return ""
        return stated

    def _is_plain_unit(self, unit: str) -> bool:
        if " " in unit:
            return False
        try:
            return quantity.parse(unit + "1" if re.search(r"[$€£¥]", unit) else f"1 {unit}").unit is not None
        except QuantityError:
            return False

    def _number(self, name: str, amount: Amount) -> str | None:
        """A number as it is to be written; None, and kept as text, where its unit is another."""
        own = amount.unit or amount.money
        if own and self.unit and not is_same_unit(own, self.unit):
            self.kept.append(f"{name.capitalize()}: {amount.text}")
            self.reader.remark(f"{name} '{amount.text}': its unit is not '{self.unit}'; kept in the description")
            return None
        if amount.whole:
            self.reader.remark(f"{name} '{amount.text}' read as {amount.digits} of {amount.whole}")
        behind = "" if self.is_unit_stated else amount.unit
        number = amount.number.replace(amount.money, "", 1).strip() if self.is_unit_stated else amount.number
        text = f"{number}%" if behind == "%" else f"{number} {behind}".strip()
        self.numbers[name] = quantity.parse(text, self.unit).number
        return text

    def _set_metric(self, target: Amount, start: Amount | None) -> None:
        data, bound = self.goal.data, self._bound_of_type() or target.bound
        goal = self._number("target", target)
        first = self._number("start", start) if start else None
        if _is_change(target, start):
            self._set_change(target, first, start)
        elif bound and goal and (first is None or self._bound_of_type()):
            data[bound] = goal
        elif first is not None and self.numbers.get("target") == self.numbers["start"]:
            self.kept.append(f"Target: {target.text}")
            self.reader.remark(f"start and target are both {goal}; `to: TBD`")
            data["from"], data["to"] = first, "TBD"
        else:
            self._set_range(first, goal)

    def _set_range(self, first: str | None, goal: str | None) -> None:
        self.goal.data["from"], self.goal.data["to"] = first or "TBD", goal or "TBD"
        if first is None:
            self._keep_unread("start")

    def _bound_of_type(self) -> str:
        if self.kind in _AT_LEAST_TYPES:
            return "at_least"
        return "at_most" if self.kind in _AT_MOST_TYPES else ""

    def _set_change(self, target: Amount, first: str | None, start: Amount | None) -> None:
        """`-30%` is a change of the baseline, and nothing where there is none."""
        sign = "" if target.digits.startswith("-") else "+"
        self.goal.data["from"] = first or "TBD"
        is_certain = start is not None and start.unit != "%"
        if first is not None and self.numbers["start"] and is_certain:
            self.goal.data["change"] = f"{sign}{target.digits}{target.unit}"
        else:
            self.goal.data["to"] = "TBD"
            self.kept.append(f"Target: {target.text}")
            self.reader.remark(f"target '{target.text}' is a change of an unknown value; kept in the description")

    def _set_worded(self, text: str, start: Amount | None) -> None:
        """A target that is no plain number: graded where there is a grade, yes or no, else open."""
        plain = text.strip(" .").casefold()
        has_grade = self._has_grade()
        if plain in phrases.DONE_WORDS and not has_grade:
            self._set_done()
            return
        self.kept.append(f"Target: {text}")
        if has_grade:
            self._keep_unread("start", "current")
            self._set_graded()
            self.reader.remark(f"target '{quantity.truncate(text)}' is not a number: graded instead")
            return
        self._set_open(start)
        self.reader.remark(f"target '{quantity.truncate(text)}' is not a number: kept in the description, `to: TBD`")

    def _has_grade(self) -> bool:
        return any(not BLANK.fullmatch(self.cells.get(name, "")) for name in ("score", "mid", "projected"))

    def _set_open(self, start: Amount | None) -> None:
        first = self._number("start", start) if start else None
        self.goal.data["from"], self.goal.data["to"] = first or "TBD", "TBD"
        self._keep_unread("start", "current")

    def _keep_unread(self, *names: str) -> None:
        """Texts where numbers are usual."""
        for name in names:
            text = self.cells.get(name, "")
            if not BLANK.fullmatch(text) and self._amount(name) is None:
                self.kept.append(f"{name.capitalize()}: {text}")

    def _set_graded(self) -> None:
        self.is_graded = True
        self.goal.data["graded"] = "true"

    def _is_yes_or_no(self) -> bool:
        if any(not BLANK.fullmatch(self.cells.get(name, "")) for name in ("score", "mid", "projected", "progress")):
            return False
        plain = self.cells.get("current", "") or self.cells.get("done", "") or self.cells.get("status", "")
        plain = plain.strip(" .").casefold()
        settled = phrases.DONE_WORDS | {"missed", "just missed", "not achieved", "nearly achieved", "verfehlt"}
        return bool(self.cells.get("done")) or plain in settled

    def _set_done(self) -> None:
        names = ("done", "current", "score", "progress", "status")
        text = next((self.cells[name] for name in names if self.cells.get(name)), "")
        plain = re.sub(r"\.0+(?=%|$)", "", text.casefold().strip(" .")).replace(" %", "%")
        if plain not in phrases.DONE_WORDS | phrases.OPEN_WORDS:
            self.reader.report(f"'{text}' says neither done nor open")
        day = self._past_day("date") if plain in phrases.DONE_WORDS else None
        self.goal.data["done"] = "false" if plain not in phrases.DONE_WORDS else str(day) if day else "true"

    def read_readings(self) -> None:
        """Where it stands, and what is said about that."""
        newest = self._read_current()
        for name, of_day, into in (
            ("mid", self._middle_day(), "value"), ("projected", self._middle_day(), "forecast"),
            ("score", min(self.where.end, self.reader.options.today), "value"),
        ):  # fmt: skip
            self._add_grade(name, of_day, into)
        words = self._comments()
        day = newest or max(self.goal.readings, default=None)
        if not words:
            return
        if day is None:
            day = self._past_day("date") or min(self.reader.options.today, self.where.end)
            if day < self.where.start:
                self.reader.report(f"{', '.join(words)}: {self.where.id} has not begun")
                return
            self.goal.undated_day = day
        there = self.goal.readings.get(day, {})
        self.goal.readings[day] = {**(there if isinstance(there, dict) else {"value": there}), **words}

    def _read_current(self) -> date | None:
        """The day of the newest reading, once it is noted."""
        progress = self.cells.get("progress", "")
        if "done" in self.goal.data:
            return None
        if self.is_graded:
            grade = self._share(progress) if not any(self.cells.get(name) for name in ("mid", "score")) else None
            text = grade
        else:
            current = self._amount("current")
            text = self._number("current", current) if current else None
            self._check_progress(progress)
            if current is None and not BLANK.fullmatch(self.cells.get("current", "")):
                self._keep_words("current")
        if text is None:
            return None
        dated = self._past_day("date")
        day = dated or min(self.reader.options.today, self.where.end)
        if day < self.where.start:
            self.reader.report(f"'{text}' is from {day}, before {period.describe(self.where)}")
            return None
        self.goal.undated_day = None if dated else day
        self.goal.readings[day] = text
        return day

    def _keep_words(self, name: str) -> None:
        line = f"{name.capitalize()}: {self.cells[name]}"
        if line not in self.kept:
            self.kept.append(line)
            self.reader.remark(
                f"{name} '{quantity.truncate(self.cells[name])}' is not a number: kept in the description"
            )

    def _check_progress(self, progress: str) -> None:
        """Progress is worked out; a product that works it out otherwise is reported."""
        share = self._share(progress)
        if share is None:
            return
        stated = quantity.parse_grade(share)
        if not {"start", "target", "current"} <= self.numbers.keys() or "to" not in self.goal.data:
            self.reader.report(f"progress '{progress}' is ignored; okrctl computes it")
            return
        start, goal, value = (self.numbers[name] for name in ("start", "target", "current"))
        if start == goal:
            return
        share_now = (value - start) / (goal - start)
        if abs(min(max(share_now, Fraction(0)), Fraction(1)) - stated) > Fraction(1, 100):
            shown = quantity.format_number(share_now * 100, "%", 0)
            self.reader.report(f"progress '{progress}' differs from the {shown} of the numbers")

    def _share(self, text: str) -> str | None:
        """A share from 0 to 1, also written `62` where percent are meant; more than 100 % is reported."""
        if BLANK.fullmatch(text):
            return None
        amount = self.reader.amount("progress", text)
        if amount is None:
            self.reader.report(f"'{text}' is not a share from 0 to 1")
            return None
        plain = f"{amount.digits}/{amount.whole}" if amount.whole else amount.digits
        percent = f"{plain}%" if amount.unit == "%" or re.fullmatch(r"[0-9]{2,3}(\.[0-9]+)?", plain) else plain
        try:
            quantity.parse_grade(percent)
        except QuantityError:
            self.reader.report(f"'{text}' is not a share from 0 to 1")
            return None
        return percent

    def _add_grade(self, name: str, day: date, into: str) -> None:
        """A typed score becomes a grade of its day."""
        text = self.cells.get(name, "").strip()
        if not text:
            return
        if BLANK.fullmatch(text):
            self.reader.report(f"{name}: '{text}' is not a valid score")
            return
        if not self.is_graded:
            self.reader.report(f"{name} '{text}': ignored, the score follows from its numbers")
            return
        marked = FOOTNOTE.fullmatch(text)
        grade = self._grade(name, marked["score"] if marked else text)
        if grade is None:
            self.reader.report(f"{name}: '{quantity.truncate(text)}' is not a valid grade")
        elif day > self.reader.options.today or day < self.where.start:
            self.reader.report(f"{name} '{text}' of {day} is in the future")
        else:
            self._write_grade(day, {into: grade, **({"note": Prose(text)} if marked else {})})
            if name == "score" and day < self.where.end:
                self.goal.undated_day = day

    def _write_grade(self, day: date, fields: dict[str, Value]) -> None:
        """Add to what the day has; a value alone needs no name."""
        there = self.goal.readings.get(day, {})
        entry: dict[str, Value] = {**(there if isinstance(there, dict) else {"value": there}), **fields}
        self.goal.readings[day] = entry["value"] if list(entry) == ["value"] else entry

    def _grade(self, name: str, text: str) -> str | None:
        amount = self.reader.amount(name, text)
        if amount is None:
            return None
        plain = f"{amount.digits}/{amount.whole}" if amount.whole else f"{amount.digits}{amount.unit}"
        try:
            return plain if quantity.parse_grade(plain) else "0"
        except QuantityError:
            return None

    def _middle_day(self) -> date:
        return self.where.start + timedelta(days=self.where.days // 2)

    def _comments(self) -> dict[str, Value]:
        """What is said beside the value."""
        found: dict[str, Value] = {}
        text = self.cells.get("confidence", "")
        if not BLANK.fullmatch(text):
            confidence = read_confidence(text, self.reader)
            if confidence is None:
                self.reader.report(f"confidence '{text}' is not a number from 0 to 10")
            else:
                found["confidence"] = confidence
        status = self.cells.get("status", "")
        shown = [status] if status and status.casefold() != "draft" and "done" not in self.goal.data else []
        notes = [text for text in (*shown, self.cells.get("note", "")) if text]
        return {**found, "note": Prose("; ".join(notes))} if notes else found

    def _past_day(self, name: str) -> date | None:
        text = self.cells.get(name, "")
        day = self.reader.day(name, text) if text else None
        if day is not None and day > self.reader.options.today:
            self.reader.report(f"{name}: {day} is in the future")
            return None
        return day

    def add_description(self) -> None:
        """Keep in the description a text where a number is usual."""
        if self.kept:
            before = str(self.goal.data.get("description", ""))
            self.goal.data["description"] = Prose("\n".join(filter(None, [before, *dict.fromkeys(self.kept)])))


def _is_change(target: Amount, start: Amount | None) -> bool:
    """`-30%` says how much is to change, unless the baseline is written with a sign too."""
    return target.signed and target.unit in ("%", "pp") and not (start is not None and start.signed)


def read_confidence(text: str, reader: Reader) -> str | None:
    """From 0 to 10; a share of a whole is taken as tenths, a word by its usual place."""
    word = phrases.read_confidence(text)
    if word is not None:
        reader.remark(f"confidence '{text}' read as {word} of 10")
        return word
    amount = reader.amount("confidence", text)
    if amount is None or amount.money or amount.unit not in ("", "%"):
        return None
    number = quantity.parse(amount.digits).number
    if amount.unit == "%":
        number /= 10
    elif amount.whole and Fraction(amount.whole):
        number = number * 10 / Fraction(amount.whole)
    elif 0 < number < 1:
        number *= 10
        reader.remark(f"confidence '{text}' read as {quantity.format_number(number)} of 10")
    elif 10 < number <= 100:
        number /= 10
        reader.remark(f"confidence '{text}' read as {quantity.format_number(number)} of 10")
    return quantity.format_number(number) if 0 <= number <= 10 else None
