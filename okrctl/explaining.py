"""Writes out the arithmetic of a score with the numbers filled in, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from okrctl import quantity, scoring
from okrctl.config import Config
from okrctl.diagnostic import Route
from okrctl.finding import day_route
from okrctl.measures import done, limit
from okrctl.quantity import Quantity
from okrctl.scoring.card import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.scoring.progress import Ledger
from okrctl.workspace import Dated, KeyResult, Kpi, Objective, Workspace

MOST_WRITTEN_OUT = 12


@dataclass(frozen=True, slots=True)
class Input:
    """A number of the formula, or a date behind one, and where it is written; `path` is None where it is a default."""

    name: str
    value: Fraction | date
    path: str | None = None
    line: int | None = None
    commit: str | None = None


@dataclass(slots=True)
class Explanation:
    """The score of one thing on a day: the formula that gives it exactly, its inputs, and the way in words."""

    ref: str
    title: str
    as_of: date
    score: Fraction | None
    formula: str = ""
    inputs: list[Input] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def places(found: Explanation) -> list[tuple[str, int]]:
    """Where the inputs are written, as path and line."""
    return [(one.path, one.line) for one in found.inputs if one.path is not None and one.line is not None]


def with_commits(found: Explanation, commits: Mapping[tuple[str, int], str]) -> Explanation:
    """The same explanation, whose inputs say which commits their places come from."""
    inputs = [replace(one, commit=commits.get((one.path or "", one.line or 0))) for one in found.inputs]
    return replace(found, inputs=inputs)


def explain(workspace: Workspace, node: Objective | KeyResult, day: date) -> Explanation:
    """How the score of an objective or a key result comes about on a day."""
    ledger = Ledger(workspace, day)
    card = scoring.scorecard(workspace, node.period, day, ledger)
    objective = node if isinstance(node, Objective) else node.objective
    scored = next((one for one in card.objectives if one.node is objective), None)
    found = Explanation(node.ref, node.model.title or node.id, day, None)
    if scored is None or card.state == "ahead":
        since = max(node.first, card.period.start)
        found.steps.append(f"nothing to score: it begins on {since}")
        return found
    if isinstance(node, Objective):
        _objective(found, scored, card, ledger)
        return found
    one = next((inner for inner in scored.key_results if inner.node is node), None)
    if one is None:
        found.steps.append(f"nothing to score: it begins on {node.first}")
    else:
        _key_result(found, one, ledger)
        found.steps += _status(one, workspace.config)
    return found


def _objective(found: Explanation, one: ObjectiveScore, card: Scorecard, ledger: Ledger) -> None:
    found.score = one.score
    counted = [result for result in one.key_results if result.counted]
    for result in counted:
        inner = Explanation(result.node.ref, "", card.as_of, None)
        _key_result(inner, result, ledger)
        found.inputs += [Input(f"{result.node.id}: {part.name}", *_rest(part)) for part in inner.inputs]
        weight = "" if result.weight == 1 else f", weight {text(result.weight)}"
        shown = f"{inner.formula} = {_two(result.score)}" if inner.formula else "0, for there is no data"
        found.steps.append(f"{result.node.id}: {shown}{weight}")
        if result.weight != 1:
            found.inputs.append(_written(result.node, ("weight",), f"{result.node.id}: weight", result.weight))
    left = [result.node.id for result in one.key_results if not result.counted]
    found.steps += [f"not in the mean: {', '.join(left)}"] if left else []
    found.formula = _mean([(_formula(result, ledger), result.weight) for result in counted])
    if one.by_hand:
        _by_hand(found, one, one.node)
    elif counted:
        found.steps.append(f"score: the weighted mean, {_two(one.score)}")
    if one.status:
        decided = f", as {one.decided_by} is" if one.decided_by else ""
        found.steps.append(f"status: {one.status}{decided}")


def _rest(part: Input) -> tuple[Fraction | date, str | None, int | None]:
    return part.value, part.path, part.line


def _mean(parts: Sequence[tuple[str, Fraction]]) -> str:
    if not parts:
        return ""
    if all(weight == 1 for _, weight in parts):
        total = " + ".join(formula for formula, _ in parts)
        return f"({total}) / {len(parts)}" if len(parts) > 1 else total
    total = " + ".join(f"{text(weight)} * {formula}" for formula, weight in parts)
    return f"({total}) / ({' + '.join(text(weight) for _, weight in parts)})"


def _key_result(found: Explanation, one: KeyResultScore, ledger: Ledger) -> None:
    found.score = one.score
    found.inputs = list(_inputs(one, ledger))
    found.steps = list(_steps(one, ledger))
    found.formula = _formula(one, ledger) if one.score is not None else ""
    if one.by_hand:
        _by_hand(found, one, one.node)


def _by_hand(found: Explanation, one: KeyResultScore | ObjectiveScore, node: Objective | KeyResult) -> None:
    typed = node.model.score
    assert one.score is not None and typed is not None
    reason = f": {typed.reason}" if typed.reason else ""
    found.formula = text(one.score)
    found.inputs.append(_written(node, ("score", "value"), "score", one.score))
    found.steps.append(f"by hand: {typed.by} puts {_two(one.score)} in the place of {_two(one.computed)}{reason}")


def _formula(one: KeyResultScore, ledger: Ledger) -> str:
    """The arithmetic of a key result's score; 0 where it counts as 0 without a value."""
    if one.by_hand and one.score is not None:
        return text(one.score)
    if one.progress is None or one.computed is None:
        return "0" if one.counted else ""
    core = _progress(one, ledger)
    if one.computed < one.progress:
        return f"min({text(one.computed)}, {core})"
    return f"max({text(one.computed)}, {core})" if one.computed > one.progress else core


def _progress(one: KeyResultScore, ledger: Ledger) -> str:
    assert one.progress is not None
    match one.node.measure:
        case "metric" | "change" if one.course.start is not None and one.target is not None:
            start = text(one.course.start)
            return f"({_value(one, ledger)} - {start}) / ({text(one.target)} - {start})"
        case "limit" if one.tally:
            return f"{one.tally[0]} / {one.tally[1]}"
        case "milestones":
            steps = one.node.model.milestones or []
            reached = [step.weight for step in steps if _reached(step.done, one)]
            return f"{_sum(reached)} / {_sum([step.weight for step in steps])}"
    return text(one.progress)


def _reached(said: date | bool | None, one: KeyResultScore) -> bool:
    day = done.on(said, one.course.first)
    return day is not None and day <= min(one.course.day, one.course.last)


def _sum(numbers: Sequence[Fraction]) -> str:
    if len(numbers) < 2:
        return text(numbers[0]) if numbers else "0"
    return f"({' + '.join(text(number) for number in numbers)})"


def _value(one: KeyResultScore, ledger: Ledger) -> str:
    """How the value comes about from readings or from other key results."""
    assert one.value is not None
    rollup = getattr(one.node.model, "rollup", None)
    if rollup is not None:
        numbers, how = [number for _, number in _members(one, ledger)], rollup.how
    else:
        numbers, how = [point.value for point in one.course.points], ledger.aggregate(one.node)
    if how in ("min", "max") and len(numbers) > 1:
        return f"{how}({', '.join(text(number) for number in numbers)})"
    if how not in ("sum", "mean") or not 1 < len(numbers) <= MOST_WRITTEN_OUT:
        return text(one.value)
    return _sum(numbers) if how == "sum" else f"({_sum(numbers)} / {len(numbers)})"


def _members(one: KeyResultScore, ledger: Ledger) -> list[tuple[KeyResult, Fraction]]:
    """The members of a rollup that have a value."""
    found = [ledger.workspace.resolve(words, one.node.objective) for words in one.node.model.rollup.members]
    nodes = [node for node in found if isinstance(node, KeyResult)]
    return [(node, value) for node in nodes if (value := ledger.values(node).course.value) is not None]


def _inputs(one: KeyResultScore, ledger: Ledger) -> Iterator[Input]:
    node, model = one.node, one.node.model
    match node.measure:
        case "done":
            if isinstance(model.done, date):
                yield _written(node, ("done",), "done", model.done)
            return
        case "milestones":
            for number, step in enumerate(model.milestones or ()):
                name = step.id or str(number + 1)
                if isinstance(step.done, date):
                    yield _written(node, ("milestones", number, "done"), f"{name} done", step.done)
                yield _written(node, ("milestones", number, "weight"), f"{name} weight", step.weight)
            return
    yield from _readings(one, ledger)
    if node.measure in ("metric", "change") and one.course.start is not None:
        yield _start(one, ledger)
    if node.measure == "metric" and one.target is not None:
        yield _written(node, ("to",), "to", one.target)
    elif node.measure == "change" and one.target is not None:
        yield _written(node, ("change",), "to", one.target)
    elif node.measure == "limit":
        yield from _bounds(node)


def _bounds(node: KeyResult) -> Iterator[Input]:
    model = node.model
    for key in ("at_least", "at_most"):
        bound = getattr(model, key)
        if bound is not None:
            yield _written(node, (key,), key.replace("_", " "), bound.number)
    for number, bound in enumerate(model.between or ()):
        yield _written(node, ("between", number), ("at least", "at most")[number], bound.number)


def _start(one: KeyResultScore, ledger: Ledger) -> Input:
    node = one.node
    assert one.course.start is not None
    if isinstance(getattr(node.model, "from_", None), Quantity):
        return _written(node, ("from",), "from", one.course.start)
    kpi = ledger.workspace.kpi_of(node)
    dated = _newest(kpi.readings, node.first) if kpi and kpi.aggregate != "sum" else None
    if kpi and dated:
        return Input("from", one.course.start, *_of_reading(kpi, dated))
    return Input("from", one.course.start)


def _newest(readings: Sequence[Dated], day: date) -> Dated | None:
    return next((dated for dated in reversed(readings) if dated.day <= day and dated.value is not None), None)


def _readings(one: KeyResultScore, ledger: Ledger) -> Iterator[Input]:
    """The readings that the value is made of, or the members of a rollup."""
    if getattr(one.node.model, "rollup", None) is not None:
        for node, value in _members(one, ledger):
            dated = _newest(node.readings, one.course.day)
            place = _of_reading(node, dated) if dated else _place(node, ("readings",))
            yield Input(node.ref.partition("/")[2], value, *place)
        return
    kpi = ledger.workspace.kpi_of(one.node)
    source: KeyResult | Kpi = kpi or one.node
    by_day = {dated.day: dated for dated in source.readings if dated.value is not None}
    several = ledger.aggregate(one.node) != "latest" or one.tally is not None
    for point in one.course.points if several else one.course.points[-1:]:
        dated = by_day.get(point.made)
        route = (*source.route, "formula")
        place = _of_reading(source, dated) if dated else (source.file.path, source.file.document.at(route).line)
        yield Input(f"value of {point.made}" if several else "value", point.value, *place)


def _of_reading(node: KeyResult | Kpi, dated: Dated) -> tuple[str, int]:
    if dated.line is not None and node.csv is not None:
        return node.csv.path, dated.line
    route = day_route(node.file.document, (*node.route, "readings"), dated.day)
    return node.file.path, node.file.document.key(route).line


def _place(node: Objective | KeyResult, tail: Route) -> tuple[str, int]:
    return node.file.path, node.file.document.at((*node.route, *tail)).line


def _written(node: Objective | KeyResult, tail: Route, name: str, value: Fraction | date) -> Input:
    """A number with its place; without one where the file leaves it out."""
    route = (*node.route, *tail)
    if node.file.document.node(route) is None and node.file.document.node(route[:-1]) is None:
        return Input(name, value)
    if node.file.document.node(route) is None and tail[-1] == "weight":
        return Input(name, value)
    return Input(name, value, *_place(node, tail))


def _steps(one: KeyResultScore, ledger: Ledger) -> Iterator[str]:
    config = ledger.workspace.config
    if one.error:
        yield f"error: {one.error}"
    elif one.progress is None:
        said = [key for key in ("from_", "to") if isinstance(getattr(one.node.model, key, None), str)]
        yield f"no data: `{said[-1].rstrip('_')}` is still TBD" if said else "no data: there is no reading that counts"
    else:
        yield from _stand(one, ledger)
        if one.computed != one.progress:
            bounds = [name for name in (config.scoring.floor, config.scoring.cap) if name is not None]
            held = " and ".join(text(bound) for bound in bounds)
            yield f"score: the progress of {_two(one.progress)} held at {held} is {_two(one.computed)}"
    if one.computed is None and one.score is None and one.state == "active" and not one.guardrail:
        kept = "it counts 0 in the mean" if one.counted else "it is left out of the mean"
        yield f"{kept}, as `missing: {config.scoring.missing}` says"
    if one.guardrail:
        yield "a guardrail: not in the mean"


def _stand(one: KeyResultScore, ledger: Ledger) -> Iterator[str]:
    assert one.value is not None and one.progress is not None
    match one.node.measure:
        case "done":
            yield f"done on {one.value_date}: 1" if one.value else "not done yet: 0"
        case "milestones":
            yield f"progress: weight done / all weight = {_two(one.progress)}"
        case "limit":
            yield from _limited(one)
        case "graded":
            stepped = f", which reaches the step {text(one.progress)}" if one.progress != one.value else ""
            yield f"grade: {text(one.value)} of {one.value_date}{stepped}"
        case _:
            how = getattr(one.node.model, "rollup", None)
            kind = how.how if how else ledger.aggregate(one.node)
            named = {"latest": "the newest reading", "sum": "the sum", "mean": "the mean", "min": "the least"}
            yield f"value: {named.get(kind, 'the greatest')}, {show(one.value, one.unit)} ({one.value_date})"
            if one.node.measure == "change" and one.course.start is not None and one.target is not None:
                change = one.node.model.change.text.strip()
                yield f"to: {show(one.course.start, one.unit)} and {change} is {show(one.target, one.unit)}"
            yield f"progress: (value - from) / (to - from) = {_two(one.progress)}"


def _limited(one: KeyResultScore) -> Iterator[str]:
    assert one.value is not None
    if one.tally:
        yield f"held: {one.tally[0]} of {one.tally[1]} intervals in bounds ({one.course.cadence.name})"
    else:
        fits = "in bounds: 1" if limit.holds(one.node.model, one.value) else "out of bounds: 0"
        yield f"{show(one.value, one.unit)} ({one.value_date}) is {fits}"


def _status(one: KeyResultScore, config: Config) -> Iterator[str]:
    if one.expected is not None and one.node.measure != "done":
        along = "along its plan" if getattr(one.node.model, "plan", None) else f"from {one.course.first} to {one.due}"
        yield f"expected on {one.course.day}: {_two(one.expected)}, {along}"
    if one.status is None:
        yield f"no status: {one.state}"
    elif one.status in ("at risk", "behind") and one.expected is not None and one.progress is not None:
        points = quantity.rounded((one.expected - one.progress) * 100, 0)
        bound = config.pace.at_risk if one.status == "at risk" else config.pace.behind
        yield f"status: {one.status}, for it is {points} points below (more than {text(bound)})"
    else:
        yield f"status: {one.status}"


def text(number: Fraction) -> str:
    """A number that stands in a formula, exactly: as a decimal where it has one, else as a fraction."""
    places = next((places for places in range(13) if 10**places % number.denominator == 0), None)
    shown = f"({number})" if places is None else format(quantity.rounded(number, places), "f")
    return f"({shown})" if number < 0 and places is not None else shown


def show(number: Fraction, unit: str | None = None) -> str:
    """A number with its unit for reading."""
    return quantity.show(number, unit, None if 10**6 % number.denominator == 0 else 2)


def _two(score: Fraction | None) -> str:
    return "-" if score is None else format(quantity.rounded(score, 2), "f")
