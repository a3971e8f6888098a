"""Random histories of people who edit one file of goals, and an oracle that merges their plain data.

A model is plain data; `render` writes it as YAML in a style that stays with each goal. The oracle knows nothing of
text: it merges the values of the models one by one, by the rules of the manual.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

PERIOD, TEAM = "2026-Q2", "trust"
DAYS = [f"2026-04-{day:02}" for day in range(13, 28, 2)]


@dataclass
class KeyResult:
    """One key result; `uid` stays the same when the id changes, `comment` stands above it, `remark` behind `to`."""

    uid: str
    id: str
    title: str
    to: int = 100
    start: int = 0
    owner: str = ""
    formerly: str = ""
    comment: str = ""
    remark: str = ""
    aggregate: str = ""
    is_flow: bool = False
    readings: dict[str, dict[str, str]] = field(default_factory=dict)
    amended: dict[str, dict[str, str]] = field(default_factory=dict)
    milestones: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Objective:
    """One objective with its key results in the order of the file."""

    uid: str
    id: str
    title: str
    formerly: str = ""
    key_results: list[KeyResult] = field(default_factory=list)


Model = list[Objective]


def render(model: Model, newline: str = "\n") -> str:
    """The file of a model."""
    lines = ["# Goals", f"period: {PERIOD}", f"team: {TEAM}", "objectives:"]
    for objective in model:
        lines += [f"  - id: {objective.id}", f"    title: {objective.title}", "    owner: lea"]
        lines += [f"    formerly: {objective.formerly}"] if objective.formerly else []
        lines += ["    key_results:"] if objective.key_results else []
        lines += [line for result in objective.key_results for line in _key_result(result)]
    return newline.join(lines) + newline


def _key_result(result: KeyResult) -> list[str]:
    remark = f"  # {result.remark}" if result.remark else ""
    lines = ["", f"      # {result.comment}"] if result.comment else []
    lines += [f"      - id: {result.id}", f"        title: {result.title}"]
    lines += [f"        owner: {result.owner}"] if result.owner else []
    if result.milestones:
        lines.append("        milestones:")
        for name, step in result.milestones.items():
            lines.append(f"          - {{id: {name}, title: {step['title']}, done: {step['done']}}}")
    else:
        lines += [f"        from: {result.start}"] if result.aggregate != "sum" else []
        lines += [f"        to: {result.to}{remark}"]
    lines += [f"        aggregate: {result.aggregate}"] if result.aggregate else []
    lines += [f"        formerly: {result.formerly}"] if result.formerly else []
    if result.amended:
        lines.append("        amended:")
        for record in result.amended.values():
            was = f"{{to: {record['was']}}}"
            lines.append(f"          - {{date: {record['date']}, by: {record['by']}, reason: why, was: {was}}}")
    lines += _readings(result)
    return lines


def _readings(result: KeyResult) -> list[str]:
    def inline(reading: dict[str, str]) -> str:
        pairs = ", ".join(f"{key}: {value}" for key, value in reading.items())
        return reading["value"] if reading.keys() == {"value"} else f"{{{pairs}}}"

    days = sorted(result.readings.items())
    if result.is_flow and days:
        return ["        readings: {" + ", ".join(f"{day}: {inline(reading)}" for day, reading in days) + "}"]
    return ["        readings:"] * bool(days) + [f"          {day}: {inline(reading)}" for day, reading in days]


def base_model() -> Model:
    """Two objectives with key results of every style."""
    return [
        Objective("o1", "o1", "First objective", key_results=[
            KeyResult("a", "a", "Alpha", comment="about alpha", readings={DAYS[0]: {"value": "10"}}),
            KeyResult("b", "b", "Beta", is_flow=True, readings={DAYS[0]: {"value": "20"}, DAYS[1]: {"value": "21"}}),
            KeyResult("s", "s", "Sigma", aggregate="sum", remark="agreed", readings={DAYS[0]: {"value": "1"}}),
        ]),
        Objective("o2", "o2", "Second objective", key_results=[
            KeyResult("c", "c", "Gamma"),
            KeyResult("m", "m", "Steps", milestones={
                "m1": {"title": "One", "done": "false"}, "m2": {"title": "Two", "done": "2026-04-13"},
            }),
        ]),
    ]  # fmt: skip


Pick = Callable[[Any], Any]


def person_history(name: str) -> st.SearchStrategy[tuple[Model, str]]:
    """What a person makes of the base in a few edits, and the line breaks that their editor writes."""

    @st.composite
    def history(draw: Pick) -> tuple[Model, str]:
        model = copy.deepcopy(base_model())
        for number in range(draw(st.integers(0, 6))):
            edit_model(model, name, number, draw)
        return model, draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))

    return history()


def edit_model(model: Model, person: str, number: int, draw: Pick) -> None:
    """One edit of one person."""
    objective = draw(st.sampled_from(model))
    edit = draw(st.sampled_from(["checkin"] * 4 + [
        "amend", "new", "milestone", "finish", "rename", "objective", "title", "comment", "remark", "owner", "remove",
    ]))  # fmt: skip
    if edit == "objective":
        objective.formerly, objective.id = objective.uid, f"{objective.uid}-{draw(st.sampled_from('xy'))}"
        return
    if edit == "new":
        _add_key_result(model, objective, draw)
        return
    if objective.key_results:
        result = draw(st.sampled_from(objective.key_results))
        _edit_key_result(objective, result, edit, (person, number), draw)


def _add_key_result(model: Model, objective: Objective, draw: Pick) -> None:
    uid = f"new-{objective.uid}-{draw(st.integers(1, 3))}"
    if uid not in {result.uid for result in objective.key_results}:
        added = KeyResult(uid, uid, f"Title of {uid}", to=draw(st.integers(5, 6)), is_flow=draw(st.booleans()))
        objective.key_results.insert(draw(st.integers(0, len(objective.key_results))), added)


def _edit_key_result(objective: Objective, result: KeyResult, edit: str, who: tuple[str, int], draw: Pick) -> None:
    match edit:
        case "checkin" if not result.milestones:
            reading = result.readings.setdefault(draw(st.sampled_from(DAYS)), {})
            reading["value"] = str(draw(st.integers(30, 32)))
            if draw(st.booleans()):
                reading["confidence"] = str(draw(st.integers(5, 7)))
        case "amend" if not result.milestones:
            day = draw(st.sampled_from(["2026-05-04", "2026-05-11"]))
            record = {"date": day, "by": who[0], "was": str(result.to)}
            result.amended.setdefault(day, record)
            result.to = draw(st.integers(80, 82))
        case "milestone" if result.milestones:
            name = f"m{draw(st.integers(3, 5))}"
            result.milestones.setdefault(name, {"title": f"Step {name}", "done": "false"})
        case "finish" if result.milestones:
            step = result.milestones[draw(st.sampled_from(sorted(result.milestones)))]
            step["done"] = draw(st.sampled_from(["2026-05-01", "2026-05-02"]))
        case "rename" if not result.uid.startswith("new"):
            result.formerly, result.id = result.uid, f"{result.uid}-{draw(st.sampled_from('xy'))}"
        case "title":
            result.title = f"Title {draw(st.integers(1, 3))} of {result.uid}"
        case "comment":
            result.comment = f"comment {who[1]} of {who[0]} on {result.uid}"
        case "remark":
            result.remark = f"remark {who[1]} of {who[0]} on {result.uid}"
        case "owner":
            result.owner = draw(st.sampled_from(["lea", "tom"]))
        case "remove":
            objective.key_results.remove(result)


Key = tuple[str, ...]


def values(model: Model) -> dict[Key, Any]:
    """Every value of a model by goal and name."""
    found: dict[Key, Any] = {}
    for objective in model:
        found[objective.uid, "", "id"] = objective.id
        found[objective.uid, "", "formerly"] = objective.formerly
        for result in objective.key_results:
            for name, value in _own_values(result):
                found[(objective.uid, result.uid, *name)] = value
    return found


def _own_values(result: KeyResult) -> list[tuple[Key, Any]]:
    own: list[tuple[Key, Any]] = [
        (("id",), result.id), (("title",), result.title), (("owner",), result.owner),
        (("formerly",), result.formerly), (("aggregate",), result.aggregate),
    ]  # fmt: skip
    if not result.milestones:
        own.append((("measure",), (result.start, result.to)))
    own += [(("readings", day, key), value) for day, one in result.readings.items() for key, value in one.items()]
    own += [(("amended", day), tuple(record.values())) for day, record in result.amended.items()]
    own += [(("milestones", name, key), value) for name, one in result.milestones.items() for key, value in one.items()]
    return own


def oracle(base: Model, ours: Model, theirs: Model) -> tuple[dict[Key, Any], set[Key]]:
    """The merged values, and the names of those in conflict, which are left out; a removed goal is its name alone."""
    of_base, of_ours, of_theirs = values(base), values(ours), values(theirs)
    conflicts: set[Key] = set()
    for goal in {key[:2] for key in of_base if key[1]}:
        sides = [
            {key: value for key, value in side.items() if key[:2] == goal} for side in (of_base, of_ours, of_theirs)
        ]
        if bool(sides[1]) != bool(sides[2]) and (sides[1] or sides[2]) != sides[0]:
            conflicts.add(goal)
    merged: dict[Key, Any] = {}
    for key in {*of_base, *of_ours, *of_theirs}:
        # A text that is empty is not written, so it is the same as none.
        before, one, other = (None if side.get(key) == "" else side.get(key) for side in (of_base, of_ours, of_theirs))
        if key[:2] in conflicts:
            continue
        if one == other or other == before:
            merged[key] = one
        elif one == before:
            merged[key] = other
        else:
            conflicts.add(key)
    sums = _equal_sums(of_base, of_ours, of_theirs)
    conflicts = {key for key in conflicts if key[:4] not in sums} | sums
    return {key: value for key, value in merged.items() if value and not is_within(key, conflicts)}, conflicts


def is_within(key: Key, conflicts: set[Key]) -> bool:
    """Whether a value, its reading or its goal is in conflict."""
    return any(key[:length] in conflicts for length in range(2, len(key) + 1))


def _equal_sums(of_base: dict[Key, Any], of_ours: dict[Key, Any], of_theirs: dict[Key, Any]) -> set[Key]:
    """Readings of a sum that both sides entered alike."""
    return {
        key[:4]
        for key, value in of_ours.items()
        if key[2] == "readings" and key[4] == "value" and of_theirs.get(key) == value
        and of_base.get((*key[:2], "aggregate"), "") == "sum"
        and not any(other[:4] == key[:4] for other in of_base)
    }  # fmt: skip
