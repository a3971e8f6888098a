"""How the values of files look from outside: the parts of JSON Schema that tell editors what a field takes.

An outline takes all that its field takes, and refuses what can be refused without reading it as okrctl does. It never
names the type of a text, since editors propose `true` and `null` wherever a type may be one of several.
"""

from __future__ import annotations

from typing import Any

Outline = dict[str, Any]

NESTED = ("object", "array", "null")
NOT_A_NUMBER = (*NESTED, "boolean")
ONLY_WORDS = (*NOT_A_NUMBER, "number")
# A blank value, in words for which no editor proposes `null`.
NOTHING: Outline = {"not": {"type": ["string", "number", "boolean", "object", "array"]}}

_DIGITS = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
_BARE = rf"^\s*[-+−]?\s*{_DIGITS}\s*(k|K|M|B|bn)?\s*$"
_WEIGHT = rf"^\s*\+?\s*(?=[0-9.]*[1-9]){_DIGITS}\s*(k|K|M|B|bn)?\s*$"
_CHANGE = r"^[^0-9]*[-+−][^0-9]*[0-9]|^\s*[xX×]\s*[0-9.]+\s*$|^\s*[0-9.]+\s*[xX×]\s*$"
# A sign, money or a unit in front, and behind whatever begins like a unit: okrctl knows more of units than a pattern.
_IN_FRONT = r"\s*[-+−]?\s*([A-Z]{0,3}[^\s0-9.,:A-Za-z]+|[A-Z]{3}|[^\s0-9,:]+[\s+−-])?\s*[-+−]?\s*"
_QUANTITY = rf"^{_IN_FRONT}{_DIGITS}\s*([^\s0-9.,:;/'’_<>=~+*()–—−-].*)?$"
_GRADE = rf"^\s*%?\s*[-+−]?\s*{_DIGITS}\s*(%|/\s*{_DIGITS})?\s*$"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_PERIOD = r"^([0-9]{4}|FY[0-9]{2})(-(Q[1-4]|H[12]|T[1-3]))?$|^[0-9]{4}-(0[1-9]|1[0-2])$"
_ID = "[a-z0-9][a-z0-9_-]{0,63}$"
_LIKE_A_PERIOD = (
    r"(fy[-]?)?([0-9]{4}|(?<=fy)[0-9]{2}|(?<=fy-)[0-9]{2})[_-]?([qht][0-9])?$|[qht][1-9][_-]?(fy)?-?[0-9]{4}$"
    r"|[qht][1-9][_-]?fy-?[0-9]{2}$|[qht][0-9]$|[0-9]{4}-[0-9]{2}$"
)


def scalar(message: str, *, refused: tuple[str, ...] = NESTED, **more: Any) -> Outline:
    """A single value that is none of the refused types; `message` is what editors say of any other."""
    said = {"patternErrorMessage": message} if "pattern" in more else {}
    return {"if": {"type": list(refused)}, "then": {"type": "string", "errorMessage": message}, **more, **said}


def words(message: str, pattern: str) -> Outline:
    """A text of this pattern that YAML takes for no number and no truth value."""
    return scalar(message, refused=ONLY_WORDS, pattern=pattern)


def number(message: str, pattern: str, **bounds: int) -> Outline:
    """A number, or a text with one; the bounds hold for what YAML takes for a number itself."""
    return scalar(message, refused=NOT_A_NUMBER, pattern=pattern, **bounds)


def identifier(pattern: str, message: str) -> Outline:
    """An id; one of digits alone is a whole number to YAML."""
    return scalar(message, pattern=pattern, multipleOf=1, minimum=0)


TEXT = scalar("expected a text", pattern=r"\S")
ID = identifier(
    f"^{_ID}", "an id has at most 64 lower-case letters, digits, - and _, and begins with a letter or digit"
)
TEAM = identifier(
    f"^(?!{_LIKE_A_PERIOD}){_ID}", "a team id has lower-case letters, digits, - and _, and looks like no period"
) | {"not": {"type": "number", "minimum": 1000, "maximum": 9999}}
QUANTITY = number("expected a number such as 1200, 4.3, 72% or $200k, without separators between thousands", _QUANTITY)
GOAL = number("expected a number such as 1200, 4.3, 72% or $200k, or TBD", f"^TBD$|{_QUANTITY}")
CHANGE = number("expected a change such as -7%, -7pp, +20 or x2", _CHANGE)
PATH = scalar("expected readings by their dates, or the path of a CSV file", refused=(*NESTED, "number"), pattern=r"\S")
GRADE = number("expected a grade from 0 to 1, such as 0.7, 70% or 7/10", _GRADE, minimum=0, maximum=1)
BARE = number("expected a number without a unit", _BARE)
WEIGHT = number("expected a number above 0", _WEIGHT, exclusiveMinimum=0)
WHOLE = number("expected a whole number from 0 on", _BARE, multipleOf=1, minimum=0)
CONFIDENCE = number("expected a number from 0 to 10", _BARE, minimum=0, maximum=10)
DAY = words("expected a date such as 2026-04-13", f"^{_DATE}$")
READING_DAY: Outline = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$"}
DAY_KEY: Outline = {"type": "string", "pattern": f"^{_DATE}$"}
DONE: Outline = {
    **scalar(
        "expected false, or the date on which it was done",
        refused=(*NESTED, "number"),
        pattern=f"^(true|True|TRUE|false|False|FALSE|{_DATE})$",
    ),
    "examples": [False],
}
PRIORITY: Outline = {
    **number("expected 0 (must) to 4, or P0 to P4", "^[Pp]?[0-4]$", multipleOf=1, minimum=0, maximum=4),
    "examples": [0, 1, 2, 3, 4],
}
COUNT = words("expected how many of how many, such as 3/5", r"^\s*[0-9]{1,9}\s*/\s*[0-9]{1,9}\s*$")
PERIOD = number("expected a period such as 2026-Q2, 2026-H1, 2026, 2026-05 or FY26-Q1", _PERIOD,
                multipleOf=1, minimum=1, maximum=9999)  # fmt: skip
QUESTION: Outline = {
    "anyOf": [
        {"enum": [True]},
        scalar("expected true, a question or a map of grades", pattern="^(?!(false|False|FALSE)$)")
        | {"not": {"enum": [False]}},
        {"type": "object", "minProperties": 1, "additionalProperties": False, "patternProperties": {_GRADE: TEXT}},
    ]
}


def cadence(names: list[str]) -> Outline:
    """One of the names, or a number of days."""
    said = "expected a cadence such as weekly or 10 days"
    return {"anyOf": [{"enum": names}, words(said, "^0*[1-9][0-9]{0,3} days?$")]}
