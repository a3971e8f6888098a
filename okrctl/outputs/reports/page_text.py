"""The words of pages, where they say more than the lines of a terminal: counts, scores, reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from okrctl.analysis import trajectory
from okrctl.analysis.detail import Curve
from okrctl.analysis.period_figures import REACHED
from okrctl.analysis.period_report import PeriodReport
from okrctl.outputs.reports import charts
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard
from okrctl.scoring.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrctl.values.nouns import count_noun
from okrctl.values.precision import Precision
from okrctl.workspace import KeyResult

IN_BOUNDS = "in bounds"
MAX_STEPS = 3  # of an expected line, which are named
FIELD_NAMES = {"from": "baseline", "to": "target", "at_most": "limit", "at_least": "limit", "due": "due day"}
COMPLETE = re.compile(r" % complete, ")  # beside what is expected, the sign says it


def expected_score(expected: Fraction | None, precision: Precision) -> str:
    """What is expected of a score: `1.00 expected`; empty where nothing is."""
    return "" if expected is None else f"{precision.score(expected)} expected"


def summary(report: PeriodReport) -> list[str]:
    """What is expected of a period by now, how many key results have a value, and its guardrails."""
    card = report.card
    expected = trajectory.expected_of_period(card) if card.state == "running" else None
    measured = f"{card.measured_count} of {count_noun(card.key_result_count, 'key result')} measured"
    parts = (expected_score(expected, card.precision), measured, count_guardrails(card.objectives), count_reached(card))
    return [part for part in parts if part]


def count_reached(card: Scorecard) -> str:
    """How many objectives of a period were reached; empty until it is over."""
    active = [objective for objective in card.objectives if objective.state == "active"]
    if card.state != "over" or not active:
        return ""
    return f"{sum(each.verdict in REACHED for each in active)} of {count_noun(len(active), 'objective')} reached"


def count_objectives(objectives: Iterable[ObjectiveScore]) -> str:
    """How many objectives there are, those that are not active by their state: `6 objectives and 1 deprioritized`."""
    states = Counter(objective.state for objective in objectives)
    active = states.pop("active", 0)
    others = [f"{number} {state}" for state, number in sorted(states.items())]
    if not active and others:
        return _join(others) + (" objective" if sum(states.values()) == 1 else " objectives")
    return _join([count_noun(active, "objective"), *others])


def _join(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def count_key_results(objectives: Sequence[ObjectiveScore]) -> str:
    """How many key results are worked on, and the guardrails beside them."""
    results = [each for each in _active_results(objectives) if not each.guardrail]
    return ", ".join(filter(None, (count_noun(len(results), "key result"), count_guardrails(objectives))))


def count_guardrails(objectives: Iterable[ObjectiveScore]) -> str:
    """The guardrails of active objectives, and those that are not in bounds: `2 guardrails: 1 broken`."""
    words = guardrail_words(objectives)
    faults = Counter(word for word in words if word != IN_BOUNDS)
    if not words:
        return ""
    if not faults:
        return f"{count_noun(len(words), 'guardrail')} {IN_BOUNDS}"
    named = ", ".join(word if len(words) == 1 else f"{number} {word}" for word, number in sorted(faults.items()))
    return f"{count_noun(len(words), 'guardrail')}: {named}"


def guardrail_words(objectives: Iterable[ObjectiveScore]) -> list[str]:
    """The status of each guardrail of active objectives."""
    return [scorecard.status_text(each) for each in _active_results(objectives) if each.guardrail]


def _active_results(objectives: Iterable[ObjectiveScore]) -> list[KeyResultScore]:
    return [
        each
        for objective in objectives
        if objective.state == "active"
        for each in objective.key_results
        if each.state == "active"
    ]


def deciding_node(objective: ObjectiveScore) -> KeyResult | None:
    """The key result that decides the status of an objective, also where filters leave out its line."""
    if objective.status is None:
        return None
    return next((node for node in objective.node.key_results if node.id == objective.decided_by), None)


def reason(objective: ObjectiveScore) -> str:
    """What the status of an objective is due to, where that is not all of it: it is the worst of its parts."""
    node = deciding_node(objective)
    if node is None:
        return ""
    scored = next((each for each in objective.key_results if each.node is node), None)
    if scored is None:
        return f"because of {scorecard.title(node)}"
    if scored.guardrail:
        return f"{'broken guardrail' if scored.broken else 'guardrail'}: {scorecard.title(node)}"
    return _share_of_status(objective, scored.status or "")


def _share_of_status(objective: ObjectiveScore, status: str) -> str:
    """How many of the key results have a status: `1 of 2 at risk`; empty where all have it."""
    active = [each for each in objective.key_results if each.state == "active" and not each.guardrail]
    same = sum(each.status == status for each in active)
    word = "without data" if status == "no data" else status
    return f"{same} of {len(active)} {word}" if same < len(active) else ""


def shared_text(texts: Iterable[str]) -> str:
    """The text that several lines have in common, which then stands once above them; empty where they differ."""
    found = list(texts)
    return found[0] if len(found) > 1 and len(set(found)) == 1 else ""


def remarks(scored: KeyResultScore) -> list[str]:
    """The lines below the status of a key result: what it lacks, what is likely, and how confident its owner is."""
    lines = ["guardrail"] if scored.guardrail else []
    return [*lines, *scorecard.state_remarks(scored), *filter(None, (likely_range(scored), confidence(scored)))]


def likely_range(scored: KeyResultScore) -> str:
    """Where a key result is likely to end, and what its owner expects; empty on the last day."""
    day, last = scored.series.day, scored.series.last
    if day >= last:
        return ""
    parts, found = [], scored.projection
    if found is not None:
        low, high = scorecard.amount(found.low), scorecard.amount(found.high, scored.unit)
        parts.append(f"likely {low} to {high} on {scorecard.short_day(last, day)} (80 % range)")
    if scored.forecast is not None:
        parts.append(f"forecast {scorecard.amount(scored.forecast, scored.unit)}")
    return ", ".join(parts)


def confidence(scored: KeyResultScore) -> str:
    """The owner's confidence, from 0 to 10, with the day on which it was given."""
    if scored.confidence is None:
        return ""
    given = (each.day for each in reversed(scored.node.readings) if each.confidence is not None)
    day = next((day for day in given if day <= scored.series.day), None)
    on = f" on {scorecard.short_day(day, scored.series.day)}" if day is not None else ""
    return f"{scorecard.confidence(scored)}{on}"


def split_reason(why: str) -> tuple[str, list[str]]:
    """Why something needs attention, and the objectives that address it, whose references end the sentence."""
    text = COMPLETE.sub(" %, ", why)
    head, sign, rest = text.partition("addressed by ")
    refs = rest.split(", ")
    return (f"{head}{sign}", refs) if sign and all("/" in ref for ref in refs) else (text, [])


def explain_key_result(scored: KeyResultScore) -> str:
    """How the score of a key result is made, in one sentence: `From 3.8 % to 2 % is the way; 2.1 % is 94 % of it`."""
    manual, measure = scorecard.manual_score_notes(scored), scored.node.measure
    value, goal = scorecard.full_value(scored), scorecard.target_range(scored, UNICODE)
    if manual:
        return f"The score was set {manual[0]}"
    if scored.progress is None:
        return "There is no value yet" if scored.value is None else f"{value} is not judged yet"
    share = scorecard.percent(scored.progress, scored.precision)
    if measure.has_bounds:
        return f"{value} against {goal}" + (": a guardrail, which is not in the mean" if scored.guardrail else "")
    if measure.has_range and scored.series.start is not None and scored.target is not None:
        start, target = (scorecard.amount(end, scored.unit) for end in (scored.series.start, scored.target))
        return f"From {start} to {target} is the way; {value} is {share} of it"
    if measure.records == "steps":
        return f"{value} {goal} done, which is {share}"
    return f"It is {value}: {share}" if measure.records == "date" else f"{value} is {share}"


def explain_objective(objective: ObjectiveScore) -> str:
    """How the score of an objective is made, in one sentence."""
    manual = scorecard.manual_score_notes(objective)
    if manual:
        return f"The score was set {manual[0]}"
    counted = [each for each in objective.key_results if each.counted]
    if not counted:
        return "There is nothing to score"
    scores = [scorecard.score(each.score or Fraction(0), each.precision) for each in counted]
    kind = "mean" if len({each.weight for each in counted}) == 1 else "mean by weight"
    if len(counted) == 1:
        return f"The score is that of its key result, {scores[0]}"
    named = f"{', '.join(scores[:-1])} and {scores[-1]}"
    return f"The score is the {kind} of {count_noun(len(counted), 'key result')}: {named}"


def name_field(line: str) -> str:
    """A change of a field with the name of the field in place of its key: `target: 60 % → 45 %`."""
    key, sign, rest = line.partition(": ")
    return f"{FIELD_NAMES.get(key, key)}{sign}{rest}"


def expected_key(expected: Curve, last: date) -> str:
    """What the dashed line of a chart is, with the days on which it jumps, since something is due at once."""
    days = [scorecard.short_day(day, last) for day in charts.step_days(expected)]
    if len(days) > MAX_STEPS:
        return "expected (jumps where something is due)"
    if not days:
        return "expected"
    return f"expected (jumps on {_join(days)}, when something is due)"
