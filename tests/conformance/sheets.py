"""Builds tiny workspaces and reads one figure of them, through the command line as people use it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from tests.running import Result, run, write

MIDDLE = "2026-05-15"
AFTER = "2026-07-20"


def workspace(
    root: Path, *results: str, objective: str = "", period: str = "2026-Q2", config: str = "", kpis: str = "",
    more: dict[str, str] | None = None,
) -> Path:  # fmt: skip
    """A workspace with one objective `o` of the team `trust`; its key results are k1, k2, ... unless they say an id."""
    lines = [f"period: {period}", "team: trust", "objectives:", "  - id: o", "    title: Customers trust us"]
    lines += ["    owner: lea", *textwrap.indent(objective, "    ").splitlines()]
    lines += ["    key_results:"] if results else []
    for number, result in enumerate(results, 1):
        body = result if result.startswith("id:") else f"id: k{number}\ntitle: Letters answered\n{result}"
        lines.append("      - " + textwrap.indent(body, " " * 8)[8:])
    files = {"okrctl.yaml": config or "organisation: Acme\n", "okrs/a.yaml": "\n".join(lines) + "\n"}
    return write(root, files | ({"kpis/k.yaml": kpis} if kpis else {}) | (more or {}))


def check(root: Path, *arguments: str, today: str = MIDDLE) -> list[str]:
    """The codes that `check` finds, in its order, without advice about how many key results there are."""
    found = run("check", "--ignore", "OKR304,OKR308", "--format", "json", *arguments, cwd=root, today=today).json
    return [one["code"] for one in found["diagnostics"]]


def said(root: Path, *arguments: str, today: str = MIDDLE) -> str:
    """What `check` says to people."""
    return run("check", "--ignore", "OKR304,OKR308", *arguments, cwd=root, today=today).out


def card(root: Path, *arguments: str, today: str = MIDDLE, period: str = "2026-Q2") -> Any:
    """The scorecard of one period as data."""
    result = run("score", period, "--format", "json", *arguments, cwd=root, today=today)
    assert result.status == 0, result.err
    return result.json


def objective(root: Path, *arguments: str, today: str = MIDDLE, period: str = "2026-Q2") -> Any:
    """The first objective of the scorecard."""
    return card(root, *arguments, today=today, period=period)["teams"][0]["objectives"][0]


def key_result(root: Path, number: int = 0, *arguments: str, today: str = MIDDLE, period: str = "2026-Q2") -> Any:
    """One key result of the first objective."""
    return objective(root, *arguments, today=today, period=period)["key_results"][number]


def refused(result: Result) -> bool:
    """Whether a command could not run and said so in the two lines that scripts read."""
    lines = result.err.splitlines()
    return (
        result.status == 2 and result.out == "" and len(lines) == 2
        and lines[0].startswith("error: ") and lines[1].startswith("hint: ")
    )  # fmt: skip
