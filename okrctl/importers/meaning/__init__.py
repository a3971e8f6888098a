"""Understands the goals that a container found: the same words, numbers and days whatever they stood in."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from okrctl.importers import (
    PERIOD_QUESTION,
    GoalLocation,
    ImportDraft,
    ImportedGoal,
    MissingAnswer,
    Question,
    SourceFile,
    SourceGoal,
)  # fmt: skip
from okrctl.importers.meaning import brackets, phrases
from okrctl.importers.meaning.key_result import (
    BLANK,
    Cells,
    Reader,
    Report,
    read_confidence,
    read_measure_and_readings,
)
from okrctl.importers.meaning.notation import Ambiguity, Notation, find_month
from okrctl.importers.options import ImportOptions
from okrctl.schema.settings import COMPANY
from okrctl.text.language import guess_language
from okrctl.values import fields, period, quantity, slug
from okrctl.values.period import Period, PeriodError
from okrctl.yaml_edit import Prose

NUMBER_COLUMNS = ("start", "target", "current", "score", "mid", "projected", "progress", "confidence", "weight")
DAY_COLUMNS = ("date", "start_date", "end_date")
DERIVED_COLUMNS = (
    "start", "target", "current", "progress", "score", "mid", "projected", "status", "note",
)  # fmt: skip
PERIOD_PATTERN = re.compile(
    r"(?i)\b(?:FY|CY) ?'?[0-9]{2,4}[ /_.-]*[QHT][1-4]\b|\b[0-9]{4}[ /_.-]*[QHT][1-4]\b|"
    r"\b[QHT][1-4][ /_.,-]*(?:of )?(?:FY|CY)? ?'?[0-9]{4}\b|\b[QHT][1-4][ /_.-]*(?:FY ?|')[0-9]{2}\b|"
    r"\b[QHT][1-4][/ ][0-9]{2}\b(?![-/.0-9])"
)
_QUARTER_WORDS = re.compile(
    r"(?i)\b([1-4])(?:\.|st|nd|rd|th|er|e|ère|º|°|o)? ?(?:quartal|quarter|trimestre|kwartaal)[ ,/-]*(?:de |of "
    r")?([0-9]{4})"
)
_HALF_WORDS = re.compile(r"(?i)\b([12])\. ?(?:halbjahr|semestre|semester|half(?: of)?)[ ,/-]*([0-9]{4})")
_ORDINAL_WORDS = (
    r"first|erste[ns]?|premier|primer|primo|primeiro|eerste",
    r"second|zweite[ns]?|deuxi[eè]me|segundo|secondo|tweede",
    r"third|dritte[ns]?|troisi[eè]me|tercer|terzo|terceiro|derde",
    r"fourth|vierte[ns]?|quatri[eè]me|cuarto|quarto|vierde",
)
_ORDINALS = re.compile(
    rf"(?i)\b(?:{'|'.join(_ORDINAL_WORDS)})(?= (?:quarter|quartal|trimestre|kwartaal|half|halbjahr|semestre)\b)"
)
# Four months in some languages, three in others, unless it is written as okrctl writes four months: 2026-T2.
_TRIMESTER = re.compile(
    r"(?i)(?<![-\w])(?:T(?P<number>[1-3])|(?P<after>[1-3])T)(?:[ /_.-]*'?)(?P<year>(?:20)?[0-9]{2})(?![0-9])"
)
TRIMESTER_LANGUAGES = ("fr", "es", "it", "pt")
_OWNER_WORD = re.compile(r"(?i)\b(?:owner|dri|lead|verantwortlich|responsable|responsabile|eigenaar)\b|@")
_NAME_BEHIND_DASH = re.compile(r"\s+[–—]\s+(?P<name>[A-ZÀ-Þ][a-zß-ÿ]+)(?=\s*$|\s+[^\w\s])")
_MONTH_RANGE = re.compile(
    r"(?i)\b([^\W\d_]{3,9})\.? ?(?:–|—|-|to|until|through|bis|à|au|a|al|até|tot)\s?([^\W\d_]{3,9})\.?,? (?:of |de )?"
    r"([0-9]{4})\b"
)
_WEEK = re.compile(r"(?i)(?:([0-9]{4})[- ]?)?(?:W|KW|week|woche|semaine|semana)[ -]?([0-9]{1,2})(?:[ /-]+([0-9]{4}))?")


_OKR_WORDS = re.compile(
    r"(?i)\b(?:OKRs?|objectives?(?: (?:and|&) key results?)?|key results?|goals?|quarterly|setting|plan|planning|"
    r"review|team|ziele|for|of|the|our|draft|company|zyklus|cycle|bereich|abteilung|department|squad|equipe|équipe|"
    r"equipo|afdeling|tracker|tracking)\b"
)
_TEAM_WITHIN = re.compile(r"(?i)\b(?:for|of) (?:the )?(\w[\w&-]*(?: \w+)?) team\b")
_TEAM_HEADING = re.compile(r"(?i)team:?\s+(\w[\w&-]*(?: \w+)?)|(\w[\w&-]*(?: \w+)?)\s+team")


def _number_of(ordinal: str) -> int:
    words = (number for number, words in enumerate(_ORDINAL_WORDS, 1) if re.fullmatch(f"(?i){words}", ordinal))
    return next(words)


def find_period(text: str, options: ImportOptions) -> Period | None:
    """The period that a text names, perhaps among other words."""
    known = next((found for found in options.periods if found.id == text.strip()), None)
    if known is not None:
        return known
    if _TRIMESTER.search(text):
        return None
    text = _ORDINALS.sub(lambda found: f"{_number_of(found[0])}.", text)
    spelled = _QUARTER_WORDS.sub(r"\2-Q\1", _HALF_WORDS.sub(r"\2-H\1", text))
    found = PERIOD_PATTERN.search(spelled)
    if (months := _months(text, options)) is not None:
        return months
    for candidate in (text.strip(), re.sub(r"(?i)\bof\b|,", " ", found[0]) if found else ""):
        plain = re.sub(r"(?i)CY ?([0-9]{2})(?![0-9])", r"20\1", candidate)
        plain = re.sub(r"(?i)^([QHT][1-4])[ /_.-]*'?([0-9]{2})$", r"\1 20\2", " ".join(plain.split()))
        try:
            return period.parse_loose(plain, options.config.fiscal)
        except PeriodError:
            continue
    return None


def spell_trimesters(text: str, titles: Iterable[str]) -> tuple[str, str]:
    """A text with `Q2 2026` for `T2 2026`, and a remark, both only where the titles call a quarter `trimestre`.

    In other languages T2 is more often the second four months; there it stays open.
    """
    found = _TRIMESTER.search(text)
    if found is None or guess_language(titles) not in TRIMESTER_LANGUAGES:
        return text, ""
    spelled = _TRIMESTER.sub(lambda found: f"Q{found['number'] or found['after']} {found['year']}", text)
    return spelled, f"'{found[0]}' read as the quarter Q{found['number'] or found['after']} (trimestre)"


def _months(text: str, options: ImportOptions) -> Period | None:
    """`April to June 2026` is a quarter."""
    found = _MONTH_RANGE.search(text)
    first, last = (find_month(found[1]), find_month(found[2])) if found else (None, None)
    if found is None or first is None or last is None or first > last:
        return None
    start = date(int(found[3]), first, 1)
    return period.period_between(start, _last_day_of_month(start.year, last) or start, options.config.fiscal)


def without_period(text: str) -> str:
    """A text without the period that it names among other words."""
    text = _ORDINALS.sub(lambda found: f"{_number_of(found[0])}.", text)
    return PERIOD_PATTERN.sub(" ", _QUARTER_WORDS.sub(" ", _HALF_WORDS.sub(" ", text))).strip()


def names_only_period(title: str, options: ImportOptions) -> bool:
    """Whether a title is a period and nothing else, such as `2026 Q2 (April - June)`."""
    if find_period(title, options) is None:
        return False
    words = re.findall(r"[^\W\d_]+", _OKR_WORDS.sub(" ", without_period(title)))
    return all(find_month(word) for word in words)


def find_team(title: str, options: ImportOptions) -> str:
    """The team in a heading: a short name set off by signs beside the period, as in `OKR Setting: Search - Q2 2026`.

    `Growth team` and `Team Growth` do without a period.
    """
    plain, _ = phrases.find_status(title)
    known = options.config.teams or {}
    for key, team in known.items():
        if re.search(rf"(?i)(?<!\w)(?:{re.escape(team.name or key)}|{re.escape(key)})(?!\w)", plain):
            return key
    if known or options.team is not None:
        return ""
    if named := _TEAM_HEADING.fullmatch(plain):
        return str(named[1] or named[2])
    if find_period(plain, options) is None:
        return ""
    if named := _TEAM_WITHIN.search(plain):
        return str(named[1])
    return _short_name(plain, without_period(plain))


def _short_name(heading: str, bare: str) -> str:
    """The name in a heading, set off by signs or before `OKRs`; `bare` is the heading without its period."""
    parts = [part for part in re.split(r"\s*[:|,–—()/]\s*|\s+-\s+|^-\s+|\s+-$", bare) if part.strip()]
    names = [" ".join(_OKR_WORDS.sub(" ", part).split()).strip(" .") for part in parts]
    named = [name for name in names if re.search(r"[^\W\d_]", name)]
    if len(named) != 1 or len(named[0].split()) > 3:
        return ""
    has_sign = len(parts) > 1 or bool(re.search(r"^\W*[-–—:|,(]|[-–—:|,(]\W*$", bare))
    return named[0] if has_sign or re.search(r"(?i)\S\s+OKRs?\b", bare) else ""


def understand(source: SourceFile, options: ImportOptions) -> ImportDraft:
    """What the goals mean; OkrctlError where a number or a day may mean two values, or nothing says the period."""
    draft = ImportDraft(results=list(source.results))
    goals = [goal for top in source.goals for goal in top.walk()]
    draft.seen = {
        "objectives": sum(goal.kind == "objective" for goal in goals),
        "key results": sum(goal.kind == "key-result" for goal in goals),
        "KPIs": sum(goal.kind == "kpi" for goal in goals),
    }
    _take_progress_as_value(goals, draft)
    _read_trimesters(goals, draft)
    _take_names_behind_dashes([goal for goal in goals if goal.kind == "key-result"], draft)
    notation = Notation(options.decimal, options.dates, getattr(options.config, "numbers", None))
    _learn(notation, goals)
    for goal in goals:
        _write_plainly(goal, notation)
    for goal in goals:
        split_days(goal.cells)
        _split_title(goal, notation, draft)
    reader = _Understanding(draft, options, notation)
    try:
        reader.read(source.goals)
    except Ambiguity as doubt:
        error = doubt.error
        raise MissingAnswer(f"line {reader.line}: {error.message}", error.hint or "", error.question) from doubt
    return draft


def _write_plainly(goal: SourceGoal, notation: Notation) -> None:
    """Write the numbers and days of a goal as okrctl writes them."""
    goal.cells = {name: notation.plain(cell) for name, cell in goal.cells.items()}
    goal.series = [reading._replace(value=notation.plain(reading.value)) for reading in goal.series]


def _take_names_behind_dashes(key_results: list[SourceGoal], draft: ImportDraft) -> None:
    """Where nearly all key results end in one capitalized word behind a dash, as `... – Diego`, it names the owner."""
    named = [(goal, found) for goal in key_results if (found := _NAME_BEHIND_DASH.search(goal.cells["title"]))]
    if len(named) < 3 or len(named) < 0.8 * len(key_results) or any("owner" in goal.cells for goal, _ in named):
        return
    for goal, found in named:
        title = goal.cells["title"]
        draft.remark(goal.line, f"'{found['name']}' read as the owner")
        goal.cells |= {"owner": found["name"], "title": f"{title[: found.start()]}{title[found.end() :]}".strip()}


def _describe_doubt(text: str) -> str:
    """Why a text says no period."""
    if not text:
        return "cannot tell its period"
    is_open = _TRIMESTER.search(text) is not None
    return f"'{text}' {'may be a quarter or four months' if is_open else 'is not a valid period'}"


def _read_trimesters(goals: list[SourceGoal], draft: ImportDraft) -> None:
    titles = [goal.cells["title"] for goal in goals]
    for goal in goals:
        spelled, remark = spell_trimesters(goal.cells.get("period", ""), titles)
        if remark:
            goal.cells["period"] = spelled
            draft.remark(goal.line, remark)


def _take_progress_as_value(goals: list[SourceGoal], draft: ImportDraft) -> None:
    """Where no key result says where it stands, and progress exceeds 100, it is no share but the value."""
    measured = [goal for goal in goals if goal.kind == "key-result" and goal.cells.get("progress")]
    if any(goal.cells.get("current") for goal in goals) or any("%" in goal.cells["progress"] for goal in measured):
        return
    numbers = (re.sub(r"[^0-9.,]", "", goal.cells["progress"]) for goal in measured)
    if not any(re.match(r"(?!100$)[1-9][0-9]{2,}|[1-9][0-9]{0,2}[.,][0-9]{3}", number) for number in numbers):
        return
    for goal in measured:
        goal.cells["current"] = goal.cells.pop("progress")
        draft.remark(goal.line, f"progress '{Notation.plain(goal.cells['current'])}' read as the value")


def split_days(cells: dict[str, str]) -> None:
    """Make a first and a last day of a period that names both, as in `April 1, 2026 → June 30, 2026`."""
    days = re.split(r"\s*(?:→|->|–|—|\bto\b|\bbis\b|\bau\b|\s-\s)\s*", cells.get("period", ""))
    if len(days) == 2 and all(re.search(r"[0-9]", day) and not PERIOD_PATTERN.search(day) for day in days):
        del cells["period"]
        cells.setdefault("start_date", days[0])
        cells.setdefault("end_date", days[1])


def _split_title(goal: SourceGoal, notation: Notation, draft: ImportDraft) -> None:
    """Take apart the title, which may say what no cell says."""
    split = phrases.split_objective if goal.kind == "objective" else phrases.split_key_result
    title = goal.cells.get("title", "")
    phrase = split(title)
    goal.cells["title"] = phrase.title
    found = {name for name in phrase.cells if BLANK.fullmatch(goal.cells.get(name, "").strip())}
    goal.cells.update({name: phrase.cells[name] for name in found})
    if "owner" in found and not _OWNER_WORD.search(title):
        draft.remark(goal.line, f"'{goal.cells['owner']}' read as the owner")
    _list_contradictions(goal, {name: text for name, text in phrase.cells.items() if name not in found}, draft)
    for name in found & set(NUMBER_COLUMNS):
        notation.learn_number("title", goal.cells[name])
    _split_cells(goal)
    if goal.kind == "key-result":
        for unread in brackets.find_unread(phrase.title):
            draft.remark(goal.line, f"'{unread}' is kept in the title, its figures are not read")
        _take_value_of_status(goal.cells)


def _list_contradictions(goal: SourceGoal, unused: Mapping[str, str], draft: ImportDraft) -> None:
    """Remark on the numbers of a title whose columns say others."""
    for name, text in unused.items():
        if name in NUMBER_COLUMNS and text != goal.cells[name].strip():
            draft.remark(goal.line, f"'{text}' in the title is not used: its column says '{goal.cells[name]}'")


def _take_value_of_status(cells: dict[str, str]) -> None:
    """A status that is a number, such as `🟢 12.5k` or `1/3`, is where the key result stands."""
    status = cells.get("status", "")
    if cells.get("target") and re.match(r"[$€£]?[0-9]", status) and BLANK.fullmatch(cells.get("current", "")):
        cells["current"] = cells.pop("status")


def _split_cells(goal: SourceGoal) -> None:
    """Signs and phrases in cells: `🟢 On track`, `Increase from 40% to 55%`."""
    cells = goal.cells
    for name in ("status", "confidence", "current", "progress", "target", "start"):
        text = cells.get(name, "")
        plain, status = phrases.find_status(text)
        if plain != text.strip():
            _take_sign(cells, name, plain, status)
    if cells.get("current", "").casefold() in _STATUS_WORDS and not cells.get("status"):
        cells["status"] = cells.pop("current")
    if cells.get("target"):
        split = phrases.split_target(cells["target"])
        for name, value in split.items():
            if name == "target" or not cells.get(name):
                cells[name] = value


def _take_sign(cells: dict[str, str], name: str, plain: str, status: str) -> None:
    """What is left of a cell without its emoji, and what that says of the status."""
    cells[name] = plain or {"confidence": cells[name], "status": status}.get(name, "")
    if status and not cells.get("status"):
        cells["status"] = status


def _learn(notation: Notation, goals: list[SourceGoal]) -> None:
    for goal in goals:
        for name in NUMBER_COLUMNS:
            if goal.cells.get(name):
                notation.learn_number(name, goal.cells[name])
        for name in DAY_COLUMNS:
            if goal.cells.get(name):
                notation.learn_day(name, goal.cells[name])
        for header, cell, _ in goal.series:
            notation.learn_day("series", header)
            notation.learn_number("series", cell)


_STATUS_WORDS = frozenset(
    "on track|at risk|off track|behind|ahead|in progress|not started|delayed|blocked|im plan|gefährdet|"
    "en cours|en curso|en riesgo|em andamento|em risco|in corso|a rischio|op schema".split("|")
)


class _Place(NamedTuple):
    where: GoalLocation
    goal: ImportedGoal


class _Understanding:
    def __init__(self, draft: ImportDraft, options: ImportOptions, notation: Notation) -> None:
        self.draft, self.options, self.notation = draft, options, notation
        self._by_name: dict[str, _Place] = {}
        self._by_source: dict[int, _Place] = {}
        self._is_period_missing = False
        self.line = 1  # of the goal that is being read

    def read(self, goals: list[SourceGoal]) -> None:
        for goal in goals:
            if goal.kind == "kpi":
                self._read_kpi(goal)
            else:
                self._read_objective(goal)
        self._release_ids()
        for goal in goals:
            if id(goal) in self._by_source:
                self._set_parent(goal, self._by_source[id(goal)])
        if self._is_period_missing and not any(True for _ in self.draft.goals()):
            raise MissingAnswer(
                "cannot tell which period this is", "use --period, such as --period 2026-Q2", PERIOD_QUESTION
            )

    def _read_objective(self, source: SourceGoal) -> None:
        self.line = source.line
        report = self._reporter(source)
        place = self._location(source)
        if place is None:
            for child in source.children:
                self.draft.report(
                    child.line, f"'{quantity.truncate(child.cells['title'])}': its objective is not imported"
                )
            return
        goal = self._read_common(source, place.period, report)
        self._read_confidence(goal, source, place.period)
        for name in DERIVED_COLUMNS:
            if source.cells.get(name) and not (name == "status" and goal.data.get("state")):
                report(
                    f"{name} '{quantity.truncate(source.cells[name])}': ignored, an objective gets it from its "
                    f"key results"
                )
        if source.cells.get("priority"):
            _describe(goal, f"Priority: {source.cells['priority']}")
            remark = "objectives have no priority; kept in the description"
            self.draft.remark(source.line, f"priority '{source.cells['priority']}': {remark}")
        self.draft.objectives.append((place, goal))
        self._by_source[id(source)] = _Place(place, goal)
        for name in (source.cells.get("id", ""), source.cells.get("objective_id", ""), goal.title):
            if name:
                self._by_name.setdefault(name.casefold(), _Place(place, goal))
        for child in source.children:
            self._read_key_result(child, place, goal)

    def _read_confidence(self, goal: ImportedGoal, source: SourceGoal, where: Period) -> None:
        """The confidence in an objective as a whole is a reading of it."""
        text = source.cells.get("confidence", "")
        if BLANK.fullmatch(text):
            return
        reader = self._reader(source, where)
        confidence, day = read_confidence(text, reader), min(self.options.today, where.end)
        if confidence is None or day < where.start:
            reader.report(f"confidence '{text}' is not a number from 0 to 10 of {where.id}")
            return
        goal.readings[day], goal.undated_day = {"confidence": confidence}, day

    def _read_key_result(self, source: SourceGoal, place: GoalLocation, above: ImportedGoal) -> None:
        self.line = source.line
        report = self._reporter(source)
        goal = self._read_common(source, place.period, report)
        if source.cells.get("priority"):
            self._set_priority(goal, source.cells["priority"], report)
        reader = self._reader(source, place.period)
        read_measure_and_readings(goal, source.cells, reader)
        self._set_due(goal, source.cells, reader)
        self._read_series(goal, source, reader)
        if goal.data.get("owner") == above.data.get("owner"):
            goal.data.pop("owner", None)
        for decision in self.notation.take_decisions():
            self.draft.remark(source.line, decision)
        above.key_results.append(goal)

    def _reader(self, source: SourceGoal, where: Period) -> Reader:
        return Reader(
            self.options, self.notation, where, self._reporter(source),
            lambda message: self.draft.remark(source.line, message),
        )  # fmt: skip

    def _read_common(self, source: SourceGoal, where: Period, report: Report) -> ImportedGoal:
        """What objectives and key results have in common."""
        cells, goal = source.cells, ImportedGoal(source.line, {})
        identifier = cells.get("id", "")
        if source.kind == "objective":
            identifier = identifier or cells.get("objective_id", "")
        if fields.ID.match(identifier.lower()):
            goal.data["id"] = identifier.lower()
        elif identifier:
            report(f"'{identifier}' is not a valid id; the id is made from the title")
        goal.data["title"] = Prose(cells["title"])
        self._set_texts(goal, source, report)
        self._set_weight(goal, source, report)
        self._set_lists(goal, cells)
        if source.kind != "kpi" and cells.get("kpi"):
            self._set_kpi(goal, source, cells["kpi"])
        goal.data.update({key: Prose(value) for key, value in cells.items() if key.startswith("x-") and value})
        return goal

    def _set_kpi(self, goal: ImportedGoal, source: SourceGoal, name: str) -> None:
        """The KPI that an objective should move; any other stays as text."""
        known = self.options.find_kpi(name)
        if known is not None and source.kind == "objective":
            goal.data["kpis"] = [known.ref]
            return
        _describe(goal, f"KPI: {name}")
        reason = "is not a KPI of the workspace" if known is None else "is not where its readings come from"
        self.draft.remark(source.line, f"'{quantity.truncate(name)}' {reason}; kept in the description")

    def _set_lists(self, goal: ImportedGoal, cells: Cells) -> None:
        """State, tags and links."""
        if cells.get("status", "").casefold() == "draft":
            goal.data["state"] = "draft"
        for key, name, separator in (("tags", "tags", r"[,;\n]"), ("link", "links", r"[;\n]|,(?=\s|https?:)")):
            if words := list(filter(None, map(str.strip, re.split(separator, cells.get(key, ""))))):
                goal.data[name] = [Prose(word) for word in words]

    def _set_texts(self, goal: ImportedGoal, source: SourceGoal, report: Report) -> None:
        """Owner, reason and description; what has no key of its own stays in the description."""
        kept = [source.cells.get("description", "")]
        owner = self.options.owner_id(source.cells.get("owner", ""))
        if owner and self.options.is_unknown_person(owner):
            kept.append(f"Owner: {owner}")
            remark = "is not among `people:` of okrctl.yaml; kept in the description"
            self.draft.remark(source.line, f"owner '{owner}' {remark}")
        elif owner:
            goal.data["owner"] = Prose(owner)
        why = source.cells.get("why", "")
        if source.kind == "objective" and why:
            goal.data["why"] = Prose(why)
        else:
            kept.append(why)
        if any(kept):
            goal.data["description"] = Prose("\n".join(filter(None, kept)))

    def _set_weight(self, goal: ImportedGoal, source: SourceGoal, report: Report) -> None:
        text = source.cells.get("weight", "")
        if BLANK.fullmatch(text):
            return
        amount = self.notation.read_amount("weight", text)
        plain = amount.digits if amount and amount.unit in ("", "%") else text
        try:
            goal.data["weight"] = quantity.format_number(fields.parse_weight(plain))
        except PydanticCustomError as error:
            report(error.message())

    def _set_priority(self, goal: ImportedGoal, text: str, report: Report) -> None:
        found = phrases.read_priority(text)
        if found is not None:
            goal.data["priority"] = found
        else:
            report(f"'{text}' is not a valid priority")

    def _set_due(self, goal: ImportedGoal, cells: Cells, reader: Reader) -> None:
        day = reader.day("end_date", cells["end_date"]) if cells.get("end_date") else None
        if day is None:
            return
        if not reader.where.start <= day <= reader.where.end:
            reader.report(f"due {day} is outside {period.describe(reader.where)}")
        elif day != reader.where.end:
            goal.data["due"] = str(day)

    def _read_series(self, goal: ImportedGoal, source: SourceGoal, reader: Reader) -> None:
        """The cells of columns that are days, weeks or months."""
        for header, cell, note in source.series:
            if BLANK.fullmatch(cell.strip()):
                continue
            day = self.series_day(header, reader.where)
            amount = reader.amount("series", cell) if day else None
            if day is None:
                reader.report(f"'{cell}' of '{header}': the column names no day")
            elif amount is None:
                reader.report(f"'{cell}' of {day} is not a number")
            elif day > reader.options.today or (source.kind != "kpi" and not reader.where.runs_on(day)):
                reader.report(f"'{cell}' of {day} is in the future or outside {reader.where.id}")
            elif {"done", "graded"} & goal.data.keys():
                reader.report(f"'{cell}' of {day}: there is no target to measure it by")
            else:
                value = amount.number_with_percent("unit" not in goal.data)
                goal.readings[day] = {"value": value, "note": Prose(note)} if note else value

    def series_day(self, header: str, where: Period) -> date | None:
        """The day of a column: itself, the last one of its week or month."""
        plain = header.strip()
        week = _WEEK.fullmatch(plain)
        if week:
            return _last_day_of_week(int(week[1] or week[3] or where.start.year), int(week[2]))
        month = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{1,2})[/.]([0-9]{4})", plain)
        if month:
            return _last_day_of_month(int(month[1] or month[4]), int(month[2] or month[3]))
        named = re.fullmatch(r"([^\W\d_]+)\.?(?:[ '/-]+([0-9]{4}|[0-9]{2}))?", plain)
        if named is None or find_month(named[1]) is None:
            return self.notation.read_day("series", header, where.end.year)
        return _last_day_of_named_month(find_month(named[1]) or 0, named[2] or "", where)

    def _set_parent(self, source: SourceGoal, place: _Place) -> None:
        where, goal = place
        text = source.cells.get("parent", "")
        known = self._by_source.get(id(source.parent)) if source.parent is not None else None
        known = known or self._find_named(text)
        if known is None and text and self._set_known_parent(goal, text, where.period):
            return
        if known is None and text:
            known = self._first_parent(source, goal, text)
        elif known is not None and known.goal is goal:
            self._keep_parents(source, goal, [text], True)
            known = None
        if known is None:
            return
        self._make_ids()
        name = f"{known.where.team}/{known.goal.data['id']}"
        goal.data["parent"] = name if known.where.period == where.period else f"{known.where.period.id}/{name}"

    def _set_known_parent(self, goal: ImportedGoal, text: str, where: Period) -> bool:
        """Whether a parent is a goal that the workspace has already."""
        known = self.options.find_parent(text, where) or self.options.find_parent(
            phrases.split_objective(text).title, where
        )
        if known is None or known.period is None:
            return False
        is_same = known.period.id == where.id
        goal.data["parent"] = known.ref.removeprefix(f"{where.id}/") if is_same else known.ref
        return True

    def _first_parent(self, source: SourceGoal, goal: ImportedGoal, text: str) -> _Place | None:
        """The first of several parents that is another goal of the file; all others stay as text."""
        names = list(filter(None, map(str.strip, re.split(r"[,;\n]", text))))
        places = [found for found in map(self._find_named, names) if found is not None and found.goal is not goal]
        if not places:
            self._keep_parents(source, goal, [text], True)
            return None
        self._keep_parents(source, goal, [name for name in names if self._find_named(name) is not places[0]], False)
        return places[0]

    def _find_named(self, text: str) -> _Place | None:
        return self._by_name.get(text.casefold()) or self._by_name.get(phrases.split_objective(text).title.casefold())

    def _keep_parents(self, source: SourceGoal, goal: ImportedGoal, names: list[str], is_unknown: bool) -> None:
        """Parents that are no goal of the file, or more than the one that a goal may have, stay as text."""
        for name in names:
            _describe(goal, f"Parent: {name}")
            reason = (
                f"no goal of the file or the workspace is the parent '{name}'"
                if is_unknown
                else f"one parent is kept, not '{name}'"
            )
            self.draft.remark(source.line, f"{reason}; kept in the description")

    def _release_ids(self) -> None:
        """An id that an earlier goal has in the same place is not one: its goal gets one from its title."""
        taken: dict[object, set[str]] = {}
        places: list[tuple[object, ImportedGoal]] = []
        for where, objective in self.draft.objectives:
            places.append((where, objective))
            places += [(id(objective), key_result) for key_result in objective.key_results]
        for place, goal in (*places, *(("KPIs", kpi) for kpi in self.draft.kpis)):
            name = str(goal.data.get("id", ""))
            if name and name in taken.setdefault(place, set()):
                del goal.data["id"]
                self.draft.remark(goal.line, f"an earlier line has the id '{name}'; the id is made from the title")
            taken.setdefault(place, set()).add(name)

    def _make_ids(self) -> None:
        """Give every objective the id that it will have, once another one refers to its parent by it."""
        taken: dict[GoalLocation, set[str]] = {}
        for where, goal in self.draft.objectives:
            if "id" in goal.data:
                taken.setdefault(where, set()).add(str(goal.data["id"]))
        for where, goal in self.draft.objectives:
            if "id" not in goal.data:
                ids = taken.setdefault(where, set())
                made = slug.slugify(goal.title, ids, "objective")
                goal.data = {"id": made, **goal.data}
                goal.has_made_id = True
                ids.add(made)

    def _location(self, source: SourceGoal) -> GoalLocation | None:
        span = self._period(source)
        team = self._team(source, source.cells.get("team", ""))
        return None if span is None or team is None else GoalLocation(span, team)

    def _team(self, source: SourceGoal, name: str) -> str | None:
        team = self.options.team_id(name) if name else self.options.team or COMPANY
        if self.options.team is not None and team != self.options.team:
            self.draft.report(source.line, f"the objective belongs to the team '{name}', not '{self.options.team}'")
            return None
        if period.looks_like_period(team) or not fields.ID.match(team):
            self.draft.report(source.line, f"the team '{name}' looks like a period")
            return None
        if self.options.is_unknown_team(team):
            self._report_unknown_team(source, name.strip(), team)
            return None
        return team

    def _report_unknown_team(self, source: SourceGoal, name: str, team: str) -> None:
        if name:
            known = tuple(self.options.config.teams or {})
            self.draft.questions.append(Question("team", name, known, f"the team '{name}' is not in okrctl.yaml"))
        shown = name or team
        self.draft.report(
            source.line,
            f"the team '{shown}' is not in okrctl.yaml: add `{team}: {{name: {shown}}}` below `teams:`, "
            f"or give --map-team '{shown}'=ID",
        )

    def _period(self, source: SourceGoal) -> Period | None:
        text, given = source.cells.get("period", ""), self.options.period
        try:
            stated = find_period(text, self.options) if text else self._period_of_days(source.cells)
        except PeriodError as error:
            self.draft.report(source.line, f"{error.message}; {error.hint}")
            return None
        if stated is None and given is None:
            self.draft.report(source.line, f"{_describe_doubt(text)}; use --period, such as --period 2026-Q2")
            self._is_period_missing = True
            self.draft.questions.append(PERIOD_QUESTION)
        elif stated is None and text:
            self.draft.remark(source.line, f"'{text}' is not a valid period; --period decides")
        elif stated and given and stated.id != given.id:
            self.draft.report(source.line, f"the goal belongs to {period.describe(stated)}, not {given.id}")
            return None
        return given or stated

    def _period_of_days(self, cells: Cells) -> Period | None:
        """The period that has exactly the days of a row; PeriodError where none has."""
        days = [self.notation.read_day(name, cells[name]) for name in ("start_date", "end_date") if cells.get(name)]
        if len(days) != 2 or days[0] is None or days[1] is None:
            return None
        start, end = days[0], days[1]
        known = next((found for found in self.options.periods if (found.start, found.end) == (start, end)), None)
        found = known or (period.period_between(start, end, self.options.config.fiscal) if start <= end else None)
        if found is None and self.options.period is None:
            raise PeriodError(f"no period runs from {start} to {end}", "use --period")
        return found

    def _read_kpi(self, source: SourceGoal) -> None:
        self.line = source.line
        report = self._reporter(source)
        title = source.cells["title"]
        better = _direction(source.cells.get("better", "")) or self.options.better.get(title)
        better = better or self.options.better.get("")
        is_known = self._is_known_kpi(source)
        if better is None and not is_known:
            reason = f"the KPI '{quantity.truncate(title)}' does not say whether higher or lower is better"
            self.draft.questions.append(Question("better", title, ("higher", "lower"), reason))
            report(f"{reason}; add a column `better` with higher or lower, or give --better '{title}'=higher")
            return
        today = self.options.today
        where = self.options.period or Period(str(today.year), today.replace(month=1, day=1), today, "custom")
        goal = self._read_common(source, where, report)
        if better is not None:
            goal.data["better"] = better
        if source.cells.get("team"):
            team = self._team(source, source.cells["team"])
            if team is None:
                return
            goal.data["team"] = team
        reader = self._reader(source, where)
        if source.cells.get("unit"):
            goal.data["unit"] = Prose(source.cells["unit"])
        self._read_kpi_value(goal, source, reader)
        self._read_series(goal, source, reader)
        self.draft.kpis.append(goal)

    def _is_known_kpi(self, source: SourceGoal) -> bool:
        """Whether the workspace has the KPI, which says then what is better."""
        identifier = source.cells.get("id", "").lower()
        title = source.cells["title"]
        kpis = self.options.kpis
        return any(kpi.ref == identifier if fields.ID.match(identifier) else kpi.title == title for kpi in kpis)

    def _read_kpi_value(self, goal: ImportedGoal, source: SourceGoal, reader: Reader) -> None:
        for name in ("target", "start", "status", "confidence", "progress", "score"):
            if source.cells.get(name):
                reader.report(f"{name} '{source.cells[name]}': a KPI has readings, a key result has a target")
        amount = reader.amount("current", source.cells.get("current", ""))
        if amount is None:
            if source.cells.get("current"):
                reader.report(f"'{source.cells['current']}' is not a valid number")
            return
        day = reader.day("date", source.cells["date"]) if source.cells.get("date") else None
        goal.undated_day = None if day else self.options.today
        goal.readings[min(day or self.options.today, self.options.today)] = amount.number_with_percent()

    def _reporter(self, source: SourceGoal) -> Report:
        return lambda message: self.draft.report(source.line, message)


def _describe(goal: ImportedGoal, line: str) -> None:
    """Keep a text that has no key of its own in the description."""
    before = str(goal.data.get("description", ""))
    goal.data["description"] = Prose("\n".join(filter(None, [before, line])))


def _last_day_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 7)
    except ValueError:
        return None


def _last_day_of_month(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    return date(year, month, monthrange(year, month)[1])


def _last_day_of_named_month(month: int, year: str, where: Period) -> date | None:
    """Without a year it is that of the period."""
    if year:
        return _last_day_of_month(int(year) + (2000 if len(year) == 2 else 0), month)
    years = (day.year for day in (where.start, where.end) if day.month == month)
    return _last_day_of_month(next(years, where.start.year), month)


_HIGHER = frozenset(
    "higher|up|increase|increasing|more|above|maximize|hoher|höher|steigend|hausse|mayor|maior|maggiore|hoger|↑|▲|maximieren|maximise|supérieur|superior|acima|alta|stijgend|meer|plus|más|mais|più|mehr".split(
        "|"
    )
)
_LOWER = frozenset(
    "lower|down|decrease|decreasing|less|below|minimize|niedriger|fallend|sinkend|baisse|menor|minore|lager|↓|▼|minimieren|minimise|inférieur|inferior|abaixo|baja|dalend|minder|moins|menos|meno|weniger|fewer".split(
        "|"
    )
)


def _direction(text: str) -> str | None:
    words = {text.strip(), *re.findall(r"[^\W_]+", text.casefold())}
    is_higher, is_lower = bool(words & _HIGHER), bool(words & _LOWER)
    return None if is_higher == is_lower else "higher" if is_higher else "lower"


def is_series_header(header: str) -> bool:
    """Whether a column is named after a day, a week or a month."""
    plain = header.strip()
    if _WEEK.fullmatch(plain) or re.fullmatch(
        r"[0-9]{4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?|[0-9]{1,2}[/.][0-9]{4}", plain
    ):
        return True
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})", plain):
        return True
    named = re.fullmatch(r"(?:[0-9]{1,2}[. -]+)?([^\W\d_]+)\.?(?:[ '/-]+([0-9]{4}|[0-9]{2}))?", plain)
    return bool(named and find_month(named[1]))
