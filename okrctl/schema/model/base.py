"""The shape of what objectives and key results have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from okrctl.measures import FIELD_KEYS
from okrctl.values.fields import Day, Id, ManualScoreValue, StrictModel, Text, Texts, Weight, optional, reject

Ambition = Literal["aspirational", "committed"]
State = Literal["draft", "active", "deprioritized", "postponed"]
AGREED_KEYS = (
    *FIELD_KEYS, "due", "plan", "stretch", "weight", "ambition", "state", "guards", "aggregate", "kpi", "rollup",
    "title", "unit",
)  # fmt: skip


class ManualScore(StrictModel):
    """A score that a person puts in the place of the computed one."""

    value: ManualScoreValue = Field(description="From 0 to 1")
    by: Text = Field(description="Who says so")
    reason: Text | None = optional(description="Why it differs from the computed score")
    date: Day | None = optional(description="From which day on it holds")


class Amendment(StrictModel):
    """The record of a change to what was agreed."""

    date: Day = Field(description="When it was changed")
    by: Text = Field(description="Who changed it")
    reason: Text = Field(description="Why")
    was: dict[str, Any] = Field(description="What the agreed values were before, such as {to: 60}")

    @field_validator("was")
    @classmethod
    def _require_known_keys(cls, was: dict[str, Any]) -> dict[str, Any]:
        for key in was:
            if key not in AGREED_KEYS:
                reject(f"'{key}' is nothing that is agreed on", f"one of {', '.join(AGREED_KEYS)}")
        return was


class GoalBase(StrictModel):
    """What an objective and a key result have in common."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("id", "title")

    id: Id | None = Field(None, description="Lower-case letters, digits, - and _; unique among its siblings")
    title: Text | None = Field(None, description="What is to become true, in words")
    owner: Text | None = optional(description="One person or role")
    description: Text | None = optional(description="Everything else worth saying")
    ambition: Ambition | None = optional(description="How the score is read")
    weight: Weight | None = optional(description="Share in the score above it; 1 where it is left out")
    state: State = optional("active", description="Only active ones are scored; the others are still shown")
    reason: Text | None = optional(description="Why it was deprioritized or postponed")
    since: Day | None = optional(description="From which day on the state holds")
    added: Day | None = optional(description="The day it joined, after the period began")
    score: ManualScore | None = optional(description="A person's score; shown together with the computed one")
    formerly: Id | None = optional(description="Its id before it was renamed")
    links: Texts = optional(default_factory=list, description="Addresses worth knowing")
    tags: Texts = optional(default_factory=list, description="Words to filter by")
