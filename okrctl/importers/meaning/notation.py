"""Decides how a file writes numbers and dates, from all cells of a column and of the file, and reads them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from okrctl.importers import MissingAnswer, Question
from okrctl.values import dates, quantity
from okrctl.values.quantity import QuantityError
from okrctl.values.unit import CURRENCY_CODES, CURRENCY_SIGNS

Mark = Literal[".", ","]
Order = Literal["day-first", "month-first"]
NATIVE = "\u2060"  # behind a number that its container stores as one, so that it means one value only
DECIMAL_MARKS: dict[str, Mark] = {"comma": ",", "point": "."}

_DIGITS = r"[0-9]{1,3}(?:[ \u00a0\u202f\u2009'’][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9](?:[0-9.,]*[0-9])?|[.,][0-9]+"
_AT_MOST = (
    "<=", "=<", "<", "≤", "at most", "no more than", "not more than", "less than", "fewer than", "lower than", "up to",
    "maximum", "max", "under", "below", "within", "hochstens", "höchstens", "unter", "maximal", "weniger als",
    "au plus",
    "moins de", "como maximo", "como máximo", "menos de", "no maximo", "no máximo", "al massimo", "meno di",
    "hoogstens",
    "minder dan",
)  # fmt: skip
_AT_LEAST = (
    ">=", "=>", ">", "≥", "at least", "no less than", "not less than", "more than", "minimum", "min", "over", "above",
    "mindestens", "uber", "über", "mehr als", "minimal", "au moins", "plus de", "al menos", "mas de", "más de",
    "pelo menos", "mais de", "almeno", "piu di", "più di", "minstens", "meer dan", "ten minste",
)  # fmt: skip
_FACTORS = {
    "k": "k", "K": "k", "M": "M", "B": "B", "bn": "bn", "Mio": "M", "Mio.": "M", "mio": "M", "million": "M",
    "millions": "M", "Millionen": "M", "millones": "M", "mln": "M", "Mrd": "bn", "Mrd.": "bn", "billion": "bn",
    "Tsd": "k", "Tsd.": "k", "thousand": "k", "mil": "k",
}  # fmt: skip


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) + (r"\.?(?![\w])" if word[-1].isalnum() else "") for word in words)


_MONEY = rf"(?-i:[A-Z]{{0,3}}[{CURRENCY_SIGNS}]|{'|'.join(sorted(CURRENCY_CODES))})"
AMOUNT = re.compile(
    rf"(?P<bound>{_any_of((*_AT_MOST, *_AT_LEAST))})?\s*(?:[~≈=]|ca\.?|approx\.?|about|around)?\s*(?P<sign>[-−–+]?)\s*"
    rf"(?P<money>{_MONEY})?\s*(?P<sign2>[-−]?)(?P<digits>{_DIGITS})"
    rf"(?:\s?(?P<factor>{'|'.join(map(re.escape, sorted(_FACTORS, key=len, reverse=True)))}|m(?=$|"
    rf"\s))(?![\w/]))?(?P<plus>\+?)"
    r"(?:\s*/\s*(?P<whole>[0-9]+)(?![0-9/]))?\s*(?P<unit>[^\d\s<>=(\[|].{0,40})?",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january janvier janv enero ene janeiro gennaio gen januari jaenner",
            "feb februar february fevrier fevr febrero fevereiro fev febbraio februari",
            "mar maerz marz marzo march mars marco maart mrt mrz",
            "apr april avril avr abril abr aprile",
            "may mai mayo maio maggio mag mei",
            "jun juni june juin junio junho giugno giu",
            "jul juli july juillet juil julio julho luglio lug",
            "aug august aout agosto ago augustus set",
            "sep sept september septembre septiembre setembro settembre",
            "oct oktober october octobre octubre outubro ottobre okt out ott",
            "nov november novembre noviembre novembro",
            "dec dezember december decembre diciembre dezembro dicembre dez dic",
        ),
        1,
    )
    for name in names.split()
    if name != "set"
}
_NUMERIC_DAY = re.compile(r"(?P<a>[0-9]{1,4})(?P<mark>[/.-])(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{4}|[0-9]{2})")
_TIME = re.compile(r"[T ,]+[0-9]{1,2}:[0-9]{2}.*$")


class Amount(NamedTuple):
    """A number as okrctl writes it: `digits` with a point, a sign of money in front, a factor, a unit behind."""

    digits: str
    money: str
    factor: str
    unit: str
    bound: Literal["at_least", "at_most", ""]
    signed: bool
    whole: str
    text: str

    @property
    def number(self) -> str:
        """The number without a unit behind it; money stays in front."""
        sign, plain = ("-", self.digits[1:]) if self.digits.startswith("-") else ("", self.digits)
        space = " " if self.money.isalpha() else ""
        return f"{sign}{self.money}{space}{plain}{self.factor}"

    def number_with_percent(self, is_written: bool = True) -> str:
        """The number, with its percent sign unless the unit is written elsewhere."""
        return f"{self.number}%" if self.unit == "%" and is_written else self.number


class Ambiguity(ValueError):
    """A number or date that may mean two values."""

    def __init__(self, text: str, meanings: Mapping[str, str], option: Literal["decimal", "dates"]) -> None:
        super().__init__(text)
        first, second = meanings
        message = f"'{text}' may be {meanings[first]} or {meanings[second]}, and no other cell settles which"
        what = {"decimal": "numbers", "dates": "dates"}[option]
        hint = f"--{option} {first} or --{option} {second} decides how {what} are read"
        choices = f"{first}: {meanings[first]}, {second}: {meanings[second]}"
        question = Question(option, text, (first, second), f"'{text}' may be read in two ways ({choices})")
        self.error = MissingAnswer(message, hint, question)


class Notation:
    """How the columns of one file write numbers and dates."""

    def __init__(self, decimal: str | None = None, order: str | None = None, numbers: str | None = None) -> None:
        self._decimal: Mark | None = DECIMAL_MARKS[decimal] if decimal else None
        self._order = order
        self._fallback: Mark | None = {"de": ",", "en": "."}.get(numbers or "")  # type: ignore[assignment]
        self._marks: dict[str, set[Mark]] = defaultdict(set)
        self._orders: dict[str, set[Order]] = defaultdict(set)
        self.decisions: list[str] = []

    def learn_number(self, column: str, text: str) -> None:
        """Take note of what a cell shows of the decimal mark."""
        if text.endswith(NATIVE) or len(text) > quantity.MAX_LENGTH:
            return
        for found in re.finditer(_DIGITS, text):
            mark = _certain_mark(found[0])
            if mark:
                self._marks[column].add(mark)

    def learn_day(self, column: str, text: str) -> None:
        """Take note of what a cell shows of the order of day and month."""
        found = _NUMERIC_DAY.fullmatch(_TIME.sub("", text.strip()))
        if found and len(found["a"]) < 3 and found["mark"] != ".":
            first, second = int(found["a"]), int(found["b"])
            if first > 12 >= second:
                self._orders[column].add("day-first")
            elif second > 12 >= first:
                self._orders[column].add("month-first")

    def read_amount(self, column: str, text: str) -> Amount | None:
        """The number that a cell is, None where it is none. Raises Ambiguity."""
        if len(text) > quantity.MAX_LENGTH:
            return None
        match = AMOUNT.fullmatch(unicodedata.normalize("NFC", text.strip().removesuffix(".")))
        if match is None or (match["factor"] == "m" and not match["money"]):
            return None
        unit = _unit_of(re.sub(r"^/\s*(?=[^\W\d_])", "per ", match["unit"] or ""))  # 200/week
        if unit is None:
            return None
        digits = self._plain_digits(column, match["digits"])
        negative = bool({match["sign"], match["sign2"]} & {"-", "−", "–"})
        amount = Amount(
            f"-{digits}" if negative else digits, match["money"] or "", _factor_of(match["factor"] or ""), unit,
            _bound_of(match["bound"], match["plus"]), bool(match["sign"]), match["whole"] or "", text.strip(),
        )  # fmt: skip
        return amount if _is_quantity(amount) else None

    def _plain_digits(self, column: str, written: str) -> str:
        """The digits with a point before the decimals and nothing between thousands."""
        bare = re.sub(r"[ \u00a0\u202f\u2009'’]", "", written)
        separators = re.findall("[.,]", bare)
        if not separators:
            return bare
        mark = _certain_mark(written) or self._decide_mark(column, written)
        thousands = "," if mark == "." else "."
        plain = bare.replace(thousands, "").replace(mark, ".")
        if plain != written:
            self._note(f"'{written}' read as {plain}")
        return f"0{plain}" if plain.startswith(".") else plain

    def _decide_mark(self, column: str, written: str) -> Mark:
        everywhere: set[Mark] = set().union(*self._marks.values()) if self._marks else set()
        for marks in (self._marks.get(column, set()), everywhere):
            if len(marks) == 1:
                return next(iter(marks))
        if self._decimal or self._fallback:
            mark: Mark = self._decimal or self._fallback  # type: ignore[assignment]
            return mark
        whole, part = re.split("[.,]", written)
        raise Ambiguity(
            written,
            {"comma": f"{whole}.{part}", "point": whole + part}
            if "," in written
            else {"comma": whole + part, "point": f"{whole}.{part}"},
            "decimal",
        )

    def read_day(self, column: str, text: str, year: int | None = None) -> date | None:
        """The day that a cell names, None where it names none. Raises Ambiguity."""
        plain = _TIME.sub("", text.strip()).strip().rstrip(".")
        try:
            return dates.parse_written_day(plain).day
        except dates.PeriodError:
            pass
        short = re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})", plain) if year is not None else None
        if short:
            plain = f"{short[1]}{short[2]}{short[3]}{short[2]}{year:04}"
        found = _NUMERIC_DAY.fullmatch(plain)
        if found:
            return self._numeric_day(column, found)
        return _worded_day(plain, year)

    def _numeric_day(self, column: str, found: re.Match[str]) -> date | None:
        first, second, third = found["a"], found["b"], found["c"]
        if len(first) == 4:
            return _make_day(int(first), int(second), int(third))
        if len(first) == 3:
            return None
        year = int(third) + (2000 if len(third) == 2 else 0)
        one_is_day = int(first) > 12 or found["mark"] == "."
        if one_is_day or first == second:
            return _make_day(year, int(second), int(first))
        if int(second) > 12:
            return _make_day(year, int(first), int(second))
        order = self._decide_order(column, found[0], year)
        month, day = (int(first), int(second)) if order == "month-first" else (int(second), int(first))
        self._note(f"'{found[0]}' read as {_make_day(year, month, day)}, {order}")
        return _make_day(year, month, day)

    def _decide_order(self, column: str, written: str, year: int) -> str:
        everywhere: set[Order] = set().union(*self._orders.values()) if self._orders else set()
        for orders in (self._orders.get(column, set()), everywhere):
            if len(orders) == 1:
                return next(iter(orders))
        if self._order:
            return self._order
        found = _NUMERIC_DAY.fullmatch(written)
        assert found is not None
        first, second = int(found["a"]), int(found["b"])
        raise Ambiguity(
            written,
            {"day-first": f"{year}-{second:02}-{first:02}", "month-first": f"{year}-{first:02}-{second:02}"},
            "dates",
        )

    def _note(self, decision: str) -> None:
        self.decisions.append(decision)

    @staticmethod
    def plain(text: str) -> str:
        """A cell without the mark of a stored number; three decimals get a zero, so that they are no thousands."""
        if NATIVE not in text:
            return text
        return re.sub(r"(?<![0-9.])([1-9][0-9]{0,2}\.[0-9]{3})(?![0-9])", r"\g<1>0", text.replace(NATIVE, ""))

    def take_decisions(self) -> list[str]:
        """What was decided since the last call, each once."""
        taken, self.decisions = list(dict.fromkeys(self.decisions)), []
        return taken


def _certain_mark(written: str) -> Mark | None:
    """The decimal mark that a number shows by itself."""
    bare = re.sub(r"[ \u00a0\u202f\u2009'’]", "", written)
    separators = re.findall("[.,]", bare)
    kinds = set(separators)
    if not separators:
        return None
    last: Mark = separators[-1]
    other: Mark = "," if last == "." else "."
    if len(kinds) == 2:
        return last
    if len(separators) > 1:
        return other
    whole, part = re.split("[.,]", bare)
    is_grouped = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return None if is_grouped and bare == written else last


def _factor_of(word: str) -> str:
    return _FACTORS.get(word, word.upper())


def _bound_of(word: str | None, plus: str) -> Literal["at_least", "at_most", ""]:
    if word:
        return "at_most" if word.casefold().rstrip(".") in _AT_MOST else "at_least"
    return "at_least" if plus else ""


def _unit_of(text: str) -> str | None:
    """A unit, `%` of `% of all planners`; None for what is more than a unit."""
    unit = text.strip()
    if re.match("% (of|der|des|de|di|van) ", unit):
        return "%" if len(unit.split()) <= 4 else None
    return unit if not unit or _is_unit(unit) else None


def _is_unit(unit: str) -> bool:
    """At most three words without digits, of which none ends a sentence."""
    words = unit.split()
    return len(words) <= 3 and bool(re.fullmatch(r"[^\d.,;:!?()\[\]<>=\"]+\.?", unit)) and unit[0] not in "-–—/→"


def _is_quantity(amount: Amount) -> bool:
    try:
        quantity.parse(amount.number)
    except QuantityError:
        return False
    return True


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_month(word: str) -> int | None:
    """The number of a month by its name or a short form of it, in seven languages."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return _MONTHS.get("".join(letter for letter in plain if letter.isalpha()))


def _worded_day(plain: str, year: int | None) -> date | None:
    """`30/Jun/26`, `30. Juni 2026`, `Jun 30, 2026`, `30 de junio de 2026`."""
    parts = [part for part in re.split(r"(?i)(?:[\s/.,-]|\b(?:de|of|the)\b)+", plain) if part]
    months = [number for number in map(find_month, parts) if number]
    numbers = [re.sub(r"(?i)(st|nd|rd|th|er|º)$", "", part) for part in parts if not find_month(part)]
    if year is not None and len(numbers) == 1:
        numbers.append(f"{year:04}")
    if len(months) != 1 or len(numbers) != 2 or not all(map(str.isdigit, numbers)):
        return None
    numbers.sort(key=lambda number: len(number) == 4)
    return _make_day(_full_year(numbers[1]), months[0], int(numbers[0]))


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)
