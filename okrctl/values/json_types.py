"""The JSON Schema of each type of field, which editors use.

A schema accepts all values that its field accepts, and rejects what a pattern can reject. It never sets a type for
text, since editors suggest `true` and `null` if a value may have one of several types.
"""

from __future__ import annotations

from typing import Any

JsonSchema = dict[str, Any]

NESTED_TYPES = ("object", "array", "null")
NON_NUMBER_TYPES = (*NESTED_TYPES, "boolean")
NON_TEXT_TYPES = (*NON_NUMBER_TYPES, "number")
# A blank value, in a form for which no editor suggests `null`.
BLANK: JsonSchema = {"not": {"type": ["string", "number", "boolean", "object", "array"]}}

_DIGITS = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)"
_BARE = rf"^\s*[-+−]?\s*{_DIGITS}\s*(k|K|M|B|bn)?\s*$"
_WEIGHT = rf"^\s*\+?\s*(?=[0-9.]*[1-9]){_DIGITS}\s*(k|K|M|B|bn)?\s*$"
# The parser of numbers as patterns. Before the digits stands a sign, a currency, or a word and a space. After a space
# any word is a unit; what sticks to the digits is a listed unit or the word of `unit:`, which a pattern cannot know,
# but none that mixes letters with digits as a typing error does (`1O0`, `0x1F`, `1e3`).
_PREFIX = r"\s*([-+−]\s*)?(([A-Z]{0,3}[^\s0-9.,:;A-Za-z+−-]|[A-Z]{3})\s*|[^\s0-9.,:;+−-][^\s0-9,:;]*\s+)?([-+−]\s*)?"
_UNIT = r"[^\s0-9.,:;/'’_<>=~+*()–—−-]"
_AFTER_DIGITS = rf"(\s+{_UNIT}.*|(?![eEoOlI|xX][-+eEoOlI|]*[0-9]){_UNIT}.*)?\s*$"
_QUANTITY_BODY = rf"{_PREFIX}{_DIGITS}{_AFTER_DIGITS}"
_QUANTITY = rf"^{_QUANTITY_BODY}"
_PLUS = _PREFIX.replace("[-+−]", r"\+")
_UNSIGNED = rf"^{_PLUS}{_DIGITS}{_AFTER_DIGITS}|^{_PREFIX}(0+(\.0+)?|\.0+){_AFTER_DIGITS}"
_CHANGE = rf"^(?=[^0-9]*[-+−]){_QUANTITY_BODY}|^\s*[xX×]\s*{_DIGITS}\s*$|^\s*{_DIGITS}\s*[xX×]\s*$"
# Numbers with bounds as texts; a pattern compares no other numbers than these.
_ZERO = r"[-−]\s*(0+(\.0+)?|\.0+)"
_UP_TO_1 = r"0*(1(\.0+)?|0?\.[0-9]+|0)"
_UP_TO_10 = r"0*(10(\.0+)?|[0-9]?\.[0-9]+|[0-9])"
_UP_TO_100 = r"0*(100(\.0+)?|[0-9]{0,2}\.[0-9]+|[0-9]{1,2})"
_GRADE = (
    rf"^\s*({_ZERO}\s*%?|%?\s*{_ZERO}|\+?\s*{_UP_TO_1}|\+?\s*{_UP_TO_100}\s*%|%\s*\+?\s*{_UP_TO_100}\s*%?"
    rf"|({_ZERO}|\+?\s*{_DIGITS})\s*/\s*\+?\s*{_DIGITS})\s*$"
)
_CONFIDENCE = rf"^\s*({_ZERO}|\+?\s*{_UP_TO_10})\s*$"
_WHOLE = rf"^\s*({_ZERO}\s*(k|K|M|B|bn)?|\+?\s*[0-9]+(\.0+)?|\+?\s*{_DIGITS}\s*(k|K|M|B|bn))\s*$"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_PERIOD = r"^([0-9]{4}|FY[0-9]{2})(-(Q[1-4]|H[12]|T[1-3]))?$|^[0-9]{4}-(0[1-9]|1[0-2])$"
_ID = "[a-z0-9][a-z0-9_-]{0,63}$"
_PERIOD_LIKE = (
    r"(fy[-]?)?([0-9]{4}|(?<=fy)[0-9]{2}|(?<=fy-)[0-9]{2})[_-]?([qht][0-9])?$|[qht][1-9][_-]?(fy)?-?[0-9]{4}$"
    r"|[qht][1-9][_-]?fy-?[0-9]{2}$|[qht][0-9]$|[0-9]{4}-[0-9]{2}$"
)


def scalar_schema(message: str, *, refused: tuple[str, ...] = NESTED_TYPES, **more: Any) -> JsonSchema:
    """A single value that has none of the rejected types; editors show `message` for any other value."""
    pattern_message = {"patternErrorMessage": message} if "pattern" in more else {}
    return {
        "if": {"type": list(refused)},
        "then": {"type": "string", "errorMessage": message},
        **more,
        **pattern_message,
    }


def text_schema(message: str, pattern: str) -> JsonSchema:
    """A text with a pattern that YAML does not read as a number or a truth value."""
    return scalar_schema(message, refused=NON_TEXT_TYPES, pattern=pattern)


def number_schema(message: str, pattern: str, **bounds: int) -> JsonSchema:
    """A number, or a text with a number; the bounds apply if YAML reads it as a number."""
    return scalar_schema(message, refused=NON_NUMBER_TYPES, pattern=pattern, **bounds)


def id_schema(pattern: str, message: str) -> JsonSchema:
    """An id; YAML reads an id of digits only as a number."""
    return scalar_schema(message, pattern=pattern, multipleOf=1, minimum=0)


TEXT = scalar_schema("expected text", pattern=r"\S")
ID = id_schema(
    f"^{_ID}", "expected an id of at most 64 lower-case letters, digits, - and _, starting with a letter or digit"
)
TEAM = id_schema(
    f"^(?!{_PERIOD_LIKE}){_ID}",
    "expected a team id of lower-case letters, digits, - and _ that does not look like a period",
) | {"not": {"type": "number", "minimum": 1000, "maximum": 9999}}
QUANTITY = number_schema(
    "expected a number such as 1200, 4.3, 72% or $200k, without separators between thousands", _QUANTITY
)
UNSIGNED = number_schema("expected a number of 0 or more", _UNSIGNED, minimum=0)
TARGET = number_schema("expected a number such as 1200, 4.3, 72% or $200k, or TBD", f"^TBD$|{_QUANTITY}")
CHANGE = number_schema("expected a change such as -7%, -7pp, +20 or x2", _CHANGE)
PATH = scalar_schema(
    "expected readings by date, or the path of a CSV file", refused=(*NESTED_TYPES, "number"), pattern=r"\S"
)
GRADE = number_schema("expected a grade from 0 to 1, such as 0.7, 70% or 7/10", _GRADE, minimum=0, maximum=1)
BARE_NUMBER = number_schema("expected a number without a unit", _BARE)
WEIGHT = number_schema("expected a number above 0", _WEIGHT, exclusiveMinimum=0)
WHOLE_NUMBER = number_schema("expected a whole number of 0 or more", _WHOLE, multipleOf=1, minimum=0)
CONFIDENCE = number_schema("expected a number from 0 to 10", _CONFIDENCE, minimum=0, maximum=10)
DAY = text_schema("expected a date such as 2026-04-13", f"^{_DATE}$")
READING_DAY: JsonSchema = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$"}
DAY_KEY: JsonSchema = {"type": "string", "pattern": f"^{_DATE}$"}
DONE: JsonSchema = {
    **scalar_schema(
        "expected false, or the date when it was done",
        refused=(*NESTED_TYPES, "number"),
        pattern=f"^(true|True|TRUE|false|False|FALSE|{_DATE})$",
    ),
    "examples": [False],
}
PRIORITY: JsonSchema = {
    **number_schema("expected 0 (most urgent) to 4, or P0 to P4", "^[Pp]?[0-4]$", multipleOf=1, minimum=0, maximum=4),
    "examples": [0, 1, 2, 3, 4],
}
COUNT = text_schema("expected a count and a total such as 3/5", r"^\s*[0-9]{1,9}\s*/\s*[0-9]{1,9}\s*$")
PERIOD = number_schema("expected a period such as 2026-Q2, 2026-H1, 2026, 2026-05 or FY26-Q1", _PERIOD,
                multipleOf=1, minimum=1, maximum=9999)  # fmt: skip
GRADE_QUESTION: JsonSchema = {
    "anyOf": [
        {"enum": [True]},
        scalar_schema("expected true, a question or a mapping of grades", pattern="^(?!(false|False|FALSE)$)")
        | {"not": {"enum": [False]}},
        {"type": "object", "minProperties": 1, "additionalProperties": False, "patternProperties": {_GRADE: TEXT}},
    ]
}


def cadence_schema(names: list[str]) -> JsonSchema:
    """The name of a cadence, or a number of days."""
    message = "expected a cadence such as weekly or 10 days"
    return {"anyOf": [{"enum": names}, text_schema(message, "^0*[1-9][0-9]{0,3} days?$")]}
