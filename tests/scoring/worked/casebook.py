"""Turns the published cases into workspaces, runs them and holds the figures against what the case book says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.running import run, write

BOOK = Path(__file__).with_name("cases.yaml")

# A day after all readings of the book, so that none of them lies in the future.
AFTERWARDS = "2026-01-31"

Figure = Fraction | str | bool | None


@dataclass(frozen=True)
class Run:
    """One workspace of a case, the day on which it is asked, and what the answer must be."""

    part: str
    objectives: dict[str, dict[str, Any]]
    expect: dict[str, Any]
    settings: str = ""
    period: str = "2025-Q2"
    on: str = ""
    shown: str = ""
    finds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One published example: where it stands, what it says, and what okrctl says to it."""

    id: str
    published: Any
    basis: str
    source: str
    ours: str
    reason: str = ""
    runs: tuple[Run, ...] = field(default=())


@cache
def cases() -> tuple[Case, ...]:
    """All cases of the book, in its order."""
    raw = YAML(typ="safe", pure=True).load(BOOK.read_text(encoding="utf-8"))
    return tuple(Case(**{**entry, "runs": tuple(_run_of(one) for one in entry["runs"])}) for entry in raw)


def runs_of(part: str) -> Iterator[tuple[str, Case, Run]]:
    """Every run of one part (scores or pace) with a name for the test."""
    for case in cases():
        for number, one in enumerate(case.runs, 1):
            if one.part == part:
                yield f"{case.id}-{number}", case, one


def figures(one: Run, root: Path) -> dict[str, Any]:
    """Scores the workspace of a run; the fields of the answer by the names that the book uses."""
    build(one, root)
    result = run(
        "score", _name_of(one.period), "--as-of", one.on, "--bands", "--format", "json", cwd=root, today=AFTERWARDS
    )
    assert result.status == 0, result.err
    return _named(result.json)


def build(one: Run, root: Path) -> None:
    """Writes the files of a run: one team's OKRs and, where the case has them, settings."""
    write(root, {"okrs/team.yaml": _okrs(one)} | ({"okrctl.yaml": one.settings + "\n"} if one.settings else {}))


def differences(one: Run, found: dict[str, Any]) -> dict[str, tuple[Figure, Figure]]:
    """Where the answer is not what the book expects: field, (expected, found). Numbers carry six places, half up."""
    wanted = {name: _figure(value) for name, value in one.expect.items()}
    got = {name: _figure(found.get(name, "(not there)")) for name in wanted}
    return {name: (wanted[name], got[name]) for name in wanted if _six(wanted[name]) != got[name]}


def rounded(value: Any, published: Any) -> Figure:
    """A figure of ours with as many places as the source prints (at least two), half up."""
    figure = _figure(value)
    if not isinstance(figure, Fraction):
        return figure
    places = max(2, len(str(published).partition(".")[2]))
    return Fraction(floor(figure * 10**places + Fraction(1, 2)), 10**places)


def agrees(case: Case, one: Run, found: dict[str, Any]) -> bool:
    """Whether the figure that a run shows, rounded as printed, is the published one; True where it shows none."""
    if not one.shown:
        return True
    printed = case.published
    if isinstance(printed, list):
        printed = printed[[other for other in case.runs if other.shown].index(one)]
    return rounded(found[one.shown], printed) == _figure(printed)


def _run_of(raw: dict[str, Any]) -> Run:
    known = {name: raw[name] for name in ("part", "expect", "settings", "shown") if name in raw}
    period = str(raw.get("period", "2025-Q2"))
    return Run(
        **known,
        objectives=_objectives(raw),
        period=period,
        on=str(raw.get("on", "") or _last_day(period)),
        finds=tuple(raw.get("finds", ())),
    )


def _objectives(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if "objectives" in raw:
        return dict(raw["objectives"])
    extra = dict([raw["objective"].split(": ")]) if "objective" in raw else {}
    return {"objective": extra | raw.get("key_results", {"only": raw.get("key_result", "")})}


def _last_day(period: str) -> str:
    ends = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31", "": "12-31"}
    year, _, quarter = period.partition("-")
    return f"{year}-{ends[quarter]}"


def _okrs(one: Run) -> str:
    head = f"period: {one.period}\nteam: team\nobjectives:\n"
    return head + "".join(_objective(name, content) for name, content in one.objectives.items())


def _objective(name: str, content: dict[str, Any]) -> str:
    """Texts in braces are key results, all else are keys of the objective."""
    results = {key: text for key, text in content.items() if str(text).startswith("{")}
    lines = [f"  - id: {name}", "    title: Users find their way", "    owner: ada"]
    lines += [f"    {key}: {text}" for key, text in content.items() if key not in results]
    lines += ["    key_results:"]
    lines += [f"      - {{id: {key}, title: What is measured, {text[1:]}" for key, text in results.items()]
    return "\n".join(lines) + "\n"


def _name_of(period: str) -> str:
    custom = re.match(r"\{id: ([\w-]+),", period)
    return custom[1] if custom else period


def _named(answer: dict[str, Any]) -> dict[str, Any]:
    team = answer["teams"][0]
    found = _prefixed("period", answer) | _prefixed("team", team)
    for objective in team["objectives"]:
        found |= _prefixed(objective["id"], objective)
        for result in objective["key_results"]:
            found |= _prefixed(result["id"], result)
    plain = _prefixed("", team["objectives"][0]["key_results"][0])
    return found | plain | {"of expected": _ratio(plain["progress"], plain["expected"])}


def _prefixed(prefix: str, fields: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for key, value in fields.items():
        name = f"{prefix}.{key}" if prefix else key
        named |= _prefixed(name, value) if isinstance(value, dict) else {}
        named[name] = value
    return named


def _ratio(progress: Any, expected: Any) -> Fraction | None:
    return Fraction(progress) / Fraction(expected) if progress is not None and expected else None


def _figure(value: Any) -> Figure:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal | Fraction):
        return Fraction(str(value))
    text = str(value)
    return Fraction(text) if re.fullmatch(r"-?[\d.]+(/\d+)?", text) else text


def _six(value: Figure) -> Figure:
    return Fraction(floor(value * 10**6 + Fraction(1, 2)), 10**6) if isinstance(value, Fraction) else value
