"""Random edits keep every byte that they need not change: `python -m tests.fuzz.edits --count 1000 --seed 1`."""

from __future__ import annotations

import argparse
import copy
import difflib
import os
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from okrctl.merge import Versions, merge_texts
from okrctl.values.diagnostic import Span
from okrctl.yaml import Document, Source, parse
from tests.fuzz import mutations
from tests.fuzz.properties import Broken
from tests.fuzz.valid import KPIS, SETTINGS
from tests.repositories import Repo
from tests.running import run, write

PATH = "okrs/2025-Q2/trust.yaml"
BLOCKS = """\
period: 2025-Q2
team: trust

# What we want
objectives:
  - id: origin   # agreed in March
    title: "Users trace what they buy"
    owner: lea
    key_results:

      # the main one
      - id: codes
        title: 'Codes: requested'
        from: 0
        to: 25000  # ambitious
        unit: codes
        readings:
          2025-04-14: 1200
          2025-04-21: {value: 4100, confidence: 6}   # launch
      - {id: returns, title: Returned parcels, from: 9%, to: 4%, readings: {2025-04-14: 8.5%, 2025-05-12: 7 %}}
      - id: calls
        title: >-
          Calls about
          the first steps
        to: 40
        from: 90
      -   id: late
          title: Late deliveries
          at_most: 5%
          readings: {}
  # the second one
  - id: speed
    title: Answers come at once
    owner: tom
    key_results:
    - id: hours
      title: Hours to an answer
      from: 8h
      to: 4h
      amended:
      - date: 2025-04-20
        by: lea
        reason: Season
        was: {to: 3h}
      readings:
        # Mondays
        2025-04-14: 7.5h
        2025-04-28:
          value: 7h
          note: "slow: holidays"
"""
NUMBERS = ("0", "7", "12.5", "80", "4.25", "9.5k", "-3", "1k")
DAYS = ("2025-04-14", "2025-04-21", "2025-05-12", "2025-05-19", "2025-06-30", "2025-04-02")
WORDS = ("Fine", "a: b", "#1", "Grüße", "it's", '"so"', "- no", "😀", "12%", "x" * 90)
TABLE = "Objective,Key result,Start,Target\nGrow the shop,Orders of new customers,0,100\nGrow the shop,Returns,9%,4%\n"
ENVIRONMENT = {"OKRCTL_NO_CACHE": "1"}
Route = tuple[str | int, ...]


@dataclass
class Edit:
    """A command, and the routes below which the data may differ after it, relative to a goal or to the file."""

    words: list[str]
    goal: str = ""
    routes: list[Route] = field(default_factory=list)


@dataclass
class Figures:
    """How many edits were made, refused, and merged with another one."""

    made: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.edits", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many edits to make (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins (default: 0)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = make_edits(Path(folder), random.Random(options.seed), options.count)
    print("made: " + ", ".join(f"{name} {count}" for name, count in sorted(figures.made.items())))
    print("refused: " + ", ".join(f"{name} {count}" for name, count in sorted(figures.refused.items())))
    return 0


def make_edits(root: Path, chance: random.Random, count: int) -> Figures:
    """Make edits on random files until so many are made. Raises Broken for one that touches more than it should."""
    repo, figures = Repo(root), Figures()
    repo.config("user.name", "Lea")
    repo.config("user.email", "lea@acme.example")
    while figures.made.total() < count:
        base = random_file(chance)
        sides = []
        for _ in range(2):
            after = make_edit(root, chance, base, figures)
            if after is not None:
                sides.append(after)
        if len(sides) == 2 and sides[0] != sides[1]:
            merge_edits(base, sides[0], sides[1], figures)
    return figures


def random_file(chance: random.Random) -> str:
    """A valid file of goals in some style."""
    text = chance.choice((BLOCKS, BLOCKS, mutations.BASE[PATH].decode()))
    for _ in range(chance.randrange(4)):
        text = chance.choice((mutations.comment, mutations.word, blank_line, trailing_blanks))(chance, text)
    if chance.random() < 0.2:
        text = text.replace("\n", "\r\n")
    if chance.random() < 0.1:
        text = "\ufeff" + text
    return text.rstrip("\r\n") if chance.random() < 0.2 else text


def blank_line(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(chance.randrange(len(lines)), "")
    return "\n".join(lines)


def trailing_blanks(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    lines[chance.randrange(len(lines))] += "  "
    return "\n".join(lines)


def random_edit(chance: random.Random, document: Document) -> Edit:
    """One command with one goal of the file."""
    results = [
        result
        for objective in document.data["objectives"]
        for result in objective.get("key_results", ())  # type: ignore[index, call-overload, union-attr]
    ]
    result = chance.choice(results)
    goal, day, reason = result["id"], chance.choice(DAYS), chance.choice(WORDS)
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            words = ["checkin", f"{goal}={chance.choice(NUMBERS)}", "--date", day, "--force", "--confirm-value"]
            words += ["--note", reason] if chance.random() < 0.4 else []
            words += ["--confidence", str(chance.randrange(11))] if chance.random() < 0.4 else []
            return Edit(words, goal, [("readings", day)])
        case 4 | 5:
            words = ["amend", goal, "--to", chance.choice(NUMBERS), "--reason", reason, "--confirm-value"]
            return Edit(words, goal, [("to",), ("amended",)])
        case 6:
            return Edit(["amend", goal, "--weight", "2", "--reason", reason], goal, [("weight",), ("amended",)])
        case 7:
            words = ["amend", goal, "--state", "deprioritized", "--reason", reason]
            return Edit(words, goal, [("state",), ("reason",), ("since",), ("amended",)])
        case 8:
            return Edit(["new", "2025-Q3", "--carry-over", "2025-Q2", "--all"])
        case _:
            return Edit(["import", "goals.csv", "--period", "2025-Q2", "--team", "trust"], routes=[("objectives",)])


def make_edit(root: Path, chance: random.Random, text: str, figures: Figures) -> str | None:
    """Make one edit and look at what it changed; the text of the file after it, None where it was refused."""
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    files = {PATH: text, "kpis/company.yaml": KPIS, "okrctl.yaml": SETTINGS, "goals.csv": TABLE}
    write(root, files)
    before = parse(Source(PATH, text))
    if before.problems:
        return None
    edit = random_edit(chance, before)
    result = run(*edit.words, cwd=root, env=ENVIRONMENT)
    found = read_files(root)
    new = found.pop(PATH).decode()
    old = {path: content.encode() for path, content in files.items() if path != PATH}
    if {path: found.get(path) for path in old} != old:
        raise Broken("another file was changed", repr(edit.words))
    if result.status != 0:
        figures.refused[edit.words[0]] += 1
        if new != text or found.keys() != old.keys():
            raise Broken("written all the same", repr(edit.words))
        return None
    figures.made[edit.words[0]] += 1
    require_kept(edit, text, new)
    return new


def read_files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if ".git" not in path.parts and path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def require_kept(edit: Edit, old: str, new: str) -> None:
    """The data differ below the routes of the edit alone, and every byte that is not replaced is there, in order."""
    before, after = parse(Source(PATH, old)), parse(Source(PATH, new))
    if after.problems:
        raise Broken("no longer readable", f"{edit.words}\n{new}")
    routes = [(*goal_route(before.data, edit.goal), *route) for route in edit.routes]
    if without(before.data, routes) != without(after.data, routes):
        raise Broken("other data changed", f"{edit.words}\n{show_difference(old, new)}")
    kept = old
    for start, end in sorted((span for route in routes for span in replaced(before, old, route)), reverse=True):
        kept = kept[:start] + kept[end:]
    if not is_subsequence(kept, new):
        raise Broken("bytes lost", f"{edit.words}\n{show_difference(old, new)}")


def show_difference(old: str, new: str) -> str:
    return "\n".join(map(ascii, difflib.unified_diff(old.split("\n"), new.split("\n"), n=1, lineterm="")))


def goal_route(data: Any, goal: str) -> Route:
    """The route of a key result."""
    if not goal:
        return ()
    for number, objective in enumerate(data["objectives"]):
        for inner, result in enumerate(objective.get("key_results", ())):
            if result["id"] == goal:
                return ("objectives", number, "key_results", inner)
    raise KeyError(goal)


def replaced(document: Document, text: str, route: Route) -> Iterator[tuple[int, int]]:
    """The offsets of the scalar or the empty braces at a route; a list or mapping keeps what it holds."""
    value: Any = document.data
    for length, part in enumerate(route, 1):
        value = value.get(part) if isinstance(value, dict) else value[int(part)]
        if value is None:
            return
        if value in ({}, []):
            start, end = offsets(document.span_at(route[:length]), text)
            yield start - (text[start - 1] == " "), end
            return
    if isinstance(value, dict) and value:
        for key in value:
            yield from replaced(document, text, (*route, key))
    elif not isinstance(value, list):
        yield offsets(document.span_at(route), text)


def offsets(span: Span, text: str) -> tuple[int, int]:
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text.removeprefix("\ufeff")))]
    shift = text.startswith("\ufeff")
    return starts[span.line - 1] + span.column - 1 + shift, starts[span.end_line - 1] + span.end_column - 1 + shift


def without(data: Any, routes: list[Route]) -> Any:
    """The data without what lies at the routes; of a list of objectives those that were there."""
    rest = copy.deepcopy(data)
    for route in routes:
        value = rest
        for part in route[:-1]:
            value = value.get(part, {}) if isinstance(value, dict) else value[part]
        if isinstance(value, dict):
            value.pop(route[-1], None)
        if len(route) > 1 and isinstance(value, dict) and not value:
            holder = rest
            for part in route[:-2]:
                holder = holder[part]
            holder.pop(route[-2], None)
    return rest


def is_subsequence(kept: str, text: str) -> bool:
    place = 0
    for character in kept:
        place = text.find(character, place) + 1
        if not place:
            return False
    return True


def merge_edits(base: str, ours: str, theirs: str, figures: Figures) -> None:
    """Merge the files of two edits; each line that both kept is there."""
    merged = merge_texts(Versions(base, ours, theirs), PATH)
    figures.made["merge"] += 1
    for side in ("ours", "theirs"):
        lines = Counter(merged.text_of(side).splitlines())  # type: ignore[arg-type]
        shared = Counter(base.splitlines()) & Counter(ours.splitlines()) & Counter(theirs.splitlines())
        if shared - lines:
            raise Broken("lines lost in a merge", f"{shared - lines}\n{show_difference(ours, theirs)}")


if __name__ == "__main__":
    os.environ.setdefault("XDG_CACHE_HOME", tempfile.gettempdir())
    raise SystemExit(main())
