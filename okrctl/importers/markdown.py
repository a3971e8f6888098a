"""Reads Markdown: a heading for each objective, below it a table of key results or a list of them by priority."""

from __future__ import annotations

import re
from collections.abc import Mapping

from okrctl.importers import Draft, Place, Thing, columns, rows
from okrctl.importers.markdown_ast import Block, blocks, plain, standing
from okrctl.importers.options import How
from okrctl.schema.settings import COMPANY
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.yaml_edit import Words

OBJECTIVE = re.compile(r"(?i)(?:objective|goal)\s*#?[0-9.]*\s*[:.–—-]\s*(\S.*)|O[0-9]+\s*[:.–—-]\s*(\S.*)")
PRIORITY = re.compile(r"(?i)\**\[?P([0-4])\]?\s*:?\**\s*[:–—-]?\s*(?=\S)(.+)")
KEY_RESULTS = re.compile(r"(?i)(?:\W*)(?:key results?|krs?)\W*")
PERIOD = re.compile(
    r"(?i)\bFY ?[0-9]{2,4}[ /_.-]*[QHT][1-4]\b|\b[0-9]{4}[ /_.-]*[QHT][1-4]\b|\b[QHT][1-4][ /_.-]*(?:FY ?)?[0-9]{2,4}\b"
)
TITLES = ("key_result", "title", "objective")


def read(text: str, how: How, mapping: Mapping[str, str]) -> Draft:
    """What the text says; OkrctlError where nothing says the period of its objectives."""
    found = list(blocks(text))
    reader = _Reader(how, mapping, _objectives(found))
    for block in found:
        reader.take(block)
    if reader.nowhere and not reader.draft.objectives:
        raise OkrctlError("nothing says which period this is", "give --period, such as --period 2026-Q2")
    return reader.draft


def _objectives(found: list[Block]) -> set[int]:
    """The lines of headings that are objectives: they say so, or a table or list of key results follows."""
    lines, last = set(), None
    for block in found:
        if block.kind == "heading":
            last = block
            if OBJECTIVE.fullmatch(plain(block.text).text):
                lines.add(block.line)
                last = None
            elif KEY_RESULTS.fullmatch(block.text):
                last = None
        elif last is not None and last.depth > 1 and _begins_key_results(block):
            lines.add(last.line)
            last = None
    return lines


def _begins_key_results(block: Block) -> bool:
    if block.kind == "header":
        return any(columns.known(plain(cell).text) == "key_result" for cell in block.cells)
    return block.kind == "item" and block.depth == 0 and bool(PRIORITY.fullmatch(block.text))


class _Reader:
    def __init__(self, how: How, mapping: Mapping[str, str], objectives: set[int]) -> None:
        self.how, self.mapping, self.objectives = how, mapping, objectives
        self.draft = Draft()
        self.nowhere = False
        self.spans: list[tuple[int, Period]] = []
        self.objective: Thing | None = None
        self.depth = 0
        self.place: Place | None = None
        self.part = ""  # what the part of the objective's section is about, by its heading
        self.header: dict[int, str] | None = None
        self.width = 0
        self.item: Thing | None = None

    def take(self, block: Block) -> None:
        getattr(self, f"_{block.kind}")(block)

    def _heading(self, block: Block) -> None:
        self.header = self.item = None
        words = plain(block.text).text
        if block.line in self.objectives:
            self._begin(block, words)
            return
        if self.objective is not None and block.depth > self.depth:
            self.part = "key results" if KEY_RESULTS.fullmatch(words) else self._subheading(block, words)
            return
        self.objective, self.part = None, ""
        self.spans = [one for one in self.spans if one[0] < block.depth]
        span = self._period(words)
        if span is not None:
            self.spans.append((block.depth, span))

    def _subheading(self, block: Block, words: str) -> str:
        """A heading with a priority below `Key Results` is one, unless a list named them before."""
        found = PRIORITY.fullmatch(block.text)
        first = self.part == "key results" and self.objective is not None and not self.objective.key_results
        if found and self.place is not None and (first or self.part == "key results by heading"):
            self._listed(block, found)
            return "key results by heading"
        self._lost(block)
        return "key results by list" if self.part.startswith("key results") else words.casefold()

    def _begin(self, block: Block, words: str) -> None:
        found = OBJECTIVE.fullmatch(words)
        title = next(group for group in found.groups() if group) if found else words
        self.depth, self.part = block.depth, ""
        self.objective = Thing(block.line, {"title": Words(title)})
        links = plain(block.text).links
        if links:
            self.objective.data["links"] = [Words(link) for link in links]
        self.place = self._where(block)
        if self.place is not None:
            self.draft.objectives.append((self.place, self.objective))

    def _where(self, block: Block) -> Place | None:
        span = self.spans[-1][1] if self.spans else None
        if span and self.how.period and span.id != self.how.period.id:
            self.draft.refuse(block.line, f"it belongs to {period.described(span)}, not to {self.how.period.id}")
            return None
        span = self.how.period or span
        if span is None:
            self.nowhere = True
            self.draft.refuse(block.line, "nothing says its period; give --period")
            return None
        return Place(span, self.how.team or COMPANY)

    def _period(self, words: str) -> Period | None:
        found = PERIOD.search(words)
        try:
            return period.meant(found[0], self.how.config.fiscal) if found else None
        except period.PeriodError:
            return None

    def _header(self, block: Block) -> None:
        self.item = None
        names = [plain(cell).text for cell in block.cells]
        ours = columns.assigned([name for name in names if name], self.mapping)
        if self.objective is None or not set(TITLES) & set(ours.values()):
            self.header = None
            self.draft.refuse(block.line, f"a table that is none of key results: {', '.join(names)}")
            return
        self.width = len(names)
        self.header = {place: ours[name] for place, name in enumerate(names) if name in ours}
        for name in names:
            if name and name not in ours:
                self.draft.refuse(block.line, f"the column '{name}' is not known; --columns FILE can keep it")

    def _row(self, block: Block) -> None:
        if self.objective is None or self.place is None or self.header is None:
            self._lost(block)
            return
        header = self.header
        cells = {name: standing(block.cells[place]) for place, name in header.items() if place < len(block.cells)}
        name = next(name for name in TITLES if name in header.values())
        place = next(place for place, ours in header.items() if ours == name)
        title = plain(block.cells[place] if place < len(block.cells) else "")
        if not title.text:
            self.draft.refuse(block.line, "the row has no title")
            return
        self._beyond(block)
        cells |= dict.fromkeys(TITLES, "") | ({"priority": cells["priority"]} if cells.get("priority") else {})
        self._add(block, cells, title.text, title.links)

    def _beyond(self, block: Block) -> None:
        rest = [plain(cell).text for cell in block.cells[self.width :] if cell]
        if rest:
            self.draft.refuse(block.line, f"'{', '.join(rest)}' stands beyond the last column")

    def _add(self, block: Block, cells: dict[str, str], title: str, links: tuple[str, ...]) -> None:
        assert self.objective is not None and self.place is not None
        thing = rows.key_result(
            cells, block.line, title, self.place.period, self.how, lambda why: self.draft.refuse(block.line, why)
        )
        if thing is not None:
            if links:
                thing.data["links"] = [Words(link) for link in links]
            self.objective.key_results.append(thing)
        self.item = thing

    def _item(self, block: Block) -> None:
        self.header = None
        found = PRIORITY.fullmatch(block.text)
        if self.objective is None or self.place is None:
            self._lost(block)
        elif found and block.depth == 0 and self.part in ("", "key results", "key results by list"):
            self.part = self.part and "key results by list"
            self._listed(block, found)
        elif self.item is not None and block.depth > 0:
            self._describe(self.item, block)
        elif not self.objective.key_results and not self.part:
            self._describe(self.objective, block)
        else:
            self._lost(block)

    def _listed(self, block: Block, found: re.Match[str]) -> None:
        words = plain(found[2])
        self._add(block, {"priority": found[1]}, words.text, words.links)

    def _text(self, block: Block) -> None:
        self.header = None
        if self.objective is None or self.place is None:
            self._lost(block)
        elif self.part == "key results by heading" and self.item is not None:
            self._describe(self.item, block)
        elif not self.objective.key_results and not self.part:
            self._describe(self.objective, block)
        else:
            self.item = None
            self._lost(block)

    def _describe(self, thing: Thing, block: Block) -> None:
        before = str(thing.data.get("description", ""))
        words = plain(block.text).text
        if words:
            thing.data["description"] = Words(f"{before}\n{words}" if before else words)

    def _lost(self, block: Block) -> None:
        words = plain(block.text).text
        self.draft.refuse(block.line, words if len(words) <= 60 else f"{words[:59]}…")
