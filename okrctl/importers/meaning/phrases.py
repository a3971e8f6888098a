"""Understands what people write behind and into a title: prefixes, fields, results, grades, words of status."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from okrctl.importers.meaning import brackets, headers

_NUMBERING = r"\s*(?:#|no\.?\s*|nr\.?\s*)?(?:\b[A-Z](?=[0-9]|\s*[:.–—-]))?[0-9]*(?:\.[0-9]+)*[a-z]?"
OBJECTIVE_PREFIX = re.compile(
    rf"(?i)(?:(?:objectives?|goal|ziel|objectif|objetivo|obiettivo|doel|doelstelling){_NUMBERING}\s*[:.–—·•|>-]\s*|"
    r"O(?:\s*[0-9]+(?:\.[0-9]+)*\s*[:.–—)·•|>-]|:)\s*)(?=\S)"
)
_KR_WORDS = (
    r"key[ -]?results?|KRs?|SE|schl(?:ü|ue)sselergebnis(?:se)?|r[ée]sultats?[ -]cl[ée]s?|resultados?[ -](?:clave|"
    r"chave)s?|"
    r"risultat[oi][ -]chiave|kernresulta(?:at|ten)|RC|KE"
)
KEY_RESULT_PREFIX = re.compile(
    rf"(?i)(?:[^\W\d_][\w&/., ()'-]{{0,48}} )?(?:{_KR_WORDS})(?:{_NUMBERING}\s*(?:[:–—)·•|>-]|\.(?![0-9]))+\s*|"
    rf"\s*#?[0-9]+(?:\.[0-9]+)*\s+)(?=\S)"
)
KEY_RESULTS_LABEL = re.compile(rf"(?i)\W*(?:(?:our|the) )?(?:{_KR_WORDS})(?:\s*\([^)]*\))?\W*")
NUMBERED_KEY_RESULT = re.compile(rf"(?i)(?:{_KR_WORDS})\s*#?[0-9]{{1,2}}")
PRIORITY_PREFIX = re.compile(r"(?i)\W{0,3}\[?\(?P([0-4])[\])]?\W{0,3}\s*[:–—-]?\s*(?=\S)")
_NUMBERED = re.compile(r"(?:[0-9]+(?:\.[0-9]+)*[.)]\s+(?=\D)|[0-9]+(?:\.[0-9]+)+\s+(?=[A-ZÀ-Þ]))(?!\W*[0-9])")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u23e9-\u23fa\ufe0f\u200d\u20e3]+|:[a-z_]{3,}:(?=\\s|$)"
)
_ARROWS = re.compile("(?<=\\S)\\s*[\u2794\u2798-\u27af\u27b1-\u27be\u27f6\u2b95\u27a1]\ufe0f?\\s*(?=\\S)")
_STATUS_OF_EMOJI = {
    "🟢": "on track", "🟡": "at risk", "🟠": "at risk", "🔴": "off track", "✅": "done", "☑": "done", "✔": "done",
    "✓": "done", "❌": "missed", "⚪": "not started", "🏁": "done", "🎉": "", "⚠": "at risk", "🚧": "in progress",
    "⏳": "in progress", "🔄": "in progress", "💚": "on track", "💛": "at risk", "❤": "off track",
    ":white_check_mark:": "done", ":heavy_check_mark:": "done", ":x:": "missed", ":green_circle:": "on track",
    ":yellow_circle:": "at risk", ":red_circle:": "off track",
}  # fmt: skip
DONE_WORDS = frozenset(
    "yes|true|done|complete|completed|achieved|reached|finished|delivered|shipped|launched|live|closed|met|hit|resolved|"
    "100%|100|1|x|✓|✔|✅|ja|erledigt|fertig|erreicht|abgeschlossen|umgesetzt|oui|fait|termine|terminé|atteint|realise|"
    "réalisé|si|sí|hecho|completado|terminado|logrado|cumplido|sim|feito|concluido|concluído|atingido|"
    "sì|fatto|completato|finito|raggiunto|klaar|gereed|voltooid|afgerond|behaald|gedaan".split("|")
)
OPEN_WORDS = frozenset(
    "no|false|open|not done|incomplete|not started|to do|todo|planned|missed|just missed|not achieved|not met|failed|"
    "partly done|partially|pending|0%|0||nein|offen|nicht begonnen|geplant|verfehlt|nicht erreicht|non|ouvert|a faire|"
    "à faire|manque|manqué|abierto|pendiente|no iniciado|nao|não|aberto|pendente|perdido|aperto|da fare|"
    "non iniziato|mancato|nee|niet gestart|gemist|in progress|on track|at risk|off track|behind|ahead|doing|wip|"
    "blocked|delayed|started|im plan|gefährdet|in arbeit|en cours|en curso|en riesgo|em andamento|em risco|in corso|"
    "a rischio|op schema|bezig|at-risk|on-track|off-track|draft".split("|")
)
_CONFIDENCE_WORDS = {
    "very high": "9", "high": "8", "medium": "5", "mid": "5", "moderate": "5", "low": "2", "very low": "1",
    "hoch": "8", "mittel": "5", "niedrig": "2", "gering": "2", "sehr hoch": "9", "haute": "8", "elevee": "8",
    "moyenne": "5", "basse": "2", "faible": "2", "alta": "8", "alto": "8", "media": "5", "medio": "5", "medie": "5",
    "baja": "2", "baixa": "2", "bassa": "2", "basso": "2", "bajo": "2", "hoog": "8", "gemiddeld": "5", "laag": "2",
    "green": "8", "yellow": "5", "amber": "5", "red": "2", "🟢": "8", "🟡": "5", "🔴": "2", "h": "8", "m": "5",
    "l": "2",
    "on track": "8", "at risk": "5", "off track": "2", "confident": "8", "likely": "8", "unlikely": "2", "average": "5",
}  # fmt: skip
_PRIORITY_WORDS = {
    "critical": "0", "must": "0", "must have": "0", "highest": "0", "kritisch": "0", "urgent": "0", "blocker": "0",
    "high": "1", "hoch": "1", "haute": "1", "alta": "1", "hoog": "1", "should": "1", "major": "1",
    "medium": "2", "mittel": "2", "moyenne": "2", "media": "2", "gemiddeld": "2", "could": "2", "normal": "2",
    "low": "3", "niedrig": "3", "basse": "3", "baixa": "3", "baja": "3", "bassa": "3", "laag": "3", "minor": "3",
    "lowest": "4", "trivial": "4",
}  # fmt: skip
_LEADING_STATUS = re.compile(
    r"(?i)\W{0,3}(just missed|nearly achieved|not achieved|achieved|missed|done|completed?|in progress|on track|"
    r"at risk|off track)\b\W{0,3}(?=(?:key result|KR)\b)"
)
_TRAILING_STATUS = re.compile(
    r"(?i)(?:\s+[–—-]+\s*|\s*[(\[]\s*|\s*:\s+)(done|complete|completed|achieved|shipped|launched|delivered|missed|"
    r"not started|in progress|on track|at risk|off track|erledigt|fertig|fait|hecho|feito|fatto|klaar)\s*[)\]]?\s*\.?$"
)
_BRACKET_FIELDS = re.compile(r"\s*[\[({]([^\[\](){}]*[:0-9][^\[\](){}]*)[\])}]\s*$")
_TAGS = re.compile(r"\s*\[([A-Za-z?][\w?/& -]{0,24})\]\s*$")
_GRADE = re.compile(r"\s*[(\[]\s*((?:0?[.,][0-9]+|[01](?:[.,]0+)?|[0-9]{1,3}(?:[.,][0-9]+)?\s?%))\s*[)\]]\s*\.?$")
_N = (
    r"(?:[$€£]\s?)?[-−]?(?:[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?![0-9])|[0-9]+(?:[.,’'][0-9]+)*)(?:[.,][0-9]+)?"
    r"(?:\s?(?:%|[kKMB]\b|bn\b|Mio\b))?"
)
_U = r"(?:\s?[^\W\d_]+\.?(?:/[a-z]+)?|/[a-z]+)?"
_FROM_TO = re.compile(
    rf"(?i)\b(?:from|von|de|da|van|desde)\s+(?P<start>{_N}{_U})\s+(?:up to|down to|to|auf|bis|à|a|para|naar|"
    rf"hasta|al?)\s+"
    r"(?P<target>(?:<=?|>=?|≤|≥|under|below|less than|fewer than|at most|above|over|more than|at least|unter|über|"
    rf"mindestens|höchstens)?\s*{_N}(?:\s?(?:%|[^\W\d_]{{1,12}}\b)?))"
)
_UNIT_WORDS = frozenset(
    "s sec seconds min mins minutes h hours d days weeks months ms points pp users customers eur usd gbp chf "
    "tage stunden "
    "minuten wochen monate jours heures minutes semaines dias días horas minutos giorni ore minuti dagen uur "
    "minuten".split()
)
_COUNT = re.compile(r"\s*[(\[]\s*(?P<current>[0-9]+)\s*/\s*(?P<target>[0-9]+)\s*[)\]]\s*\.?$")
_ARROWED = re.compile(
    rf"[:,;(]?\s*(?P<start>{_N}{_U})\s*(?:-+>|→|➜|⇒|➔)\s*(?P<target>{_N}[^,;()|]*?)\s*(?=[,;()|]|$)\)?"
)
_NOW = re.compile(
    r"(?i)[,;(]?\s*\b(?:now|currently|current|today|so far|actual|aktuell|derzeit|jetzt|actuellement|actualmente|"
    rf"atualmente|attualmente|nu|momenteel)\s*(?:at|is|bei|:)?\s*(?P<current>{_N}{_U})\s*\)?(?=[\s,;.)]|$)"
)
_ZIEL_IST = re.compile(rf"(?i)(?:(?P<target>ziel(?:wert)?)|ist(?:wert)?)\s*:?\s*(?P<value>{_N}{_U})")
_NOW_BEHIND = re.compile(
    rf"(?i)\s*[,;(]\s*(?:at\s+|bei\s+)?(?P<current>{_N}{_U})\s+"
    r"(?:now|so far|today|currently|to date|aktuell|derzeit|bisher)\s*\)?(?=[\s,;.)]|$)"
)
_AT = re.compile(rf"(?i)\s*[(\[]\s*(?:at|bei|à)\s+(?P<current>{_N}{_U})\s*[)\]]")
_COLON_RANGE = re.compile(
    rf"(?i):\s+(?P<start>{_N}{_U})\s+(?:to|auf|bis|naar|à|a)\s+(?P<target>{_N}[^,;()|]*?)\s*(?=[,;(]|$)"
)
_RESULT = re.compile(r"\s*(?:=+\s?>|→|➜|⇒|➔)\s*(?P<result>\S.*)$")
_BOUND_END = re.compile(
    r"(?i)(?<![-=])(?P<bound>(?:<=?|≤|≥|>=?|at most|no more than|less than|fewer than|below|under|above|at least|"
    r"more than|höchstens|"
    rf"mindestens|weniger als|mehr als|au plus|au moins|como máximo|al menos|no máximo|pelo menos|al massimo|"
    rf"almeno|hoogstens|minstens)\s*{_N}\.?(?:\s?[^\W\d_%]+)?)\s*\.?$"
)
_SHARE = re.compile(r"(?P<count>[0-9]+\s*/\s*[0-9]+)\s*\(\s*(?P<percent>[0-9]+(?:[.,][0-9]+)?\s?%)\s*\)")
_OWNER_END = re.compile(
    r"\s*(?:[–—-]+\s*|[(\[]\s*|(?<=[\s)\]])(?=@))(?:(?i:owner|dri|lead|verantwortlich)\s*:?\s*)?(?P<owner>@[\w.-]+)\s*[)\]]?\s*$"
)
_LAST_FIELD = re.compile(r"(?P<first>.*\S),\s+(?P<last>[^\W\d_][\w ]{1,30}:\s*[^,;:()\[\]]+)")
_METRIC_PREFIX = re.compile(
    r"(?i)^(?:metric|measure|kpi|indicator|kennzahl|indicador|indicateur|indicatore)\s*:\s+(?=\S)"
)
_AMOUNT = re.compile(rf"(?i)(?:[<>≤≥]=?|[a-zà-ÿ]+(?: [a-zà-ÿ]+)?)?\s*{_N}(?:\s?[^\W\d_][^\d,;:]{{0,30}})?")
_SENTENCE = re.compile(r"(?P<first>.*\S)[.;]\s+(?P<last>[^\W\d_][^.;]*(?:[.][0-9][^.;]*)*\.?)")
LABEL = re.compile(r"(?P<label>[^\W\d_][\w/&' -]{1,40}?)\s*(?:::?|=)\s*(?P<value>.*)", re.DOTALL)
FIELD_COLUMNS = frozenset((
    "owner", "team", "period", "start", "target", "current", "unit", "confidence", "status", "progress", "end_date",
    "weight", "priority", "score", "why", "description", "parent", "note", "date", "start_date", "metric", "id", "tags",
    "better", "mid", "projected",
))  # fmt: skip
# Columns in some language, and ordinary words in another.
_NO_FIELDS = frozenset(
    "time data text person driver update base code state key number from to now ref item name ist von bis plan "
    "art half year measurement color colour contact purpose today hoy oggi nu jetzt achieved achievement as is de da "
    "van desde para hasta naar ate dal".split()
)


_MEASURE_WORDS = frozenset(
    "increase increased increases reduce reduced decrease decreased raise raised lower lowered grow improve up down "
    "go goes by and of target "
    "baseline von auf steigern senken erhöhen passer augmenter réduire aumentar reducir".split()
)
MAX_TITLE = 600  # characters; what is longer is prose, and no phrase is looked for in it


@dataclass(slots=True)
class Phrase:
    """A title without what was written around it, and that under our names for it."""

    title: str
    cells: dict[str, str] = field(default_factory=dict)
    is_objective: bool = False
    is_key_result: bool = False

    def add(self, name: str, value: str) -> None:
        """Keep a value, the first for its name."""
        if value.strip():
            self.cells.setdefault(name, value.strip())


def find_status(text: str) -> tuple[str, str]:
    """A text without its emoji, and what the first one of them says of the status."""
    status, text = "", _ARROWS.sub(" → ", text)
    for found in _EMOJI.finditer(text):
        for sign in (found[0], *found[0]):
            status = status or _STATUS_OF_EMOJI.get(sign.rstrip("\ufe0f"), "")
    head, _, word = text.rpartition(" ")
    if status and word.casefold() in DONE_WORDS | OPEN_WORDS and _EMOJI.fullmatch(head.rpartition(" ")[2]):
        text = head  # the word says what the emoji before it does
    return " ".join(_EMOJI.sub(" ", text).split()) if _EMOJI.search(text) else text.strip(), status


def find_field(text: str) -> tuple[str, str] | None:
    """Our name and the value of `Owner: mira`, `_Target:_ 40`; None for a text that is no field."""
    found = LABEL.fullmatch(text.strip().strip("-–—•").strip())
    if found is None or len(found["label"].split()) > 5 or headers.normalize(found["label"]) in _NO_FIELDS:
        return None
    ours = headers.AMBIGUOUS_NAMES.get(headers.normalize(found["label"]), ("", ""))[0] or _exact_column(found["label"])
    return (ours, found["value"].strip()) if ours in FIELD_COLUMNS else None


def _exact_column(label: str) -> str:
    column = headers.find_header(label, with_typos=False)
    return column.ours if column else ""


def split_prefix(text: str) -> Phrase:
    """A text without emoji, priority, numbering, `O1:` or `KR1.2:` in front."""
    plain, status = find_status(text)
    phrase = Phrase(plain or text.strip())  # a title of emoji alone is a title
    if status:
        phrase.add("status", status)
    if found := _LEADING_STATUS.match(phrase.title):
        phrase.add("status", found[1].lower())
        phrase.title = phrase.title[found.end() :]
    for _ in range(2):
        _strip_one_prefix(phrase)
    return phrase


def _strip_one_prefix(phrase: Phrase) -> None:
    for pattern, kind in ((PRIORITY_PREFIX, "priority"), (KEY_RESULT_PREFIX, "kr"), (OBJECTIVE_PREFIX, "o")):
        found = pattern.match(phrase.title)
        if found is None or not phrase.title[found.end() :].strip():
            continue
        if kind == "priority":
            phrase.add("priority", f"P{found[1]}")
        phrase.is_key_result = phrase.is_key_result or kind == "kr"
        phrase.is_objective = phrase.is_objective or (kind == "o" and not phrase.is_key_result)
        phrase.title = phrase.title[found.end() :].strip()
    if found := _NUMBERED.match(phrase.title):
        phrase.title = phrase.title[found.end() :].strip()


def split_objective(text: str) -> Phrase:
    """The title of an objective, with the fields in brackets behind it."""
    phrase = split_prefix(re.sub(r"\s*\{[#:.][^{}]*\}\s*$", "", text))
    if len(phrase.title) > MAX_TITLE:
        return phrase
    _take_pipes(phrase)
    _take_ends(phrase)
    return phrase


def split_key_result(text: str) -> Phrase:
    """The title of a key result, and what it says of baseline, target, value, grade, status, owner, priority."""
    phrase = split_prefix(text)
    if len(phrase.title) > MAX_TITLE:
        return phrase
    phrase.title = _METRIC_PREFIX.sub("", phrase.title)
    phrase.title, figures = brackets.take_figures(phrase.title, _bracket_field)
    _add_all(phrase, figures)
    for take in (_take_pipes, _take_status_end, _take_sentences, _take_ends):
        _take_whole(phrase, take)
    _take_numbers(phrase)
    phrase.title = re.sub(r"\s*[,;:–—]+$", "", phrase.title).strip()
    if not phrase.title:
        phrase.title = text.strip()
    return phrase


_FIGURES = frozenset({"start", "target", "current"})
_WORDS_BEHIND = re.compile(r"\s(?:/|[–—-]+|-+>|→|➜|⇒|➔)\s*[^\W\d_]")


def _take_whole(phrase: Phrase, take: Callable[[Phrase], None]) -> None:
    """Take what is there, but nothing where that would leave a part of a bracket or drop a second figure."""
    title, cells = phrase.title, dict(phrase.cells)
    phrase.cells = {}
    take(phrase)
    found, phrase.cells = phrase.cells, {**phrase.cells, **cells}
    is_second = any(cells.get(name, found[name]) != found[name] for name in found.keys() & _FIGURES)
    if is_second or brackets.is_torn(title, phrase.title):
        phrase.title = title
        phrase.cells = cells


def _take_pipes(phrase: Phrase) -> None:
    """`| target 80 % | owner: eva` behind a title."""
    head, *parts = phrase.title.split("|")
    fields = [_loose_field(part) or _status_field(part) for part in parts]
    if parts and head.strip() and all(fields):
        phrase.title = head.strip()
        for name, value in filter(None, fields):
            phrase.add(name, value)


def _status_field(text: str) -> tuple[str, str] | None:
    word = text.strip(" .").casefold()
    return ("status", word) if word in DONE_WORDS | OPEN_WORDS and not re.search("[0-9]", word) else None


def _take_sentences(phrase: Phrase) -> None:
    """`... from 3% to 1%. Result: 2%. Owner: Ola.` behind a title, from the end backwards."""
    while found := _SENTENCE.fullmatch(phrase.title) or _LAST_FIELD.fullmatch(phrase.title):
        if any(found["first"].count(opening) > found["first"].count(end) for opening, end in ("()", "[]")):
            return  # fields in brackets, which belong together
        last = found["last"].rstrip(".")
        now = _NOW.fullmatch(last)
        name, value = ("current", now["current"]) if now else _loose_field(last) or ("", "")
        if not value or (name != "owner" and not re.search("[0-9]", value)):
            return
        phrase.add(name, value)
        phrase.title = found["first"]


def _loose_field(text: str) -> tuple[str, str] | None:
    """A field with or without a colon behind its name."""
    found = find_field(text)
    if found:
        return found
    words = text.split()
    for count in (3, 2, 1):
        name = _exact_column(" ".join(words[:count])) if len(words) > count else ""
        if name in FIELD_COLUMNS:
            return name, re.sub(r"(?i)^(?:at|is|bei|on)\s+(?=[^\w]?[0-9])", "", " ".join(words[count:]))
    return None


def _take_ends(phrase: Phrase) -> None:
    """What stands in brackets and behind dashes at the end, from the end backwards."""
    for _ in range(8):
        before = phrase.title
        _take_result(phrase)
        _take_brackets(phrase)
        if found := _OWNER_END.search(phrase.title):
            phrase.add("owner", found["owner"])
            phrase.title = phrase.title[: found.start()]
        _take_dashed_field(phrase)
        _take_status_end(phrase)
        _take_comma_field(phrase)
        _take_count(phrase)
        _take_listed_fields(phrase)
        if (found := _GRADE.search(phrase.title)) and found.start() > 0:
            phrase.add("score", found[1])
            phrase.title = phrase.title[: found.start()]
        phrase.title = phrase.title.strip()
        if phrase.title == before:
            return


def _take_status_end(phrase: Phrase) -> None:
    """`- done` or `(in progress)` at the end."""
    if (found := _TRAILING_STATUS.search(phrase.title)) and found.start() > 0:
        phrase.add("status", found[1].lower())
        phrase.title = phrase.title[: found.start()]


def _take_comma_field(phrase: Phrase) -> None:
    """`, owner: Nina` or `, confidence 7/10` at the end."""
    head, comma, tail = phrase.title.rpartition(", ")
    found = _loose_field(tail) if comma and head.strip() else None
    if found and found[1] and (found[0] == "confidence" or (found[0] == "owner" and ":" in tail)):
        phrase.add(*found)
        phrase.title = head.strip()


def _take_count(phrase: Phrase) -> None:
    """`12 case studies (5/12)`: so many of as many as the title says."""
    found = _COUNT.search(phrase.title)
    if found and re.search(rf"\b{found['target']}\b", phrase.title[: found.start()]):
        phrase.add("current", found["current"])
        phrase.add("target", found["target"])
        phrase.title = phrase.title[: found.start()]


def _take_listed_fields(phrase: Phrase) -> None:
    """`Incidents: baseline 14, target 4, current 9`."""
    head, colon, tail = phrase.title.partition(":")
    owner = re.search(r"(?<=[0-9%])\s+\((?P<owner>[A-ZÀ-Þ][\w.-]+(?: [A-ZÀ-Þ][\w.-]+)?)\)$", tail)
    tail = tail[: owner.start()] if owner else tail
    parts = [part for part in re.split(r"[,;](?![0-9])", tail) if part.strip()]
    fields = [_loose_field(part) for part in parts]
    is_measured = all(found and _AMOUNT.fullmatch(found[1]) for found in fields)
    if colon and head.strip() and len(parts) > 1 and is_measured:
        _add_all(phrase, fields)
        phrase.add("owner", owner["owner"] if owner else "")
        phrase.title = head


def _add_all(phrase: Phrase, fields: Iterable[tuple[str, str] | None]) -> None:
    for name, value in filter(None, fields):
        phrase.add(name, value)


def _bracket_field(text: str) -> tuple[str, str] | None:
    """A field with a colon behind its name, or with a number."""
    if german := _ZIEL_IST.fullmatch(text):
        return ("target" if german["target"] else "current", german["value"])
    now = _NOW.fullmatch(text)
    found = ("current", now["current"]) if now else _loose_field(text)
    if found and found[0] in _FIGURES and _WORDS_BEHIND.search(found[1]):
        return None
    return found if found and (":" in text or re.search("[0-9]", found[1])) else None


def _take_brackets(phrase: Phrase) -> None:
    found = _BRACKET_FIELDS.search(phrase.title)
    if found and found.start() > 0:
        fields = [_bracket_field(part.strip()) for part in re.split(r"[,;|](?![0-9])", found[1])]
        known = [phrase.cells.get(name, value) == value for name, value in filter(None, fields)]
        if all(fields) and all(known):
            _add_all(phrase, fields)
            phrase.title = phrase.title[: found.start()]
    while (found := _TAGS.search(phrase.title)) and found.start() > 0:
        word = found[1]
        if re.fullmatch(r"(?i)P[0-4]", word):
            phrase.add("priority", word)
        elif "?" not in word:
            phrase.cells["tags"] = ", ".join(filter(None, (word, phrase.cells.get("tags", ""))))
        phrase.title = phrase.title[: found.start()]


def _take_dashed_field(phrase: Phrase) -> None:
    sign = max((" — ", " – ", " - "), key=phrase.title.rfind)  # the last of them
    head, dash, tail = phrase.title.rpartition(sign)
    found = _loose_field(tail) if dash and head.strip() else None
    if found and found[1] and (":" in tail or re.search("[0-9]", found[1])):
        phrase.add(*found)
        phrase.title = head.strip()


def _take_result(phrase: Phrase) -> None:
    """`=> 58.3%` or `→ 35/39 (89%)`: what came of it; two numbers around an arrow are baseline and target."""
    found = _RESULT.search(phrase.title)
    if found is None or not found.start() or _ARROWED.search(phrase.title):
        return
    phrase.title, result = phrase.title[: found.start()], found["result"]
    share, percent = _SHARE.match(result), re.match(r"([0-9]+(?:[.,][0-9]+)?\s?%)(?:\s*[:.,(]\s*(.*))?$", result)
    if share:
        phrase.add("result", share["percent"])
        phrase.add("note", result)
    elif percent:
        phrase.add("result", percent[1])
        phrase.add("note", percent[2] or "")
    else:
        status = result.strip(" .").casefold()
        phrase.add("status" if status in DONE_WORDS | OPEN_WORDS and not status.isdigit() else "note", result)


def _take_numbers(phrase: Phrase) -> None:
    for take in (_take_range, _take_now):
        _take_whole(phrase, take)
    if found := _FROM_TO.search(phrase.title):
        phrase.add("start", found["start"])
        phrase.add("target", _with_known_unit(found["target"], found["start"]))
    elif "target" not in phrase.cells and (found := _BOUND_END.search(phrase.title)) and found.start() > 0:
        phrase.add("target", found["bound"])


def _take_range(phrase: Phrase) -> None:
    if found := _ARROWED.search(phrase.title) or _COLON_RANGE.search(phrase.title):
        phrase.add("start", found["start"])
        phrase.add("target", _without_rest(found["target"]))
        phrase.title = f"{phrase.title[: found.start()]} {phrase.title[found.end() :]}".strip()


def _take_now(phrase: Phrase) -> None:
    if found := _NOW.search(phrase.title) or _NOW_BEHIND.search(phrase.title) or _AT.search(phrase.title):
        phrase.add("current", found["current"])
        phrase.title = f"{phrase.title[: found.start()]}{phrase.title[found.end() :]}".strip(" ,;")


def _without_rest(target: str) -> str:
    """`10 per week`, but `10` of `10 by June`."""
    return re.split(
        r"(?i)\s(?=(?:by|in|until|till|within|before|and|with|for|bis|am|vor|und|avant|d'ici|et|antes|hasta|y|entro|e|voor|en)\b)",
        target,
    )[0].strip()


def _with_known_unit(target: str, start: str) -> str:
    """The word behind a number is its unit where the baseline has the same, or it is a usual one."""
    found = re.fullmatch(r"(.*[0-9%kKMB])\s*([^\W\d_]{2,})", target)
    if found is None or start.rstrip().endswith(found[2]) or (found[2].casefold() in _UNIT_WORDS and "%" not in target):
        return target
    return found[1].strip()


def split_target(text: str) -> Mapping[str, str]:
    """Start and target of `Increase from 40% to 55%`, the bound of `Reduce to < 500ms`, else the text."""
    if len(text) > MAX_TITLE:
        return {"target": text.strip()}
    phrase = Phrase(text.strip())
    _take_numbers(phrase)
    if "target" in phrase.cells:
        return phrase.cells
    found = re.search(rf"(?i)\b(?:to|auf|à|a|naar)\s+(?P<target>{_N}(?:\s?[^\W\d_]+)?)\s*\.?$", text)
    return {"target": found["target"] if found else text.strip()}


def split_fields(text: str) -> dict[str, str]:
    """The fields of a line that has several and nothing else: `Baseline: 22% · Target: 70% · Owner: Ola`."""
    fields = [find_field(part) for part in re.split(r"\s+[·•|/]\s+|[;,]\s+", text)]
    return dict(filter(None, fields)) if len(fields) > 1 and all(fields) else {}


def split_measure(text: str) -> dict[str, str]:
    """What a line such as `from 18 % to 35 %, currently 24 %` says, if it says nothing else."""
    phrase = Phrase(text.strip(" ."))
    _take_numbers(phrase)
    rest = _FROM_TO.sub(" ", phrase.title)
    words = set(re.findall(r"[^\W\d_]+", rest.casefold()))
    return phrase.cells if "target" in phrase.cells and words <= _MEASURE_WORDS else {}


def read_confidence(text: str) -> str | None:
    """The word of a confidence as a number from 0 to 10."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return _CONFIDENCE_WORDS.get("".join(letter for letter in plain if not unicodedata.combining(letter)))


def read_priority(text: str) -> str | None:
    """The word or number of a priority as 0 to 4."""
    found = re.search(r"(?i)\bP?([0-4])\b", text)
    return found[1] if found else _PRIORITY_WORDS.get(text.strip().casefold())
