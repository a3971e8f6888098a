"""Asks many sources at once, again where that may help, and waits for none longer than its time."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from okrctl import sources
from okrctl.sources import Request
from okrctl.sources.policy import SourceError
from okrctl.sources.validate import Fetched, judged
from okrctl.values.errors import OkrctlError

AT_ONCE = 8
PAUSE = 0.5  # seconds before the second attempt; twice as long before each later one
SLACK = 5.0  # seconds beyond its limit after which a source is given up


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one source: readings in order of date, or why there are none."""

    kpi: str
    readings: tuple[Fetched, ...] = ()
    error: str = ""


def gather(requests: Sequence[Request], done: Callable[[Outcome], None], pause: float = PAUSE) -> list[Outcome]:
    """The outcome of each request, in their order; `done` hears of each as it comes.

    The working folder is the root of the workspace meanwhile, which is what queries over its files need.
    """
    if not requests:
        return []
    with contextlib.chdir(requests[0].access.root):
        found = {outcome.kpi: outcome for outcome in _outcomes(requests, done, pause)}
    return [found[one.kpi] for one in requests]


def _outcomes(requests: Sequence[Request], done: Callable[[Outcome], None], pause: float) -> Iterator[Outcome]:
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
    ready: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    for request in requests:
        waiting.put(request)
    for _ in range(min(AT_ONCE, len(requests))):
        threading.Thread(target=_work, args=(waiting, ready, pause), daemon=True).start()
    left = {request.kpi for request in requests}
    limit = _longest(requests[0], pause) * -(-len(requests) // AT_ONCE)
    end = time.monotonic() + limit
    while left:
        try:
            outcome = ready.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        left.discard(outcome.kpi)
        done(outcome)
        yield outcome
    for kpi in left:
        given_up = Outcome(kpi, error="it does not answer")
        done(given_up)
        yield given_up


def _longest(request: Request, pause: float) -> float:
    """How long one source may take with all its attempts, in seconds."""
    attempts = request.access.attempts
    return attempts * (request.access.seconds + SLACK) + pause * float(2**attempts)


def _work(waiting: queue.SimpleQueue[Request], ready: queue.SimpleQueue[Outcome], pause: float) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            request = waiting.get_nowait()
            ready.put(_tried(request, pause))


def _tried(request: Request, pause: float) -> Outcome:
    for attempt in range(1, request.access.attempts + 1):
        outcome, again = attempted(request)
        if not again or attempt == request.access.attempts:
            break
        time.sleep(pause * 2 ** (attempt - 1))
    return outcome


def attempted(request: Request) -> tuple[Outcome, bool]:
    """One attempt, and whether another may help. Whatever a source raises stays here, without its secrets."""
    try:
        fetch = sources.fetcher(sources.kind_of(request.spec))
        if fetch is None:
            raise SourceError(_unknown(request))
        return Outcome(request.kpi, tuple(judged(fetch(request), request.first, request.today))), False
    except SourceError as error:
        return Outcome(request.kpi, error=request.access.scrubbed(error.message)), error.again
    except OkrctlError as error:
        return Outcome(request.kpi, error=request.access.scrubbed(f"{error.message}: {error.hint}")), False
    except Exception as error:  # a package's source, a driver: its fault must not stop the others
        return Outcome(request.kpi, error=request.access.scrubbed(f"{type(error).__name__}: {error}"[:200])), False


def _unknown(request: Request) -> str:
    kind = sources.kind_of(request.spec)
    if kind:
        return f"no installed package adds the source '{kind.removeprefix('x-')}'"
    return "its source names no place to fetch from, or several"
