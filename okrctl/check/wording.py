"""How a rule judges the wording of a title.

Each wording rule is one pure function over a `TitleSubject`; `objective_check` and `key_result_check` turn it into
what the runner calls, and `okrctl explain RULE --title` calls it directly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from okrctl.check.finding import Context, Finding
from okrctl.measures import graded
from okrctl.text import english, german
from okrctl.text.lexicon import Language
from okrctl.text.title import TitleReading
from okrctl.values.diagnostic import Route
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective


@lru_cache(maxsize=16384)
def read_title(title: str, language: Language) -> TitleReading:
    """How a title is read; all rules about wording ask this."""
    return english.read(title) if language == "en" else german.read(title)


class TitleSubject(NamedTuple):
    """A title with its language and, for key results, how it is measured.

    `is_numeric`: a metric or limit. `is_count`: it counts from 0, or without a beginning. `is_graded`: a grade without
    a description of its steps. Without any of them, it is done or has milestones.
    """

    title: str
    language: Language
    is_numeric: bool = False
    is_count: bool = False
    is_graded: bool = False
    has_steps: bool = False

    @property
    def reading(self) -> TitleReading:
        """How the title is read."""
        return read_title(self.title, self.language)


class TitleFault(NamedTuple):
    """What is wrong with some characters of a title, and what to do; the range counts from 0."""

    message: str
    help: str
    start: int
    end: int


TitleJudge = Callable[[TitleSubject], TitleFault | None]


def objective_check(judge: TitleJudge) -> Callable[[Objective, Context], Iterator[Finding]]:
    """The check of a rule about the titles of active objectives."""

    def check(objective: Objective, context: Context) -> Iterator[Finding]:
        title, language = objective.model.title, context.language_of(objective.file)
        if title and language and objective.is_active:
            yield from _find(judge, TitleSubject(title, language), objective.route)

    return check


def key_result_check(
    judge: TitleJudge, concerns: Callable[[KeyResult], object]
) -> Callable[[KeyResult, Context], Iterator[Finding]]:
    """The check of a rule about the titles of active key results; `concerns` looks quickly whether it may apply."""

    def check(key_result: KeyResult, context: Context) -> Iterator[Finding]:
        if not (key_result.model.title and concerns(key_result) and key_result.is_active):
            return
        language = context.language_of(key_result.file)
        if language:
            yield from _find(judge, _subject(key_result, language), key_result.route)

    return check


def _find(judge: TitleJudge, subject: TitleSubject, route: Route) -> Iterator[Finding]:
    fault = judge(subject)
    if fault:
        yield Finding((*route, "title"), fault.message, fault.help, text_range=(fault.start, fault.end))


def _subject(key_result: KeyResult, language: Language) -> TitleSubject:
    model, measure = key_result.model, key_result.measure
    start = measure.written_start(model) if measure.is_numeric else None
    return TitleSubject(
        model.title or "",
        language,
        is_numeric=measure.is_numeric,
        is_count=not (isinstance(start, Quantity) and start.number) and getattr(model, "kpi", None) is None,
        is_graded=measure is graded.MEASURE and not isinstance(getattr(model, "graded", None), dict),
        has_steps=measure.records == "steps",
    )
