"""Parses numbers with their units as people write them, and formats them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from okrctl.values.unit import CURRENCY_CODES, CURRENCY_SIGNS, PREFIX_SIGN, is_known_unit, is_same_unit, is_unit

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

_NUMBER = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]+))?(?<=[0-9])")
# Most numbers have this form, so it is tried first: a large workspace has a million of them.
_PLAIN_NUMBER = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,12}))?(%?)")
_FACTOR = re.compile(rf"(?P<factor>bn|[kKMBm])(?=$|\s|[{CURRENCY_SIGNS}]|(?:{'|'.join(sorted(CURRENCY_CODES))})$)\s*")
_STUCK_FACTOR = re.compile(r"bn|[kKMBm]")
_BARE_FACTOR_PER = re.compile(r"(?:k|M|bn)/")
_SEPARATOR_HINT = "no thousands separators, a point before decimals"


class Quantity(NamedTuple):
    """A number with its multiplier applied and its unit (`72%` is 72 with the unit `%`); `text` is the source text."""

    number: Fraction
    unit: str | None
    text: str


class TargetChange(NamedTuple):
    """A change from a baseline to a target; for `relative` and `points` the number is in percent."""

    kind: Literal["relative", "points", "absolute", "factor"]
    number: Fraction
    unit: str | None
    text: str

    @property
    def target_unit(self) -> str | None:
        """The unit of the baseline and the target, as far as the change tells it; a share and a factor tell none."""
        return "%" if self.kind == "points" else self.unit if self.kind == "absolute" else None


class QuantityError(ValueError):
    """A text that is not a valid quantity: what is wrong and how to write it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@lru_cache(maxsize=16384)
def parse(text: str, unit: str | None = None) -> Quantity:
    """Parse a quantity. A unit in the text wins over the declared `unit`; the caller checks whether they agree.

    Letters that stick to the digits are a unit that `unit.is_known_unit` lists (`km`, `MB`), else a multiplier (`k`,
    `K`, `M`, `B`, `bn`) alone or before such a unit (`200k`, `1.2M EUR`, `200kEUR`), else the declared unit; anything
    else is a typing error (`1O0`, `4users`). After a space any word is a unit (`4 users`, `3 bn €`). A letter that is
    the declared unit itself is no multiplier. Raises QuantityError.
    """
    plain = _PLAIN_NUMBER.fullmatch(text)
    if plain:
        return Quantity(_to_fraction(plain[1], plain[2] or ""), plain[3] or unit, text)
    trimmed = _trim(text)
    digits = _find_number(trimmed)
    if digits is None:
        raise _invalid_number_error(text, trimmed)
    prefix, is_negative = _split_prefix(text, trimmed, digits.start())
    factor, suffix = _split_suffix(text, trimmed, digits.end(), unit)
    if prefix and suffix and not is_same_unit(prefix, suffix):
        raise QuantityError(f"{_quote(text)} has two units, '{prefix}' and '{suffix}'", "write one of them")
    number = _parse_digits(text, digits) * factor
    return Quantity(-number if is_negative else number, prefix or suffix or unit, text)


def parse_change(text: str) -> TargetChange:
    """Parse a change: `-7%` relative, `-7pp` points, `+20` or `-3h` absolute, `x2`, `×2` or `2x` a factor.

    Raises QuantityError.
    """
    trimmed = _trim(text)
    factor = re.fullmatch(r"[xX×]\s*([0-9.]+)|([0-9.]+)\s*[xX×]", trimmed)
    if factor:
        return TargetChange("factor", parse(factor[1] or factor[2]).number, None, text)
    if re.match(r"[xX×*÷/]", trimmed):
        raise QuantityError(f"{_quote(text)} is not a valid factor", "write x2 to double, x0.5 to halve")
    first = _find_number(trimmed)
    if first is None:
        raise QuantityError(f"{_quote(text)} is not a valid change", "write -7%, -7pp, +20 or x2")
    if not re.search(r"[-+]", trimmed[: first.start()]):
        bare = parse(text).text.strip()
        raise QuantityError(f"{_quote(text)} has no sign", f"write +{bare} or -{bare}, or x2 for a factor")
    quantity = parse(text)
    if quantity.unit == "%":
        return TargetChange("relative", quantity.number, "%", text)
    if quantity.unit == "pp":
        return TargetChange("points", quantity.number, "pp", text)
    return TargetChange("absolute", quantity.number, quantity.unit, text)


def parse_grade(text: str) -> Fraction:
    """Parse a grade from 0 to 1: `0.7`, `70%` or `7/10`. Raises QuantityError."""
    hint = "write a grade from 0 to 1 as 0.7, 70% or 7/10"
    top, slash, bottom = _trim(text).partition("/")
    grade = _parse_or_advise(top.strip(), "grade", hint)
    number = grade.number / 100 if grade.unit == "%" else grade.number
    if slash:
        whole = parse(bottom.strip())
        if whole.number <= 0 or grade.unit or whole.unit:
            raise QuantityError(f"{_quote(text)} is not a valid grade", hint)
        number = grade.number / whole.number
    if any(sign.isalpha() for sign in text) or (grade.unit or "%") != "%" or not 0 <= number <= 1:
        raise QuantityError(f"{_quote(text)} is not a valid grade", hint)
    return number


def _parse_or_advise(text: str, noun: str, hint: str) -> Quantity:
    """Parse a number; what is none at all gets the hint of its field in place of the general one."""
    try:
        return parse(text)
    except QuantityError as error:
        if error.hint == DEFAULT_HINT:
            raise QuantityError(f"{_quote(text)} is not a valid {noun}", hint) from None
        raise


def parse_confidence(text: str) -> Fraction:
    """Parse a confidence from 0 to 10. Raises QuantityError, which says what `6/10` and `60%` are."""
    hint = "write a number from 0 to 10"
    try:
        grade = parse_grade(text) if re.search("[/%]", text) else None
    except QuantityError:
        raise QuantityError(f"{_quote(text)} is not a valid confidence", hint) from None
    if grade is not None:
        raise QuantityError(f"{_quote(text)} is not a valid confidence", f"write {format_short(grade * 10)}")
    confidence = _parse_or_advise(text, "confidence", hint)
    if any(sign.isalpha() for sign in text) or confidence.unit is not None or not 0 <= confidence.number <= 10:
        raise QuantityError(f"{_quote(text)} is not a valid confidence", hint)
    return confidence.number


def parse_count(text: str) -> tuple[int, int]:
    """Parse a count and its total: `3/5`. Raises QuantityError."""
    match = re.fullmatch(r"([0-9]{1,9})\s*/\s*([0-9]{1,9})", _trim(text))
    if match is None:
        raise QuantityError(f"{_quote(text)} is not a valid count", "write a count and a total such as 3/5")
    done, whole = int(match[1]), int(match[2])
    if done > whole or not whole:
        raise QuantityError(
            f"{_quote(text)} is not a valid count", "the second number is the total, at least 1 and not below the first"
        )
    return done, whole


def written_places(quantity: Quantity) -> int:
    """The decimal places in which a number is written, after its multiplier: 1 for `4.3`, -5 for `1.2M`."""
    plain = _PLAIN_NUMBER.fullmatch(quantity.text)
    if plain:
        return len(plain[2] or "")
    match = _find_number(_trim(quantity.text))
    digits = _parse_digits(quantity.text, match) if match else Fraction(0)
    if match is None or not digits:
        return 0 if match is None else len(match["part"] or "")
    factor = abs(quantity.number / digits)
    return len(match["part"] or "") - (len(str(int(factor))) - 1)


def round_number(number: Fraction, places: int) -> Decimal:
    """Round a number exactly; halves are rounded away from zero (0.555 -> 0.56, -0.555 -> -0.56)."""
    top, bottom = number.as_integer_ratio()
    units = (2 * abs(top) * 10**places + bottom) // (2 * bottom)
    return decimal_of(-units if top < 0 else units, places)


def decimal_of(units: int, places: int) -> Decimal:
    """So many units of the last of some decimal places, exactly."""
    return Decimal(f"{units}E-{places}")


def format_number(number: Fraction, unit: str | None = None, places: int | None = None) -> str:
    """The number as people read it: `72 %`, `25000 users`, `-$5`. Currency signs come first, other units last.

    `places` is the number of decimals; by default as many as needed, at most six.
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
    """Like `format_number`, but with two decimals if six are not exact."""
    return format_number(number, unit, None if is_exact(number) else 2)


def is_exact(number: Fraction) -> bool:
    """Whether six decimals are enough for all of a number."""
    return bool(10**MAX_DECIMALS % number.denominator == 0)


def to_json(number: Fraction) -> int | float:
    """The number for JSON with six decimals; whole numbers, and numbers too large for decimals, are ints."""
    rounded = round_number(number, MAX_DECIMALS)
    whole = int(rounded)
    return whole if rounded == whole or abs(whole) >= 2**53 else float(rounded)


def _trim(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise QuantityError(f"a number of {len(text)} characters is too long", f"at most {MAX_LENGTH} characters")
    # Word processors replace the hyphen before a number with a minus sign.
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip().replace("−", "-")


def _find_number(trimmed: str) -> re.Match[str] | None:
    start = re.search(r"\.?[0-9]", trimmed)
    return _NUMBER.match(trimmed, start.start()) if start else None


def _parse_digits(text: str, match: re.Match[str]) -> Fraction:
    whole, part = match["whole"].lstrip("0"), match["part"] or ""
    if len(whole) + len(part) > MAX_DIGITS:
        raise _too_many_digits_error(text)
    return _to_fraction(whole, part)


def _to_fraction(whole: str, part: str) -> Fraction:
    return Fraction(int(whole + part or "0"), 10 ** len(part))


def _too_many_digits_error(text: str) -> QuantityError:
    return QuantityError(f"{_quote(text)} has more than {MAX_DIGITS} digits", _LARGE_NUMBER_HINT)


def _split_prefix(text: str, trimmed: str, start: int) -> tuple[str, bool]:
    """The unit before the digits, and whether there is a minus before or after it."""
    before = trimmed[:start]
    word = before.strip()
    sign = ""
    if word[:1] in ("+", "-"):
        sign, word = word[0], word[1:].strip()
    elif word[-1:] in ("+", "-"):
        sign, word = word[-1], word[:-1].strip()
    spaced = word in CURRENCY_CODES or before[before.find(word) + len(word) :][:1].isspace()
    if word and not (PREFIX_SIGN.fullmatch(word) or word == "%" or (spaced and _is_prefix_unit(word))):
        raise _invalid_number_error(text, trimmed)
    return word, sign == "-"


def _is_prefix_unit(word: str) -> bool:
    return is_unit(word) and word.lower().rstrip(".") not in _COMPARISON_WORDS


def _split_suffix(text: str, trimmed: str, end: int, declared: str | None) -> tuple[int, str]:
    """The multiplier and the unit after the digits."""
    word = trimmed[end:].strip()
    if not word or (declared and is_same_unit(word, declared)):
        return 1, word
    if is_unit(trimmed[end]):
        return _split_stuck_suffix(text, trimmed, end, declared)
    factor = 1
    match = _FACTOR.match(word)
    if match:
        if match["factor"] == "m":
            raise _ambiguous_m_error(text)
        factor, word = _FACTORS[match["factor"]], word[match.end() :]
    _reject_factor_words(text, word)
    if word and not _is_unit_of(word, declared):
        raise _invalid_number_error(text, trimmed)
    return factor, word


def _split_stuck_suffix(text: str, trimmed: str, end: int, declared: str | None) -> tuple[int, str]:
    """The multiplier and the unit after the digits, of which the first letters stick to the digits."""
    run, rest = (*trimmed[end:].split(None, 1), "")[:2]
    if is_known_unit(run):
        if rest:
            raise _invalid_number_error(text, trimmed)
        return 1, run
    match = _STUCK_FACTOR.match(run)
    unit = run[match.end() :] if match else run
    if match is None or (unit and not is_known_unit(unit)):
        _reject_factor_words(text, run)
        raise _stuck_letters_error(text, trimmed, end)
    if match[0] == "m":
        raise _ambiguous_m_error(text)
    _reject_factor_words(text, rest)
    if rest and (unit or not _is_unit_of(rest, declared)):
        raise _invalid_number_error(text, trimmed)
    return _FACTORS[match[0]], unit or rest


def _is_unit_of(word: str, declared: str | None) -> bool:
    """Whether a word after a space is a unit: any word, or the declared unit of several words."""
    return is_unit(word) or bool(declared and is_same_unit(word, declared))


def _ambiguous_m_error(text: str) -> QuantityError:
    return QuantityError(f"{_quote(text)} is ambiguous: m may be millions or metres", "write M, or declare unit: m")


def _reject_factor_words(text: str, word: str) -> None:
    first = word.partition(" ")[0]
    plain = first.lower().rstrip(".")
    if plain in _FACTOR_WORDS:
        raise QuantityError(f"'{first}' is not a valid unit", f"write {_FACTOR_WORDS[plain]} after the number")
    if _BARE_FACTOR_PER.match(word):
        raise QuantityError(f"{_quote(text)} mixes a multiplier into its unit", "write the full number")


def truncate(text: str) -> str:
    """A text for a message: one line of printable characters, at most 40."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def _quote(text: str) -> str:
    return f"'{truncate(text)}'"


DEFAULT_HINT = "write a number such as 1200, 4.3, 72% or $200k"
FRACTION_HINT = "write a fraction as a decimal number or in %"
_HINTS_BY_PATTERN: tuple[tuple[str, str], ...] = (
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", "write a number; this is a date"),
    (r"[0-9]+:[0-9:.]+", "write a duration with its unit, such as 90min or 1.5h"),
    (r"[-+]?\.?(inf|infinity|nan)", "a number must be finite; leave out the line if there is no value yet"),
    (r"[xX×]\s*[0-9.]+", "a factor is a change: write change: x2"),
    (r"([<>≤≥~≈=]|about|approx|circa|ca\b|max|min|over|under|below|above|at |until).*[0-9].*",
     "write the number alone; at_least: and at_most: set the direction"),
    (r"[0-9]+\.", "leave out the point after the number"),
    (r"[0-9.]+\+", "write the number alone; at_least: means that more is fine"),
    (r"[0-9.]+\S*\s*[-–—]\s*[0-9.]+.*", "write a range as between: [5, 10]"),
    (r"[0-9.]+\s*(/|of|von|out of)\s*[0-9.]+", FRACTION_HINT),
    (r"[0-9.]+\s*[^\W\d_]+\s*[0-9].*", "write one number with one unit, such as 90min"),
    (r"[–—].*", "write the minus as -"),
    (r"[0-9.]+\s+[^\W\d].*\s.*", "declare a unit of several words with unit:"),
    (r"[^\W\d_]+[0-9.]+", "write the unit after the number, such as 48h"),
    (r"[^0-9]*", DEFAULT_HINT),
)  # fmt: skip


_LOOKALIKES = str.maketrans("OoQlI|", "000111")
_EXPONENT = re.compile(r"([0-9]*\.?[0-9]+)[eE]([+-]?[0-9]+)")
_BASES = {"x": (16, "hexadecimal"), "o": (8, "octal"), "b": (2, "binary")}
_LARGE_NUMBER_HINT = "use a larger unit, or k, M, bn"


def _stuck_letters_error(text: str, trimmed: str, end: int) -> QuantityError:
    """The error for letters that stick to the digits and are no known unit, with what was likely meant."""
    run, *rest = trimmed[end:].split(None, 1)
    start = re.search(r"\.?[0-9]", trimmed)
    before, word = trimmed[: start.start() if start else 0], trimmed[start.start() if start else 0 : end] + run
    number = _likely_number(word)
    if number is None:
        hint = _likely_unit(trimmed, end, run)
    elif number[0]:
        hint = f"write {truncate(' '.join([before + number[0], *rest]))}{number[1]}"
    else:
        hint = number[1]
    return QuantityError(f"{_quote(text)} is not a valid number: '{truncate(run)}' is not a known unit", hint)


def _likely_number(word: str) -> tuple[str, str] | None:
    """The digits that were meant where letters stand for digits, an exponent or another base, and why; else None."""
    exponent = _EXPONENT.fullmatch(word)
    if exponent:
        return _expand_exponent(exponent)
    based = re.fullmatch(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)", word)
    if based and len(word) <= MAX_DIGITS:
        base, name = _BASES[based[1][0].lower()]
        return str(int(based[1][1:], base)), f" as a decimal number; {name} numbers are not read"
    return _without_lookalikes(word)


def _without_lookalikes(word: str) -> tuple[str, str] | None:
    """The number with digits in place of the letters that look like them, before a known unit or none."""
    match = re.fullmatch(r"([0-9.OoQlI|]*[0-9OoQlI|])(.*)", word)
    digits = match[1].translate(_LOOKALIKES) if match else ""
    if match is None or digits == match[1] or not re.fullmatch(r"[0-9]*(\.[0-9]+)?", digits):
        return None
    if match[2] and not (match[2] in _FACTORS or is_known_unit(match[2])):
        return None
    letter, digit = next((letter, digit) for letter, digit in zip(match[1], digits, strict=True) if letter != digit)
    return digits + match[2], f", if the letter {letter} is meant as the digit {digit}"


def _expand_exponent(exponent: re.Match[str]) -> tuple[str, str]:
    """The digits of a number with an exponent; none where they are too many."""
    if len(exponent[2]) > 4 or abs(int(exponent[2])) >= MAX_DIGITS or len(exponent[1]) > MAX_DIGITS:
        return "", _LARGE_NUMBER_HINT
    power = int(exponent[2])
    places = max(0, len(exponent[1].partition(".")[2]) - power)
    return format(round_number(Fraction(exponent[1]) * Fraction(10) ** power, places), "f"), " without an exponent"


def _likely_unit(trimmed: str, end: int, run: str) -> str:
    """The hint for a word that sticks to the digits."""
    if run.startswith("%"):
        return f"write {truncate(trimmed[:end])}%"
    if is_unit(run) and not re.search(r"[0-9]", run):
        spaced = truncate(f"{trimmed[:end]} {trimmed[end:]}")
        return f"write `{spaced}` with a space, or declare `unit: {truncate(run)}`"
    return _hint_by_pattern(trimmed)


def _hint_by_pattern(trimmed: str) -> str:
    hints = (hint for form, hint in _HINTS_BY_PATTERN if re.fullmatch(form, trimmed, re.IGNORECASE | re.DOTALL))
    return next(hints, DEFAULT_HINT)


def find_plain_number(text: str) -> str | None:
    """The first number of a text without separators between thousands and with a point before decimals.

    None where it has no separators, or they cannot be told apart.
    """
    grouped = re.match(r"[^0-9]*([1-9][0-9]{0,2}(?:([,.'’_ \u00a0\u202f])[0-9]{3})+(?:[.,][0-9]+)?)(?![0-9])", text)
    comma = re.match(r"[^0-9]*([0-9]+),([0-9]+)(?![0-9,.])", text)
    if grouped:
        head, _, tail = grouped[1].replace(grouped[2], "").replace(",", ".").partition(".")
        return f"{head}{'.' + tail if tail else ''}"
    return f"{comma[1]}.{comma[2]}" if comma else None


def _invalid_number_error(text: str, trimmed: str) -> QuantityError:
    plain = find_plain_number(trimmed)
    hint = _hint_by_pattern(trimmed) if plain is None else f"write {plain}: {_SEPARATOR_HINT}"
    return QuantityError(f"{_quote(text)} is not a valid number", hint)
