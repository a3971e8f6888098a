"""Where the columns of a scorecard stand on a terminal: the same for all lines of a period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction

from okrctl.outputs.grid import GAP, Cell, one_line
from okrctl.outputs.plot import CELLS, framed_bar
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard, TeamScore
from okrctl.values.precision import Precision
from okrctl.workspace import Node

COLORS = {
    "green": "green", "yellow": "yellow", "red": "red", "at risk": "red", "behind": "yellow", "stale": "yellow",
    "no data": "yellow", "error": "red", "missed": "red", "broken": "red", "on track": "green", "achieved": "green",
    "succeeded": "green", "met": "green", "in bounds": "green", "sandbagging?": "yellow",
}  # fmt: skip
INDENT = 2
BAR = CELLS + 2
FIGURE = 4  # the least width of scores and percentages
WIDE = 110  # columns from which ids, owners and ranges stand beside the titles
MIN_TITLE, WIDE_TITLE, MAX_TITLE = 10, 40, 90
MAX_WIDTHS = {"id": 40, "owner": 16, "value": 18, "range": 26, "status": 40, "confidence": 14, "remarks": 60}
ORDER = ("title", "id", "owner", "value", "range", "bar", "score", "progress", "status", "confidence", "remarks")
NARROW = ("value", "bar", "score", "progress", "status")
JOINING = ("id", "owner", "range", "confidence", "remarks")  # the earlier ones join first
DROPPED = ("bar", "score", "value", "progress")  # where even the titles have no room, the earlier ones go first


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked to see: ids in place of titles; `shorten` gives the reference that a command takes."""

    shorten: Callable[[Node], str]
    with_ids: bool = False
    what_if: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Columns:
    """The width of each column that is shown, in the order of the line.

    Objectives name the key result that decides their status where there is room; a period that is over expects nothing.
    `texts` are those of key results, by identity, from the search for the widths until their line is written.
    """

    style: TerminalStyle
    wishes: Wishes
    widths: dict[str, int]
    is_over: bool = False
    with_deciders: bool = False
    texts: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """The columns in front of the score of a team or objective."""
        names = [name for name in self.widths if ORDER.index(name) < ORDER.index("progress")]
        return INDENT + sum(self.widths[name] for name in names) + len(GAP) * (len(names) - 1)

    @property
    def is_wide(self) -> bool:
        """Whether ids stand beside the titles."""
        return "id" in self.widths

    def label(self, node: Node) -> str:
        """The title of a node, or its id where ids were asked for."""
        return sanitize(self.wishes.shorten(node) if self.wishes.with_ids else scorecard.title(node))

    def key_result_line(self, result: KeyResultScore) -> str:
        """The line of a key result or guardrail; a guardrail shows its bounds in place of bar and progress."""
        texts = self.texts.pop(id(result), None) or _texts(result, self)
        status = scorecard.status_text(result)
        color = COLORS.get(status.partition(",")[0], "")
        colors = {
            "bar": color if result.measured else "dim",
            "status": color,
            "title": "",
            "progress": "bold",
            "score": "bold",
        }
        cells = {name: self._cell(name, texts, colors) for name in self.widths}
        widths = dict(self.widths)
        if result.guardrail and "range" not in widths:
            self._put_bounds(scorecard.target_range(result, self.style.glyphs), cells, widths)
        return one_line(list(cells.values()), list(widths.values()), self.style, INDENT)

    @staticmethod
    def _put_bounds(bounds: str, cells: dict[str, Cell], widths: dict[str, int]) -> None:
        """Put the bounds of a guardrail in the place of bar, score and progress."""
        spanned = [name for name in ("bar", "score", "progress") if name in widths]
        for name in spanned[1:]:
            widths[spanned[0]] += len(GAP) + widths.pop(name)
            del cells[name]
        if spanned:
            cells[spanned[0]] = Cell(bounds, "dim")

    def _cell(self, name: str, texts: dict[str, str], colors: dict[str, str]) -> Cell:
        faint = "dim" if name in ("id", "owner", "range", "confidence", "remarks") else ""
        return Cell(texts[name], colors.get(name, faint), right=name in ("value", "score", "progress"))

    def sum_line(self, title: Cell, figures: tuple[str, str, str], node: Node | None = None, note: str = "") -> str:
        """The line of a period, team or objective: title, note, and at the right a score, a status and their colour."""
        score, status, color = figures
        if "progress" not in self.widths:  # too narrow for more than titles and words
            note = score
        cells, widths = [title], [self.left]
        if self.is_wide and node is not None:
            cells = [title, Cell(sanitize(self.wishes.shorten(node)), "dim"), Cell(sanitize(node.owner or ""), "dim")]
            widths = [self.widths["title"] + INDENT, self.widths["id"], self.widths.get("owner", 0)]
            cells, widths = (cells, widths) if "owner" in self.widths else (cells[:2], widths[:2])
            cells.append(Cell(note, "dim", right=True))
            widths.append(self.left - sum(widths) - len(GAP) * len(widths))
        elif note:
            room = display_width(note)
            cells, widths = [title, Cell(note, "dim", right=True)], [max(self.left - room - len(GAP), 0), room]
        if "progress" in self.widths:
            cells.append(Cell(score, f"bold {color}".strip(), right=True))
            widths.append(self.widths["progress"])
        return one_line([*cells, Cell(status, color)], [*widths, self.widths["status"]], self.style)


def layout(card: Scorecard, style: TerminalStyle, wishes: Wishes) -> Columns:
    """The columns of a period: narrow ones first, then what else fits, until the titles would have too little room."""
    everything = [result for objective in card.objectives for result in objective.key_results]
    results = [result for result in everything if result.state == "active"] or everything
    columns = Columns(style, wishes, {}, card.state == "over")
    natural = _natural_widths(card, results, columns)
    longest = max(natural["title"], MIN_TITLE)
    shown = _joined_columns(natural, longest, style, wishes.with_ids)
    deciders = max(_decider_width(card), natural["status"])
    with_deciders = _has_room({**shown, "status": deciders}, longest, style)
    shown["status"] = deciders if with_deciders else shown["status"]
    shown["title"] = longest if style.width is None else _fit_columns(shown, style)
    widths = {name: shown[name] for name in ORDER if name in shown}
    return replace(columns, widths=widths, with_deciders=with_deciders)


def _joined_columns(natural: dict[str, int], longest: int, style: TerminalStyle, with_ids: bool) -> dict[str, int]:
    """The narrow columns, and those that join while the titles keep room."""
    shown = {name: natural[name] for name in NARROW if natural[name]}
    for name in JOINING:
        is_joined = style.is_wide(WIDE) or (name == "range" and "bar" not in shown)
        is_wanted = is_joined and natural[name] > 0 and not (name == "id" and with_ids)
        joined = {**shown, name: natural[name]}
        if is_wanted and (style.width is None or _title_room(style, joined) >= min(longest, WIDE_TITLE)):
            shown = joined
    return shown


def _decider_width(card: Scorecard) -> int:
    """The widest status of an objective with the key result that decides it."""
    return _widest((objective_status(objective, True) for objective in card.objectives), MAX_WIDTHS["status"])


def _has_room(shown: dict[str, int], longest: int, style: TerminalStyle) -> bool:
    """Whether the longest title fits beside these columns, on a wide terminal."""
    return style.is_wide(WIDE) and (style.width is None or _title_room(style, shown) >= longest)


def _fit_columns(shown: dict[str, int], style: TerminalStyle) -> int:
    """Drop columns of a narrow terminal, and return the room for the titles."""
    for name in DROPPED:
        if _title_room(style, shown) < MIN_TITLE:
            shown.pop(name, None)
    shown["status"] = min(shown["status"], max((style.width or 0) // 2, 1))
    return max(_title_room(style, shown), 1)


def _title_room(style: TerminalStyle, shown: dict[str, int]) -> int:
    return (style.width or 0) - INDENT - sum(shown.values()) - len(GAP) * len(shown)


def _natural_widths(card: Scorecard, results: list[KeyResultScore], columns: Columns) -> dict[str, int]:
    """The widest text of each column, as far as a column may get; 0 for a column that would be empty."""
    columns.texts.update((id(result), _texts(result, columns)) for result in results)
    rows = [*columns.texts.values()]
    objectives = [objective for objective in card.objectives if objective.state == "active"]
    rows += [_objective_texts(objective, columns) for objective in objectives]
    rows += [_sum_texts(card), *map(_sum_texts, card.teams)]
    widths = {name: _widest((row.get(name, "") for row in rows), MAX_WIDTHS.get(name)) for name in ORDER}
    has_bar = any(result.progress is not None and not result.guardrail for result in results)
    return widths | {
        "title": min(widths["title"], MAX_TITLE),
        "status": max(widths["status"], 1),
        "progress": max(widths["progress"], FIGURE),
        "bar": BAR if has_bar else 0,
    }


def _sum_texts(scored: Scorecard | TeamScore) -> dict[str, str]:
    """What a period or team has in the columns of key results."""
    return {"progress": scorecard.score(scored.score, scored.precision), "status": scored.pace or scored.band or ""}


def _objective_texts(objective: ObjectiveScore, columns: Columns) -> dict[str, str]:
    """What an objective has in the columns of key results."""
    is_wide = columns.style.is_wide(WIDE)
    return {
        "title": columns.label(objective.node),
        "id": sanitize(columns.wishes.shorten(objective.node)) if is_wide else "",
        "owner": sanitize(objective.node.owner or ""),
        "progress": scorecard.score(objective.score, objective.precision),
        "status": objective_status(objective, with_decider=False),
    }


def _widest(texts: Iterable[str], limit: int | None) -> int:
    widest = max(map(display_width, texts), default=0)
    return widest if limit is None else min(widest, limit)


def _texts(result: KeyResultScore, columns: Columns) -> dict[str, str]:
    """What stands in each column of a key result."""
    glyphs, wishes = columns.style.glyphs, columns.wishes
    node = result.node
    is_wide = columns.style.is_wide(WIDE)
    share = result.progress if result.measured else None
    status = scorecard.status_text(result)
    return {
        "title": columns.label(node),
        "id": sanitize(wishes.shorten(node)) if is_wide else "",
        "owner": sanitize(node.owner or ""),
        "value": scorecard.value(result),
        "range": scorecard.target_range(result, glyphs),
        "bar": "" if result.guardrail else _bar(result, share, columns),
        "score": _score_beside(result),
        "progress": "" if result.guardrail else progress_text(share, result.precision),
        "status": f"{status}, what if" if node.ref in wishes.what_if else status,
        "confidence": scorecard.confidence(result),
        "remarks": "; ".join(scorecard.remarks(result)),
    }


def _bar(result: KeyResultScore, share: Fraction | None, columns: Columns) -> str:
    """The bar; of a key result scored by hand the score in words, since the bar would show the computed one."""
    if result.by_hand:
        return f"by hand {scorecard.score(result.score, result.precision)}"
    return framed_bar(share, None if columns.is_over else result.expected, columns.style.glyphs)


def _score_beside(result: KeyResultScore) -> str:
    """The score, where it is not the progress as printed."""
    if result.guardrail or result.by_hand or not scorecard.progress_beyond_score(result):
        return ""
    return scorecard.score(result.score, result.precision)


def progress_text(share: Fraction | None, precision: Precision) -> str:
    """The progress in percent, a dash where there is none."""
    return scorecard.NOTHING if share is None else precision.percent(share)


def objective_status(objective: ObjectiveScore, with_decider: bool) -> str:
    """The words beside the score of an objective: its status, once over its verdict, and what decides it."""
    is_over = objective.at_risk is None
    word = (objective.verdict if is_over else None) or objective.status or ""
    if with_decider and objective.status and objective.decided_by:
        word += f": {objective.decided_by}"
    outcome = objective.node.model.outcome if with_decider else None
    return ", ".join(filter(None, (word, f"outcome {outcome}" if outcome else "")))
