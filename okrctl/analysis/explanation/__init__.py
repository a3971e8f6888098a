"""Writes out the arithmetic of a score with the numbers filled in, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from okrctl import scoring
from okrctl.analysis.explanation.arithmetic import formula_number, mean_formula, score_formula
from okrctl.analysis.explanation.inputs import Input, file_input, score_inputs
from okrctl.measures import limit
from okrctl.schema.settings import Config
from okrctl.scoring.progress import KeyResultValues
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values import quantity
from okrctl.values.quantity import format_short
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


def input_places(found: Explanation) -> list[tuple[str, int]]:
    """Where the inputs are written, as path and line."""
    return [(one.path, one.line) for one in found.inputs if one.path is not None and one.line is not None]


def with_commits(found: Explanation, commits: Mapping[tuple[str, int], str]) -> Explanation:
    """The same explanation, whose inputs say which commits their places come from."""
    inputs = [replace(one, commit=commits.get((one.path or "", one.line or 0))) for one in found.inputs]
    return replace(found, inputs=inputs)


def explain_score(workspace: Workspace, node: Objective | KeyResult, day: date) -> Explanation:
    """How the score of an objective or a key result comes about on a day."""
    ledger = KeyResultValues(workspace, day)
    card = scoring.build_scorecard(workspace, node.period, day, ledger)
    objective = node if isinstance(node, Objective) else node.objective
    scored = next((one for one in card.objectives if one.node is objective), None)
    found = Explanation(node.ref, node.model.title or node.id, day, None)
    if scored is None or card.state == "ahead":
        since = max(node.first_day, card.period.start)
        found.steps.append(f"nothing to score: it begins on {since}")
        return found
    if isinstance(node, Objective):
        _explain_objective(found, scored, card, ledger)
        return found
    one = next((inner for inner in scored.key_results if inner.node is node), None)
    if one is None:
        found.steps.append(f"nothing to score: it begins on {node.first_day}")
    else:
        _explain_key_result(found, one, ledger)
        found.steps += _status_steps(one, workspace.config)
    return found


def _explain_objective(found: Explanation, one: ObjectiveScore, card: Scorecard, ledger: KeyResultValues) -> None:
    found.score = one.score
    counted = [result for result in one.key_results if result.counted]
    for result in counted:
        inner = Explanation(result.node.ref, "", card.as_of, None)
        _explain_key_result(inner, result, ledger)
        found.inputs += [Input(f"{result.node.id}: {part.name}", *_value_and_place(part)) for part in inner.inputs]
        weight = "" if result.weight == 1 else f", weight {formula_number(result.weight)}"
        shown = f"{inner.formula} = {_two_places(result.score)}" if inner.formula else "0, for there is no data"
        found.steps.append(f"{result.node.id}: {shown}{weight}")
        if result.weight != 1:
            found.inputs.append(file_input(result.node, ("weight",), f"{result.node.id}: weight", result.weight))
    left = [result.node.id for result in one.key_results if not result.counted]
    found.steps += [f"not in the mean: {', '.join(left)}"] if left else []
    found.formula = mean_formula([(score_formula(result, ledger), result.weight) for result in counted])
    if one.by_hand:
        _explain_manual_score(found, one, one.node)
    elif counted:
        found.steps.append(f"score: the weighted mean, {_two_places(one.score)}")
    if one.status:
        decided = f", as {one.decided_by} is" if one.decided_by else ""
        found.steps.append(f"status: {one.status}{decided}")


def _value_and_place(part: Input) -> tuple[Fraction | date, str | None, int | None]:
    return part.value, part.path, part.line


def _explain_key_result(found: Explanation, one: KeyResultScore, ledger: KeyResultValues) -> None:
    found.score = one.score
    found.inputs = list(score_inputs(one, ledger))
    found.steps = list(_key_result_steps(one, ledger))
    found.formula = score_formula(one, ledger) if one.score is not None else ""
    if one.by_hand:
        _explain_manual_score(found, one, one.node)


def _explain_manual_score(
    found: Explanation, one: KeyResultScore | ObjectiveScore, node: Objective | KeyResult
) -> None:
    typed = node.model.score
    assert one.score is not None and typed is not None
    reason = f": {typed.reason}" if typed.reason else ""
    found.formula = formula_number(one.score)
    found.inputs.append(file_input(node, ("score", "value"), "score", one.score))
    found.steps.append(
        f"by hand: {typed.by} puts {_two_places(one.score)} in the place of {_two_places(one.computed)}{reason}"
    )


def _key_result_steps(one: KeyResultScore, ledger: KeyResultValues) -> Iterator[str]:
    config = ledger.workspace.config
    if one.error:
        yield f"error: {one.error}"
    elif one.progress is None:
        said = [key for key in ("from_", "to") if isinstance(getattr(one.node.model, key, None), str)]
        yield f"no data: `{said[-1].rstrip('_')}` is still TBD" if said else "no data: there is no reading that counts"
    else:
        yield from _progress_steps(one, ledger)
        if one.computed != one.progress:
            bounds = [name for name in (config.scoring.floor, config.scoring.cap) if name is not None]
            held = " and ".join(formula_number(bound) for bound in bounds)
            yield f"score: the progress of {_two_places(one.progress)} held at {held} is {_two_places(one.computed)}"
    if one.computed is None and one.score is None and one.state == "active" and not one.guardrail:
        kept = "it counts 0 in the mean" if one.counted else "it is left out of the mean"
        yield f"{kept}, as `missing: {config.scoring.missing}` says"
    if one.guardrail:
        yield "a guardrail: not in the mean"


def _progress_steps(one: KeyResultScore, ledger: KeyResultValues) -> Iterator[str]:
    assert one.value is not None and one.progress is not None
    match one.node.measure:
        case "done":
            yield f"done on {one.value_date}: 1" if one.value else "not done yet: 0"
        case "milestones":
            yield f"progress: weight done / all weight = {_two_places(one.progress)}"
        case "limit":
            yield from _limit_steps(one)
        case "graded":
            stepped = f", which reaches the step {formula_number(one.progress)}" if one.progress != one.value else ""
            yield f"grade: {formula_number(one.value)} of {one.value_date}{stepped}"
        case _:
            how = getattr(one.node.model, "rollup", None)
            kind = how.method if how else ledger.aggregate_of(one.node)
            named = {"latest": "the newest reading", "sum": "the sum", "mean": "the mean", "min": "the least"}
            yield f"value: {named.get(kind, 'the greatest')}, {format_short(one.value, one.unit)} ({one.value_date})"
            if one.node.measure == "change" and one.series.start is not None and one.target is not None:
                change = one.node.model.change.text.strip()
                start, target = format_short(one.series.start, one.unit), format_short(one.target, one.unit)
                yield f"to: {start} and {change} is {target}"
            yield f"progress: (value - from) / (to - from) = {_two_places(one.progress)}"


def _limit_steps(one: KeyResultScore) -> Iterator[str]:
    assert one.value is not None
    if one.tally:
        yield f"held: {one.tally[0]} of {one.tally[1]} intervals in bounds ({one.series.cadence.name})"
    else:
        fits = "in bounds: 1" if limit.is_in_bounds(one.node.model, one.value) else "out of bounds: 0"
        yield f"{format_short(one.value, one.unit)} ({one.value_date}) is {fits}"


def _status_steps(one: KeyResultScore, config: Config) -> Iterator[str]:
    if one.expected is not None and one.node.measure != "done":
        along = "along its plan" if getattr(one.node.model, "plan", None) else f"from {one.series.first} to {one.due}"
        yield f"expected on {one.series.day}: {_two_places(one.expected)}, {along}"
    if one.status is None:
        yield f"no status: {one.state}"
    elif one.status in ("at risk", "behind") and one.expected is not None and one.progress is not None:
        points = quantity.round_number((one.expected - one.progress) * 100, 0)
        bound = config.pace.at_risk if one.status == "at risk" else config.pace.behind
        yield f"status: {one.status}, for it is {points} points below (more than {formula_number(bound)})"
    else:
        yield f"status: {one.status}"


def _two_places(score: Fraction | None) -> str:
    return "-" if score is None else format(quantity.round_number(score, 2), "f")
