"""Reads the demo, and records a reading in it: OKRCTL_TODAY=2026-06-20 python program.py FOLDER."""

import sys
from datetime import date
from fractions import Fraction

import okrctl


def main(folder: str) -> None:
    project = okrctl.open(folder)
    report = project.check(base="main")
    for found in report:
        print(f"{found.path}:{found.span.line}: {found.code} {found.message}")
    print("ok" if report.ok else "not ok")

    card = project.score("2026-Q2", as_of=date(2026, 5, 4), known_at="HEAD~20", agreed=False)
    first = card["app"].objectives[0].key_results[0]
    progress: Fraction | None = first.progress
    print(first.ref, progress, first.status)

    kpi = project.kpi("turnover")
    print(kpi.readings[-1].date, kpi.readings[-1].value, kpi.unit)
    why = kpi.attribution(since=date(2026, 4, 1), until=date(2026, 5, 4))
    for part in why.parts:
        print(part.id, part.amount)

    plan = project.checkin({"planned-weeks": "37%"}, date=date(2026, 6, 20), confidence=7, note="A slow week")
    print(plan.diff)
    for effect in plan.effects:
        print(effect.text, effect.old, effect.new)
    commit = plan.apply(commit=True)
    if commit is not None:
        print(commit.subject)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except okrctl.Error as error:
        sys.exit(f"{error.code}: {error.message} ({error.hint})")
