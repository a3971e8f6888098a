"""Applies the fixes that rules suggest, and keeps only those that improve the workspace.

Replacements are spliced into the text, so line breaks, comments and everything else stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import Diagnostic, Replacement

MAX_ROUNDS = 1000
REVEALING_CODES = "OKR0"  # after fixing the shape of a file, other rules see what they could not see before
SHAPE_CODES = ("OKR0", "OKR1")
_LINE_BREAK = re.compile(r"\r\n|[\r\n]")

Key = tuple[object, ...]
CheckTexts = Callable[[Mapping[str, str]], CheckReport]
"""Checks the workspace with the given texts in place of those of their paths."""


@dataclass(frozen=True)
class FixResult:
    """Old and new texts by path, the findings that were fixed and refused, and the reports before and after."""

    texts: Mapping[str, tuple[str, str]]
    fixed: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]
    before: CheckReport
    after: CheckReport


class SourceLines:
    """The offsets at which the lines of a text begin and end; lines count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [int(text.startswith("\ufeff")), *(match.end() for match in _LINE_BREAK.finditer(text))]
        self.ends = [*(match.start() for match in _LINE_BREAK.finditer(text)), len(text)]

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, limited to the line."""
        line = min(line, len(self.starts))
        return min(self.starts[line - 1] + column - 1, self.ends[line - 1])

    def content(self, line: int) -> str:
        """The text of a line without its line break."""
        return self.text[self.starts[line - 1] : self.ends[line - 1]]

    @property
    def newline(self) -> str:
        """The first line break of the text, else a line feed."""
        match = _LINE_BREAK.search(self.text)
        return match[0] if match else "\n"


def compatible_fixes(fixes: Iterable[tuple[Replacement, ...]], lines: SourceLines) -> list[int]:
    """The indexes of the fixes that can be applied together: none touches one before it."""
    taken: list[tuple[int, int]] = []
    chosen = []
    for index, fix in enumerate(fixes):
        ranges = [_offsets(replacement, lines) for replacement in fix]
        if all(other_end < start or end < other_start for start, end in ranges for other_start, other_end in taken):
            taken += ranges
            chosen.append(index)
    return chosen


def apply_replacements(lines: SourceLines, replacements: Iterable[Replacement]) -> str:
    """The text after all replacements; line breaks in them become those of the file."""
    text, newline = lines.text, lines.newline
    edits = ((_offsets(replacement, lines), replacement.text) for replacement in replacements)
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new.replace("\n", newline) + text[end:]
    return text


def _offsets(replacement: Replacement, lines: SourceLines) -> tuple[int, int]:
    span = replacement.span
    return lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)


def apply_fixes(check: CheckTexts, is_wanted: Callable[[Diagnostic], bool]) -> FixResult:
    """Apply all safe fixes of the wanted findings.

    A fix is safe if its finding is gone afterwards and no new error has appeared. Checking after each single fix
    would take too long, so as many as possible are tried at once. If the result is not better, half of them are
    tried, down to the single fix that is to blame, which is refused.
    """
    first = report = check({})
    texts: dict[str, str] = {}
    fixed: list[Diagnostic] = []
    refused: dict[Key, Diagnostic] = {}
    batch_size = len(report.diagnostics)
    for _ in range(MAX_ROUNDS):
        candidates = [
            diagnostic for diagnostic in report.diagnostics
            if diagnostic.fix and is_wanted(diagnostic) and _finding_key(diagnostic, report) not in refused
        ]  # fmt: skip
        batch = _independent_fixes(candidates, report)[: max(batch_size, 1)]
        if not batch:
            break
        new_texts = texts | _fixed_texts(batch, report)
        after = check(new_texts)
        if _is_better(report, after, batch):
            texts, report, batch_size = new_texts, after, batch_size * 2
            fixed += batch
        elif len(batch) == 1:
            refused[_finding_key(batch[0], report)] = batch[0]
        else:
            batch_size = len(batch) // 2
    changed = {path: (first.texts[path], text) for path, text in texts.items() if text != first.texts[path]}
    return FixResult(changed, tuple(fixed), tuple(refused.values()), first, report)


def _finding_key(diagnostic: Diagnostic, report: CheckReport) -> Key:
    """Identifies a finding even if lines move."""
    new_texts = tuple(replacement.text for replacement in diagnostic.fix)
    line = report.line(diagnostic.path, diagnostic.span.line)
    return (diagnostic.path, diagnostic.code, diagnostic.message, new_texts, line)


def _independent_fixes(diagnostics: Sequence[Diagnostic], report: CheckReport) -> list[Diagnostic]:
    """The diagnostics whose fixes do not touch each other."""
    chosen: list[Diagnostic] = []
    for path, group in _group_by_path(diagnostics).items():
        indexes = compatible_fixes((diagnostic.fix for diagnostic in group), SourceLines(report.texts[path]))
        chosen += [group[index] for index in indexes]
    return chosen


def _fixed_texts(batch: Sequence[Diagnostic], report: CheckReport) -> dict[str, str]:
    texts = {}
    for path, group in _group_by_path(batch).items():
        replacements = [replacement for diagnostic in group for replacement in diagnostic.fix]
        texts[path] = apply_replacements(SourceLines(report.texts[path]), replacements)
    return texts


def _group_by_path(diagnostics: Sequence[Diagnostic]) -> Mapping[str, list[Diagnostic]]:
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault(diagnostic.path, []).append(diagnostic)
    return groups


def _is_better(before: CheckReport, after: CheckReport, batch: Sequence[Diagnostic]) -> bool:
    """Whether the findings of a batch are gone and no new error has appeared."""

    def key(diagnostic: Diagnostic) -> Key:
        return (diagnostic.path, diagnostic.code, diagnostic.message)

    counts_before, counts_after = Counter(map(key, before.diagnostics)), Counter(map(key, after.diagnostics))
    expected = Counter(map(key, batch))
    if any(counts_after[finding] > counts_before[finding] - count for finding, count in expected.items()):
        return False
    is_revealing = any(diagnostic.code.startswith(REVEALING_CODES) for diagnostic in batch)
    codes = SHAPE_CODES if is_revealing else ("",)
    return not _count_errors(after, codes) - _count_errors(before, codes)


def _count_errors(report: CheckReport, codes: tuple[str, ...]) -> Counter[tuple[str, str]]:
    return Counter(
        (diagnostic.path, diagnostic.code) for diagnostic in report.diagnostics
        if diagnostic.severity == "error" and diagnostic.code.startswith(codes)
    )  # fmt: skip
