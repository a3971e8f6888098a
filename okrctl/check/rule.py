"""A rule of the linter: its code, its name, its severities, and the functions that find what it reports."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar, cast

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome
from okrctl.check.finding import Context, Finding
from okrctl.check.wording import TitleJudge
from okrctl.history.diff import Comparison
from okrctl.schema.settings import Config, Profile
from okrctl.values.diagnostic import Severity
from okrctl.workspace import File, KeyResult, Kpi, Objective, Workspace

Subject = TypeVar("Subject", contravariant=True)
Check = Callable[[Subject, Context], Iterator[Finding]]
SubjectKind = Literal["file", "objective", "key_result", "kpi"]
Scope = Literal["files", "changes", "outcomes"]


class SuppressedFile(NamedTuple):
    """A file with suppressions, after all other rules have run.

    `used` are the (line, rule) of the suppressions that suppressed something, `rules` are all rules by code and by
    name, `active_codes` are those of the rules that ran, and `retired` names what replaced rules of before.
    """

    file: File
    used: AbstractSet[tuple[int, str]]
    rules: Mapping[str, Rule]
    active_codes: Container[str]
    retired: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a module in `okrctl.check.rules` declares as its `RULE`.

    A rule has one check function for each kind of subject that it looks at; most have one. `severity` applies with
    the profile `balanced`, and with all profiles that are not in `profiles`. The code of a rule never changes its
    meaning. `judge_title` is what a rule about wording asks of a title. A rule about changes that `is_about_agreement`
    compares running goals with their agreed version where there is no base. `doc` is the docstring of the module,
    filled in when the rule is discovered.
    """

    code: str
    name: str
    severity: Severity
    profiles: Mapping[Profile, Severity] = field(default_factory=dict)
    check_file: Check[File] | None = None
    check_objective: Check[Objective] | None = None
    check_key_result: Check[KeyResult] | None = None
    check_kpi: Check[Kpi] | None = None
    check_workspace: Check[Workspace] | None = None
    check_suppressions: Check[SuppressedFile] | None = None
    check_changes: Check[Comparison] | None = None
    check_outcome: Check[ObjectiveOutcome] | None = None
    judge_title: TitleJudge | None = None
    is_about_agreement: bool = False
    doc: str = ""

    @property
    def scope(self) -> Scope:
        """What the rule looks at: the files as they are, what changed since a base, or the outcome of a period."""
        if self.check_changes is not None:
            return "changes"
        return "outcomes" if self.check_outcome is not None else "files"

    @property
    def local_checks(self) -> dict[SubjectKind, Check[Any]]:
        """The check functions that need no other file, by the kind of subject that they look at."""
        checks: dict[SubjectKind, Check[Any] | None] = {
            "file": self.check_file,
            "objective": self.check_objective,
            "key_result": self.check_key_result,
            "kpi": self.check_kpi,
        }
        return {kind: check for kind, check in checks.items() if check is not None}

    def severity_in(self, config: Config) -> Severity:
        """The severity in a workspace: what its settings say about the name or code, else the profile, else its own."""
        names = [name for name in config.rules if name in (self.name, self.code)] if config.rules else ()
        setting = config.rules[names[-1]] if names else None  # the last one, since settings follow those they extend
        return cast("Severity | None", setting) or self.profiles.get(config.profile, self.severity)
