"""The fields that objectives and key results share."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from okrctl.measures import FIELD_KEYS
from okrctl.values.fields import (
    Day,
    Id,
    ManualScoreValue,
    StrictModel,
    Text,
    Texts,
    Weight,
    make_list,
    optional,
    reject,
)

Ambition = Literal["aspirational", "committed"]
State = Literal["draft", "active", "deprioritized", "postponed"]
AGREED_KEYS = (
    *FIELD_KEYS, "due", "plan", "stretch", "weight", "ambition", "state", "guards", "aggregate", "kpi", "rollup",
    "title", "unit",
)  # fmt: skip


class ManualScore(StrictModel):
    """A score set by a person, which replaces the computed score."""

    value: ManualScoreValue = Field(description="From 0 to 1")
    by: Text = Field(description="Who set it")
    reason: Text | None = optional(description="Why it differs from the computed score")
    date: Day | None = optional(description="The first day on which it counts")


class Amendment(StrictModel):
    """The record of a change to an agreed value."""

    date: Day = Field(description="The date of the change")
    by: Text = Field(description="Who changed it")
    reason: Text = Field(description="Why")
    was: dict[str, Any] = Field(description="The agreed values before, such as {to: 60}")

    @field_validator("was")
    @classmethod
    def _require_known_keys(cls, was: dict[str, Any]) -> dict[str, Any]:
        for key in was:
            if key not in AGREED_KEYS:
                reject(f"'{key}' cannot be recorded under `amended:`", f"use one of {', '.join(AGREED_KEYS)}")
        return was


class GoalBase(StrictModel):
    """The fields that objectives and key results share."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "title")

    id: Id | None = Field(None, description="Lower-case letters, digits, - and _; unique among its siblings")
    title: Text | None = Field(None, description="What should be achieved")
    owner: Text | None = optional(description="One person or role")
    description: Text | None = optional(description="Any other information")
    ambition: Ambition | None = optional(description="How the score is read")
    weight: Weight | None = optional(description="Weight in the score of its parent; 1 by default")
    state: State = optional("active", description="Only active ones are scored; the others are shown")
    reason: Text | None = optional(description="Why it was deprioritized or postponed")
    since: Day | None = optional(description="The first day of the state")
    added: Day | None = optional(description="The date when it was added, if after the start of the period")
    score: ManualScore | None = optional(description="A manual score; shown together with the computed score")
    formerly: Id | None = optional(description="The id before it was renamed")
    links: Texts = optional(default_factory=make_list, description="Related URLs")
    tags: Texts = optional(default_factory=make_list, description="Words for filters")
