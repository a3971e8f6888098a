"""Writes comments that suppress findings: at the end of the line if possible, else on a line of their own above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from okrctl.check.fixes import CheckTexts, FixResult, SourceLines, apply_replacements
from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import Diagnostic, Replacement, Span
from okrctl.yaml import Document, Source, parse

# Suppressing these would hide a whole file, or a suppression.
NEVER_SUPPRESSED = ("OKR001", "OKR006", "OKR009", "OKR011", "OKR012")
MAX_ROUNDS = 4  # a suppression may let another rule run

LinePair = tuple[int, int]
"""The line of a finding, and the first line of the node that it is about."""


def suppress_findings(check: CheckTexts, is_wanted: Callable[[Diagnostic], bool]) -> FixResult:
    """Add a suppression for every wanted finding that can be suppressed."""
    before = report = check({})
    for _ in range(MAX_ROUNDS):
        texts = {path: report.texts[path] for path in before.texts if report.texts[path] != before.texts[path]}
        new_texts = texts | _add_comments_to_files(report, is_wanted)
        if new_texts == texts:
            break
        report = check(new_texts)
    remaining = tuple(diagnostic for diagnostic in report.diagnostics if is_wanted(diagnostic))
    remaining_keys = set(map(_finding_key, remaining))
    suppressed = tuple(
        diagnostic for diagnostic in before.diagnostics
        if is_wanted(diagnostic) and _finding_key(diagnostic) not in remaining_keys
    )  # fmt: skip
    changed = {path: (text, report.texts[path]) for path, text in before.texts.items() if report.texts[path] != text}
    return FixResult(changed, suppressed, remaining, before, report)


def _add_comments_to_files(report: CheckReport, is_wanted: Callable[[Diagnostic], bool]) -> dict[str, str]:
    """The texts that change, by path."""
    names_by_path: dict[str, dict[LinePair, dict[str, None]]] = {}
    for diagnostic in report.diagnostics:
        location = diagnostic.suppression_location
        if is_wanted(diagnostic) and location and diagnostic.code not in NEVER_SUPPRESSED:
            names = names_by_path.setdefault(location.path, {}).setdefault((location.line, location.first_line), {})
            names[diagnostic.name] = None
    texts = {path: _add_comments_to_text(path, report, names) for path, names in names_by_path.items()}
    return {path: text for path, text in texts.items() if text != report.texts[path]}


def _finding_key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return (diagnostic.path, diagnostic.code, diagnostic.message)


def _add_comments_to_text(path: str, report: CheckReport, names: Mapping[LinePair, Iterable[str]]) -> str:
    """The text of a file with comments for all findings, except for those that cannot have one."""
    wanted = sorted((lines, list(rule_names)) for lines, rule_names in names.items())
    return _add_comments(parse(Source(path, report.texts[path])), wanted).text


def _add_comments(document: Document, wanted: list[tuple[LinePair, list[str]]]) -> Document:
    """Add all comments at once if that works, else one half after the other.

    The later half comes first, because it does not move the lines of the earlier one.
    """
    if len(wanted) == 1:
        return _add_comment(document, *wanted[0])
    lines = SourceLines(document.text)
    edits = [
        _extend_comment(document, *line_pair, names) or _append_comment(lines, line_pair[0], names)
        for line_pair, names in wanted
    ]
    if None not in edits:
        new_text = apply_replacements(lines, (edit for edit in edits if edit is not None))
        commented = parse(Source(document.path, new_text))
        if _is_equivalent(document, commented, sum(len(names) for _, names in wanted)):
            return commented
    half = len(wanted) // 2
    return _add_comments(_add_comments(document, wanted[half:]), wanted[:half])


def _add_comment(document: Document, line_pair: LinePair, names: list[str]) -> Document:
    """The document with one comment in the first place that takes it; unchanged if there is none."""
    line, first = line_pair
    lines = SourceLines(document.text)
    for edit in (
        _extend_comment(document, line, first, names),
        _append_comment(lines, line, names),
        _insert_comment(lines, first, names),
    ):
        if edit is not None:
            commented = parse(Source(document.path, apply_replacements(lines, [edit])))
            if _is_equivalent(document, commented, len(names)):
                return commented
    return document


def _is_equivalent(before: Document, after: Document, added: int) -> bool:
    """Whether the data are the same and the suppressions have exactly so many more names."""
    difference = _count_suppressed_names(after) - _count_suppressed_names(before)
    return before.data == after.data and len(before.problems) == len(after.problems) and difference == added


def _count_suppressed_names(document: Document) -> int:
    return sum(len(comment.names) for comment in document.ignore_comments)


def _extend_comment(document: Document, line: int, first: int, names: list[str]) -> Replacement | None:
    """Add names to a suppression that covers the place already; None if there is none."""
    for comment in document.ignore_comments:
        is_covering = comment.target == first if comment.is_alone else comment.line == line
        if is_covering and comment.names:
            last = comment.names[-1][1]
            end = Span(last.end_line, last.end_column, last.end_line, last.end_column)
            return Replacement(end, "".join(f", {name}" for name in names))
    return None


def _append_comment(lines: SourceLines, line: int, names: list[str]) -> Replacement | None:
    """Add a comment at the end of a line; None if the line is blank."""
    content = lines.content(line).rstrip()
    column = len(content) + 1
    return Replacement(Span(line, column, line, column), f"  {_format_comment(names)}") if content else None


def _insert_comment(lines: SourceLines, line: int, names: list[str]) -> Replacement:
    """Add a comment on a line of its own above a line, with the same indentation."""
    content = lines.content(line)
    indent = content[: len(content) - len(content.lstrip())]
    return Replacement(Span(line, 1, line, 1), f"{indent}{_format_comment(names)}\n")


def _format_comment(names: list[str]) -> str:
    return f"# okrctl: ignore[{', '.join(names)}]"
