"""The settings of a workspace: okrctl.yaml, its defaults, and its profiles."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import field_validator, model_validator

from okrctl.values import fields, json_types
from okrctl.values.dates import days_after
from okrctl.values.fields import (
    BareNumber,
    CadenceValue,
    Day,
    Id,
    Parsed,
    Prepared,
    StrictModel,
    Text,
    Texts,
    WholeNumber,
    make_dict,
    make_list,
    optional,
    reject,
)
from okrctl.values.period import CADENCES, FiscalYear, Period, looks_like_period
from okrctl.values.precision import Precision
from okrctl.values.quantity import format_short

SETTINGS_PATH = "okrctl.yaml"
COMPANY = "company"
Profile = Literal["balanced", "academy", "databox", "google"]
Level = Literal["error", "warning", "info", "ignore"]
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class Fiscal(StrictModel):
    """When the fiscal year starts, and which calendar year gives it its number."""

    starts: Literal[
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ] = optional("january", description="The first month")  # fmt: skip
    named_by: Literal["start", "end"] = optional(
        "start", description="Whether it has the number of the year in which it starts or ends"
    )


class Team(StrictModel):
    """A team: its name, its lead, its parent team."""

    name: Text | None = optional(description="The display name")
    lead: Text | None = optional(description="The lead of the team")
    parent: Id | None = optional(description="The parent team")
    until: Day | None = optional(description="The last day of a former team; it is known and gets no drafts")


class Person(StrictModel):
    """A person or role that can own objectives, key results and KPIs."""

    name: Text | None = optional(description="The display name")
    email: Text | None = optional(
        description="The email address in git; `okrctl checkin` uses it to find your key results"
    )
    until: Day | None = optional(description="The last day of somebody who left; they are known and get no drafts")


class Defaults(StrictModel):
    """Default values for fields that files leave out."""

    ambition: Literal["aspirational", "committed"] = optional("aspirational", description="How scores are read")
    kpi_cadence: CadenceValue = optional(CADENCES["weekly"], description="How often a reading of a KPI is due")
    key_result_cadence: CadenceValue = optional(
        CADENCES["fortnightly"], description="How often a reading of a key result is due"
    )


class Limits(StrictModel):
    """Limits for the number of objectives, key results and KPIs."""

    objectives: WholeNumber | None = optional(description="Objectives of a team in a period")
    key_results: WholeNumber | None = optional(description="Key results of an objective")
    kpis: WholeNumber | None = optional(description="KPIs in the workspace")


def _parse_bound(raw: object) -> Fraction | None:
    return None if raw == "none" else fields.parse_fraction(raw)


def _parse_bands(raw: object) -> tuple[Fraction, Fraction] | str:
    if raw == "google":
        return "google"
    if not isinstance(raw, list) or len(raw) != 2:
        reject("`bands` takes two numbers or `google`", "write two numbers such as [0.4, 0.7]")
    low, high = (fields.parse_fraction(part) for part in raw)
    if not low <= high:
        reject(f"the bands are reversed: {raw[0]} is above {raw[1]}", "write the lower number first")
    return low, high


Bands = Annotated[
    tuple[Fraction, Fraction] | str,
    Parsed(
        _parse_bands,
        {
            "anyOf": [
                {"type": "array", "items": json_types.BARE_NUMBER, "minItems": 2, "maxItems": 2},
                {"enum": ["google"]},
            ]
        },
    ),
]
Bound = Annotated[
    Fraction | None,
    Parsed(_parse_bound, {"anyOf": [json_types.BARE_NUMBER, {"enum": ["none"]}]}),
]
SANDBAGGING_SCORE = Fraction(9, 10)  # an aspirational goal at this score was easy
BAND_BORDERS_OF_TENTHS = (Fraction(7, 20), Fraction(13, 20))  # of Google, which rounds to one decimal first
DEFAULT_BANDS = (Fraction(2, 5), Fraction(7, 10))


class Scoring(StrictModel):
    """How scores are computed and read."""

    missing: Literal["zero", "skip"] = optional(
        "zero", description="Whether a key result without a value counts 0 or is left out"
    )
    cap: Bound = optional(Fraction(1), description="The highest score; none for no cap")
    floor: Bound = optional(Fraction(0), description="The lowest score; none for no floor")
    bands: Bands | None = optional(description="Yellow from the first, green from the second; or google")
    success: BareNumber = optional(
        Fraction(7, 10), description="The lowest score at which an aspirational goal succeeds"
    )
    closing_days: WholeNumber = optional(14, description="Days after a period in which late readings still count")
    agree_days: WholeNumber = optional(
        14, description="Days from the start of a period in which its goals can be changed freely"
    )

    @model_validator(mode="after")
    def _require_order(self) -> Scoring:
        low, high, success = self.floor, self.cap, self.success
        if low is not None and high is not None and low >= high:
            reject(
                f"the floor, {format_short(low)}, is not below the cap, {format_short(high)}", "write a lower `floor`"
            )
        if "success" in self.model_fields_set and high is not None and success > high:
            help = "no score can reach it; write one from `floor` to `cap`"
            reject(f"`success`, {format_short(success)}, is above the cap, {format_short(high)}", help)
        if "success" in self.model_fields_set and low is not None and success < low:
            help = "every score reaches it; write one from `floor` to `cap`"
            reject(f"`success`, {format_short(success)}, is below the floor, {format_short(low)}", help)
        return self

    def last_closing_day(self, period: Period) -> date:
        """The last day on which late readings of a period count."""
        return days_after(period.end, self.closing_days)

    def last_agreement_day(self, period: Period) -> date:
        """The last day on which the goals of a period can be changed freely."""
        return days_after(period.start, self.agree_days)


class Pace(StrictModel):
    """When progress counts as behind or at risk."""

    behind: BareNumber = optional(
        Fraction(10), description="It is behind when more percentage points than this below the expected progress"
    )
    at_risk: BareNumber = optional(
        Fraction(25), description="It is at risk when more percentage points than this below the expected progress"
    )
    grace_days: WholeNumber = optional(7, description="Days from the start in which nothing is behind")

    @model_validator(mode="after")
    def _require_order(self) -> Pace:
        if self.behind > self.at_risk:
            behind, at_risk = format_short(self.behind), format_short(self.at_risk)
            reject(f"`behind`, {behind}, is above `at_risk`, {at_risk}", "write the lower number under `behind`")
        return self


class Sources(StrictModel):
    """The hosts that `okrctl refresh` may contact."""

    hosts: Texts = optional(default_factory=make_list, description="Hosts allowed in sources")


def _parse_team_id(raw: object) -> str:
    value = fields.parse_id(raw)
    if looks_like_period(value):
        reject(f"the team id '{value}' looks like a period", "use another id, such as a word")
    return value


def _parse_severity(raw: object) -> str:
    if raw not in ("error", "warning", "info", "ignore"):
        reject(f"expected error, warning, info or ignore, found {fields.describe_value(raw)}")
    return str(raw)


def _blank_to_mapping(raw: object) -> object:
    return {} if raw is None else raw


TeamId = Annotated[str, Parsed(_parse_team_id, json_types.TEAM)]
RuleLevel = Annotated[str, Parsed(_parse_severity, {"enum": ["error", "warning", "info", "ignore"]})]
PROFILE_LIMITS: dict[str, dict[str, int]] = {"google": {"objectives": 5, "key_results": 4, "kpis": 30}}
DEFAULT_LIMITS = {"objectives": 5, "key_results": 5, "kpis": 30}
DEFAULT_INCLUDE = ("okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml")


class Config(StrictModel):
    """The settings of a workspace; each has a default."""

    organisation: Text | None = optional(description="The name of the organisation")
    fiscal_year: Fiscal = optional(default_factory=Fiscal.model_construct, description="When the fiscal year starts")
    language: Text | None = optional(
        description="The language of titles, en or de; found for each file where it is left out"
    )
    numbers: Literal["en", "de"] | None = optional(
        description="How people type numbers in answers and in tables: 1240.5 (en) or 1.240,5 (de)"
    )
    profile: Profile = optional("balanced", description="A set of severities and limits")
    teams: dict[TeamId, Annotated[Team, Prepared(_blank_to_mapping)]] | None = optional(
        description="The known teams; others are reported"
    )
    people: dict[Text, Annotated[Person, Prepared(_blank_to_mapping)]] | None = optional(
        description="The known people; others are reported"
    )
    defaults: Defaults = optional(
        default_factory=Defaults.model_construct, description="Default values for fields that files leave out"
    )
    limits: Limits = optional(default_factory=Limits.model_construct, description="Limits for the number of goals")
    rules: dict[Text, RuleLevel] = optional(
        default_factory=make_dict, description="Severities of rules by name or code"
    )
    fail_on: Literal["error", "warning", "info"] = optional(
        "error", description="The lowest severity that makes a check fail"
    )
    scoring: Scoring = optional(default_factory=Scoring.model_construct, description="How scores are computed and read")
    pace: Pace = optional(default_factory=Pace.model_construct, description="When progress counts as behind")
    sources: Sources = optional(
        default_factory=Sources.model_construct, description="The hosts that refresh may contact"
    )
    include: Texts = optional(default_factory=lambda: list(DEFAULT_INCLUDE), description="The files to read")
    exclude: Texts = optional(default_factory=make_list, description="The files to leave out")
    extends: Text | None = optional(
        description="Another okrctl.yaml, as a path from this one; its settings count where this one has none"
    )
    elsewhere: Annotated[list[TeamId], Prepared(fields.to_list)] = optional(
        default_factory=make_list,
        description="Teams whose goals are in another repository; references to them may lead there",
    )

    @field_validator("people", mode="before")
    @classmethod
    def _names_to_mapping(cls, people: object) -> object:
        return (
            {name: {} for name in people}
            if isinstance(people, list) and all(isinstance(n, str) for n in people)
            else people
        )

    @cached_property
    def fiscal(self) -> FiscalYear:
        """The fiscal year for parsing periods."""
        return FiscalYear(MONTHS.index(self.fiscal_year.starts) + 1, self.fiscal_year.named_by == "end")

    @property
    def bands(self) -> tuple[Fraction, Fraction] | str:
        """The scores from which a score is yellow and green, or `google`."""
        default: tuple[Fraction, Fraction] | str = "google" if self.profile == "google" else DEFAULT_BANDS
        return default if self.scoring.bands is None else self.scoring.bands

    @cached_property
    def precision(self) -> Precision:
        """The borders that no printed score or progress may seem to cross; bands of Google are those of tenths."""
        bands = self.bands
        low, high = BAND_BORDERS_OF_TENTHS if isinstance(bands, str) else bands
        scores = {low, high, self.scoring.success, SANDBAGGING_SCORE, Fraction(1)}
        return Precision(tuple(sorted(scores)), tuple(sorted((self.pace.behind, self.pace.at_risk))))

    def limit(self, name: str) -> int:
        """A limit from the settings, else from the profile."""
        limit: int | None = getattr(self.limits, name)
        return PROFILE_LIMITS.get(self.profile, DEFAULT_LIMITS)[name] if limit is None else limit

    def team_name(self, team: str) -> str:
        """The display name of a team."""
        settings = (self.teams or {}).get(team)
        return settings.name if settings and settings.name else team

    def last_day(self, owner: str) -> date | None:
        """The last day of a person or team who left (`until:`); None for all others."""
        settings = (self.people or {}).get(owner) or (self.teams or {}).get(owner)
        return settings.until if settings else None

    def ends_before(self, owner: str, day: date) -> bool:
        """Whether a person or team is a former one before a day."""
        last = self.last_day(owner)
        return last is not None and last < day

    def is_known_owner(self, owner: str) -> bool:
        """Whether an owner is one of the people or a team; every owner is known if the settings list no people."""
        return self.people is None or owner in self.people or owner in (self.teams or {}) or owner == COMPANY
