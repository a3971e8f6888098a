"""Writes the comments that suppress findings: at the end of the line where it takes one, else alone above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from okrctl.check.fixes.replacements import CheckTexts, FixResult, SourceLines, apply_replacements
from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import Diagnostic, Replacement, Span
from okrctl.yaml import Document, Source, parse

# A file that cannot be read would be passed over, and suppressions are not suppressed.
NEVER_SUPPRESSED = ("OKR001", "OKR006", "OKR009", "OKR011", "OKR012")
MAX_ROUNDS = 4  # a suppression may be what lets another rule look


def suppress_findings(check: CheckTexts, wanted: Callable[[Diagnostic], bool]) -> FixResult:
    """The texts with a suppression for every finding that is wanted and can be suppressed."""
    before = report = check({})
    for _ in range(MAX_ROUNDS):
        texts = {path: report.texts[path] for path in before.texts if report.texts[path] != before.texts[path]}
        more = texts | _comment_all(report, wanted)
        if more == texts:
            break
        report = check(more)
    left = tuple(one for one in report.diagnostics if wanted(one))
    loud = set(map(_finding_key, left))
    done = tuple(one for one in before.diagnostics if wanted(one) and _finding_key(one) not in loud)
    changed = {path: (text, report.texts[path]) for path, text in before.texts.items() if report.texts[path] != text}
    return FixResult(changed, done, left, before, report)


def _comment_all(report: CheckReport, wanted: Callable[[Diagnostic], bool]) -> dict[str, str]:
    groups: dict[str, dict[LinePair, dict[str, None]]] = {}
    for one in report.diagnostics:
        if wanted(one) and one.suppression_location and one.code not in NEVER_SUPPRESSED:
            path, *place = one.suppression_location
            groups.setdefault(path, {}).setdefault((place[0], place[1]), {})[one.name] = None
    texts = {path: _comment_text(path, report, names) for path, names in groups.items()}
    return {path: text for path, text in texts.items() if text != report.texts[path]}


def _finding_key(one: Diagnostic) -> tuple[str, str, str]:
    return (one.path, one.code, one.message)


LinePair = tuple[int, int]
"""The line of a finding, and the line where what it speaks of begins."""


def _comment_text(path: str, report: CheckReport, names: Mapping[LinePair, Iterable[str]]) -> str:
    """A text with comments for all findings; where one cannot stand, that one is left out."""
    wanted = sorted((place, list(words)) for place, words in names.items())
    return _with_comments(parse(Source(path, report.texts[path])), wanted).text


def _with_comments(document: Document, wanted: list[tuple[LinePair, list[str]]]) -> Document:
    """All at once where that works; else by halves, the later one first, so that lines above keep their numbers."""
    if len(wanted) == 1:
        return _with_comment(document, *wanted[0])
    lines = SourceLines(document.text)
    edits = [
        _extend_comment(document, *place, words) or _comment_behind(lines, place[0], words) for place, words in wanted
    ]
    if None not in edits:
        tried = parse(Source(document.path, apply_replacements(lines, (edit for edit in edits if edit is not None))))
        if _is_equivalent(document, tried, sum(len(words) for _, words in wanted)):
            return tried
    half = len(wanted) // 2
    return _with_comments(_with_comments(document, wanted[half:]), wanted[:half])


def _with_comment(document: Document, place: LinePair, names: list[str]) -> Document:
    line, first = place
    lines = SourceLines(document.text)
    for edit in (
        _extend_comment(document, line, first, names),
        _comment_behind(lines, line, names),
        _comment_above(lines, first, names),
    ):
        if edit is not None:
            tried = parse(Source(document.path, apply_replacements(lines, [edit])))
            if _is_equivalent(document, tried, len(names)):
                return tried
    return document


def _is_equivalent(before: Document, after: Document, more: int) -> bool:
    """The data are untouched, and so many more names stand in suppressions."""
    added = _count_suppressed_names(after) - _count_suppressed_names(before)
    return before.data == after.data and len(before.problems) == len(after.problems) and added == more


def _count_suppressed_names(document: Document) -> int:
    return sum(len(ignore.names) for ignore in document.ignore_comments)


def _extend_comment(document: Document, line: int, first: int, names: list[str]) -> Replacement | None:
    """More names in a suppression that speaks of the place already."""
    for ignore in document.ignore_comments:
        speaks = ignore.target == first if ignore.is_alone else ignore.line == line
        if speaks and ignore.names:
            last = ignore.names[-1][1]
            end = Span(last.end_line, last.end_column, last.end_line, last.end_column)
            return Replacement(end, "".join(f", {name}" for name in names))
    return None


def _comment_behind(lines: SourceLines, line: int, names: list[str]) -> Replacement | None:
    content = lines.content(line).rstrip()
    column = len(content) + 1
    return Replacement(Span(line, column, line, column), f"  {_format_comment(names)}") if content else None


def _comment_above(lines: SourceLines, line: int, names: list[str]) -> Replacement:
    content = lines.content(line)
    indent = content[: len(content) - len(content.lstrip())]
    return Replacement(Span(line, 1, line, 1), f"{indent}{_format_comment(names)}\n")


def _format_comment(names: list[str]) -> str:
    return f"# okrctl: ignore[{', '.join(names)}]"
