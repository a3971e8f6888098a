"""Makes the fixes that rules propose, and keeps only those after which the workspace is better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from okrctl.check.fixes.replacements import CheckTexts, FixResult, SourceLines, apply_replacements, compatible_fixes
from okrctl.check.report import CheckReport
from okrctl.values.diagnostic import Diagnostic

MAX_ROUNDS = 1000
REVEALING_CODES = "OKR0"  # mending the shape of a file lets other rules see what was hidden from them
SHAPE_CODES = ("OKR0", "OKR1")

Key = tuple[object, ...]


def apply_fixes(check: CheckTexts, wanted: Callable[[Diagnostic], bool]) -> FixResult:
    """The texts after all safe fixes of the findings that are wanted.

    As many as possible are tried at once; where the result is not better, fewer, down to the one that is to blame.
    """
    first = report = check({})
    texts: dict[str, str] = {}
    done: list[Diagnostic] = []
    refused: dict[Key, Diagnostic] = {}
    most = len(report.diagnostics)
    for _ in range(MAX_ROUNDS):
        open_ = [
            one for one in report.diagnostics if one.fix and wanted(one) and _finding_key(one, report) not in refused
        ]
        batch = _independent_fixes(open_, report)[: max(most, 1)]
        if not batch:
            break
        tried = texts | _fixed_texts(batch, report)
        after = check(tried)
        if _is_better(report, after, batch):
            texts, report, most = tried, after, most * 2
            done += batch
        elif len(batch) == 1:
            refused[_finding_key(batch[0], report)] = batch[0]
        else:
            most = len(batch) // 2
    changed = {path: (first.texts[path], text) for path, text in texts.items() if text != first.texts[path]}
    return FixResult(changed, tuple(done), tuple(refused.values()), first, report)


def _finding_key(one: Diagnostic, report: CheckReport) -> Key:
    """What tells a finding from others while lines move."""
    return (one.path, one.code, one.message, tuple(part.text for part in one.fix), report.line(one.path, one.span.line))


def _independent_fixes(ones: Sequence[Diagnostic], report: CheckReport) -> list[Diagnostic]:
    """Those whose fixes do not touch each other."""
    chosen: list[Diagnostic] = []
    for path, group in _group_by_path(ones).items():
        numbers = compatible_fixes((one.fix for one in group), SourceLines(report.texts[path]))
        chosen += [group[number] for number in numbers]
    return chosen


def _fixed_texts(batch: Sequence[Diagnostic], report: CheckReport) -> dict[str, str]:
    return {
        path: apply_replacements(SourceLines(report.texts[path]), (part for one in group for part in one.fix))
        for path, group in _group_by_path(batch).items()
    }


def _group_by_path(ones: Sequence[Diagnostic]) -> Mapping[str, list[Diagnostic]]:
    groups: dict[str, list[Diagnostic]] = {}
    for one in ones:
        groups.setdefault(one.path, []).append(one)
    return groups


def _is_better(before: CheckReport, after: CheckReport, batch: Sequence[Diagnostic]) -> bool:
    """The findings are gone, and no error has come that was not there."""

    def same(one: Diagnostic) -> Key:
        return (one.path, one.code, one.message)

    were, are = Counter(map(same, before.diagnostics)), Counter(map(same, after.diagnostics))
    gone = Counter(map(same, batch))
    if any(are[key] > were[key] - number for key, number in gone.items()):
        return False
    watched = SHAPE_CODES if any(one.code.startswith(REVEALING_CODES) for one in batch) else ("",)
    return not _errors(after, watched) - _errors(before, watched)


def _errors(report: CheckReport, codes: tuple[str, ...]) -> Counter[tuple[str, str]]:
    errors = (one for one in report.diagnostics if one.severity == "error" and one.code.startswith(codes))
    return Counter((one.path, one.code) for one in errors)
