"""Checks small workspaces that are given as text, like the examples on the pages of rules."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import dedent

from okrctl.check import retrospective, runner
from okrctl.check.finding import Context
from okrctl.check.fixes import SourceLines, apply_replacements
from okrctl.history import diff
from okrctl.history.diff import Comparison
from okrctl.scoring import build_scorecard, default_day
from okrctl.values.diagnostic import START, Diagnostic, FileProblem, Span
from okrctl.workspace import Workspace, build_workspace, read_settings
from okrctl.workspace.inheritance import extend_settings
from okrctl.yaml import Source

TODAY = date(2026, 5, 15)
FILE = re.compile(r"^# FILE: (\S+)\n", re.MULTILINE)


def files_of(text: str) -> dict[str, str]:
    """The files of an example by their paths; a text without `# FILE:` lines is one OKR or KPI file."""
    parts = FILE.split(text)
    if len(parts) == 1:
        kpis = re.search(r"^kpis:", text, re.MULTILINE)
        return {"kpis/page.yaml" if kpis else "okrs/page.yaml": text}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def okr(key_results: str, **more: str) -> str:
    """The text of an OKR file whose one objective has these key results, one on each line; `more` are further keys."""
    lines = [f"      - {line.strip()}" for line in key_results.strip().splitlines()]
    keys = [f"    {key}: {value}" for key, value in more.items()]
    top = [
        "period: 2026-Q2",
        "objectives:",
        "  - id: origin",
        "    title: Customers know where their products come from",
    ]
    return "\n".join([*top, "    owner: lea", *keys, "    key_results:", *lines]) + "\n"


def check(files: dict[str, str] | str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """The diagnostics of a workspace given as texts by path; `settings` is put behind its okrctl.yaml."""
    return runner.run_rules(*opened(files, settings, today))


def review(files: dict[str, str] | str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """What is said of the periods of a workspace that are over."""
    workspace, context = opened(files, settings, today)
    cards = [build_scorecard(workspace, one, default_day(one, today, context.config)) for one in workspace.periods]
    found = retrospective.run_retrospective_rules(workspace, cards, context)
    return [
        Diagnostic(
            file.path, file.document.span_at(finding.route), rule.code, rule.name, rule.severity_in(context.config),
            finding.message, finding.help, finding.ref,
        )
        for rule, file, finding in found
    ]  # fmt: skip


def compared(text: str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """The diagnostics of the files under `# NOW`, changed today from those under `# BASE` by the `# AUTHOR`."""
    base, _, now = dedent(text).lstrip("\n").removeprefix("# BASE\n").partition("# NOW\n")
    author = re.match(r"# AUTHOR: (.*) <(.*)>\n", base)
    before, after = files_of(base[author.end() :] if author else base), files_of(now)
    old, _ = opened(before, settings, today)
    new, context = opened(after, settings, today)
    sealed = frozenset(Path(path).stem for path in before if path.startswith("scorecards/"))
    who = frozenset([author.groups()]) if author else frozenset[tuple[str, str]]()
    comparison = Comparison(old, new, diff.compare(old, new), today, sealed, authors=lambda path: who)  # type: ignore[arg-type, return-value]
    return runner.run_rules(new, context, comparison)


def opened(files: dict[str, str] | str, settings: str, today: date) -> tuple[Workspace, Context]:
    """The workspace of texts by path, or of a text with one file or several."""
    texts = files_of(dedent(files).lstrip("\n")) if isinstance(files, str) else files
    said = texts.get("okrctl.yaml", "") + settings
    config, file = read_settings(Source("okrctl.yaml", said) if said else None)
    if config.extends and file is not None:
        shared = {path: Source(path, text) for path, text in texts.items()}
        config, file = extend_settings(config, file, shared.get, read_settings)

    def load(path: str) -> str | FileProblem:
        return texts.get(path, FileProblem("OKR009", "there is no such file", START))

    sources = [
        Source(path, text)
        for path, text in texts.items()
        if path.endswith(".yaml") and not path.endswith("okrctl.yaml")
    ]
    return build_workspace(sources, config, load, file), Context(config, today)


def found(files: dict[str, str] | str, code: str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """The diagnostics of one rule."""
    return [one for one in check(files, settings, today) if one.code == code]


def codes(files: dict[str, str] | str, settings: str = "") -> list[str]:
    """The codes of the errors and warnings."""
    return [one.code for one in check(files, settings) if one.severity != "info"]


def marked(files: dict[str, str] | str, one: Diagnostic) -> str:
    """The characters that a diagnostic points at, as far as they stand on one line."""
    texts = files_of(dedent(files).lstrip("\n")) if isinstance(files, str) else files
    return characters(texts[one.path], one.span)


def characters(text: str, span: Span) -> str:
    """The characters of a place, as far as they stand on its first line."""
    line = text.splitlines()[span.line - 1].removeprefix("\ufeff")
    end = span.end_column if span.end_line == span.line else len(line) + 1
    return line[span.column - 1 : end - 1]


def mended(text: str, one: Diagnostic) -> str:
    """The text with the fix of a diagnostic made."""
    return apply_replacements(SourceLines(text), one.fix)
