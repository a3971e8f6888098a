"""Findings as JUnit XML, which every CI server reads: a suite for each file, a case for each finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from okrctl.check.report import CheckReport
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.values.diagnostic import Diagnostic

_INVALID_XML = re.compile("[\ufffe\uffff]")  # the rest of what XML cannot hold is made visible by `safe`


def render(result: CheckReport, style: TerminalStyle) -> str:
    """What fails the check is a failed case, other findings are cases that passed and say something."""
    groups: dict[str, list[Diagnostic]] = {path: [] for path in sorted(result.texts)}
    for one in result.diagnostics:
        groups.setdefault(one.path, []).append(one)
    failures = sum(map(result.is_failure, result.diagnostics))
    cases = sum(max(len(ones), 1) for ones in groups.values())
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites{_attributes(name='okrctl', tests=cases, failures=failures)}>",
    ]
    for path, ones in groups.items():
        lines += _suite(path, ones, result)
    return "\n".join([*lines, "</testsuites>"])


def _suite(path: str, ones: Sequence[Diagnostic], result: CheckReport) -> Iterator[str]:
    failures = sum(map(result.is_failure, ones))
    name = result.path_from_repository + path
    yield f"  <testsuite{_attributes(name=name, tests=max(len(ones), 1), failures=failures, errors=0, skipped=0)}>"
    for one in ones:
        yield from _case(one, name, result.is_failure(one))
    if not ones:
        yield f"    <testcase{_attributes(name='okrctl check', classname=name, file=name)}/>"
    yield "  </testsuite>"


def _case(one: Diagnostic, name: str, failed: bool) -> Iterator[str]:
    place = f"{one.span.line}:{one.span.column}"
    title = f"{one.code} {one.name} ({place})"
    text = f"{name}:{place}: {one.severity}: {one.message}" + (f"; help: {one.help}" if one.help else "")
    yield f"    <testcase{_attributes(name=title, classname=name, file=name, line=one.span.line)}>"
    if failed:
        yield f"      <failure{_attributes(message=one.message, type=one.severity)}>{_escape_text(text)}</failure>"
    else:
        yield f"      <system-out>{_escape_text(text)}</system-out>"
    yield "    </testcase>"


def _attributes(**named: object) -> str:
    return "".join(f" {name}={quoteattr(_clean(str(value)))}" for name, value in named.items())


def _escape_text(text: str) -> str:
    return _clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clean(text: str) -> str:
    return _INVALID_XML.sub("\ufffd", sanitize(text))
