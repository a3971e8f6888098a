"""Merges three versions of a file of goals into one.

How a merge is made.

1. The three texts are parsed, and their data become trees of values with identities (`trees.py`).
2. The trees are merged as plain data (`three_way.py`): for each value it is decided whose version is taken, or that the
   sides are in conflict.
3. The text is put together from the lines of both sides (`blocks.py`, `assembly.py`), which keeps comments, order and
   style.
4. The text is parsed again, once with each side's version of the conflicts, and compared with the merged data.

Why not simpler. A merge of lines stops where two people append to the same list, and joins what contradicts itself
where they edit different lines of one target. A merge of data alone loses comments and rewrites the file. So the data
decide and the lines are kept, and step 4 turns every mistake of step 3 into an error, never into a wrong file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from okrctl.merge.assembly import LineChoice, MergeError, Piece, assemble, lines_of_side
from okrctl.merge.blocks import split_lines, split_text
from okrctl.merge.conflicts import Conflict, contested_moves, list_conflicts
from okrctl.merge.csv_readings import merge_csv
from okrctl.merge.three_way import Decision, Path, Side, ThreeWayMerge
from okrctl.merge.trees import KPI_FILE, OKR_FILE, SETTINGS, Shape, Table, build_tree, plain_data, walk_route
from okrctl.schema.settings import SETTINGS_PATH
from okrctl.values.diagnostic import Route
from okrctl.values.readings import CsvReadings
from okrctl.yaml import Document, Source, parse

__all__ = [
    "MARKER_SIZE",
    "Conflict",
    "CsvFormat",
    "MergeError",
    "MergedText",
    "Path",
    "Versions",
    "detect_shape",
    "merge_texts",
    "with_markers",
]

MARKER_SIZE = 7
SIDES: tuple[Side, Side] = ("ours", "theirs")


class CsvFormat(NamedTuple):
    """The columns of a CSV file of readings, and whether its readings are added up."""

    reference: CsvReadings
    is_sum: bool = False


class Versions(NamedTuple):
    """The three texts of a file; an empty base stands for a file that both sides added."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, eq=False)
class MergedText:
    """The merged text as lines and choices of lines, and the conflicts, which are a person's to decide."""

    path: str
    pieces: tuple[Piece, ...]
    conflicts: tuple[Conflict, ...]
    decision: Decision | None = None
    shape: Shape = OKR_FILE

    def text_of(self, side: Side) -> str:
        """The text with one side's version of everything in conflict; without conflicts, the merged text."""
        return "".join(lines_of_side(self.pieces, side))

    def render(self, labels: tuple[str, str] = SIDES, marker_size: int = MARKER_SIZE) -> str:
        """The text with markers around the lines in conflict."""
        return with_markers(self.pieces, labels, marker_size)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in the merged file."""
        return self.decision is not None and plain_data(self.decision.resolve("ours")) == {}

    def lines_of(self, conflict: Conflict, side: int, text: str) -> tuple[int, int] | None:
        """The first and last line of a value in the text of ours (0) or theirs (1); None where that side lacks it."""
        tree = None if self.decision is None else (self.decision.ours, self.decision.theirs)[side]
        route: list[str | int] = []
        for name in conflict.value_path:
            if not isinstance(tree, Table) or name not in tree.children:
                return None
            route.append(tree.steps[name])
            tree = tree.children[name]
        span = parse(Source(self.path, text)).span_at(tuple(route))
        return (span.line, span.end_line) if route else None

    def find_change(self, route: Route) -> Path | None:
        """The path of the innermost value along a route of the merged text that only one side changed."""
        if self.decision is None:
            return None
        document = parse(Source(self.path, self.text_of("ours")))
        path = walk_route(build_tree(document, self.shape, self.decision.base), route)
        decisions = [self.decision.at(path[:length]) for length in range(len(path), 0, -1)]
        found = next((each for each in decisions if each.choice in ("ours", "theirs")), None)
        return found.path if found else None


def merge_texts(
    versions: Versions, path: str, contested: Mapping[Path, str] | None = None, csv: CsvFormat | None = None
) -> MergedText:
    """Merge a file of objectives or KPIs, the settings, a CSV file of readings (`csv`: its form), or a seal.

    `contested` are values that are in conflict for a reason that the file alone does not show. Raises MergeError where
    a version cannot be read, and where the merged text would not have the merged data.
    """
    if path.endswith(".csv"):
        pieces, conflicts = merge_csv(versions, path, *(csv or CsvFormat(CsvReadings(csv=path))))
        return MergedText(path, tuple(_with_line_breaks(pieces, versions)), tuple(conflicts))
    if path.endswith(".json"):
        return _merge_seal(versions, path)
    return _merge_goals(versions, path, contested)


def _merge_seal(versions: Versions, path: str) -> MergedText:
    """A sealed scorecard is that of one side, or in conflict as a whole: a mixture of two would be no seal."""
    base, ours, theirs = versions
    if ours in (theirs, base) or theirs == base:
        return MergedText(path, tuple(split_lines(theirs if ours == base else ours)), ())
    choice = LineChoice(tuple(split_lines(ours)), tuple(split_lines(theirs)))
    reason = "a sealed scorecard is not merged; keep one of the two, or reopen the period"
    return MergedText(path, (choice,), (Conflict(path, path, "", "text", reason=reason),))


def _merge_goals(versions: Versions, path: str, contested: Mapping[Path, str] | None) -> MergedText:
    texts = Versions(*(text.removeprefix("\ufeff") for text in versions))
    documents = [_parse(path, text, name) for text, name in zip(texts, ("base", *SIDES), strict=True)]
    shape = detect_shape(path, documents)
    base = build_tree(documents[0], shape)
    ours, theirs = (build_tree(document, shape, base) for document in documents[1:])
    decision = ThreeWayMerge(contested).merge(base, ours, theirs)
    if moves := contested_moves(decision):
        decision = ThreeWayMerge({**moves, **(contested or {})}).merge(base, ours, theirs)
    if decision.choice != "join":
        raise MergeError("not a mapping of keys and values", "merge it by hand")
    blocks = [split_text(document, tree) for document, tree in zip(documents, (base, ours, theirs), strict=True)]
    pieces = _with_mark(_with_line_breaks(assemble(decision, *blocks), texts), versions)
    merged = MergedText(path, tuple(pieces), tuple(list_conflicts(path, decision)), decision, shape)
    for side in SIDES:
        _require_meant(merged, side)
    return merged


def with_markers(pieces: Iterable[Piece], labels: tuple[str, str], marker_size: int) -> str:
    """The text of pieces with conflict markers; choices that follow each other share them."""
    lines: list[str] = []
    pending: list[LineChoice] = []
    newline = "\r\n" if any(isinstance(piece, str) and piece.endswith("\r\n") for piece in pieces) else "\n"
    for piece in (*pieces, ""):
        if isinstance(piece, LineChoice):
            pending.append(piece)
            continue
        if pending:
            lines.append(f"{'<' * marker_size} {labels[0]}{newline}")
            lines += [line for choice in pending for line in choice.ours]
            lines.append(f"{'=' * marker_size}{newline}")
            lines += [line for choice in pending for line in choice.theirs]
            lines.append(f"{'>' * marker_size} {labels[1]}{newline}")
            pending = []
        lines.append(piece)
    return "".join(lines)


def _parse(path: str, text: str, name: str) -> Document:
    document = parse(Source(path, text))
    if document.problems:
        problem = document.problems[0]
        raise MergeError(
            f"{name}, line {problem.span.line}: {problem.message}", problem.help or "fix it, and merge again"
        )
    return document


def detect_shape(path: str, documents: Iterable[Document]) -> Shape:
    """What a file consists of; raises MergeError where its versions are neither goals nor settings."""
    if path.rpartition("/")[2] == SETTINGS_PATH:
        return SETTINGS
    keys = {key for document in documents for key in document.keys(())}
    if ("objectives" in keys) == ("kpis" in keys):
        raise MergeError("the file has no goals", "an OKR file has `objectives:`, a KPI file has `kpis:`")
    return OKR_FILE if "objectives" in keys else KPI_FILE


def _with_mark(pieces: list[Piece], versions: Versions) -> list[Piece]:
    """The pieces with the byte order mark of ours, or of theirs where only theirs changed it."""
    marks = [text[:1] if text.startswith("\ufeff") else "" for text in versions]
    mark = marks[2] if marks[1] == marks[0] else marks[1]
    if not mark or not pieces or not isinstance(pieces[0], str):
        return [mark, *pieces] if mark else pieces
    return [mark + pieces[0], *pieces[1:]]


def _require_meant(merged: MergedText, side: Side) -> None:
    """Raise MergeError unless the text with one side's version of the conflicts has the merged data."""
    assert merged.decision is not None
    document = parse(Source(merged.path, merged.text_of(side)))
    meant = plain_data(merged.decision.resolve(side))
    if document.problems or plain_data(build_tree(document, merged.shape)) != meant:
        raise MergeError("the merged file would not contain all merged goals", "merge it by hand")


def _with_line_breaks(pieces: list[Piece], texts: Versions) -> list[Piece]:
    """The pieces with the line breaks of ours, or of theirs where only theirs changed them."""
    styles = [_line_break(text) for text in texts]
    style = styles[2] if styles[1] == styles[0] and styles[2] else styles[1]
    fixed: list[Piece] = [
        _with_break(piece, style)
        if isinstance(piece, str)
        else LineChoice(*(_all_ended(side, style) for side in piece))
        for piece in pieces
    ]
    ends = [text.endswith(("\n", "\r")) for text in texts]
    is_ended = ends[2] if ends[1] == ends[0] else ends[1]
    if not is_ended and fixed and isinstance(fixed[-1], str):
        fixed[-1] = fixed[-1].rstrip("\r\n")
    return fixed


def _all_ended(lines: Iterable[str], style: str) -> tuple[str, ...]:
    return tuple(_with_break(line, style) for line in lines)


def _with_break(line: str, style: str) -> str:
    bare = line.rstrip("\r\n")
    return bare + (style or "\n") if style or bare == line else line


def _line_break(text: str) -> str:
    """The line break of a text; empty if it has none or several kinds."""
    found = {line[len(line.rstrip("\r\n")) :] for line in split_lines(text)} - {""}
    return found.pop() if len(found) == 1 else ""
