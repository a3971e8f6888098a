"""Reads numbers with their units, exactly as people write them, and writes them back."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.values.unit import CODES, SIGN_IN_FRONT, SIGNS, is_unit, same_unit

LONGEST = 100
MOST_DIGITS = 30
MOST_PLACES = 6

_FACTORS = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "bn": 10**9}
_FACTOR_WORDS = {
    "thousand": "k", "tsd": "k", "mio": "M", "mn": "M", "mln": "M", "million": "M", "millions": "M", "bln": "bn",
    "mrd": "bn", "bn": "bn", "milliarden": "bn", "millionen": "M", "tausend": "k", "billion": "bn", "billions": "bn",
}  # fmt: skip
_COMPARING = frozenset(
    ("about", "approx", "circa", "ca", "max", "min", "over", "under", "below", "above", "at", "than", "until")
)

_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]+))?(?<=[0-9])(?:[eE](?P<power>[+-]?[0-9]+))?")
# Nearly every number of a file looks like this, and large workspaces hold a million of them.
_PLAIN = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,12}))?(%?)")
_FACTOR = re.compile(rf"(?P<factor>bn|[kKMBm])(?=$|\s|[{SIGNS}]|[A-Z]{{3}}$)\s*")
_BARE_FACTOR_PER = re.compile(r"(?:k|M|bn)/")
_POINT_HINT = "no separators between thousands, a point before decimals"


class Quantity(NamedTuple):
    """A number as written (`72%` is 72 with the unit `%`), multipliers worked in; `text` is the source text."""

    number: Fraction
    unit: str | None
    text: str


class Change(NamedTuple):
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
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Quantity(_decimal(plain[1], plain[2] or ""), plain[3] or unit, text)
    written = _trimmed(text)
    match = _first_number(written)
    if match is None:
        raise _refusal(text, written)
    front, negative = _front(text, written, match.start())
    factor, behind = _behind(text, written, match.end(), unit)
    if front and behind and not same_unit(front, behind):
        raise QuantityError(f"{_quoted(text)} has two units, '{front}' and '{behind}'", "write one of them")
    number = _value(text, match) * factor
    return Quantity(-number if negative else number, front or behind or unit, text)


def parse_change(text: str) -> Change:
    """`-7%` relative, `-7pp` points, `+20` and `-3h` absolute, `x2`, `×2` and `2x` a factor. Raises QuantityError."""
    written = _trimmed(text)
    factor = re.fullmatch(r"[xX×]\s*([0-9.]+)|([0-9.]+)\s*[xX×]", written)
    if factor:
        return Change("factor", parse(factor[1] or factor[2]).number, None, text)
    if re.match(r"[xX×*÷/]", written):
        raise QuantityError(f"{_quoted(text)} is no factor", "write x2 to double, x0.5 to halve")
    first = _first_number(written)
    if first is None:
        raise QuantityError(f"{_quoted(text)} is no change", "write -7%, -7pp, +20 or x2")
    if not re.search(r"[-+]", written[: first.start()]):
        bare = parse(text).text.strip()
        raise QuantityError(f"{_quoted(text)} does not say which way", f"write +{bare} or -{bare}, or x2 for a factor")
    quantity = parse(text)
    if quantity.unit == "%":
        return Change("relative", quantity.number, "%", text)
    if quantity.unit == "pp":
        return Change("points", quantity.number, "pp", text)
    return Change("absolute", quantity.number, quantity.unit, text)


def parse_grade(text: str) -> Fraction:
    """A grade from 0 to 1, written `0.7`, `70%` or `7/10`. Raises QuantityError."""
    hint = "write a grade from 0 to 1 as 0.7, 70% or 7/10"
    top, slash, bottom = _trimmed(text).partition("/")
    grade = parse(top.strip())
    number = grade.number / 100 if grade.unit == "%" else grade.number
    if slash:
        whole = parse(bottom.strip())
        if whole.number <= 0 or grade.unit or whole.unit:
            raise QuantityError(f"{_quoted(text)} is no grade", hint)
        number = grade.number / whole.number
    if (grade.unit or "%") != "%" or not 0 <= number <= 1:
        raise QuantityError(f"{_quoted(text)} is no grade", hint)
    return number


def parse_count(text: str) -> tuple[int, int]:
    """How many of how many, written `3/5`. Raises QuantityError."""
    match = re.fullmatch(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})", _trimmed(text))
    if match is None:
        raise QuantityError(f"{_quoted(text)} is no count", "write how many of how many, such as 3/5")
    done, whole = int(match[1]), int(match[2])
    if done > whole or not whole:
        raise QuantityError(f"{_quoted(text)} counts {done} of {whole}", "the second number is the whole, at least 1")
    return done, whole


def rounded(number: Fraction, places: int) -> Decimal:
    """`number` to so many decimal places, exactly; halves go away from zero (0.555 -> 0.56, -0.555 -> -0.56)."""
    units = (2 * abs(number.numerator) * 10**places + number.denominator) // (2 * number.denominator)
    digits = tuple(int(digit) for digit in str(units))
    return Decimal((int(number < 0 and units > 0), digits, -places))


def show(number: Fraction, unit: str | None = None, places: int | None = None) -> str:
    """The number as people read it: `72 %`, `25000 users`, `-$5`; signs of money in front, other units behind.

    `places` fixes the decimals; without it there are as many as needed, at most six.
    """
    digits = format(rounded(number, MOST_PLACES if places is None else places), "f")
    if places is None:
        digits = digits.rstrip("0").rstrip(".")
    if unit is None or not unit.strip():
        return digits
    if SIGN_IN_FRONT.fullmatch(unit.strip()):
        return f"-{unit.strip()}{digits[1:]}" if digits.startswith("-") else f"{unit.strip()}{digits}"
    return f"{digits} {unit.strip()}"


def short(number: Fraction, unit: str | None = None) -> str:
    """As `show`, with two decimals where six would not tell it exactly."""
    return show(number, unit, None if 10**MOST_PLACES % number.denominator == 0 else 2)


def as_json(number: Fraction) -> int | float:
    """The number for JSON, to six places; whole numbers, and those too large to carry decimals, are ints."""
    near = rounded(number, MOST_PLACES)
    whole = int(near)
    return whole if near == whole or abs(whole) >= 2**53 else float(near)


def _trimmed(text: str) -> str:
    if len(text) > LONGEST:
        raise QuantityError(f"a number of {len(text)} characters is too long", f"at most {LONGEST} characters")
    # Word processors turn the hyphen in front of a number into a real minus sign, which can mean nothing else.
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip().replace("−", "-")


def _first_number(written: str) -> re.Match[str] | None:
    start = re.search(r"\.?[0-9]", written)
    return _NUMBER.match(written, start.start()) if start else None


def _value(text: str, match: re.Match[str]) -> Fraction:
    whole, part = match["whole"].lstrip("0"), match["part"] or ""
    power = match["power"] or "0"
    if len(power) > 4:
        raise _too_many_digits(text)
    shift = int(power)
    if max(len(whole) + shift, 0) + max(len(part) - shift, 0) > MOST_DIGITS:
        raise _too_many_digits(text)
    return _decimal(whole, part, shift)


def _decimal(whole: str, part: str, shift: int = 0) -> Fraction:
    digits, places = int(whole + part or "0"), len(part) - shift
    return Fraction(digits, 10**places) if places > 0 else Fraction(digits * 10**-places)


def _too_many_digits(text: str) -> QuantityError:
    return QuantityError(f"{_quoted(text)} has more than {MOST_DIGITS} digits", "use a larger unit, or k, M, bn")


def _front(text: str, written: str, start: int) -> tuple[str, bool]:
    """The unit in front of the digits and whether a minus stands before or behind it."""
    before = written[:start]
    word = before.strip()
    sign = ""
    if word[:1] in ("+", "-"):
        sign, word = word[0], word[1:].strip()
    elif word[-1:] in ("+", "-"):
        sign, word = word[-1], word[:-1].strip()
    spaced = word in CODES or before[before.find(word) + len(word) :][:1].isspace()
    if word and not (SIGN_IN_FRONT.fullmatch(word) or word == "%" or (spaced and _may_stand_in_front(word))):
        raise _refusal(text, written)
    return word, sign == "-"


def _may_stand_in_front(word: str) -> bool:
    return is_unit(word) and word.lower().rstrip(".") not in _COMPARING


def _behind(text: str, written: str, end: int, declared: str | None) -> tuple[int, str]:
    """The multiplier and the unit behind the digits."""
    word = written[end:].strip()
    if not word or (declared and same_unit(word, declared)):
        return 1, word
    factor = 1
    match = _FACTOR.match(word)
    if match:
        if match["factor"] == "m":
            raise QuantityError(f"the 'm' of {_quoted(text)} may be millions or metres", "write M, or declare unit: m")
        factor, word = _FACTORS[match["factor"]], word[match.end() :]
    _refuse_factor_words(text, word)
    if word and not (is_unit(word) or (declared and same_unit(word, declared))):
        raise _refusal(text, written)
    return factor, word


def _refuse_factor_words(text: str, word: str) -> None:
    first = word.partition(" ")[0]
    plain = first.lower().rstrip(".")
    if plain in _FACTOR_WORDS:
        raise QuantityError(f"'{first}' is no unit", f"write {_FACTOR_WORDS[plain]} behind the number")
    if _BARE_FACTOR_PER.match(word):
        raise QuantityError(f"{_quoted(text)} mixes a multiplier into its unit", "write the number out in full")


def cut(text: str) -> str:
    """A user's text for a message: one line of what can be printed, at most 40 characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def _quoted(text: str) -> str:
    return f"'{cut(text)}'"


_SHAPES: tuple[tuple[str, str], ...] = (
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


def _refusal(text: str, written: str) -> QuantityError:
    grouped = re.match(r"[^0-9]*([0-9]{1,3}(?:([,.'’_ \u00a0\u202f])[0-9]{3})+(?:[.,][0-9]+)?)(?![0-9])", written)
    comma = re.match(r"[^0-9]*([0-9]+),([0-9]+)(?![0-9,.])", written)
    hint = "write a number such as 1200, 4.3, 72% or $200k"
    if grouped:
        separator = grouped[2]
        head, _, tail = grouped[1].replace(separator, "").replace(",", ".").partition(".")
        hint = f"write {head}{'.' + tail if tail else ''}: {_POINT_HINT}"
    elif comma:
        hint = f"write {comma[1]}.{comma[2]}: {_POINT_HINT}"
    else:
        hint = next((h for shape, h in _SHAPES if re.fullmatch(shape, written, re.IGNORECASE | re.DOTALL)), hint)
    return QuantityError(f"{_quoted(text)} is no number", hint)
