"""Reads the examples out of the docstrings of rules, and checks small workspaces that are written as text."""

from __future__ import annotations

import re
from datetime import date
from textwrap import dedent

from okrctl import checking
from okrctl.diagnostic import START, Diagnostic, Fault
from okrctl.document import Source
from okrctl.finding import Context
from okrctl.workspace import build, read_settings

TODAY = date(2026, 5, 15)
FILE = re.compile(r"^# FILE: (\S+)\n", re.MULTILINE)


def example(docstring: str, which: str) -> str:
    """The text under `Bad:` or `Good:`, indentation removed."""
    lines = docstring.splitlines()
    begin = lines.index(f"{which}:") + 1
    end = next((n for n in range(begin, len(lines)) if lines[n] and not lines[n].startswith(" ")), len(lines))
    return dedent("\n".join(lines[begin:end])).strip("\n") + "\n"


def files_of(text: str) -> dict[str, str]:
    """The files of an example by their paths; a text without `# FILE:` lines is one OKR or KPI file."""
    parts = FILE.split(text)
    if len(parts) == 1:
        kpis = re.search(r"^kpis:", text, re.MULTILINE)
        return {"kpis/page.yaml" if kpis else "okrs/page.yaml": text}
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def check(files: dict[str, str] | str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """The diagnostics of a workspace given as texts by path; `settings` is put behind its okrctl.yaml."""
    texts = files_of(dedent(files).lstrip("\n")) if isinstance(files, str) else files
    said = texts.get("okrctl.yaml", "") + settings
    config, file = read_settings(Source("okrctl.yaml", said) if said else None)

    def load(path: str) -> str | Fault:
        return texts.get(path, Fault("OKR009", "there is no such file", START))

    sources = [Source(path, text) for path, text in texts.items() if path.endswith(".yaml") and path != "okrctl.yaml"]
    return checking.check(build(sources, config, load, file), Context(config, today))


def found(files: dict[str, str] | str, code: str, settings: str = "", today: date = TODAY) -> list[Diagnostic]:
    """The diagnostics of one rule."""
    return [one for one in check(files, settings, today) if one.code == code]


def marked(files: dict[str, str] | str, one: Diagnostic) -> str:
    """The characters that a diagnostic points at, as far as they stand on one line."""
    texts = files_of(dedent(files).lstrip("\n")) if isinstance(files, str) else files
    line = texts[one.path].splitlines()[one.span.line - 1]
    end = one.span.end_column if one.span.end_line == one.span.line else len(line) + 1
    return line[one.span.column - 1 : end - 1]
