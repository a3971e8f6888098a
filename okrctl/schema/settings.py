"""The settings of a workspace: okrctl.yaml with its defaults, and what a profile makes of them."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema, field_validator

from okrctl.values import fields, json_types
from okrctl.values.fields import BareNumber, CadenceValue, Id, StrictModel, Text, Texts, WholeNumber, optional, reject
from okrctl.values.period import CADENCES, FiscalYear, looks_like_period

SETTINGS_PATH = "okrctl.yaml"
COMPANY = "company"
Profile = Literal["balanced", "academy", "databox", "google"]
Level = Literal["error", "warning", "info", "ignore"]
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class Fiscal(StrictModel):
    """When the fiscal year starts, and which of the two calendar years names it."""

    starts: Literal[
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ] = optional("january", description="The month in which it starts")  # fmt: skip
    named_by: Literal["start", "end"] = optional("start", description="The year in which it starts, or ends, names it")


class Team(StrictModel):
    """A team: its name, who leads it, the team above it."""

    name: Text | None = optional(description="Its name for people")
    lead: Text | None = optional(description="Who leads it")
    parent: Id | None = optional(description="The team above it")


class Person(StrictModel):
    """A person or role who can own something."""

    name: Text | None = optional(description="The name for people")
    email: Text | None = optional(description="As in git; finds what is yours to check in")


class Defaults(StrictModel):
    """What holds where a file does not say otherwise."""

    ambition: Literal["aspirational", "committed"] = optional("aspirational", description="How scores are read")
    kpi_cadence: CadenceValue = optional(CADENCES["weekly"], description="How often a KPI wants a reading")
    key_result_cadence: CadenceValue = optional(CADENCES["fortnightly"], description="How often a key result wants one")


class Limits(StrictModel):
    """How many are too many."""

    objectives: WholeNumber | None = optional(description="Objectives for each team and period")
    key_results: WholeNumber | None = optional(description="Key results for each objective")
    kpis: WholeNumber | None = optional(description="KPIs in the workspace")


def _parse_bound(raw: object) -> Fraction | None:
    return None if raw == "none" else fields.parse_fraction(raw)


def _parse_bands(raw: object) -> tuple[Fraction, Fraction] | str:
    if raw == "google":
        return "google"
    if not isinstance(raw, list) or len(raw) != 2:
        reject("`bands` takes two numbers, such as [0.4, 0.7], or `google`")
    low, high = (fields.parse_fraction(part) for part in raw)
    if not low <= high:
        reject(f"the bands are reversed: {raw[0]} is above {raw[1]}", "write the lower one first")
    return low, high


Bands = Annotated[
    tuple[Fraction, Fraction] | str,
    PlainValidator(_parse_bands),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": json_types.BARE_NUMBER, "minItems": 2, "maxItems": 2},
                {"enum": ["google"]},
            ]
        }
    ),
]
Bound = Annotated[
    Fraction | None,
    PlainValidator(_parse_bound),
    WithJsonSchema({"anyOf": [json_types.BARE_NUMBER, {"enum": ["none"]}]}),
]
DEFAULT_BANDS = (Fraction(2, 5), Fraction(7, 10))


class Scoring(StrictModel):
    """How scores are made and read."""

    missing: Literal["zero", "skip"] = optional(
        "zero", description="A key result without a value counts 0, or is left out"
    )
    cap: Bound = optional(Fraction(1), description="The most a score can be; none for no cap")
    floor: Bound = optional(Fraction(0), description="The least a score can be; none for no floor")
    bands: Bands | None = optional(description="Yellow from the first, green from the second; or google")
    success: BareNumber = optional(
        Fraction(7, 10), description="From which score on an aspirational goal has succeeded"
    )
    closing_days: WholeNumber = optional(14, description="Days after a period in which late figures still count")
    agree_days: WholeNumber = optional(
        14, description="Days from a period's first day in which its goals are being agreed"
    )


class Pace(StrictModel):
    """How far behind is behind."""

    behind: BareNumber = optional(Fraction(10), description="Points below the expectation that are behind")
    at_risk: BareNumber = optional(Fraction(25), description="Points below the expectation that are at risk")
    grace_days: WholeNumber = optional(7, description="Days in which nothing is behind yet")


class Sources(StrictModel):
    """What `okrctl refresh` may contact."""

    hosts: Texts = optional(default_factory=list, description="Hosts that sources may name")


def _parse_team_id(raw: object) -> str:
    value = fields.parse_id(raw)
    if looks_like_period(value):
        reject(f"the team id '{value}' looks like a period", "choose another id, such as a word")
    return value


def _parse_severity(raw: object) -> str:
    if raw not in ("error", "warning", "info", "ignore"):
        reject(f"expected error, warning, info or ignore, found {fields.describe_value(raw)}")
    return str(raw)


def _blank_to_mapping(raw: object) -> object:
    return {} if raw is None else raw


TeamId = Annotated[str, PlainValidator(_parse_team_id), WithJsonSchema(json_types.TEAM)]
RuleLevel = Annotated[
    str, PlainValidator(_parse_severity), WithJsonSchema({"enum": ["error", "warning", "info", "ignore"]})
]
PROFILE_LIMITS: dict[str, dict[str, int]] = {"google": {"objectives": 5, "key_results": 4, "kpis": 30}}
DEFAULT_LIMITS = {"objectives": 5, "key_results": 5, "kpis": 30}
DEFAULT_INCLUDE = ("okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml")


class Config(StrictModel):
    """The settings of a workspace; every one may be left out."""

    organisation: Text | None = optional(description="Whose goals these are")
    fiscal_year: Fiscal = optional(default_factory=Fiscal.model_construct, description="When the fiscal year starts")
    language: Text = optional("en", description="The language of titles; wording rules know en")
    profile: Profile = optional("balanced", description="A consistent set of severities and limits")
    teams: dict[TeamId, Annotated[Team, BeforeValidator(_blank_to_mapping)]] | None = optional(
        description="The teams; others are reported"
    )
    people: dict[Text, Annotated[Person, BeforeValidator(_blank_to_mapping)]] | None = optional(
        description="The people; others are reported"
    )
    defaults: Defaults = optional(
        default_factory=Defaults.model_construct, description="What holds where a file is silent"
    )
    limits: Limits = optional(default_factory=Limits.model_construct, description="How many are too many")
    rules: dict[Text, RuleLevel] = optional(default_factory=dict, description="Severities of rules, by name or code")
    fail_on: Literal["error", "warning", "info"] = optional(
        "error", description="The least severity that fails a check"
    )
    scoring: Scoring = optional(default_factory=Scoring.model_construct, description="How scores are made and read")
    pace: Pace = optional(default_factory=Pace.model_construct, description="How far behind is behind")
    sources: Sources = optional(default_factory=Sources.model_construct, description="What refresh may contact")
    include: Texts = optional(default_factory=lambda: list(DEFAULT_INCLUDE), description="Which files are read")
    exclude: Texts = optional(default_factory=list, description="Which of them are not")

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
        """The fiscal year for reading periods."""
        return FiscalYear(MONTHS.index(self.fiscal_year.starts) + 1, self.fiscal_year.named_by == "end")

    @property
    def bands(self) -> tuple[Fraction, Fraction] | str:
        """Yellow from, green from; or `google`."""
        usual: tuple[Fraction, Fraction] | str = "google" if self.profile == "google" else DEFAULT_BANDS
        return usual if self.scoring.bands is None else self.scoring.bands

    def limit(self, name: str) -> int:
        """The limit set, else the profile's."""
        said: int | None = getattr(self.limits, name)
        return PROFILE_LIMITS.get(self.profile, DEFAULT_LIMITS)[name] if said is None else said

    def team_name(self, team: str) -> str:
        """A team's name for people."""
        known = (self.teams or {}).get(team)
        return known.name if known and known.name else team

    def is_known_owner(self, owner: str) -> bool:
        """Whether an owner is one of the people, or a team; everybody is where no people are given."""
        return self.people is None or owner in self.people or owner in (self.teams or {}) or owner == COMPANY
