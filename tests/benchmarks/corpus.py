"""Writes workspaces of any size, the same ones at each call: two OKR files for each KPI file, about 3 KiB each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2026, 11, 22)
QUARTERS = tuple(date(2025 + number // 4, 3 * (number % 4) + 1, 5) for number in range(7))
PEOPLE = tuple("ana björn chidi dmitri elif fatima goran hana ines jose".split())
MANNERS = tuple("calm bright steady open quiet warm early plain round swift kind clear".split())
THINGS = tuple("orders invoices parcels visits answers drafts pupils riders repairs samples seats meals".split())
PLACES = tuple("Lisbon Münster Oslo Kraków Gent Turin Lyon Brno Ghent Espoo Porto Graz".split())
REASONS = tuple("whoever waits leaves;the second visit decides;neighbours talk;winter comes each year".split(";"))
NOTES = ("Two schools moved their contracts", "Back to normal after the holiday", "The new cohort has begun")
EVERY_TENTH = 10
CONSONANTS, VOWELS = "bdfgklmnprtv", "aeiou"


def write(root: Path, size: int, *, problems: bool = False) -> Path:
    """A workspace of `size` files below `root`; with `problems`, every tenth file has one unknown key."""
    for path, text in workspace(size, problems=problems):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    return root


def workspace(size: int, *, problems: bool = False) -> Iterator[tuple[str, str]]:
    """The paths and texts of a workspace: its settings, then `size` files."""
    yield "okrctl.yaml", f"organisation: A large one\nlimits: {{kpis: {20 * size + 100}}}\n"
    for number in range(size):
        chance = random.Random(number)
        owner = "onwer" if problems and number % EVERY_TENTH == EVERY_TENTH - 1 else "owner"
        if number % 3 == 0:
            yield f"kpis/{number // 300:03}/team-{number:05}.yaml", "\n".join(_kpis(number, owner, chance)) + "\n"
        else:
            quarter = QUARTERS[number // 3 % len(QUARTERS)]
            name = f"{quarter.year}-Q{(quarter.month + 2) // 3}"
            yield f"okrs/{name}/team-{number:05}.yaml", "\n".join(_okrs(number, name, quarter, owner, chance)) + "\n"


def _okrs(number: int, period: str, start: date, owner: str, chance: random.Random) -> Iterator[str]:
    yield f"# The goals of team {number}, gone through on Mondays"
    yield f"period: {period}"
    yield f"team: team-{number:05}"
    yield "objectives:"
    for place in range(3):
        yield f"  - id: {chance.choice(MANNERS)}-{place}"
        yield f"    title: {_title(number, place, chance)}"
        yield f"    {owner if place == 1 else 'owner'}: {chance.choice(PEOPLE)}"
        yield f"    why: In the end, {chance.choice(REASONS)}"
        yield f"    kpis: [gauge-{number - 1:05}-{place}]" if number % 3 == 1 else "    tags: [home]"
        yield "    key_results:"
        for inner in range(4):
            yield from _key_result(number, place, inner, start, chance)


def _title(number: int, place: int, chance: random.Random) -> str:
    what = f"find {chance.choice(MANNERS)} {chance.choice(THINGS)}"
    return f"People of {_name(8 * number + place)} {what} in {chance.choice(PLACES)}"


def _name(number: int) -> str:
    """A name of its own for each number, so that no title is like another."""
    syllables = ""
    while number or not syllables:
        number, rest = divmod(number, len(CONSONANTS) * len(VOWELS))
        syllables += CONSONANTS[rest // len(VOWELS)] + VOWELS[rest % len(VOWELS)]
    return syllables.capitalize() + "berg"


def _key_result(number: int, place: int, inner: int, start: date, chance: random.Random) -> Iterator[str]:
    thing, low, way = chance.choice(THINGS), chance.randint(10, 400), chance.randint(20, 400)
    yield f"      - id: kr-{inner}"
    yield f"        title: {thing.capitalize()} seen in {_name(64 * number + 8 * place + inner)} by week"
    if inner == 3:
        yield f"        at_most: {low}"
        yield "        guards: all"
        low, way = low - 9, 8
    elif place == 2 and inner == 2:
        yield "        milestones:"
        for step in ("plan", "trial", "launch"):
            done = start + timedelta(30) if step == "plan" else "false"
            yield f"          - {{id: {step}, title: The {step} is agreed, done: {done}}}"
        return
    else:
        yield f"        from: {low}"
        yield f"        to: {low + way}"
    yield f"        unit: {thing}"
    weeks = chance.randint(0, 4)
    if weeks:
        yield "        readings:"
    for week in range(weeks):
        value = f"{low + way * (week + 1) / 14:.1f}"
        said = f"{{value: {value}, confidence: {chance.randint(3, 9)}, note: {chance.choice(NOTES)}}}"
        yield f"          {start + timedelta(7 * week + 6)}: {said if chance.random() < 0.2 else value}"


def _kpis(number: int, owner: str, chance: random.Random) -> Iterator[str]:
    yield f"# What team {number} looks at"
    yield "kpis:"
    for place in range(12):
        name = f"gauge-{number:05}-{place}"
        thing, value = chance.choice(THINGS), chance.randint(100, 900)
        yield f"  - id: {name}"
        yield f"    title: {thing.capitalize()} a week in {chance.choice(PLACES)}"
        yield f"    {owner if place == 1 else 'owner'}: {chance.choice(PEOPLE)}"
        yield f"    better: {'higher' if place > 8 else chance.choice(('higher', 'lower'))}"
        yield f"    indicator: {chance.choice(('leading', 'lagging'))}"
        if place == 11:
            yield f"    formula: (gauge-{number:05}-9 + gauge-{number:05}-10) / 2"
            continue
        yield f"    unit: {THINGS[0] if place > 8 else thing}"
        yield "    readings:"
        for month in range(1, 5):
            yield f"      2026-{month:02}: {value + chance.randint(-9, 9)}"
