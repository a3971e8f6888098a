"""Parses the values of a check-in and formats them in the style of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from okrctl.values import period, quantity, suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Kpi, Workspace, written_quantities

_DIGITS = re.compile(r"\.?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?")
_LIKELY_CONFIDENCE = re.compile(r"write ([0-9.]+)")
_FACTOR = re.compile(r"(?:bn|[kKMB])(?![A-Za-z])")


def parse_number(workspace: Workspace, node: KeyResult | Kpi, words: str, pattern: str | None = None) -> Quantity:
    """Parse a number; `text` of the result has the style of `pattern`, else of the existing numbers.

    Raises OkrctlError for an invalid number or another unit.
    """
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    try:
        parsed = quantity.parse(words, unit)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if not is_same_unit(parsed.unit, unit) and (unit is not None or any(_known_quantities(node))):
        expected = f"has the unit {unit}" if unit else "has no unit"
        raise OkrctlError(
            f"unit mismatch: '{words}' is in {parsed.unit}, but {node.ref} {expected}", "pass the number alone"
        )
    pattern = _style_example(node) if pattern is None else pattern
    declared = bool(getattr(node.model, "unit", None))
    return Quantity(parsed.number, parsed.unit, _format_like(words.strip(), parsed, pattern, declared))


def _known_quantities(node: KeyResult | Kpi) -> Iterator[Quantity]:
    """All quantities of the node in the file, the latest reading first."""
    yield from (reading.value for reading in reversed(node.readings) if reading.value is not None)
    if isinstance(node, KeyResult):
        yield from written_quantities(node)


def _style_example(node: KeyResult | Kpi) -> str:
    """A number that shows the style of the file: the latest reading, else the first number with a unit."""
    known = [known.text for known in _known_quantities(node)]
    if any(reading.value is not None for reading in node.readings):
        return known[0]
    return next((text for text in known if _has_unit(text)), known[0] if known else "")


def _format_like(words: str, parsed: Quantity, pattern: str, declared: bool) -> str:
    """The number with its unit where the pattern has it, unless the unit is declared."""
    bare = _without_unit(words, parsed)
    if declared or (pattern and not _has_unit(pattern)):
        return bare
    return next((text for text in _with_affixes(pattern, bare) if _reads_as(text, parsed)), words)


def _with_affixes(pattern: str, bare: str) -> Iterator[str]:
    found = _DIGITS.search(pattern)
    if found:
        behind = _FACTOR.sub("", pattern[found.end() :], count=1)
        for rest in (pattern[found.end() :], behind):
            yield f"{pattern[: found.start()].lstrip('+-')}{bare}{rest}"


def _without_unit(words: str, parsed: Quantity) -> str:
    found = _DIGITS.search(words)
    if found is None:
        return words
    factor = _FACTOR.match(words[found.end() :].lstrip())
    sign = "-" if parsed.number < 0 else ""
    for text in (f"{sign}{found[0]}{factor[0] if factor else ''}", sign + found[0]):
        if _reads_as(text, parsed._replace(unit=None)):
            return text
    return words


def _reads_as(text: str, parsed: Quantity) -> bool:
    try:
        again = quantity.parse(text)
    except quantity.QuantityError:
        return False
    return again.number == parsed.number and is_same_unit(again.unit, parsed.unit)


def _has_unit(text: str) -> bool:
    try:
        return quantity.parse(text).unit is not None
    except quantity.QuantityError:
        return False


def parse_grade(words: str) -> Quantity:
    """Parse a grade from 0 to 1."""
    try:
        return Quantity(quantity.parse_grade(words), None, words.strip())
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error


def parse_done(words: str, day: date, today: date) -> str:
    """The value of `done:` for `done`, `open` or a date."""
    word = words.strip().casefold()
    if word in ("done", "open"):
        return str(day) if word == "done" else "false"
    try:
        done_on = period.parse_day(words.strip())
    except period.PeriodError as error:
        raise OkrctlError(
            f"expected done or open, got '{words}'", "write done, open, or a date such as 2026-06-30"
        ) from error
    require_not_future(done_on, today)
    return str(done_on)


def find_milestone(node: KeyResult, words: str) -> int:
    """The index of the milestone with this id, number (from 1) or title."""
    milestones = node.measure.steps(node.model)
    name = words.strip()
    for index, milestone in enumerate(milestones):
        if milestone.id == name:
            return index
    if name.isdecimal() and 1 <= int(name) <= len(milestones):
        return int(name) - 1
    titles = [(milestone.title or "").casefold() for milestone in milestones]
    if titles.count(name.casefold()) == 1:
        return titles.index(name.casefold())
    raise _unknown_milestone_error(node, name)


def _unknown_milestone_error(node: KeyResult, name: str) -> OkrctlError:
    names = [milestone.id or milestone.title or "" for milestone in node.measure.steps(node.model)]
    numbered = ", ".join(f"{number} {known}" for number, known in enumerate(names, 1))
    question = suggestions.did_you_mean(suggestions.find_closest(name, names))
    return OkrctlError(f"{node.ref} has no milestone '{name}'{question}", f"the milestones are {numbered}")


def parse_confidence(words: str) -> str:
    """Parse a confidence from 0 to 10 and return its text."""
    try:
        quantity.parse_confidence(words)
    except quantity.QuantityError as error:
        hint = error.hint
        if likely := _LIKELY_CONFIDENCE.fullmatch(hint):
            hint = f"write {likely[1]}: --confidence {likely[1]}"
        elif hint.startswith("write a number"):
            hint = "write a number from 0 to 10, such as --confidence 6"
        raise OkrctlError(error.message, hint) from error
    return words.strip().lstrip("+")


def require_not_future(day: date, today: date) -> None:
    """Raise OkrctlError for a date in the future."""
    if day > today:
        raise OkrctlError(f"{day} is in the future", "use today or an earlier date")
