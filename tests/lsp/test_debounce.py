"""A check waits until nothing more is typed, and is then about everything that was."""

from __future__ import annotations

from collections.abc import Callable

from okrctl.lsp.debounce import Debounce


class Clock:
    """A loop whose time passes when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[Call] = []

    def call_later(self, seconds: float, work: Callable[[], None]) -> Call:
        self.calls.append(Call(self.now + seconds, work))
        return self.calls[-1]

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        due = [call for call in self.calls if call.at <= self.now]
        self.calls = [call for call in self.calls if call.at > self.now]
        for call in due:
            call.work()


class Call:
    def __init__(self, at: float, work: Callable[[], None]) -> None:
        self.at = at
        self.work = work

    def cancel(self) -> None:
        self.work = lambda: None


def test_it_works_once_after_the_last_change() -> None:
    clock, worked = Clock(), list[set[str]]()
    debounce = Debounce[str](clock.call_later, 2, lambda things: worked.append(set(things)))
    assert not debounce.is_waiting
    debounce.add(["a"])
    clock.pass_time(1)
    debounce.add(["b"])
    clock.pass_time(1)
    assert worked == [] and debounce.is_waiting
    debounce.add(["a"])
    clock.pass_time(2)
    assert worked == [{"a", "b"}] and not debounce.is_waiting


def test_what_comes_while_it_works_is_not_lost() -> None:
    clock, worked = Clock(), list[set[str]]()

    def work(things: frozenset[str]) -> None:
        worked.append(set(things))
        if "a" in things:
            debounce.add(["b"])

    debounce = Debounce[str](clock.call_later, 2, work)
    debounce.add(["a"])
    clock.pass_time(2)
    clock.pass_time(2)
    clock.pass_time(2)
    assert worked == [{"a"}, {"b"}]
