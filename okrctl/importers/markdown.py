"""Finds goals in Markdown: what is an objective, what is a key result below it, what are fields of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from okrctl.importers import SourceFile, SourceGoal, SourceReading, columns, table
from okrctl.importers.blocks import Block, Line
from okrctl.importers.markdown_blocks import parse_blocks
from okrctl.importers.meaning import find_period, find_team, headers, names_only_period, phrases
from okrctl.importers.options import ImportOptions
from okrctl.values.quantity import truncate

# What begins a paragraph or item and says that it is an objective; `Goal:` in running text does not.
_OBJECTIVE_LINE = re.compile(
    r"(?i)(?:objectives?|ziel|objectif|objetivo|obiettivo)\s*#?(?:\b[A-Z]\b)?[0-9.]*\s*[:.–—·•|>-]\s*(?=\S)|O(?:\s*[0-9]+\s*[:.–—)·•|>-]|:)\s*(?=\S)"
)
_FULL_TITLE = re.compile(r"(?i)(?:objective|objectif|objetivo|obiettivo|ziel|doel)\s*:\s*(?P<title>\S.*)")
_NUMBERED_OBJECTIVE = re.compile(r"(?i)\W*(?:objective|goal|ziel|objectif|objetivo|obiettivo|doel)\s*#?[0-9]+\W*")
_TITLE_PAGE = re.compile(
    r"(?i)\b(?:OKRs?|objectives?|key results?|goals?|quarterly|setting|plan|planning|review|ziele|draft)\b|[0-9]{4}"
)
_OVERVIEW = re.compile(r"(?i)\bOKRs?\b|\bobjectives? (?:and|&) key results?\b|\bkey results?\b|\b(?:19|20)[0-9]{2}\b")
_OKRS = re.compile(  # `Our OKRs this quarter`
    r"(?i)\W*(?:(?:our|the|my|current|team|company)\s+)*OKRs?(?:\s+(?:for\s+)?(?:this|the|current)\s+\w+)?\W*"
)
_NOT_KEY_RESULTS = re.compile(
    r"(?i)\W*(?:dependenc|risk|initiative|note|alternative|background|context|rational|not included|why|resource|link|"
    r"action|next step|task|comment|assumption|stakeholder|milestone|abhängigkeit|risik|maßnahm|initiativ|risque|"
    r"riesgo|rischi)"
)
_LINE_NUMBER = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}[.)]?\s+(?=[^\W\d_])")
_GOALS_HEADING = re.compile(r"(?i)\b(?:OKRs?|objectives?|goals?|ziele|objectifs|objetivos|obiettivi|doelen)\b")
KEY_RESULTS = "key results"
_DAY_NAMES = frozenset("date day week month datum tag woche monat fecha semana mes data semaine mois settimana".split())
NO_DEPTH = 9  # deeper than any heading


def read(name: str, text: str, options: ImportOptions, mapping: Mapping[str, str]) -> SourceFile:
    """The goals of a text, and each line that is none of a goal."""
    blocks = parse_blocks(text)
    reader = _MarkdownReader(name, blocks, options, mapping)
    for place, block in enumerate(blocks):
        reader.take(place, block)
    reader.finish()
    return reader.source


def is_key_result_table(block: Block) -> bool:
    """Whether a table names key results in its header, and no objectives."""
    found = {column.ours for column in map(headers.find_header, (line.text for line in block.header)) if column}
    return block.kind == "table" and "key_result" in found and "objective" not in found


def is_numbered_line(block: Block) -> bool:
    """Whether a line below an item is numbered as a part of it: `1.2 Hours at the quay`."""
    return block.kind == "text" and block.depth >= 0 and bool(_LINE_NUMBER.match(block.text))


class Outline:
    """Which blocks begin an objective, seen from what stands below them."""

    def __init__(self, blocks: Sequence[Block], options: ImportOptions) -> None:
        self.blocks, self.options = blocks, options
        self.headings = self._headings_above()
        self.objectives: dict[int, Literal["stated", "implied"]] = {}
        self.key_results = self._measured_headings()
        self.leaf_lists: set[int] = set()  # objectives whose plain items are their key results
        for place, block in enumerate(blocks):
            if self._is_objective(place, block):
                self.objectives[place] = "stated" if self._is_stated(block) else "implied"
        self._drop_beside_stated()
        if not self.objectives and not self.key_results:
            self._add_outline()
        self._add_siblings()
        self._add_item_siblings()
        for place in self.objectives:
            if not self._has_marked_key_results(place):
                self.leaf_lists.add(place)

    def _measured_headings(self) -> set[int]:
        """Headings with a target of their own right below, and those beside them with other fields: key results."""
        fields = {at: self._fields_below(at) for at, block in enumerate(self.blocks) if block.kind == "heading"}
        others = {"start", "current", "progress", "unit", "owner", "status"}
        found = {at for at, names in fields.items() if "target" in names and names & others}
        levels = {(self._outer_heading(at), self.blocks[at].depth) for at in found}
        beside = (at for at, names in fields.items() if {"owner", "status"} <= names)
        return found | {at for at in beside if (self._outer_heading(at), self.blocks[at].depth) in levels}

    def _fields_below(self, place: int) -> set[str]:
        """The names of the fields right below a heading; none where key results stand there, or no heading above."""
        below, _ = self._until_heading(place)
        if not self._outer_heading(place) or any(self._is_marked(child) for child in below):
            return set()
        return {pair[0] for pair in map(phrases.find_field, (child.text for child in below)) if pair}

    def _outer_heading(self, place: int) -> int:
        """The place of the heading that a heading is below, 0 where there is none."""
        depth = self.blocks[place].depth
        outer = (at for at in range(place - 1, -1, -1) if self.blocks[at].kind == "heading")
        return next((at for at in outer if self.blocks[at].depth < depth), 0)

    def _drop_beside_stated(self) -> None:
        """Where headings say that they are objectives, others of their level are none."""
        stated = {
            self.blocks[at].depth
            for at, kind in self.objectives.items()
            if kind == "stated" and self.blocks[at].kind == "heading"
        }
        for at in [at for at, kind in self.objectives.items() if kind == "implied"]:
            if self.blocks[at].kind == "heading" and self.blocks[at].depth in stated:
                del self.objectives[at]

    def section(self, place: int) -> list[tuple[int, Block]]:
        """What belongs to a block, up to the next heading of its level, or item of its depth."""
        first, found = self.blocks[place], []
        for at in range(place + 1, len(self.blocks)):
            block = self.blocks[at]
            if self._ends(first, block) or (at in self.objectives and first.kind != "item"):
                break
            found.append((at, block))
        return found

    def below(self, place: int) -> list[tuple[int, Block]]:
        """All that stands below a heading."""
        found = []
        for at in range(place + 1, len(self.blocks)):
            if self._ends(self.blocks[place], self.blocks[at]):
                break
            found.append((at, self.blocks[at]))
        return found

    def _ends(self, first: Block, block: Block) -> bool:
        if first.kind == "heading":
            return block.kind == "heading" and block.depth <= first.depth
        if first.kind == "item":
            return (
                block.kind == "heading"
                or (block.kind != "table" and block.depth < first.depth)
                or (block.kind == "item" and block.depth <= first.depth)
            )
        return block.kind == "heading"

    def _is_stated(self, block: Block) -> bool:
        return bool(phrases.split_prefix(block.text).is_objective)

    def _is_objective(self, place: int, block: Block) -> bool:
        if block.kind == "heading":
            if _NUMBERED_OBJECTIVE.fullmatch(block.text) or phrases.KEY_RESULTS_LABEL.fullmatch(block.text):
                return False
            if place in self.key_results:
                return False
            return self._is_stated(block) or self._is_implied_heading(place, block)
        if block.kind == "text" and block.depth < 0:
            plain, _ = phrases.find_status(block.text)
            if _OBJECTIVE_LINE.match(plain):
                return not phrases.find_field(block.text) or bool(re.match(r"(?i)(?:objective|O)\s*[0-9:]", plain))
            return block.is_bold and self._is_bold_title(place, block)
        return block.kind == "item" and self._is_objective_item(place, block)

    def _is_bold_title(self, place: int, block: Block) -> bool:
        """A bold line with key results right below."""
        if (
            block.text.endswith(":")
            or _NOT_KEY_RESULTS.match(block.text)
            or phrases.KEY_RESULTS_LABEL.fullmatch(block.text)
        ):
            return False
        if any(self.blocks[at].kind == "heading" for at in self.objectives):
            return False
        after = self.blocks[place + 1 : place + 2]
        return bool(after) and any(self._is_marked(block) or self._is_label(block) for block in after)

    def _is_objective_item(self, place: int, block: Block) -> bool:
        if self._is_marked(block) or self._is_contents(block) or self._is_label(block):
            return False
        phrase = phrases.split_prefix(block.text)
        if phrase.is_objective and re.match(r"(?i)(?:objective|O ?[0-9]+)\b", block.text):
            return True
        below = self._children(place)
        if block.is_bold and not block.text.endswith(":") and self.objectives.get(self.headings[place]) != "stated":
            return bool(below) or self._has_bold_sibling(place)
        return not self._is_within(place) and self._are_key_results(below)

    def _are_key_results(self, blocks: Sequence[Block]) -> bool:
        """Whether some items say that they are key results; boxes alone may be tasks of one."""
        marked = [block for block in blocks if self._is_marked(block)]
        return bool(marked) and not any(block.checked for block in marked)

    def _is_contents(self, block: Block) -> bool:
        """Whether an item is of a table of contents."""
        return bool(block.links) and all(link.startswith("#") for link in block.links)

    def _children(self, place: int) -> list[Block]:
        depth = self.blocks[place].depth
        return [
            block
            for _, block in self.section(place)
            if (block.kind == "item" and block.depth == depth + 1)
            or (block.kind == "text" and block.depth == depth and self._is_marked(block))
        ]

    def _has_bold_sibling(self, place: int) -> bool:
        depth = self.blocks[place].depth
        for at in range(place - 1, -1, -1):
            block = self.blocks[at]
            if block.kind == "heading" or (block.kind == "item" and block.depth < depth):
                return False
            if block.kind == "item" and block.depth == depth:
                return at in self.objectives
        return False

    def _is_within(self, place: int) -> bool:
        """Whether the nearest heading above is an objective already."""
        return self.headings[place] in self.objectives

    def _headings_above(self) -> list[int]:
        """For each block the place of the nearest heading above it, -1 where there is none."""
        found, nearest = [], -1
        for place, block in enumerate(self.blocks):
            nearest = place if block.kind == "heading" else nearest
            found.append(nearest)
        return found

    def _is_marked(self, block: Block) -> bool:
        """Whether a block says that it is a key result."""
        if block.kind == "table":
            return is_key_result_table(block)
        if block.kind not in ("item", "text"):
            return False
        phrase = phrases.split_prefix(block.text)
        if is_numbered_line(block):
            return True
        return phrase.is_key_result or (block.kind == "item" and bool(phrase.cells.get("priority") or block.checked))

    def is_marked_line(self, block: Block) -> bool:
        """Whether a line of text says that it is a key result."""
        return phrases.split_prefix(block.text).is_key_result or is_numbered_line(block)

    def _is_label(self, block: Block) -> bool:
        return block.kind in ("heading", "text", "item") and bool(phrases.KEY_RESULTS_LABEL.fullmatch(block.text))

    def _is_implied_heading(self, place: int, block: Block) -> bool:
        """Whether key results stand right below a heading that does not say what it is."""
        if self._is_no_title(block) or self._is_below_stated(place, block):
            return False
        if any(self._outer_heading(at) == place for at in self.key_results):
            return True
        below, label = self._until_heading(place)
        if label is not None and self._is_label(label) and label.depth > block.depth:
            return all(phrases.find_field(child.text) for child in below)
        if any(child.checked for child in below):
            return True
        return self._has_key_results_on_top(block, below)

    def _has_key_results_on_top(self, block: Block, below: Sequence[Block]) -> bool:
        tops = [child for child in below if child.kind in ("item", "text", "table") and child.depth <= 0]
        if any(self._looks_like_objective(child) for child in tops):
            return False
        if any(map(self._is_marked, tops)):
            return True
        return self._is_numbered(block) and any(child.kind == "item" for child in tops)

    def _is_no_title(self, block: Block) -> bool:
        if not re.search(r"\w", block.text) or _NOT_KEY_RESULTS.match(block.text) or _OKRS.fullmatch(block.text):
            return True
        is_page = block.depth == 1 or find_period(block.text, self.options) is not None
        if is_page and _TITLE_PAGE.search(block.text):
            return True
        return names_only_period(block.text, self.options)

    def _is_below_stated(self, place: int, block: Block) -> bool:
        """Whether a heading further up says that all this is its objective."""
        stated = [at for at, kind in self.objectives.items() if kind == "stated" and self.blocks[at].kind == "heading"]
        return any(self.blocks[at].depth < block.depth and self._encloses(at, place) for at in stated)

    def _until_heading(self, place: int) -> tuple[list[Block], Block | None]:
        """What stands below a block up to the next heading, and that."""
        after = self.blocks[place + 1 :]
        count = next((number for number, block in enumerate(after) if block.kind == "heading"), len(after))
        return list(after[:count]), after[count] if count < len(after) else None

    def _is_numbered(self, block: Block) -> bool:
        """Whether headings of this level are counted: `1. ...`, `2. ...`."""
        counted = [
            other for other in self.blocks if other.kind == "heading" and other.depth == block.depth
            and re.match(r"[0-9]{1,2}[.)] \S", other.text)
        ]  # fmt: skip
        return block in counted and len(counted) >= 2

    def _looks_like_objective(self, block: Block) -> bool:
        phrase = phrases.split_prefix(block.text)
        return block.kind != "table" and phrase.is_objective and not phrase.is_key_result

    def _encloses(self, heading: int, place: int) -> bool:
        depth = self.blocks[heading].depth
        between = self.blocks[heading + 1 : place]
        return heading < place and not any(block.kind == "heading" and block.depth <= depth for block in between)

    def is_text_only(self, place: int) -> bool:
        """Whether nothing but paragraphs stands in this part of an objective."""
        begin = place
        while begin > 0 and self.blocks[begin - 1].kind == "text" and not self._is_label(self.blocks[begin - 1]):
            begin -= 1
        for block in self.blocks[begin:]:
            if block.kind == "heading":
                return block.depth <= 4 or not phrases.split_prefix(block.text).cells.get("priority")
            if block.kind != "text":
                return block.kind == "rule"
        return True

    def _add_siblings(self) -> None:
        """Among headings over check lists, a heading without one, or over others, is an objective too."""
        headings = [self.blocks[at].depth for at in self.objectives if self.blocks[at].kind == "heading"]
        is_stated = "stated" in self.objectives.values()
        if is_stated or len(headings) < 2 or sum(bool(block.checked) for block in self.blocks) < 3:
            return
        for at, block in enumerate(self.blocks):
            if block.kind == "heading" and 2 <= block.depth <= max(headings) and not _OVERVIEW.search(block.text):
                self.objectives.setdefault(at, "implied")

    def _add_outline(self) -> None:
        """Where nothing says what it is, items below a heading of goals are objectives if they have items too."""
        for place, block in enumerate(self.blocks):
            heading = self.blocks[self.headings[place]].text if self.headings[place] >= 0 else ""
            is_goals = bool(_GOALS_HEADING.search(heading))
            if is_goals and block.kind == "item" and block.depth == 0 and self._children(place):
                self.objectives[place] = "implied"

    def _add_item_siblings(self) -> None:
        """Where most items of one depth are objectives, the others are too: those without key results, or not bold."""
        places = {at for at in self.objectives if self.blocks[at].kind == "item"}
        if not places:
            return
        depth = min(self.blocks[at].depth for at in places)
        peers = [at for at in range(len(self.blocks)) if self._is_peer_item(at, depth)]
        parents = {at for at in peers if self._children(at)}
        is_usual = 2 * len(places | parents) >= len(peers) and not self._are_bold(places)
        for at in peers if is_usual else sorted(parents):
            self.objectives.setdefault(at, "implied")

    def _are_bold(self, places: Collection[int]) -> bool:
        return 2 * sum(self.blocks[at].is_bold for at in places) > len(places)

    def _is_peer_item(self, place: int, depth: int) -> bool:
        block = self.blocks[place]
        if block.kind != "item" or block.depth != depth or self._is_contents(block):
            return False
        return not self._is_within(place) and not self._is_marked(block)

    def _has_marked_key_results(self, place: int) -> bool:
        """Whether they say that they are; boxes do not, where the items beside them have none."""
        section = [block for _, block in self.section(place)]
        if any(self._is_label(block) or (self._is_marked(block) and not block.checked) for block in section):
            return True
        boxes = [block.depth for block in section if block.checked]
        return bool(boxes) and not any(
            block.kind == "item" and not block.checked and block.depth in boxes for block in section
        )


def _ends_list(block: Block) -> bool:
    return block.kind in ("heading", "table") or (block.kind == "text" and block.depth < 0)


def _is_short_label(block: Block) -> bool:
    is_label = block.text.endswith(":") or block.is_bold
    return is_label and block.depth < 0 and len(block.text.split()) <= 6


@dataclass(slots=True)
class _Open:
    """An objective that is being read: where it began, and what its present part is about."""

    goal: SourceGoal
    place: int
    block: Block
    part: str = ""
    key_result: SourceGoal | None = None
    key_result_depth: int = 0
    key_result_line: int = 0  # the last line that belongs to it, where it is a paragraph
    excluded_depth: int = NO_DEPTH  # below a heading of this level nothing is a key result
    is_preface: bool = False  # behind a label such as `Background:`, before any key result
    label_depth: int = NO_DEPTH  # of the item `Key results:`, below which they are listed
    is_in_list: bool = False  # the last item of its own list was a key result


@dataclass(slots=True)
class _Context:
    """What the headings and leading fields say of all that follows."""

    periods: list[tuple[int, str]] = field(default_factory=list)
    teams: list[tuple[int, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class _MarkdownReader:
    def __init__(self, name: str, blocks: Sequence[Block], options: ImportOptions, mapping: Mapping[str, str]) -> None:
        self.name, self.options, self.mapping, self.blocks = name, options, mapping, blocks
        self.outline = Outline(blocks, options)
        self.source = SourceFile()
        self.context = _Context()
        self.open: list[_Open] = []
        self.pending_title = False
        self.heading_place = -1  # of the last heading

    @property
    def current(self) -> _Open | None:
        return self.open[-1] if self.open else None

    def take(self, place: int, block: Block) -> None:
        self._close(block)
        opened = self.current
        if opened is not None and block.kind == "text" and self._take_full_title(opened, block):
            return
        if opened is not None and _ends_list(block):
            opened.is_in_list = False
        if place in self.outline.objectives:
            self._begin_objective(place, block, phrases.split_prefix(block.text).title)
        elif block.kind == "heading":
            self._take_heading(place, block)
        elif block.kind == "table":
            self._take_table(block)
        elif block.kind == "item":
            self._take_item(block)
        elif block.kind == "text":
            self._take_text(place, block)
        elif block.kind == "other":
            self._take_other(block)

    def _close(self, block: Block) -> None:
        """Leave the objectives whose part of the text is over."""
        while self.open:
            first = self.open[-1].block
            if first.kind == "heading":
                over = block.kind == "heading" and block.depth <= first.depth
            elif first.kind == "item":
                over = (
                    block.kind in ("heading", "rule")
                    or block.depth < first.depth
                    or (block.kind == "item" and block.depth <= first.depth)
                )
            else:
                over = block.kind == "heading"
            if not over:
                return
            self.open.pop()

    def _begin_objective(self, place: int, block: Block, title: str) -> None:
        if block.kind == "text":
            self.open = [opened for opened in self.open if opened.block.kind == "heading" and not self._is_peer(opened)]
        parent = self.open[-1].goal if self.open else None
        period = self.context.periods[-1][1] if self.context.periods else ""
        team = self.context.teams[-1][1] if self.context.teams else ""
        cells = {"period": period, "team": team, **self.context.fields, "title": block.text}
        cells = {name: value for name, value in cells.items() if value}
        if block.links:
            cells["link"] = "\n".join(block.links)
        goal = SourceGoal(block.line, "objective", cells, parent=parent)
        self.source.goals.append(goal)
        self.open.append(_Open(goal, place, block))

    def _is_peer(self, opened: _Open) -> bool:
        return opened.block.kind == "text"

    def _take_heading(self, place: int, block: Block) -> None:
        self.heading_place = place
        words = block.text
        if self.pending_title:
            self._report_unread(block)
            return
        if _NUMBERED_OBJECTIVE.fullmatch(words):
            self.open, self.pending_title = [], True
            return
        opened = self.current
        if opened is not None:
            self._take_subheading(opened, block, place in self.outline.key_results)
            return
        self._forget_deeper(block.depth)
        if find_period(words, self.options) is not None:
            self.context.periods.append((block.depth, words))
        team = find_team(words, self.options)
        if team:
            self.context.teams.append((block.depth, team))
            self.source.remark(block.line, f"team '{team}' read from the heading")
        if not team and not (self.context.periods and self.context.periods[-1][1] == words):
            self._report_unread(block)

    def _forget_deeper(self, depth: int) -> None:
        self.context.periods = [entry for entry in self.context.periods if entry[0] < depth]
        self.context.teams = [entry for entry in self.context.teams if entry[0] < depth]

    def _take_subheading(self, opened: _Open, block: Block, is_measured: bool) -> None:
        """A heading below an objective: the name of a part, or a key result below `Key Results`."""
        if phrases.KEY_RESULTS_LABEL.fullmatch(block.text):
            opened.part, opened.key_result, opened.excluded_depth = KEY_RESULTS, None, NO_DEPTH
            return
        if block.depth > opened.excluded_depth:
            self._report_unread(block)
            return
        opened.excluded_depth = block.depth if _NOT_KEY_RESULTS.match(block.text) else NO_DEPTH
        phrase = phrases.split_prefix(block.text)
        is_listed = bool(opened.goal.children) and opened.part == KEY_RESULTS
        has_priority = bool(phrase.cells.get("priority")) and opened.part.startswith(KEY_RESULTS)
        if phrase.is_key_result or is_measured or (has_priority and not is_listed):
            self._add_key_result(opened, block)
            opened.part = f"{KEY_RESULTS} by heading"
            return
        if not (has_priority and is_listed):
            opened.part, opened.key_result = block.text.casefold(), None
        self._report_unread(block)

    def _take_item(self, block: Block) -> None:
        opened = self.current
        if opened is None:
            self._take_loose(block)
            return
        owner = opened.key_result if block.depth > opened.key_result_depth else None
        if table.TOTALS.fullmatch(block.text):
            self.source.report(block.line, f"'{truncate(block.text)}': a line of totals")
            return
        if self._take_field(opened, block, owner is not None):
            return
        if self._is_label(block):
            opened.part, opened.key_result, opened.label_depth = KEY_RESULTS, None, block.depth
        elif self._is_marked_key_result(opened, block, owner is not None):
            self._add_key_result(opened, block)
        elif owner is not None and (measure := phrases.split_measure(block.text)):
            owner.cells |= measure
        elif owner is not None:
            self._add_text(owner, "description", block)
        elif self._is_plain_key_result(opened, block):
            self._add_key_result(opened, block)
        else:
            self._add_or_report(opened, block, bool(opened.goal.children) or bool(opened.part))

    def _is_marked_key_result(self, opened: _Open, block: Block, is_nested: bool) -> bool:
        """Whether an item says that it is a key result: by its prefix, by a priority or a box where it stands alone."""
        phrase = phrases.split_prefix(block.text)
        is_marked = phrase.is_key_result or ((phrase.cells.get("priority") or block.checked) and not is_nested)
        return bool(is_marked) and self._is_in_key_results(opened, phrase)

    def _is_in_key_results(self, opened: _Open, phrase: phrases.Phrase) -> bool:
        """Whether a marked item is a key result here: a priority means one in a list of key results only."""
        if opened.excluded_depth < NO_DEPTH:
            return False
        return phrase.is_key_result or opened.part in ("", KEY_RESULTS) or not _NOT_KEY_RESULTS.match(opened.part)

    def _is_plain_key_result(self, opened: _Open, block: Block) -> bool:
        own_depth = opened.block.depth + 1 if opened.block.kind == "item" else 0
        if block.depth not in (own_depth, opened.label_depth + 1):
            return False
        if opened.part == KEY_RESULTS or opened.is_in_list:
            return True
        return not opened.part and not opened.is_preface and opened.place in self.outline.leaf_lists

    def _is_label(self, block: Block) -> bool:
        return bool(phrases.KEY_RESULTS_LABEL.fullmatch(block.text))

    def _take_text(self, place: int, block: Block) -> None:
        opened = self.current
        if self.pending_title:
            self.pending_title = False
            self._begin_objective(place, Block("text", block.line, block.text, -1, block.links), block.text)
        elif block.depth < 0 and _NUMBERED_OBJECTIVE.fullmatch(block.text):
            self.open, self.pending_title = [], True
        elif opened is None:
            self._take_loose(block)
        elif self._is_label(block):
            opened.part, opened.key_result = KEY_RESULTS, None
        elif self.outline.is_marked_line(block) and opened.excluded_depth == NO_DEPTH:
            self._add_key_result(opened, block)
        else:
            self._take_words(opened, place, block)

    def _take_words(self, opened: _Open, place: int, block: Block) -> None:
        """A field, a part's name, or what describes the goal above it."""
        owner = opened.key_result if self._belongs_to_key_result(opened, block) else None
        if self._take_field(opened, block, owner is not None):
            return
        if owner is not None:
            self._add_text(owner, "description", block)
        elif _is_short_label(block):
            self._take_label(opened, block)
        elif opened.part == KEY_RESULTS and self.outline.is_text_only(place):
            self._add_key_result(opened, block)
        else:
            self._add_or_report(opened, block, bool(opened.goal.children) or bool(opened.part))

    def _belongs_to_key_result(self, opened: _Open, block: Block) -> bool:
        """Whether a line is about the last key result: below its heading or item, or a field on the next line."""
        if opened.part.endswith("by heading") or block.depth >= max(opened.key_result_depth, 0):
            return True
        if block.line != opened.key_result_line + 1 or block.depth >= 0 or phrases.find_field(block.text) is None:
            return False
        opened.key_result_line = block.line
        return True

    def _take_full_title(self, opened: _Open, block: Block) -> bool:
        """`Objective: ...` below the heading `Objective 1: Onboarding` is its title; the heading only names it."""
        found = _FULL_TITLE.fullmatch(block.text)
        if (
            found is None
            or opened.goal.children
            or opened.block.kind != "heading"
            or block.line > opened.block.line + 4
        ):
            return False
        opened.goal.cells["description"] = phrases.split_prefix(opened.goal.cells["title"]).title
        opened.goal.cells["title"] = found["title"]
        return True

    def _take_label(self, opened: _Open, block: Block) -> None:
        """`Background:` is a part of the objective; before a plain list of key results it may be its preface."""
        is_first = not opened.goal.children
        opened.key_result = None
        if not (is_first and opened.place in self.outline.leaf_lists and not _NOT_KEY_RESULTS.match(block.text)):
            opened.part = "" if is_first else block.text.casefold()
            opened.is_preface = is_first
        self._add_or_report(opened, block, not is_first)

    def _add_or_report(self, opened: _Open, block: Block, is_behind: bool) -> None:
        if is_behind:
            opened.key_result = None
            self._report_unread(block)
        else:
            self._add_text(opened.goal, "description", block)

    def _take_field(self, opened: _Open, block: Block, is_nested: bool) -> bool:
        """`Owner: mira`, of the key result that it is nested in, else of the objective."""
        goal = (opened.key_result if is_nested else None) or opened.goal
        if goal is not opened.goal and (fields := phrases.split_fields(block.text)):
            goal.cells |= fields
            return True
        name, value = phrases.find_field(block.text) or ("", "")
        if not self._is_field(opened, goal, name, value, block):
            return False
        if goal.cells.get(name) and not self.context.fields.get(name):
            self._add_text(goal, "description", block)
        else:
            goal.cells[name] = value
        return True

    def _is_field(self, opened: _Open, goal: SourceGoal, name: str, value: str, block: Block) -> bool:
        """Whether a line is a field that this goal may have here."""
        if not value or name == "note" or (name == "metric" and not headers.is_type_word(value)):
            return False
        return goal is not opened.goal or not self._is_no_field_of_objective(opened, name, block)

    def _is_no_field_of_objective(self, opened: _Open, name: str, block: Block) -> bool:
        """Whether a field is one of key results only, or stands behind them."""
        if name in ("start", "target", "current", "score", "unit", "date"):
            return True
        return bool(opened.goal.children) and not self._ends_objective(opened, name, block)

    def _ends_objective(self, opened: _Open, name: str, block: Block) -> bool:
        """Whether an owner that stands alone behind all key results is that of their objective."""
        if name != "owner" or block.depth >= 0 or "owner" in opened.goal.cells or opened.part not in ("", KEY_RESULTS):
            return False
        after = [other for _, other in self.outline.section(opened.place) if other.line > block.line]
        return not any(other.kind in ("item", "table") or phrases.find_field(other.text) for other in after)

    def _take_loose(self, block: Block) -> None:
        """What stands before the first objective: fields of all that follow, a key result without one, else nothing."""
        if phrases.split_prefix(block.text).is_key_result and not self.source.goals:
            title = table.title_of_file(self.name)
            self._begin_objective(-1, Block("text", block.line, title, -1), title)
            self.source.remark(block.line, f"no objective: '{title}' is made from the file name")
            self._add_key_result(self.open[-1], block)
            return
        found = phrases.find_field(block.text)
        if found and found[1] and found[0] in ("team", "owner", "period"):
            self._take_context(*found)
            return
        is_first = block.kind == "text" and not self.context.periods and not self.source.goals
        if is_first and len(block.text) <= 80 and find_period(block.text, self.options) is not None:
            self._take_title(block)
        else:
            self._report_unread(block)

    def _take_context(self, name: str, value: str) -> None:
        if name == "period":
            self.context.periods.append((self._context_depth(), value))
        elif name == "team":
            self.context.teams.append((self._context_depth(), value))
        else:
            self.context.fields[name] = value

    def _context_depth(self) -> int:
        """What stands below a heading without goals is said of all that follows."""
        if self.heading_place < 0:
            return 0
        has_goals = any(at in self.outline.objectives for at, _ in self.outline.below(self.heading_place))
        return self.blocks[self.heading_place].depth if has_goals else 0

    def _take_title(self, block: Block) -> None:
        """A first line that names the period, and perhaps the team."""
        self.context.periods.append((0, block.text))
        team = find_team(block.text, self.options)
        if team:
            self.context.teams.append((0, team))
            self.source.remark(block.line, f"team '{team}' read from the title")
        self.source.remark(block.line, f"'{truncate(block.text)}' names the period")

    def _take_other(self, block: Block) -> None:
        opened = self.current
        if opened is not None and not opened.goal.children and not opened.part:
            self._add_text(opened.goal, "description", block)
        else:
            self._report_unread(block)

    def _add_key_result(self, opened: _Open, block: Block) -> None:
        cells = {"title": block.text}
        if block.checked:
            cells["done"] = {"x": "yes", " ": "no"}.get(block.checked, "partly done")
            if block.checked not in "x ":
                self.source.remark(block.line, f"the box [{block.checked}] is read as not done")
        if block.links:
            cells["link"] = "\n".join(block.links)
        goal = SourceGoal(block.line, "key-result", cells)
        opened.goal.children.append(goal)
        opened.is_in_list, opened.is_preface = block.kind == "item", False
        opened.key_result, opened.key_result_depth = goal, max(block.depth, 0) if block.kind == "item" else block.depth
        opened.key_result_line = block.line if block.kind == "text" else 0
        if block.kind == "heading":
            opened.key_result_depth = -1  # all below it is about it

    def _add_text(self, goal: SourceGoal, name: str, block: Block) -> None:
        before = goal.cells.get(name, "")
        goal.cells[name] = f"{before}\n{block.text}" if before else block.text

    def _take_table(self, block: Block) -> None:
        table.require_columns(f"{self.name}:{block.line}", len(block.header))
        scratch = SourceFile()
        grid = self._grid_of(block, scratch)
        ours = {column.ours for column in grid.columns if column}
        opened = self.current
        if not self._has_goals(ours, opened is not None):
            if not self._take_other_table(block, grid):
                self._report_table(block, grid)
            return
        self.source.results += scratch.results
        if opened is None or {"objective", "key_result"} <= ours:
            self._take_whole_table(grid)
            return
        opened.key_result = None
        for row, lines in zip(grid.rows, block.rows, strict=True):
            self._add_row(opened, grid, row, lines)

    def _grid_of(self, block: Block, source: SourceFile) -> columns.Grid:
        names = [" ".join(line.text.split()) for line in block.header]
        rows = [columns.Row(cells[0].number, [line.text for line in cells]) for cells in block.rows]
        present = {theirs: ours for theirs, ours in self.mapping.items() if theirs in names}
        return columns.build_grid(names, rows, present, source, block.line)

    def _take_other_table(self, block: Block, grid: columns.Grid) -> bool:
        """Whether a table without goals has fields of all that follows, or readings of the key result above it."""
        opened = self.current
        if opened is None:
            return len(grid.names) == 2 and self._take_pairs(block)
        return opened.key_result is not None and self._take_readings(opened.key_result, grid)

    def _take_readings(self, goal: SourceGoal, grid: columns.Grid) -> bool:
        """A table of days or weeks and values below a key result has its readings."""
        first = headers.normalize(grid.names[0])
        places = {column.ours: at for at, column in enumerate(grid.columns) if column}
        if first not in _DAY_NAMES or "current" not in places:
            return False
        for row in grid.rows:
            cells = [*row.cells, *[""] * (len(grid.columns) + 1)]
            day = f"{first} {cells[0]}" if first in ("week", "woche") and cells[0].isdigit() else cells[0]
            if day and cells[places["current"]]:
                goal.series.append(SourceReading(day, cells[places["current"]], cells[places.get("note", -1)]))
        return True

    def _take_pairs(self, block: Block) -> bool:
        """A table of two columns may name team, period and owner of all that follows."""
        taken = False
        for cells in (block.header, *block.rows):
            pair = phrases.find_field(": ".join(" ".join(line.text.split()) for line in cells[:2]))
            if pair and pair[1] and pair[0] in ("team", "owner", "period"):
                self._take_context(*pair)
                self.source.remark(cells[0].number, f"{pair[0]} '{truncate(pair[1])}' read from the table")
                taken = True
        return taken

    def _report_table(self, block: Block, grid: columns.Grid) -> None:
        self.source.report(block.line, f"not a table of key results: {table.truncate_names(', '.join(grid.names))}")
        for row in grid.rows:
            cells = " | ".join(" ".join(cell.split()) for cell in row.cells)
            self.source.report(row.line, f"{truncate(f'| {cells} |')}: a row of that table")

    def _has_goals(self, ours: set[str], is_below_objective: bool) -> bool:
        """Whether a table with these columns is one of goals, here."""
        if "kpi" in ours and not {"key_result", "title", "objective"} & ours:
            return bool({"better", "target", "current", "start"} & ours)
        return bool(set(headers.TITLE_COLUMNS) & ours) and (is_below_objective or self._stands_alone(ours))

    def _stands_alone(self, ours: set[str]) -> bool:
        return (
            "objective" in ours
            or ("key_result" in ours and bool({"target", "current", "score"} & ours))
            or (bool({"title", "kpi"} & ours) and len({"target", "current", "start", "level", "better"} & ours) >= 2)
        )

    def _take_whole_table(self, grid: columns.Grid) -> None:
        context = dict(self.context.fields)
        if self.context.periods:
            context["period"] = self.context.periods[-1][1]
        if self.context.teams:
            context["team"] = self.context.teams[-1][1]
        table.assemble(grid, self.source, context, table.title_of_file(self.name))

    def _add_row(self, opened: _Open, grid: columns.Grid, row: columns.Row, lines: Sequence[Line]) -> None:
        if not any(row.cells):
            return
        cells, series = table.row_cells(grid, row, self.source)
        if table.is_total(row, cells):
            self.source.report(row.line, f"'{truncate(next(filter(None, row.cells)))}': a row of totals")
            return
        cells = table.join_lines(cells)
        name = next((name for name in headers.TITLE_COLUMNS if cells.get(name)), None)
        if name is None:
            self.source.report(row.line, "the row has no title")
            return
        own = {key: cell for key, cell in cells.items() if key not in headers.TITLE_COLUMNS}
        at = next(at for at, column in enumerate(grid.columns) if column and column.ours == name)
        if lines[at].links:
            own["link"] = "\n".join(lines[at].links)
        opened.goal.children.append(SourceGoal(row.line, "key-result", {**own, "title": cells[name]}, series=series))

    def _report_unread(self, block: Block) -> None:
        text = block.text if len(block.text) <= 60 else f"{block.text[:59]}…"
        self.source.report(block.line, f"'{text}' is neither a goal nor a field of a goal")

    def finish(self) -> None:
        """Say of objectives without anything below that they are; nothing else is left over."""
        if self.pending_title:
            self.source.report(self.blocks[-1].line, "an objective without a title")
