"""What a source is: an object that fetches readings for a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from okrctl.sources.policy import AccessPolicy

EARLIEST_DAY = date(1970, 1, 1)

RawReadings = Iterable[tuple[object, object]]
"""Pairs of a date and a value, as the source has them. A date of None means today, a value of None a gap."""


@dataclass(frozen=True)
class Request:
    """A request for the readings of one KPI or key result, which `ref` names.

    `spec` holds the keys of its `source:` as the file has them, `since` is the requested first day, if any, and
    `newest` the day of the newest reading in the files, `unit` the declared unit. No reading is before `earliest`.
    """

    ref: str
    spec: Mapping[str, object]
    since: date | None
    newest: date | None
    today: date
    access: AccessPolicy
    unit: str | None = None
    earliest: date = EARLIEST_DAY

    @property
    def first_day(self) -> date:
        """The day from which readings are requested."""
        return max(self.since or self.newest or self.earliest, self.earliest)

    def get_text(self, key: str) -> str | None:
        """The text under a key of the source; None where there is none."""
        value = self.spec.get(key)
        return value if isinstance(value, str) else None


class ReadingSource(Protocol):
    """A kind of place to fetch readings from. A module with these two functions is one."""

    def fetch(self, request: Request) -> RawReadings:
        """The readings. Raises SourceError where there are none to be had."""
        ...

    def describe(self, spec: Mapping[str, object]) -> str:
        """The text that names the place in the `source:` of a reading, without anything secret."""
        ...
