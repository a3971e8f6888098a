"""From progress to score: held between floor and cap, or replaced by a typed score."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from okrctl.schema.settings import Config

ZERO, ONE = Fraction(0), Fraction(1)


def clamp(progress: Fraction, config: Config) -> Fraction:
    """Progress held between the floor and the cap."""
    floor, cap = config.scoring.floor, config.scoring.cap
    if floor is not None and progress < floor:
        return floor
    return cap if cap is not None and progress > cap else progress


def apply_override(model: object, computed: Fraction | None, day: date, is_ahead: bool) -> tuple[Fraction | None, bool]:
    """The score that counts on a day, and whether a person typed it."""
    typed = getattr(model, "score", None)
    if typed is None or is_ahead or (typed.date is not None and typed.date > day):
        return computed, False
    return typed.value, True


def state_on(model: object, day: date) -> str:
    """The state of an objective or key result on a day; `deprioritized` and `postponed` act from their `since` on."""
    state: str = getattr(model, "state", "active")
    since: date | None = getattr(model, "since", None)
    return "active" if state in ("deprioritized", "postponed") and since is not None and day < since else state


def weight_of(model: object) -> Fraction:
    """The weight of an objective or key result, 1 where none is written."""
    weight: Fraction | None = getattr(model, "weight", None)
    return ONE if weight is None else weight
