"""Builds a company whose teams are git submodules, and the same company in one repository, from the same commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.repositories import LEA, TOM, Person, Repo

SETTINGS = 'include: ["okrs/**/*.yaml", "kpis/**/*.yaml", "team-*/okrs/**/*.yaml"]\n'
COMPANY_GOALS = """\
period: 2026-Q2
objectives:
  - id: grow
    title: The company grows in every market
    owner: lea
    hypothesis: {kpi: nps, expect: up}
    key_results:
      - id: all-signups
        title: Signups of all teams
        from: 100
        to: 1000
        rollup: {sum: [growth/onboarding.signups]}
"""
KPIS = "kpis: [{id: nps, title: NPS, better: higher, readings: {2026-04-13: 40, 2026-05-04: 44}}]\n"
GROWTH = """\
period: 2026-Q2
team: growth
objectives:
  - id: onboarding
    title: New customers start on their own
    owner: tom
    parent: company/grow
    key_results:
      - id: signups
        title: Signups of new customers
        from: 100
        to: 900
        readings: {2026-04-13: 120}
      - {id: calls, title: Calls about the first steps, from: 90, to: 40, readings: ../calls.csv}
"""
TRUST = """\
period: 2026-Q2
team: trust
objectives:
  - id: reviews
    title: Customers recommend the product
    owner: lea
    key_results:
      - {id: score, title: Score of public reviews, from: 3, to: 5, readings: {2026-04-13: 3.2}}
"""
SUPPLY = """\
period: 2026-Q2
team: supply
objectives:
  - id: stock
    title: Shops never run out of goods
    owner: lea
    key_results:
      - {id: gaps, title: Empty shelves per week, from: 80, to: 20, readings: {2026-04-13: 75}}
"""
CALLS = "date,value\n2026-04-13,85\n"
TEAMS = ("team-a", "team-b", "team-c")
EASIER = GROWTH.replace("to: 900", "to: 500")


class Step(NamedTuple):
    """One commit of a team, or of the company where `team` is empty."""

    day: str
    author: Person
    team: str
    message: str
    files: Mapping[str, str]


STEPS = (
    Step("2026-04-05", LEA, "", "Goals", {"okrctl.yaml": SETTINGS, "okrs/c.yaml": COMPANY_GOALS, "kpis/k.yaml": KPIS}),
    Step("2026-04-06", TOM, "team-a", "Goals of growth", {"okrs/g.yaml": GROWTH, "calls.csv": CALLS}),
    Step("2026-04-07", LEA, "team-b", "Goals of trust", {"okrs/g.yaml": TRUST}),
    Step("2026-04-08", LEA, "team-c", "Goals of supply", {"okrs/g.yaml": SUPPLY}),
    Step("2026-05-04", TOM, "team-a", "Easier", {"okrs/g.yaml": EASIER}),
    Step("2026-05-05", LEA, "team-c", "Another id", {"okrs/g.yaml": SUPPLY.replace("id: gaps", "id: shelves")}),
    Step("2026-05-10", TOM, "team-b", "Check in", {"okrs/g.yaml": TRUST.replace("13: 3.2", "13: 3.2, 2026-05-10: 4")}),
    Step("2026-05-11", LEA, "team-a", "Fewer calls", {"calls.csv": CALLS + "2026-05-11,60\n"}),
    Step(
        "2026-05-12", TOM, "team-a", "Check in",
        {"okrs/g.yaml": EASIER.replace("13: 120", "13: 120, 2026-05-11: 240")},
    ),
)  # fmt: skip


def build_twin(path: Path, steps: Sequence[Step] = STEPS) -> Repo:
    """The company in one repository, whose folders are the teams."""
    repo = Repo(path)
    for step in steps:
        folder = f"{step.team}/" if step.team else ""
        files = {folder + name: text for name, text in step.files.items()}
        repo.commit(step.message, step.day, step.author, files=files)
    return repo


def build_company(path: Path, steps: Sequence[Step] = STEPS, pin_days: Sequence[str] | None = None) -> Repo:
    """The company with its teams as submodules, cloned from the folder `teams` beside it.

    Each commit of a team is pinned on its own day, or all so far on each of the `pin_days`.
    """
    company = Repo(path)
    company.config("protocol.file.allow", "always")
    waiting = [*(pin_days or ())]
    for step in steps:
        while waiting and waiting[0] < step.day:
            pin(company, waiting.pop(0))
        if not step.team:
            company.commit(step.message, step.day, step.author, files=step.files)
            continue
        origin = path.parent / "teams" / step.team
        if not (origin / ".git").exists():
            Repo(origin).commit("Begin", step.day, step.author)
            Repo(origin).config("uploadpack.allowAnySHA1InWant", "true")
            Repo(origin).config("uploadpack.allowFilter", "true")
            company.git("submodule", "--quiet", "add", "-b", "main", f"file://{origin}", step.team)
        team_commit(company, step)
        if pin_days is None:
            pin(company, step.day)
    for day in waiting:
        pin(company, day)
    return company


def team_commit(company: Repo, step: Step) -> str:
    """Commit in the work tree of a team, and push it to where the submodule comes from."""
    team = Repo(company.path / step.team)
    team.git("checkout", "-q", "-B", "main")
    made = team.commit(step.message, step.day, step.author, files=step.files)
    Repo(company.path.parent / "teams" / step.team).git("config", "receive.denyCurrentBranch", "ignore")
    team.git("push", "-q", "origin", "main")
    return made


def pin(company: Repo, day: str) -> str:
    """Commit what the teams have now."""
    return company.commit("Pin the teams", day)


def clone_company(company: Repo, path: Path, *options: str, submodules: bool = True) -> Repo:
    """A clone of the company, with or without its submodules."""
    company.git("clone", "-q", "--template=", *options, f"file://{company.path}", str(path))
    repo = Repo(path)
    repo.config("protocol.file.allow", "always")
    if submodules and "--bare" not in options:
        repo.git("submodule", "--quiet", "update", "--init")
    return repo
