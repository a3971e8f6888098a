"""How a title is read, and what each rule about wording says of it."""

from __future__ import annotations

from dataclasses import dataclass

from okrctl.check.rule import Rule
from okrctl.check.rules import RULES
from okrctl.check.wording import TitleSubject
from okrctl.text.language import guess_language, supported_language
from okrctl.text.title import TitleReading
from okrctl.values.errors import OkrctlError


@dataclass(frozen=True, slots=True)
class TitleVerdict:
    """What one rule says: a message, or None. `kind` is what the rule judges."""

    code: str
    name: str
    kind: str
    message: str | None


@dataclass(frozen=True, slots=True)
class TitleExplanation:
    """A title, its language, its reading, and the verdicts: that of the rule asked for first."""

    title: str
    language: str
    reading: TitleReading
    verdicts: tuple[TitleVerdict, ...]


def explain_title(rule: Rule, title: str, language: str | None) -> TitleExplanation:
    """Read a title and ask all wording rules. As a key result it is a metric from 0, for OKR306 a grade.

    Raises OkrctlError where the rule does not judge titles, or where there are no words for the language.
    """
    if rule.judge_title is None:
        names = ", ".join(other.name for other in RULES if other.judge_title)
        raise OkrctlError(f"{rule.name} does not check the wording of titles", f"rules that do: {names}")
    name = language or guess_language([title])
    supported = supported_language(name)
    if supported is None:
        raise OkrctlError(
            f"no rule checks the wording of titles in the language '{name}'", "wording rules exist for en and de"
        )
    others = [other for other in RULES if other.judge_title and other is not rule]
    subject = TitleSubject(title, supported)
    return TitleExplanation(title, supported, subject.reading, tuple(_ask(one, subject) for one in [rule, *others]))


def _ask(rule: Rule, subject: TitleSubject) -> TitleVerdict:
    assert rule.judge_title is not None
    is_objective = rule.check_objective is not None
    is_graded = rule.name == "vague-key-result"
    if not is_objective:
        subject = subject._replace(is_numeric=not is_graded, is_count=not is_graded, is_graded=is_graded)
    fault = rule.judge_title(subject)
    return TitleVerdict(rule.code, rule.name, "objective" if is_objective else "key result", fault and fault.message)
