"""Writes out the arithmetic of a score with the numbers filled in, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis.explanation.arithmetic import formula, mean, text
from okrctl.analysis.explanation.inputs import Input, inputs, written
from okrctl.measures import limit
from okrctl.schema.settings import Config
from okrctl.scoring.progress import Ledger
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values import quantity
from okrctl.values.quantity import short
from okrctl.workspace import KeyResult, Objective, Workspace


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
            found.inputs.append(written(result.node, ("weight",), f"{result.node.id}: weight", result.weight))
    left = [result.node.id for result in one.key_results if not result.counted]
    found.steps += [f"not in the mean: {', '.join(left)}"] if left else []
    found.formula = mean([(formula(result, ledger), result.weight) for result in counted])
    if one.by_hand:
        _by_hand(found, one, one.node)
    elif counted:
        found.steps.append(f"score: the weighted mean, {_two(one.score)}")
    if one.status:
        decided = f", as {one.decided_by} is" if one.decided_by else ""
        found.steps.append(f"status: {one.status}{decided}")


def _rest(part: Input) -> tuple[Fraction | date, str | None, int | None]:
    return part.value, part.path, part.line


def _key_result(found: Explanation, one: KeyResultScore, ledger: Ledger) -> None:
    found.score = one.score
    found.inputs = list(inputs(one, ledger))
    found.steps = list(_steps(one, ledger))
    found.formula = formula(one, ledger) if one.score is not None else ""
    if one.by_hand:
        _by_hand(found, one, one.node)


def _by_hand(found: Explanation, one: KeyResultScore | ObjectiveScore, node: Objective | KeyResult) -> None:
    typed = node.model.score
    assert one.score is not None and typed is not None
    reason = f": {typed.reason}" if typed.reason else ""
    found.formula = text(one.score)
    found.inputs.append(written(node, ("score", "value"), "score", one.score))
    found.steps.append(f"by hand: {typed.by} puts {_two(one.score)} in the place of {_two(one.computed)}{reason}")


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
            yield f"value: {named.get(kind, 'the greatest')}, {short(one.value, one.unit)} ({one.value_date})"
            if one.node.measure == "change" and one.course.start is not None and one.target is not None:
                change = one.node.model.change.text.strip()
                yield f"to: {short(one.course.start, one.unit)} and {change} is {short(one.target, one.unit)}"
            yield f"progress: (value - from) / (to - from) = {_two(one.progress)}"


def _limited(one: KeyResultScore) -> Iterator[str]:
    assert one.value is not None
    if one.tally:
        yield f"held: {one.tally[0]} of {one.tally[1]} intervals in bounds ({one.course.cadence.name})"
    else:
        fits = "in bounds: 1" if limit.holds(one.node.model, one.value) else "out of bounds: 0"
        yield f"{short(one.value, one.unit)} ({one.value_date}) is {fits}"


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


def _two(score: Fraction | None) -> str:
    return "-" if score is None else format(quantity.rounded(score, 2), "f")
