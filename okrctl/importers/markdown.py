"""Goals from Markdown: a heading for each objective, below it a table of key results or a list by priority."""

from __future__ import annotations

import re
from collections.abc import Mapping

from okrctl.importers import GoalLocation, ImportDraft, ImportedGoal, ImportOptions, columns, rows
from okrctl.importers.markdown_ast import Block, parse_blocks, strip_markup, strip_struck_text
from okrctl.schema.settings import COMPANY
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.yaml_edit import Prose

OBJECTIVE_HEADING = re.compile(r"(?i)(?:objective|goal)\s*#?[0-9.]*\s*[:.–—-]\s*(\S.*)|O[0-9]+\s*[:.–—-]\s*(\S.*)")
PRIORITY_ITEM = re.compile(r"(?i)\**\[?P([0-4])\]?\s*:?\**\s*[:–—-]?\s*(?=\S)(.+)")
KEY_RESULTS_HEADING = re.compile(r"(?i)(?:\W*)(?:key results?|krs?)\W*")
PERIOD_PATTERN = re.compile(
    r"(?i)\bFY ?[0-9]{2,4}[ /_.-]*[QHT][1-4]\b|\b[0-9]{4}[ /_.-]*[QHT][1-4]\b|\b[QHT][1-4][ /_.-]*(?:FY ?)?[0-9]{2,4}\b"
)
TITLE_COLUMNS = ("key_result", "title", "objective")


def read(text: str, options: ImportOptions, mapping: Mapping[str, str]) -> ImportDraft:
    """The goals of the text; OkrctlError where the period of its objectives is unknown."""
    parsed = list(parse_blocks(text))
    reader = _MarkdownReader(options, mapping, _objective_lines(parsed))
    for block in parsed:
        reader.read_block(block)
    if reader.is_period_missing and not reader.draft.objectives:
        raise OkrctlError("cannot tell the period", "use --period, such as --period 2026-Q2")
    return reader.draft


def _objective_lines(parsed: list[Block]) -> set[int]:
    """The lines of headings that are objectives: by their words, or because key results follow."""
    lines, last = set(), None
    for block in parsed:
        if block.kind == "heading":
            last = block
            if OBJECTIVE_HEADING.fullmatch(strip_markup(block.text).text):
                lines.add(block.line)
                last = None
            elif KEY_RESULTS_HEADING.fullmatch(block.text):
                last = None
        elif last is not None and last.depth > 1 and _begins_key_results(block):
            lines.add(last.line)
            last = None
    return lines


def _begins_key_results(block: Block) -> bool:
    if block.kind == "header":
        return any(columns.find_column(strip_markup(cell).text) == "key_result" for cell in block.cells)
    return block.kind == "item" and block.depth == 0 and bool(PRIORITY_ITEM.fullmatch(block.text))


class _MarkdownReader:
    def __init__(self, options: ImportOptions, mapping: Mapping[str, str], objectives: set[int]) -> None:
        self.options, self.mapping, self.objectives = options, mapping, objectives
        self.draft = ImportDraft()
        self.is_period_missing = False
        self.spans: list[tuple[int, Period]] = []
        self.objective: ImportedGoal | None = None
        self.depth = 0
        self.place: GoalLocation | None = None
        self.section = ""  # the heading of the current part of the objective
        self.header: dict[int, str] | None = None
        self.width = 0
        self.item: ImportedGoal | None = None

    def read_block(self, block: Block) -> None:
        match block.kind:
            case "heading":
                self._read_heading(block)
            case "header":
                self._read_header(block)
            case "row":
                self._read_row(block)
            case "item":
                self._read_item(block)
            case "text":
                self._read_text(block)

    def _read_heading(self, block: Block) -> None:
        self.header = self.item = None
        words = strip_markup(block.text).text
        if block.line in self.objectives:
            self._begin_objective(block, words)
            return
        if self.objective is not None and block.depth > self.depth:
            self.section = (
                "key results" if KEY_RESULTS_HEADING.fullmatch(words) else self._read_subheading(block, words)
            )
            return
        self.objective, self.section = None, ""
        self.spans = [(depth, span) for depth, span in self.spans if depth < block.depth]
        span = self._find_period(words)
        if span is not None:
            self.spans.append((block.depth, span))

    def _read_subheading(self, block: Block, words: str) -> str:
        """Read a heading within an objective. With a priority it is a key result, unless a list had them before."""
        match = PRIORITY_ITEM.fullmatch(block.text)
        first = self.section == "key results" and self.objective is not None and not self.objective.key_results
        if match and self.place is not None and (first or self.section == "key results by heading"):
            self._add_listed(block, match)
            return "key results by heading"
        self._report_unread(block)
        return "key results by list" if self.section.startswith("key results") else words.casefold()

    def _begin_objective(self, block: Block, words: str) -> None:
        match = OBJECTIVE_HEADING.fullmatch(words)
        title = next(group for group in match.groups() if group) if match else words
        self.depth, self.section = block.depth, ""
        self.objective = ImportedGoal(block.line, {"title": Prose(title)})
        links = strip_markup(block.text).links
        if links:
            self.objective.data["links"] = [Prose(link) for link in links]
        self.place = self._location(block)
        if self.place is not None:
            self.draft.objectives.append((self.place, self.objective))

    def _location(self, block: Block) -> GoalLocation | None:
        span = self.spans[-1][1] if self.spans else None
        if span and self.options.period and span.id != self.options.period.id:
            self.draft.report(block.line, f"of {period.describe(span)}, not {self.options.period.id}")
            return None
        span = self.options.period or span
        if span is None:
            self.is_period_missing = True
            self.draft.report(block.line, "cannot tell the period; use --period")
            return None
        return GoalLocation(span, self.options.team or COMPANY)

    def _find_period(self, words: str) -> Period | None:
        match = PERIOD_PATTERN.search(words)
        try:
            return period.parse_loose(match[0], self.options.config.fiscal) if match else None
        except period.PeriodError:
            return None

    def _read_header(self, block: Block) -> None:
        self.item = None
        names = [strip_markup(cell).text for cell in block.cells]
        ours = columns.map_columns([name for name in names if name], self.mapping)
        if self.objective is None or not set(TITLE_COLUMNS) & set(ours.values()):
            self.header = None
            self.draft.report(block.line, f"not a table of key results: {', '.join(names)}")
            return
        self.width = len(names)
        self.header = {place: ours[name] for place, name in enumerate(names) if name in ours}
        for name in names:
            if name and name not in ours:
                self.draft.report(block.line, f"unknown column '{name}'; --columns FILE can keep it")

    def _read_row(self, block: Block) -> None:
        if self.objective is None or self.place is None or self.header is None:
            self._report_unread(block)
            return
        header = self.header
        cells = {
            name: strip_struck_text(block.cells[place]) for place, name in header.items() if place < len(block.cells)
        }
        place = _title_column(header)
        title = strip_markup(block.cells[place] if place < len(block.cells) else "")
        if not title.text:
            self.draft.report(block.line, "the row has no title")
            return
        self._report_extra_cells(block)
        cells |= dict.fromkeys(TITLE_COLUMNS, "") | ({"priority": cells["priority"]} if cells.get("priority") else {})
        self._add_key_result(block, cells, title.text, title.links)

    def _report_extra_cells(self, block: Block) -> None:
        rest = [strip_markup(cell).text for cell in block.cells[self.width :] if cell]
        if rest:
            self.draft.report(block.line, f"'{', '.join(rest)}' is beyond the last column")

    def _add_key_result(self, block: Block, cells: dict[str, str], title: str, links: tuple[str, ...]) -> None:
        assert self.objective is not None and self.place is not None
        goal = rows.read_key_result(
            cells,
            block.line,
            title,
            self.place.period,
            self.options,
            lambda message: self.draft.report(block.line, message),
        )
        if goal is not None:
            if links:
                goal.data["links"] = [Prose(link) for link in links]
            self.objective.key_results.append(goal)
        self.item = goal

    def _read_item(self, block: Block) -> None:
        self.header = None
        match = PRIORITY_ITEM.fullmatch(block.text)
        if self.objective is None or self.place is None:
            self._report_unread(block)
        elif match and block.depth == 0 and self.section in ("", "key results", "key results by list"):
            self.section = self.section and "key results by list"
            self._add_listed(block, match)
        elif self.item is not None and block.depth > 0:
            self._add_description(self.item, block)
        elif not self.objective.key_results and not self.section:
            self._add_description(self.objective, block)
        else:
            self._report_unread(block)

    def _add_listed(self, block: Block, match: re.Match[str]) -> None:
        words = strip_markup(match[2])
        self._add_key_result(block, {"priority": match[1]}, words.text, words.links)

    def _read_text(self, block: Block) -> None:
        self.header = None
        if self.objective is None or self.place is None:
            self._report_unread(block)
        elif self.section == "key results by heading" and self.item is not None:
            self._add_description(self.item, block)
        elif not self.objective.key_results and not self.section:
            self._add_description(self.objective, block)
        else:
            self.item = None
            self._report_unread(block)

    def _add_description(self, goal: ImportedGoal, block: Block) -> None:
        before = str(goal.data.get("description", ""))
        words = strip_markup(block.text).text
        if words:
            goal.data["description"] = Prose(f"{before}\n{words}" if before else words)

    def _report_unread(self, block: Block) -> None:
        words = strip_markup(block.text).text
        self.draft.report(block.line, words if len(words) <= 60 else f"{words[:59]}…")


def _title_column(header: Mapping[int, str]) -> int:
    """The place of the column with the title of a key result."""
    name = next(name for name in TITLE_COLUMNS if name in header.values())
    return next(place for place, ours in header.items() if ours == name)
