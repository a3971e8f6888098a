"""Waits until nothing more comes before it works, and hands over everything that came."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T", bound=Hashable)


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Let it not come."""


CallLater = Callable[[float, Callable[[], None]], Timer]


class Debounce(Generic[T]):
    """Collects items, and calls `work` with all of them once nothing was added for some seconds."""

    def __init__(self, call_later: CallLater, seconds: float, work: Callable[[frozenset[T]], None]) -> None:
        self._call_later, self._seconds, self._work = call_later, seconds, work
        self._items: set[T] = set()
        self._timer: Timer | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a call is still to come."""
        return self._timer is not None

    def add(self, items: Iterable[T]) -> None:
        """Add items, and wait from now on."""
        self._items.update(items)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._call_later(self._seconds, self._fire)

    def _fire(self) -> None:
        items, self._items, self._timer = frozenset(self._items), set(), None
        self._work(items)
