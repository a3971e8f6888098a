"""Finds goals in a table: its header, its rows, what a row is, and what belongs below what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from okrctl.importers import PERIOD_QUESTION, MissingAnswer, SourceFile, SourceGoal, SourceReading
from okrctl.importers.columns import JOINED, LISTED, OF_OBJECTIVE, Grid, Kind, Row, build_grid, kind_of_level
from okrctl.importers.meaning import find_period, find_team, headers, phrases, split_days
from okrctl.importers.meaning.headers import HeaderColumn
from okrctl.importers.options import ImportOptions
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import truncate

MAX_COLUMNS = 2_000
MAX_ROWS = 100_000
MAX_HEADER_ROW = 30  # titles and notes above a header are short
MEASURE_COLUMNS = ("metric", "start", "target", "current", "progress", "score", "mid")
TOTALS = re.compile(
    r"(?i)\W*(?:(?:grand|sub)[ -]?)?(?:totals?|sum|average|overall|mean|summe|gesamt(?:summe|ergebnis)?|"
    r"durchschnitt|schnitt|"
    r"somme|moyenne|suma|promedio|soma|m[ée]dia|totale|somma|totaal|gemiddeld[e]?)"
    r"(?: (?:OKRs?|(?:O|objective) ?[0-9]*))?(?: (?:score|progress|grade|rating|completion))?"
    r"(?:\s*[:=]?\s*[0-9]+(?:[.,][0-9]+)?\s?%?)?\W*"
)
TEXT_COLUMNS = frozenset(("description", "why", "note", "link", "tags"))  # may have several lines
_PLACE_COLUMNS = ("team", "period", "start_date", "end_date", "objective_id")
_BULLET = re.compile(r"[-*•‣▪◦–]\s+")
_LISTED = re.compile(r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.):]|[a-z][.)])\s+\S")
_NUMBERING = re.compile(r"(?i)(?:(?:kr|o)\s*)?[#(]?[0-9]{1,3}(?:\.[0-9]{1,3})*[.):]?|[a-z][.)]?")
_ADDRESS = re.compile(r"\s*\((https?://[^\s()]+)\)")
_OBJECTIVE_NUMBER = re.compile(r"(?i)(?:o|obj|objective|goal)\W?[0-9]{1,2}\W?")
_KEY_RESULT_NUMBER = re.compile(r"(?i)(?:kr|o[0-9]{1,2}\W?kr)\W?[0-9]{1,2}(?:\.[0-9]{1,2})*\W?")


def parse_delimited(name: str, text: str) -> list[Row]:
    """The rows of a text with commas, semicolons, tabs or bars between its cells."""
    found: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=detect_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            require_columns(f"{name}:{line}", len(cells))
            if len(found) >= MAX_ROWS:
                raise OkrctlError(f"{name} has more than {MAX_ROWS:,} rows", "split it into several files")
            found.append(Row(line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "shorten that cell" if "field larger" in str(error) else "save it as CSV in UTF-8"
        raise OkrctlError(f"{name}:{line} is not valid CSV: {error}", hint) from error
    return found


def require_columns(place: str, count: int) -> None:
    """Raise OkrctlError for a table that is wider than any of goals."""
    if count > MAX_COLUMNS:
        raise OkrctlError(f"{place}: {count:,} columns, at most {MAX_COLUMNS:,} are read", "split it")


def detect_delimiter(text: str) -> str:
    """The sign between cells: the one that csv.Sniffer finds, unless another cuts more lines into equal rows."""
    sample = "\n".join(text.splitlines()[:60])[:20_000]
    counts: dict[str, tuple[int, int]] = {}
    for sign in ",;\t|":
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=sign) if any(cells)]
        except csv.Error:
            continue
        if widths and max(widths) > 1:
            usual = max(set(widths), key=lambda width: (widths.count(width) if width > 1 else 0, width))
            counts[sign] = (widths.count(usual), usual)
    if not counts:
        return ","
    best = max(counts, key=lambda sign: counts[sign])
    try:
        sniffed = csv.Sniffer().sniff(sample, "".join(counts)).delimiter
    except csv.Error:
        return best
    return sniffed if counts.get(sniffed) == counts[best] else best


def read(
    name: str, rows: Sequence[Row], options: ImportOptions, mapping: Mapping[str, str], title: str = ""
) -> SourceFile:
    """The goals of a table, whose `title` may name the period; OkrctlError where no column has titles."""
    source = SourceFile()
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise OkrctlError(f"{name} has no header line", "start it with the names of the columns")
    place = find_header_row(filled, mapping)
    context = _read_above(filled[:place], options, source)
    if title and find_period(title, options) is not None:
        context.setdefault("period", title)
    bounds = _header_rows(filled, place)
    for number, at in enumerate(bounds):
        end = bounds[number + 1] if number + 1 < len(bounds) else len(filled)
        grid = build_grid(filled[at].cells, filled[at + 1 : end], mapping, source, filled[at].line)
        _require_columns(grid, filled[at], options, context)
        assemble(grid, source, context, title_of_file(name))
    return source


def _header_rows(rows: Sequence[Row], first: int) -> list[int]:
    """The rows that are headers: the first, and all below it of which each cell is a name of a column."""
    return [first, *(at for at in range(first + 1, len(rows)) if _is_header(rows[at]))]


def _is_header(row: Row) -> bool:
    names = [cell for cell in row.cells if cell]
    ours: set[str] = set()
    for name in names if len(names) >= 3 else ():
        column = headers.find_header(name, with_typos=False)
        if column is None or column.ours in ours:
            return False
        ours.add(column.ours)
    return not ours.isdisjoint(headers.TITLE_COLUMNS)


def _require_columns(grid: Grid, header: Row, options: ImportOptions, context: Mapping[str, str]) -> None:
    """Raise OkrctlError for a table without titles, or whose period nothing says."""
    ours = {column.ours for column in grid.columns if column}
    if not set(headers.TITLE_COLUMNS) & ours:
        names = ", ".join(filter(None, header.cells))
        raise OkrctlError("no title column found", f"columns: {truncate_names(names)}; map one with --columns FILE")
    if options.period is None and not {"period", "end_date"} & (ours | context.keys()) and "kpi" not in ours:
        hint = "use --period, such as --period 2026-Q2"
        raise MissingAnswer("cannot tell which period this is", hint, PERIOD_QUESTION)


def truncate_names(names: str) -> str:
    """A list of names that fits into a message."""
    return names if len(names) <= 300 else f"{names[:299]}…"


def find_header_row(rows: Sequence[Row], mapping: Mapping[str, str]) -> int:
    """Which row has the names of columns: the first with several known ones, among them one for titles."""
    best, best_count = 0, 0
    for place, row in enumerate(rows[:MAX_HEADER_ROW]):
        if mapping and set(mapping) <= set(row.cells):
            return place
        found = _possible_columns(row)
        if len(found) > best_count and (len(found) >= 2 or place == 0) and set(headers.TITLE_COLUMNS) & found:
            best, best_count = place, len(found)
    return next((place for place, row in enumerate(rows[:best]) if _is_header(row)), best)


def _possible_columns(row: Row) -> set[str]:
    """What the cells of a row may name as columns."""
    known = (headers.find_header(cell) for cell in row.cells if cell)
    found = {column.ours for column in known if column and not column.guess}
    return found.union(*(headers.AMBIGUOUS_NAMES.get(headers.normalize(cell), ()) for cell in row.cells))


def _read_above(rows: Sequence[Row], options: ImportOptions, source: SourceFile) -> dict[str, str]:
    """What the rows above the header say of all: period, team, owner."""
    context: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        text = " ".join(cells)
        if known := _fields_above(cells):
            context.update(known)
        elif find_period(text, options) is not None:
            context.setdefault("period", text)
            if team := find_team(text, options):
                context.setdefault("team", team)
                source.remark(row.line, f"team '{team}' read from the line above the header")
            source.remark(row.line, f"'{truncate(text)}' names the period")
        else:
            source.report(row.line, f"{truncate(text)}: a line above the header")
    return context


def _fields_above(cells: Sequence[str]) -> dict[str, str]:
    """Fields in a row above the header: each cell is one, or two cells are its name and its value."""
    if title := _objective_above(cells):
        return {"objective": title}
    texts = [f"{cells[0].rstrip(':')}: {cells[1]}"] if len(cells) == 2 else cells
    pairs = map(phrases.find_field, texts)
    return {pair[0]: pair[1] for pair in pairs if pair and pair[0] in ("team", "period", "owner") and pair[1]}


def _objective_above(cells: Sequence[str]) -> str:
    """`Objective` beside its title, or before it behind a colon, in a row above the header."""
    label, _, title = (f"{cells[0].rstrip(':')}:{cells[1]}" if len(cells) == 2 else cells[0]).partition(":")
    column = headers.find_header(label, with_typos=False) if len(cells) <= 2 else None
    return title.strip() if column and column.ours == "objective" else ""


def row_cells(grid: Grid, row: Row, source: SourceFile) -> tuple[dict[str, str], list[SourceReading]]:
    """The cells of a row under our names, and those of columns that are days."""
    cells: dict[str, str] = {}
    series: list[SourceReading] = []
    for column, name, cell in zip(grid.columns, grid.names, row.cells, strict=False):
        if column is None or not (cell or column.qualifier == LISTED):
            continue
        if column.ours == "series":
            series.append(SourceReading(column.qualifier, cell))
            continue
        is_share = column.ours == "progress" and "%" in name and re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", cell)
        text = _join(column, f"{cell}%" if is_share else cell, cells.get(column.ours, ""))
        cells[column.ours] = _without_address(cells, column.ours, text)
        _use_qualifier(cells, column)
    split_days(cells)
    rest = [cell for cell in row.cells[len(grid.columns) :] if cell]
    if rest:
        source.report(row.line, f"'{truncate(' '.join(rest))}' is beyond the last column")
    return cells, series


def _join(column: HeaderColumn, cell: str, there: str) -> str:
    """A cell behind what another column of the same kind has: as one more of several, or as a part of it."""
    if column.qualifier == LISTED:
        shown = " ".join(cell.split()) or ("" if column.ours == "key_result" else "n/a")
        return f"{there}\n- {shown}".strip()
    return f"{there} {cell}".strip() if column.qualifier == JOINED else cell


def _without_address(cells: dict[str, str], ours: str, cell: str) -> str:
    """`Shops trust us (https://example.org/4711)` is a link to a page of that name."""
    if ours not in (*headers.TITLE_COLUMNS, "parent", "owner", "team"):
        return cell
    found = _ADDRESS.search(cell)
    if found and ours in ("key_result", "title"):
        cells.setdefault("link", found[1])
    return _ADDRESS.sub("", cell).strip() or cell


def join_lines(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells on one line each, but for texts."""
    return {name: cell if name in TEXT_COLUMNS else " ".join(cell.split()) for name, cell in cells.items()}


def split_lines(cells: dict[str, str]) -> list[dict[str, str]]:
    """The rows that a row stands for, whose cell of key results has several of them on lines of their own.

    Cells with as many lines belong to the key results one by one, the others to the objective, if the row has one.
    """
    lines = _lines_of(cells.get("key_result", ""))
    if len(lines) < 2:
        return [join_lines(cells)]
    parallel = _parallel_cells(cells, len(lines))
    if not _is_list(lines, cells, not parallel.keys().isdisjoint(("target", "current", "start"))):
        return [join_lines(cells)]
    shared = {name: cell for name, cell in join_lines(cells).items() if name != "key_result" and name not in parallel}
    inherited, head = shared, list[dict[str, str]]()
    if shared.get("objective"):
        inherited = {name: shared[name] for name in ("objective", *_PLACE_COLUMNS) if name in shared}
        head = [shared]
    own = ({name: found[place] for name, found in parallel.items()} for place in range(len(lines)))
    return head + [{**inherited, **cells, "key_result": line} for line, cells in zip(lines, own, strict=True)]


def _parallel_cells(cells: Mapping[str, str], count: int) -> dict[str, list[str]]:
    """The cells that have as many lines, by their names."""
    found = {name: _lines_of(cell) for name, cell in cells.items()}
    titles = ("objective", "key_result", *TEXT_COLUMNS)
    return {name: lines for name, lines in found.items() if name not in titles and len(lines) == count}


def _lines_of(cell: str) -> list[str]:
    return [_BULLET.sub("", line.strip(), count=1) for line in cell.splitlines() if line.strip(" -*•")]


def _is_list(lines: Sequence[str], cells: Mapping[str, str], is_parallel: bool) -> bool:
    """Whether the lines of a cell are a list, and not a text that was broken to fit."""
    written = [line.strip() for line in cells["key_result"].splitlines() if line.strip(" -*•")]
    if is_parallel or all(
        _BULLET.match(line) or _LISTED.match(line) or phrases.split_prefix(line).is_key_result for line in written
    ):
        return True
    is_measured = any(cells.get(name) for name in MEASURE_COLUMNS)
    return not is_measured and all(len(line.split()) > 1 and not line[0].islower() for line in lines)


def is_total(row: Row, cells: Mapping[str, str]) -> bool:
    """Whether a row sums up others: it begins so, and names no goal."""
    first = next(filter(None, row.cells), "")
    titles = [cells[name] for name in headers.TITLE_COLUMNS if cells.get(name)]
    return bool(TOTALS.fullmatch(first)) and all(TOTALS.fullmatch(title) for title in titles)


def _use_qualifier(cells: dict[str, str], column: HeaderColumn) -> None:
    """`Current (as of 2026-05-01)` dates the values, `Target (%)` has their unit."""
    text = re.sub(r"(?i)^(?:as of|as at|stand|per|am|vom|le|il|al|em|op)\s+", "", column.qualifier)
    if column.ours == "current" and re.search(r"[0-9]{1,4}[-/. ]", text):
        cells.setdefault("date", text)
    elif column.ours in ("start", "target", "current") and re.fullmatch(r"%|[$€£]|[A-Z]{3}|[a-zµ]{1,5}", text):
        cells.setdefault("unit", text)


def assemble(grid: Grid, source: SourceFile, context: Mapping[str, str], default_title: str) -> None:
    """Objectives with the key results of the rows below them."""
    _Assembler(grid, source, context, default_title).read()


def title_of_file(name: str) -> str:
    """A title made of the name of a file."""
    stem = re.sub(r"\.[^.]+$", "", name.replace("\\", "/").rpartition("/")[2])
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    return words[:1].upper() + words[1:] if words and words != "-" else "Key results"


def _level_of_numbering(text: str) -> str:
    """`O1` numbers an objective, `KR1.2` a key result."""
    if _OBJECTIVE_NUMBER.fullmatch(text):
        return "objective"
    return "key result" if _KEY_RESULT_NUMBER.fullmatch(text) else ""


def _of_objective(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells that say of the objective what others say of the key result."""
    return {name[len(OF_OBJECTIVE) :]: cell for name, cell in cells.items() if name.startswith(OF_OBJECTIVE)}


def _without_those_of_objective(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if not name.startswith(OF_OBJECTIVE)}


def _is_measured(cells: Mapping[str, str]) -> bool:
    return any(cells.get(name) for name in MEASURE_COLUMNS)


class _Assembler:
    def __init__(self, grid: Grid, source: SourceFile, context: Mapping[str, str], default_title: str) -> None:
        self.grid, self.source = grid, source
        self.context = {name: value for name, value in context.items() if name != "objective"}
        self.title_above = context.get("objective", "")
        self.ours = {column.ours for column in grid.columns if column}
        self.default_title = default_title
        self.by_name: dict[str, SourceGoal] = {}
        self.defaults: dict[tuple[str, ...], SourceGoal] = {}
        self.is_outline = False  # rows without numbers are the objectives of those below them

    def read(self) -> None:
        """Objectives first, since a key result may stand above its own."""
        kinds = [(row, *row_cells(self.grid, row, self.source)) for row in self.grid.rows]
        entries = [
            (row.line, split, series)
            for row, cells, series in kinds
            if not self._is_total(row, cells)
            for split in split_lines(self._with_section(row.line, cells))
        ]
        self._fill_down(entries)
        self.is_outline = self._has_outline([cells for _, cells, _ in entries])
        found = [(line, self._kind(line, cells), cells, series) for line, cells, series in entries]
        for line, kind, cells, series in found:
            if kind == "objective":
                self._add_objective(line, self._title(cells, kind), cells)
            elif kind == "kpi":
                goal = SourceGoal(
                    line, "kpi", {**self.context, **cells, "title": self._title(cells, kind)}, series=series
                )
                self.source.goals.append(goal)
        for line, kind, cells, series in found:
            if kind == "key-result":
                self._add_key_result(line, cells, series)

    def _with_section(self, line: int, cells: dict[str, str]) -> dict[str, str]:
        """A row with a title and nothing else is that of the objective of the rows below it."""
        section = cells.pop("section", "")
        if (level := _level_of_numbering(section or cells.get("id", ""))) and not {"level", "objective"} & self.ours:
            return {**cells, "level": level}
        if list(cells) == ["key_result"] and phrases.split_prefix(cells["key_result"]).is_objective:
            return {"objective": cells["key_result"]}
        if not section or _NUMBERING.fullmatch(section):
            return cells
        if "objective" not in self.ours and {"key_result", "title"} & self.ours:
            return {**cells, "objective": section}
        self.source.report(line, f"'{truncate(section)}' is in a column without a name")
        return cells

    def _is_total(self, row: Row, cells: Mapping[str, str]) -> bool:
        if not is_total(row, cells):
            return False
        self.source.report(row.line, f"'{truncate(next(filter(None, row.cells)))}': a row of totals")
        return True

    def _fill_down(self, entries: list[tuple[int, dict[str, str], list[SourceReading]]]) -> None:
        """An empty objective, with its team and period, means as above."""
        above: dict[str, str] = {}
        for _, cells, _ in entries:
            if cells.get("objective"):
                above = {
                    name: cells[name] for name in ("objective", "team", "period", "objective_id") if cells.get(name)
                }
            elif (
                above
                and cells.get("key_result", cells.get("title"))
                and not (cells.get("parent") or cells.get("level"))
            ):
                for name, value in above.items():
                    cells.setdefault(name, value)

    def _title(self, cells: Mapping[str, str], kind: str) -> str:
        order = {"objective": ("objective", "title", "key_result"), "kpi": ("kpi",)}.get(
            kind, ("key_result", "title", "kpi")
        )
        return next((cells[name] for name in order if cells.get(name)), "")

    def _kind(self, line: int, cells: Mapping[str, str]) -> Kind | None:
        """What a row is, by its level, by the columns that it fills, by its prefix, by its parent and measures."""
        if not any(cells.get(name) for name in headers.TITLE_COLUMNS):
            self.source.report(line, "the row has no title")
            return None
        if _OBJECTIVE_NUMBER.fullmatch(cells.get("objective", "")) and not cells.get("key_result"):
            self.source.report(line, f"'{cells['objective']}' is a number, not the title of an objective")
            return None
        if cells.get("level"):
            return self._kind_of_level(line, cells)
        if cells.get("objective"):
            return "key-result" if cells.get("key_result") or cells.get("title") else "objective"
        if cells.get("kpi") and not {"objective", "key_result", "title"} & self.ours:
            return "kpi"
        return "key-result" if cells.get("key_result") else self._kind_of_title(cells)

    def _kind_of_title(self, cells: Mapping[str, str]) -> Kind:
        phrase = phrases.split_prefix(cells.get("title", ""))
        if phrase.is_key_result or phrase.is_objective:
            return "key-result" if phrase.is_key_result else "objective"
        is_below = bool(cells.get("parent") or cells.get("objective_id"))
        if self.is_outline or is_below:
            has_no_numbers = not self.is_outline and self.ours.isdisjoint(MEASURE_COLUMNS)
            return "key-result" if _is_measured(cells) or has_no_numbers else "objective"
        return "key-result" if self._is_flat() else "objective"

    def _has_outline(self, rows: Sequence[Mapping[str, str]]) -> bool:
        """Whether the first row has a title and no number, and most of the others have numbers."""
        if {"objective", "key_result", "level", "parent"} & self.ours or "target" not in self.ours:
            return False
        measured = [_is_measured(cells) for cells in rows if cells.get("title")]
        return bool(measured) and not measured[0] and 2 * sum(measured) >= len(measured)

    def _is_flat(self) -> bool:
        """Whether the table has values and targets, and no way to say what an objective is."""
        structured = {"objective", "level", "parent", "objective_id"} & self.ours
        return not structured and "target" in self.ours and bool({"start", "current"} & self.ours)

    def _kind_of_level(self, line: int, cells: Mapping[str, str]) -> Kind | None:
        if kind := kind_of_level(cells["level"]):
            return kind
        if cells.get("objective") and cells.get("key_result"):
            return "key-result"  # the column is that of the metric's type
        self.source.report(line, f"'{cells['level']}' is not a valid level; use objective or key result")
        return None

    def _add_objective(self, line: int, title: str, cells: Mapping[str, str]) -> SourceGoal:
        cells = {**_without_those_of_objective(cells), **_of_objective(cells)}
        known = self.by_name.get(title.casefold())
        if known is not None and known.cells.get("declared") != "yes" and not cells.get("id"):
            known.cells.update({name: value for name, value in cells.items() if name not in ("objective", "title")})
            return known
        goal = SourceGoal(line, "objective", {**self.context, **cells, "title": title})
        for name in ("objective", "key_result"):
            goal.cells.pop(name, None)
        self.source.goals.append(goal)
        names = [cells.get(name, "") for name in ("id", "alias", "objective_id")]
        for name in filter(None, (*names, title, phrases.split_objective(title).title)):
            self.by_name.setdefault(name.casefold(), goal)
        return goal

    def _add_key_result(self, line: int, cells: dict[str, str], series: list[SourceReading]) -> None:
        above = self._find_objective(line, cells)
        inherited = ("objective", "key_result", "team", "period", "objective_id", "parent", "level")
        own = {name: value for name, value in _without_those_of_objective(cells).items() if name not in inherited}
        if own.get("measure_name"):
            own["description"] = "\n".join(filter(None, (own.get("description"), f"Metric: {own.pop('measure_name')}")))
        if cells.get("objective") and cells.get("level") and "metric" not in self.ours:
            own["metric"] = cells["level"]
        title = self._title(cells, "key-result")
        if own.get("kpi") == title:
            del own["kpi"]
        above.children.append(SourceGoal(line, "key-result", {**own, "title": title}, series=series))

    def _find_objective(self, line: int, cells: dict[str, str]) -> SourceGoal:
        name = cells.get("objective") or cells.get("parent") or cells.get("objective_id", "")
        if not name:
            return self._last_above(line) or self._default_objective(line, cells)
        known = self.by_name.get(name.casefold())
        if known is not None:
            return known
        if cells.get("objective"):
            place = {key: cells[key] for key in _PLACE_COLUMNS if cells.get(key)}
            place |= _of_objective(cells)
            if cells.get("parent"):
                place["parent"] = cells["parent"]
            return self._add_objective(line, name, place)
        title = truncate(self._title(cells, "key-result"))
        cells["description"] = "\n".join(filter(None, [cells.get("description", ""), f"Parent: {name}"]))
        self.source.remark(
            line, f"'{title}': the file has no row for its objective '{truncate(name)}'; kept in the description"
        )
        return self._default_objective(line, cells)

    def _last_above(self, line: int) -> SourceGoal | None:
        """The objective that stands above a row, in a table that has them as rows of their own."""
        made = set(map(id, self.defaults.values()))
        above = [goal for goal in self.source.goals if goal.kind == "objective" and goal.line < line]
        above = [goal for goal in above if id(goal) not in made]
        return max(above, key=lambda goal: goal.line) if above and "parent" not in self.ours else None

    def _default_objective(self, line: int, cells: Mapping[str, str]) -> SourceGoal:
        """The objective named after the file, of the row's team and period."""
        place = {key: cells[key] for key in ("team", "period", "start_date", "end_date") if cells.get(key)}
        own = tuple(cells.get(key, "") for key in ("team", "period"))
        if own not in self.defaults:
            title = self.title_above or self.default_title
            goal = SourceGoal(line, "objective", {**self.context, **place, "title": title})
            self.defaults[own] = goal
            self.source.goals.append(goal)
            if self.title_above:
                return goal
            self.source.remark(line, f"no objective: '{self.default_title}' is made from the file name")
        return self.defaults[own]
