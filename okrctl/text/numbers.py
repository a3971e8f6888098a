"""Finds the numbers in titles that count or measure something, without those that are part of a name."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from okrctl.text.lexicon import Language, load_lexicon
from okrctl.text.title import MAX_TITLE_LENGTH, Word, split_words
from okrctl.values.unit import is_money

MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
CURRENCY_SIGNS = "$€£¥₹₩₺₪"
CURRENCY_CODES = "EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD"
NUMBERED_NOUNS = (
    "tier|level|phase|stage|step|version|release|generation|gen|act|article|section|chapter|type|priority|day|year|week|"
    "scope|class|category|horizon|wave|gate|part|no|number|sprint|option|season|episode|sev|severity|port|rfc|page|room|"
    "line|ward|floor|bus|tram|platform|terminal|route|building|hall|track|zone|studio|series|grade|pillar|task|ticket|issue|epic|goal|objective"
)
AMBIGUOUS_NOUNS = ("release", "stage", "step", "grade", "gate", "number", "page", "task", "issue")
# Names whose digits do not count anything.
_NAME_PATTERN = re.compile(
    rf"""https?://\S+ | [\w.]+@[\w.]+ | \#\d+
    | \b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b | \b\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d{{2}})\b
    | \b{MONTHS}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?[ ]\d{{4}}\b)?
    | \b\d{{1,2}}(?:st|nd|rd|th|\.)?[ ](?:of[ ])?{MONTHS}\b
    | \b(?:FY|CY|Q|H|T)[ ]?[’']?\d{{1,4}}(?:[-/ ]+(?:FY|CY|Q|H|T)?\d{{1,4}})?\b(?!\s*[%+])
    | \b\d{{4}}[ ]?[-/]?[ ]?(?:Q[1-4]|H[12]|T[123])\b
    | \b(?:24|7|365)(?:[/x×](?:24|7|365))+\b | \b24-7\b | \b9-to-5\b | \b1(?:[:-]|[ -]on[ -])1\b | \b(?:80/20|50/50)\b
    | \b360(?:[ -]?degrees?|°) | \bv\d+(?:\.\d+)*\b | \b\d+(?:\.\d+){{2,}}\b
    | \b\d+\.0\b(?=\s*(?:$|[A-Z(),.;:])) | \b404s?\b
    | \b\d+(?:st|nd|rd|th)\b | \b(?:19|20)\d0s\b | \b4K\b(?=\s+(?:video|display|screen|resolution|stream|tv))
    | \b\d+(?:\.\d+)?[-‑](?!percent)[A-Za-z][\w-]*""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR_PATTERN = re.compile(
    r"(?<![\d.,$€£+])\b(?:19[5-9]\d|20[1-4]\d)(?:\s?[-–/]\s?(?:20)?\d\d)?\b"
    r"(?![.,]\d|\s*(?:%|\+|percent|per cent|EUR|USD|€|new\b|users|customers|signups|sign-ups|subscribers|people|"
    r"downloads|leads|visitors|companies))"
)
_LABELLED_PATTERN = re.compile(
    rf"\b(?:{NUMBERED_NOUNS})[ .#]{{1,2}}\d+(?:\.\d+)*(?:\s?(?:and|or|to|&|/|,|-|–)\s?\d+)*"
    r"(?![\d%]|\s?(?:%|percent))\b",
    re.IGNORECASE,
)
_NUMBER = rf"""(?<![\w.,/:\#@’'])(?<![\w][-‑])
    (?P<front>(?:US|AU|CA|NZ|HK)?[{CURRENCY_SIGNS}][ ]? | \b(?:{CURRENCY_CODES})[ ])?
    (?P<digits>DIGITS)
    (?P<factor>[kKM]\b|(?(front)m\b|(?!))|bn\b|B\b
        |[ ](?:thousand|million|billion|Tausend|Mio\.?|Millionen|Mrd\.?|Milliarden)\b)?
    (?P<more>\+)?
    (?P<behind>[ ]?% | [ ]?per[ ]?cent(?:age[ ]points)?\b | [ ]?Prozent(?:punkte)?\b | [ ]?pp\b | [ ]?[{CURRENCY_SIGNS}]
        | [ ](?:{CURRENCY_CODES})\b
        | (?:x|X|h|hrs?|min|mins|ms|s|km|kg|[GMT]B)\b)?
    (?![\w/:]|\.\d|,\d)"""
_DIGITS: dict[Language, str] = {
    "en": r"\d{1,3}(?:[,’'\u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d) | \d+(?:\.\d+)?",
    "de": r"\d{1,3}(?:[.’'\u00a0\u202f]\d{3})+(?:,\d+)?(?!\d) | \d+(?:,\d+)?",
}
# A date or a version to an English reader, a number with separators to a German one.
_GERMAN_NAMES = re.compile(r"\b\d{1,2}\.(?=\s[A-ZÄÖÜ])|\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?")
_DIGIT = re.compile(r"[0-9]")
_FACTORS = {
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "bn": 10**9,
    "B": 10**9,
    "thousand": 10**3,
    "million": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "Tausend": 10**3,
    "Mio": 10**6,
    "Millionen": 10**6,
    "Mrd": 10**9,
    "Milliarden": 10**9,
}
_PRODUCTS = frozenset(
    """Office Microsoft Windows Python Java Node Angular React Vue PHP Drupal Rails Ruby Android Ubuntu Debian Postgres
    Kubernetes Industry Web Horizon Agenda Article Section Tier Level Phase Swift Spring Terraform Django Fedora Firefox
    Chrome Xbox Apollo Formula Basel""".split()
)
_METRIC_NAMES = frozenset(
    """NPS ENPS ARR MRR CSAT DAU MAU WAU CAC LTV CLV ROI GMV EBIT EBITDA SUS SLA CTR CPA CPC EUR USD GBP CHF MTTR AND
    TO OF REACH GET ALL THE""".split()
)
_FUNCTION_WORDS = frozenset(
    "to of by at in from over under and or the a an with for than least most about reach".split()
)
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|a|several|hundred"
)
_LARGE_NUMBERS = "ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TIMES = "years?|quarters?|months?|weeks?|days?|hours?|minutes?|seconds?"
PLACEHOLDERS = frozenset("XYZN")
_AMOUNT_PATTERN = re.compile(
    rf"""\b(?:[a-z]+[ -])?(?:percent|per[ ]cent)\b
    | \b(?:{_NUMBER_WORDS})[ ](?:hundred|thousand|million|billion)s?\b
    | \b(?:doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|quadrupl(?:e|es|ed|ing)|tenfold|twofold|threefold
      |halv(?:e|es|ed|ing))\b (?![ -](?:down|check|checks|checking|opt|entry|sided|standards?|materiality|blind|diamond|
      click|booking|bookings|digit|bottom|espresso|counting|charged?|charges))(?!-)
    | (?<!first[ ])(?<!second[ ])(?<!1st[ ])(?<!2nd[ ])(?<!other[ ])(?<!better[ ])(?<!this[ ])(?<!next[ ])(?<!last[ ])
      (?<![-\w])      half\b(?![- ](?:an[ ]hour|hour|day|days|year|years|yearly|time|hearted|marathon|life|baked))(?!-)
    | \btwice[ ](?:as|the)\b | \btop[ -]\d+\b | \b(?:by[ ]an?|an?)[ ](?:third|fifth|tenth)\b | \btwo[ -]thirds\b
    | \b(?:{_NUMBER_WORDS}|\d+)[ ](?:best|largest|biggest)\b
    | \b(?:{_NUMBER_WORDS}|nine)[ ](?:out[ ]of|in)[ ](?:{_NUMBER_WORDS})\b
    | \b(?:{_LARGE_NUMBERS})(?:-\w+)?[ ](?=(?:\w+[ ])?\w+s\b)(?!{_TIMES}|percent)
    | \b(?:two|three|four|five|six|seven|eight|nine)[ ](?=(?:new|more|large|big|major|further|other)[ ])
    | \b(?:hundreds|thousands|millions)[ ]of\b
    | \bevery[ ](?:second|third|fourth|fifth|tenth)\b
    | \bby[ ]a[ ]quarter\b
    | \ba[ ]quarter[ ](?:less|more|fewer|of)\b | \b(?:a|two|three|several)[ ]dozens?\b | \bdozens[ ]of\b
    | \b[XYZN][ ]?% | [{CURRENCY_SIGNS}][ ]?[A-Z]\b""",
    re.VERBOSE,
)
_GERMAN_AMOUNT_PATTERN = re.compile(
    r"""\bprozent(?:punkte)?\b | \b(?:eine?|zwei|drei|hundert|tausend|mehrere)[ ](?:million(?:en)?|milliarden?)\b
    | \bver(?:doppel|dreifach|vierfach|fünffach|zehnfach)(?:n|t|ung|en)\b | \bhalbier(?:en|t|ung)\b
    | \bdie[ ]hälfte\b | \bdoppelt[ ]so\b | \b(?:um[ ])?ein[ ](?:drittel|viertel|fünftel|zehntel)\b
    | \bzwei[ ]drittel\b | \b(?:ein|zwei|drei)[ ]dutzend\b | \b(?:zwei|drei|vier|fünf|zehn)mal[ ]so\b
    | \btop[ -]\d+\b | \bhunderttausend\b""",
    re.VERBOSE,
)
_GERMAN_UNITS = "ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
_GERMAN_TENS = "zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig"
_GERMAN_TIMES = "Jahr|Quartal|Monat|Woche|Tag|Stunde|Minute|Sekunde|Uhr|Prozent"
# From ten on before a noun, which is capitalized; smaller ones only before a word such as `new`, as in English.
_GERMAN_COUNT_PATTERN = re.compile(
    rf"""(?<![\w-])(?<!\b[Dd](?:ie|er|en)[ ])(?<!\bersten[ ])
    (?:(?i:zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|(?:(?:{_GERMAN_UNITS})und)?(?:{_GERMAN_TENS})
         |(?:{_GERMAN_UNITS})?(?:hundert|tausend)|zehntausend)
       (?=[ ](?:[a-zäöüß]+[ ])?(?!{_GERMAN_TIMES})[A-ZÄÖÜ]\w)
      |(?i:zwei|drei|vier|fünf|sechs|sieben|acht|neun)
       (?=[ ](?:neue|weitere|zusätzliche|andere|große|größere|mehr)n?[ ][A-ZÄÖÜ]\w))""",
    re.VERBOSE,
)
# Every amount in words contains one of these; without them, the long pattern need not run.
_AMOUNT_HINT = re.compile(
    r"per ?cent|hundred|thousand|[mb]illion|doubl|tripl|quadrupl|(?:ten|two|three)fold|hal[vf]|twice|top|third|fifth|"
    r"tenth|quarter|dozen|best|largest|biggest|out of|every|thousands|(?:one|two|three|four|nine) in|"
    rf"two |three |four |five |six |seven |eight |nine |{_LARGE_NUMBERS}|[%{CURRENCY_SIGNS}]"
)


class Number(NamedTuple):
    """A number in a title: its value, its unit (`%`, a currency or the next word), its start and its end from 0."""

    value: Fraction
    unit: str | None
    start: int
    end: int


@cache
def _number_pattern(language: Language) -> re.Pattern[str]:
    return re.compile(_NUMBER.replace("DIGITS", _DIGITS[language]), re.VERBOSE)


@lru_cache(maxsize=16384)
def find_numbers(title: str, language: Language = "en") -> tuple[Number, ...]:
    """The numbers that count or measure something, without those in names, dates, versions and labels."""
    if not _DIGIT.search(title):
        return ()
    masked_title = _mask_names(title[:MAX_TITLE_LENGTH], language)
    title_words = split_words(masked_title)
    is_title_case = _is_title_case(title_words)
    return tuple(
        _build_number(match, masked_title, language)
        for match in _number_pattern(language).finditer(masked_title)
        if not (_is_bare(match) and _is_label(match, title_words, is_title_case, language))
    )


def has_digit(title: str) -> bool:
    """Whether there is a digit at all."""
    return _DIGIT.search(title) is not None


def find_amounts(title: str, language: Language = "en") -> list[tuple[int, int]]:
    """The ranges of numbers and of amounts in words, in order: ten percent, a million, double, half."""
    title = title[:MAX_TITLE_LENGTH]
    if language == "de":
        words = [match.span() for match in _GERMAN_AMOUNT_PATTERN.finditer(title.lower())]
        words += [match.span() for match in _GERMAN_COUNT_PATTERN.finditer(title)]
        return sorted([*((number.start, number.end) for number in find_numbers(title, language)), *words])
    ranges = [(number.start, number.end) for number in find_numbers(title, language)]
    if _AMOUNT_HINT.search(title.lower()):
        lowered = (
            character.lower() if character.isascii() and not _is_placeholder(title, index) else character
            for index, character in enumerate(title)
        )
        ranges += [match.span() for match in _AMOUNT_PATTERN.finditer("".join(lowered))]
    return sorted(ranges)


def _is_placeholder(title: str, index: int) -> bool:
    """Whether a capital letter is a placeholder for a number, as in `$N` and `X%`."""
    before = title[:index].rstrip()[-1:]
    return title[index] in PLACEHOLDERS and (
        title[index + 1 : index + 3].lstrip()[:1] == "%" or before in tuple(CURRENCY_SIGNS)
    )


def _mask_names(title: str, language: Language) -> str:
    """The title with dates, versions and other names replaced by blanks."""
    if language == "de":
        title = _GERMAN_NAMES.sub(_blank, title)
        title = re.sub(r"\d+(?:\.\d{3})+", lambda match: match[0].replace(".", "’"), title)
    for pattern in (_NAME_PATTERN, _LABELLED_PATTERN, _YEAR_PATTERN):
        title = pattern.sub(_blank, title)
    return title


def _blank(match: re.Match[str]) -> str:
    is_verb = match.start() == 0 and match[0].lower().startswith(AMBIGUOUS_NOUNS)
    return match[0] if is_verb else " " * len(match[0])


def _is_bare(match: re.Match[str]) -> bool:
    return not any(match[name] for name in ("front", "factor", "more", "behind")) and "," not in match["digits"]


def _is_label(match: re.Match[str], title_words: list[Word], is_title_case: bool, language: Language) -> bool:
    """Whether a bare number belongs to a name (ISO 27001, Terminal 2) or to a set (the 5 whys, first 100 days)."""
    preceding = [word for word in title_words if word.end <= match.start()]
    if not preceding or match.start() - preceding[-1].end > 1:
        return False
    word = preceding[-1].text
    if word.lower() in ("first", "the", "ersten"):
        return _following_word(match, match.string) is not None
    if _is_no_name(word):
        return False
    if word in _PRODUCTS or word[1:] != word[1:].lower():
        return True
    return word[0].isupper() and not is_title_case and _is_named(match, word, len(preceding), language)


def _is_no_name(word: str) -> bool:
    """Whether a word before a number is a metric, a number or a word such as `at`."""
    return _contains_digit(word) or word.upper() in _METRIC_NAMES or word.lower() in _FUNCTION_WORDS


def _is_named(match: re.Match[str], word: str, position: int, language: Language) -> bool:
    """Whether a capitalized word before a number is a name; the first word of a title is one where more follows."""
    is_last = match.end() == len(match.string.rstrip())
    return position > 1 or (not is_last and _begins_name(word.lower(), language))


def _begins_name(word: str, language: Language) -> bool:
    """Whether a first word before a number is a name: no verb, no metric, and no `top`, `over`, `more`."""
    lexicon = load_lexicon(language)
    sections = ("metrics", "determiners", "prepositions", "comparatives", "generic", "relatives")
    return word != "top" and word not in lexicon.verbs and not lexicon.has(word, *sections)


def _contains_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _is_title_case(title_words: list[Word]) -> bool:
    long_words = [word for word in title_words if len(word.text) > 3]
    return len(long_words) > 2 and sum(word.text[0].isupper() for word in long_words) * 10 >= len(long_words) * 7


def _build_number(match: re.Match[str], title: str, language: Language) -> Number:
    digits = match["digits"].replace(",", ".") if language == "de" else match["digits"]
    factor = _FACTORS.get((match["factor"] or "").strip().rstrip("."), 1)
    value = Fraction(re.sub(r"[^\d.]", "", digits)) * factor
    return Number(value, _unit_of(match, title), match.start(), match.end())


def _unit_of(match: re.Match[str], title: str) -> str | None:
    prefix, suffix = (match["front"] or "").strip(), (match["behind"] or "").strip()
    if "%" in suffix or suffix.startswith(("per", "Proz")):
        return "%"
    if is_money(prefix) or is_money(suffix):
        return prefix or suffix
    if suffix and not suffix.isupper():
        return suffix
    return suffix or _following_word(match, title)


def _following_word(match: re.Match[str], title: str) -> str | None:
    following = re.match(r"[ -]?([^\W\d_][\w-]*)", title[match.end("more") if match["more"] else match.end() :])
    return following[1] if following else None
