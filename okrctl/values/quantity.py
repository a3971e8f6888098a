"""Reads numbers with their units, exactly as people write them, and writes them back."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.values.unit import CURRENCY_CODES, CURRENCY_SIGNS, PREFIX_SIGN, is_same_unit, is_unit

MAX_LENGTH = 100
MAX_DIGITS = 30
MAX_DECIMALS = 6

_FACTORS = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "bn": 10**9}
_FACTOR_WORDS = {
    "thousand": "k", "tsd": "k", "mio": "M", "mn": "M", "mln": "M", "million": "M", "millions": "M", "bln": "bn",
    "mrd": "bn", "bn": "bn", "milliarden": "bn", "millionen": "M", "tausend": "k", "billion": "bn", "billions": "bn",
}  # fmt: skip
_COMPARISON_WORDS = frozenset(
    ("about", "approx", "circa", "ca", "max", "min", "over", "under", "below", "above", "at", "than", "until")
)

_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]+))?(?<=[0-9])(?:[eE](?P<power>[+-]?[0-9]+))?")
# Nearly every number of a file looks like this, and large workspaces hold a million of them.
_PLAIN_NUMBER = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,12}))?(%?)")
_FACTOR = re.compile(rf"(?P<factor>bn|[kKMBm])(?=$|\s|[{CURRENCY_SIGNS}]|[A-Z]{{3}}$)\s*")
_BARE_FACTOR_PER = re.compile(r"(?:k|M|bn)/")
_SEPARATOR_HINT = "no separators between thousands, a point before decimals"


class Quantity(NamedTuple):
    """A number as written (`72%` is 72 with the unit `%`), multipliers worked in; `text` is the source text."""

    number: Fraction
    unit: str | None
    text: str


class TargetChange(NamedTuple):
    """How far to go from a starting value; for `relative` and `points` the number is in percent as written."""

    kind: Literal["relative", "points", "absolute", "factor"]
    number: Fraction
    unit: str | None
    text: str


class QuantityError(ValueError):
    """A text that is no quantity; `message` says what is wrong, `hint` how to write it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@lru_cache(maxsize=16384)
def parse(text: str, unit: str | None = None) -> Quantity:
    """The quantity that `text` says; a unit in the text wins over the declared `unit`, agreement is for the caller.

    A multiplier (`k`, `K`, `M`, `B`, `bn`) stands alone behind the digits: at the end, before a space, or before a
    currency (`200k`, `1.2M EUR`, `200kEUR`, `3 bn €`). In every other place the letters are a unit (`km`, `MB`), and
    so is a letter that is the declared unit itself. Raises QuantityError.
    """
    plain = _PLAIN_NUMBER.fullmatch(text)
    if plain:
        return Quantity(_to_fraction(plain[1], plain[2] or ""), plain[3] or unit, text)
    written = _trim(text)
    match = _find_number(written)
    if match is None:
        raise _invalid_number_error(text, written)
    front, negative = _split_prefix(text, written, match.start())
    factor, behind = _split_suffix(text, written, match.end(), unit)
    if front and behind and not is_same_unit(front, behind):
        raise QuantityError(f"{_quote(text)} has two units, '{front}' and '{behind}'", "write one of them")
    number = _parse_digits(text, match) * factor
    return Quantity(-number if negative else number, front or behind or unit, text)


def parse_change(text: str) -> TargetChange:
    """`-7%` relative, `-7pp` points, `+20` and `-3h` absolute, `x2`, `×2` and `2x` a factor. Raises QuantityError."""
    written = _trim(text)
    factor = re.fullmatch(r"[xX×]\s*([0-9.]+)|([0-9.]+)\s*[xX×]", written)
    if factor:
        return TargetChange("factor", parse(factor[1] or factor[2]).number, None, text)
    if re.match(r"[xX×*÷/]", written):
        raise QuantityError(f"{_quote(text)} is no factor", "write x2 to double, x0.5 to halve")
    first = _find_number(written)
    if first is None:
        raise QuantityError(f"{_quote(text)} is no change", "write -7%, -7pp, +20 or x2")
    if not re.search(r"[-+]", written[: first.start()]):
        bare = parse(text).text.strip()
        raise QuantityError(f"{_quote(text)} does not say which way", f"write +{bare} or -{bare}, or x2 for a factor")
    quantity = parse(text)
    if quantity.unit == "%":
        return TargetChange("relative", quantity.number, "%", text)
    if quantity.unit == "pp":
        return TargetChange("points", quantity.number, "pp", text)
    return TargetChange("absolute", quantity.number, quantity.unit, text)


def parse_grade(text: str) -> Fraction:
    """A grade from 0 to 1, written `0.7`, `70%` or `7/10`. Raises QuantityError."""
    hint = "write a grade from 0 to 1 as 0.7, 70% or 7/10"
    top, slash, bottom = _trim(text).partition("/")
    grade = parse(top.strip())
    number = grade.number / 100 if grade.unit == "%" else grade.number
    if slash:
        whole = parse(bottom.strip())
        if whole.number <= 0 or grade.unit or whole.unit:
            raise QuantityError(f"{_quote(text)} is no grade", hint)
        number = grade.number / whole.number
    if (grade.unit or "%") != "%" or not 0 <= number <= 1:
        raise QuantityError(f"{_quote(text)} is no grade", hint)
    return number


def parse_count(text: str) -> tuple[int, int]:
    """How many of how many, written `3/5`. Raises QuantityError."""
    match = re.fullmatch(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})", _trim(text))
    if match is None:
        raise QuantityError(f"{_quote(text)} is no count", "write how many of how many, such as 3/5")
    done, whole = int(match[1]), int(match[2])
    if done > whole or not whole:
        raise QuantityError(f"{_quote(text)} counts {done} of {whole}", "the second number is the whole, at least 1")
    return done, whole


def round_number(number: Fraction, places: int) -> Decimal:
    """`number` to so many decimal places, exactly; halves go away from zero (0.555 -> 0.56, -0.555 -> -0.56)."""
    units = (2 * abs(number.numerator) * 10**places + number.denominator) // (2 * number.denominator)
    digits = tuple(int(digit) for digit in str(units))
    return Decimal((int(number < 0 and units > 0), digits, -places))


def format_number(number: Fraction, unit: str | None = None, places: int | None = None) -> str:
    """The number as people read it: `72 %`, `25000 users`, `-$5`; signs of money in front, other units behind.

    `places` fixes the decimals; without it there are as many as needed, at most six.
    """
    digits = format(round_number(number, MAX_DECIMALS if places is None else places), "f")
    if places is None:
        digits = digits.rstrip("0").rstrip(".")
    if unit is None or not unit.strip():
        return digits
    if PREFIX_SIGN.fullmatch(unit.strip()):
        return f"-{unit.strip()}{digits[1:]}" if digits.startswith("-") else f"{unit.strip()}{digits}"
    return f"{digits} {unit.strip()}"


def format_short(number: Fraction, unit: str | None = None) -> str:
    """As `show`, with two decimals where six would not tell it exactly."""
    return format_number(number, unit, None if 10**MAX_DECIMALS % number.denominator == 0 else 2)


def to_json(number: Fraction) -> int | float:
    """The number for JSON, to six places; whole numbers, and those too large to carry decimals, are ints."""
    near = round_number(number, MAX_DECIMALS)
    whole = int(near)
    return whole if near == whole or abs(whole) >= 2**53 else float(near)


def _trim(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise QuantityError(f"a number of {len(text)} characters is too long", f"at most {MAX_LENGTH} characters")
    # Word processors turn the hyphen in front of a number into a real minus sign, which can mean nothing else.
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip().replace("−", "-")


def _find_number(written: str) -> re.Match[str] | None:
    start = re.search(r"\.?[0-9]", written)
    return _NUMBER.match(written, start.start()) if start else None


def _parse_digits(text: str, match: re.Match[str]) -> Fraction:
    whole, part = match["whole"].lstrip("0"), match["part"] or ""
    power = match["power"] or "0"
    if len(power) > 4:
        raise _too_many_digits_error(text)
    shift = int(power)
    if max(len(whole) + shift, 0) + max(len(part) - shift, 0) > MAX_DIGITS:
        raise _too_many_digits_error(text)
    return _to_fraction(whole, part, shift)


def _to_fraction(whole: str, part: str, shift: int = 0) -> Fraction:
    digits, places = int(whole + part or "0"), len(part) - shift
    return Fraction(digits, 10**places) if places > 0 else Fraction(digits * 10**-places)


def _too_many_digits_error(text: str) -> QuantityError:
    return QuantityError(f"{_quote(text)} has more than {MAX_DIGITS} digits", "use a larger unit, or k, M, bn")


def _split_prefix(text: str, written: str, start: int) -> tuple[str, bool]:
    """The unit in front of the digits and whether a minus stands before or behind it."""
    before = written[:start]
    word = before.strip()
    sign = ""
    if word[:1] in ("+", "-"):
        sign, word = word[0], word[1:].strip()
    elif word[-1:] in ("+", "-"):
        sign, word = word[-1], word[:-1].strip()
    spaced = word in CURRENCY_CODES or before[before.find(word) + len(word) :][:1].isspace()
    if word and not (PREFIX_SIGN.fullmatch(word) or word == "%" or (spaced and _is_prefix_unit(word))):
        raise _invalid_number_error(text, written)
    return word, sign == "-"


def _is_prefix_unit(word: str) -> bool:
    return is_unit(word) and word.lower().rstrip(".") not in _COMPARISON_WORDS


def _split_suffix(text: str, written: str, end: int, declared: str | None) -> tuple[int, str]:
    """The multiplier and the unit behind the digits."""
    word = written[end:].strip()
    if not word or (declared and is_same_unit(word, declared)):
        return 1, word
    factor = 1
    match = _FACTOR.match(word)
    if match:
        if match["factor"] == "m":
            raise QuantityError(f"the 'm' of {_quote(text)} may be millions or metres", "write M, or declare unit: m")
        factor, word = _FACTORS[match["factor"]], word[match.end() :]
    _reject_factor_words(text, word)
    if word and not (is_unit(word) or (declared and is_same_unit(word, declared))):
        raise _invalid_number_error(text, written)
    return factor, word


def _reject_factor_words(text: str, word: str) -> None:
    first = word.partition(" ")[0]
    plain = first.lower().rstrip(".")
    if plain in _FACTOR_WORDS:
        raise QuantityError(f"'{first}' is no unit", f"write {_FACTOR_WORDS[plain]} behind the number")
    if _BARE_FACTOR_PER.match(word):
        raise QuantityError(f"{_quote(text)} mixes a multiplier into its unit", "write the number out in full")


def truncate(text: str) -> str:
    """A user's text for a message: one line of what can be printed, at most 40 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def _quote(text: str) -> str:
    return f"'{truncate(text)}'"


_HINTS_BY_PATTERN: tuple[tuple[str, str], ...] = (
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", "this is a date where a number is meant"),
    (r"[0-9]+:[0-9:.]+", "write a duration with its unit, such as 90min or 1.5h"),
    (r"0[xXoObB][0-9a-fA-F]+", "write it as a decimal number"),
    (r"[-+]?\.?(inf|infinity|nan)", "a number must be finite; leave the line out where there is none yet"),
    (r"[xX×]\s*[0-9.]+", "a factor is a change: write change: x2"),
    (r"([<>≤≥~≈=]|about|approx|circa|ca\b|max|min|over|under|below|above|at |until).*[0-9].*",
     "the number alone; at_least: and at_most: say on which side"),
    (r"[0-9]+\.", "leave out the point behind the number"),
    (r"[0-9.]+\+", "the number alone; at_least: says that more is fine"),
    (r"[0-9.]+\S*\s*[-–—]\s*[0-9.]+.*", "a range is written between: [5, 10]"),
    (r"[0-9.]+\s*(/|of|von|out of)\s*[0-9.]+", "a fraction is written as a decimal number or in %"),
    (r"[0-9.]+\s*[^\W\d_]+\s*[0-9].*", "write one number with one unit, such as 90min"),
    (r"[–—].*", "write the minus as -"),
    (r"[0-9.]+\s+[^\W\d].*\s.*", "a unit of several words is declared under unit:"),
    (r"[^\W\d_]+[0-9.]+", "write the unit behind the number, such as 48h"),
    (r"[^0-9]*", "write a number such as 1200, 4.3, 72% or $200k"),
)  # fmt: skip


def _invalid_number_error(text: str, written: str) -> QuantityError:
    grouped = re.match(r"[^0-9]*([0-9]{1,3}(?:([,.'’_ \u00a0\u202f])[0-9]{3})+(?:[.,][0-9]+)?)(?![0-9])", written)
    comma = re.match(r"[^0-9]*([0-9]+),([0-9]+)(?![0-9,.])", written)
    hint = "write a number such as 1200, 4.3, 72% or $200k"
    if grouped:
        separator = grouped[2]
        head, _, tail = grouped[1].replace(separator, "").replace(",", ".").partition(".")
        hint = f"write {head}{'.' + tail if tail else ''}: {_SEPARATOR_HINT}"
    elif comma:
        hint = f"write {comma[1]}.{comma[2]}: {_SEPARATOR_HINT}"
    else:
        hint = next(
            (h for shape, h in _HINTS_BY_PATTERN if re.fullmatch(shape, written, re.IGNORECASE | re.DOTALL)), hint
        )
    return QuantityError(f"{_quote(text)} is no number", hint)
