"""Reads what a person tells at a check-in, and spells it as the file does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrctl.values import period, quantity, suggestions
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.values.unit import is_same_unit
from okrctl.workspace import KeyResult, Kpi, Workspace, written_quantities

_DIGITS = re.compile(r"\.?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?")
_FACTOR = re.compile(r"(?:bn|[kKMB])(?![A-Za-z])")


def parse_number(workspace: Workspace, node: KeyResult | Kpi, words: str, pattern: str | None = None) -> Quantity:
    """The number told, with `text` as it is to be written: like `pattern`, else like the numbers that are there.

    OkrctlError for no number or another unit.
    """
    unit = node.unit if isinstance(node, Kpi) else workspace.unit(node)
    try:
        read = quantity.parse(words, unit)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error
    if not is_same_unit(read.unit, unit) and (unit is not None or any(_known_quantities(node))):
        counts = f"counts in {unit}" if unit else "has no unit"
        raise OkrctlError(f"'{words}' is in {read.unit}, but {node.ref} {counts}", "give the number alone")
    pattern = _style_example(node) if pattern is None else pattern
    declared = bool(getattr(node.model, "unit", None))
    return Quantity(read.number, read.unit, _format_like(words.strip(), read, pattern, declared))


def _known_quantities(node: KeyResult | Kpi) -> Iterator[Quantity]:
    """Every number that the file has already, the newest reading first."""
    yield from (dated.value for dated in reversed(node.readings) if dated.value is not None)
    if isinstance(node, KeyResult):
        yield from written_quantities(node)


def _style_example(node: KeyResult | Kpi) -> str:
    """How the numbers of a file are written: like the newest reading, else like the first number with a unit."""
    known = [one.text for one in _known_quantities(node)]
    if any(dated.value is not None for dated in node.readings):
        return known[0]
    return next((text for text in known if _has_unit(text)), known[0] if known else "")


def _format_like(words: str, read: Quantity, pattern: str, declared: bool) -> str:
    """With its unit behind or before it where the pattern has one, and none is declared."""
    bare = _without_unit(words, read)
    if declared or (pattern and not _has_unit(pattern)):
        return bare
    return next((text for text in _with_affixes(pattern, bare) if _reads_as(text, read)), words)


def _with_affixes(pattern: str, bare: str) -> Iterator[str]:
    found = _DIGITS.search(pattern)
    if found:
        behind = _FACTOR.sub("", pattern[found.end() :], count=1)
        for rest in (pattern[found.end() :], behind):
            yield f"{pattern[: found.start()].lstrip('+-')}{bare}{rest}"


def _without_unit(words: str, read: Quantity) -> str:
    found = _DIGITS.search(words)
    if found is None:
        return words
    factor = _FACTOR.match(words[found.end() :].lstrip())
    sign = "-" if read.number < 0 else ""
    for text in (f"{sign}{found[0]}{factor[0] if factor else ''}", sign + found[0]):
        if _reads_as(text, read._replace(unit=None)):
            return text
    return words


def _reads_as(text: str, read: Quantity) -> bool:
    try:
        again = quantity.parse(text)
    except quantity.QuantityError:
        return False
    return again.number == read.number and is_same_unit(again.unit, read.unit)


def _has_unit(text: str) -> bool:
    try:
        return quantity.parse(text).unit is not None
    except quantity.QuantityError:
        return False


def parse_grade(words: str) -> Quantity:
    """A grade from 0 to 1 as typed."""
    try:
        return Quantity(quantity.parse_grade(words), None, words.strip())
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, error.hint) from error


def parse_done(words: str, day: date, today: date) -> str:
    """What `done:` becomes: the day told, the day of the check-in, or `false`."""
    word = words.strip().casefold()
    if word in ("done", "open"):
        return str(day) if word == "done" else "false"
    try:
        told = period.parse_day(words.strip())
    except period.PeriodError as error:
        hint = "write done, open, or a date as 2026-06-30"
        raise OkrctlError(f"'{words}' says neither done nor open", hint) from error
    require_not_future(told, today)
    return str(told)


def find_milestone(node: KeyResult, words: str) -> int:
    """The place of the milestone with this id, number (from 1) or title."""
    steps = node.measure.steps(node.model)
    wanted = words.strip()
    by_id = [place for place, step in enumerate(steps) if step.id == wanted]
    if by_id:
        return by_id[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(steps):
        return int(wanted) - 1
    by_title = [place for place, step in enumerate(steps) if (step.title or "").casefold() == wanted.casefold()]
    if len(by_title) == 1:
        return by_title[0]
    names = [step.id or step.title or "" for step in steps]
    listed = ", ".join(f"{place} {name}" for place, name in enumerate(names, 1))
    guess = suggestions.did_you_mean(suggestions.find_closest(wanted, names))
    raise OkrctlError(f"{node.ref} has no milestone '{wanted}'{guess}", f"they are: {listed}")


def parse_confidence(words: str) -> str:
    """A confidence from 0 to 10 as it is to be written."""
    try:
        read = quantity.parse(words)
    except quantity.QuantityError as error:
        raise OkrctlError(error.message, "confidence is a number from 0 to 10") from error
    if read.unit is not None or not 0 <= read.number <= Fraction(10):
        raise OkrctlError(f"confidence goes from 0 to 10, not '{words}'", "such as --confidence 6")
    return words.strip().lstrip("+")


def require_not_future(day: date, today: date) -> None:
    """OkrctlError where a day has not come yet."""
    if day > today:
        raise OkrctlError(f"{day} lies in the future", "a check-in says what is, not what will be")
