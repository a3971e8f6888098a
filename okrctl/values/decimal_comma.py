"""Numbers with a decimal comma: as people type them under `numbers: de`, and in CSV files with `decimal: comma`."""

from __future__ import annotations

import re

from okrctl.values.quantity import QuantityError, truncate
from okrctl.values.slips import ways_to_write

_NUMBER = re.compile(r"[0-9][0-9.,'’ \u00a0\u202f]*[0-9]|,?[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.'’ \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]+)?")
_DECIMALS = re.compile(r"[0-9]*,[0-9]+")
_TWO_MEANINGS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9.,])")


def with_point(text: str) -> str:
    """A number as okrctl reads it: `1.240,5` is 1240.5, `1.240` is 1240. What has another form stays as it is."""
    found = _NUMBER.search(text)
    if found is None:
        return text
    number = found[0]
    if _GROUPED.fullmatch(number):
        number = re.sub(r"[^0-9,]", "", number).replace(",", ".")
    elif _DECIMALS.fullmatch(number):
        number = number.replace(",", ".")
    return text[: found.start()] + number + text[found.end() :]


def with_comma(text: str) -> str:
    """A number with a comma before its decimals."""
    return re.sub(r"([0-9]*)\.([0-9]+)", r"\1,\2", text, count=1)


def require_point(text: str) -> str:
    """The number of a cell of a file with `decimal: comma`; raises QuantityError where a point is no thousands mark."""
    plain = with_point(text)
    if plain == text and "." in text:
        raise QuantityError(
            f"'{truncate(text)}' is not a number with a decimal comma", f"write {with_comma(truncate(text))}"
        )
    return plain


def find_two_meanings(text: str) -> tuple[str, tuple[str, str]] | None:
    """A number of an argument with exactly three digits behind the point, and both ways of writing it.

    Where people type 1.240 for 1240, nothing tells whether 1.24 is meant. None where there is no such number.
    """
    found = _TWO_MEANINGS.search(text)
    return (found[0], ways_to_write(found[0])) if found else None
