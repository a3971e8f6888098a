"""Fetch from many sources at once, with retries and a time limit for each."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from okrctl import sources
from okrctl.sources import trust
from okrctl.sources.policy import SourceError
from okrctl.sources.request import Request
from okrctl.sources.validate import FetchedReading, validate_readings
from okrctl.values.errors import OkrctlError

MAX_WORKERS = 8
RETRY_PAUSE = 0.5  # seconds before the second attempt; twice as long before each later one
GRACE_SECONDS = 5.0  # seconds beyond its limit after which a source is given up


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """The result for one source: readings in order of date, or an error."""

    ref: str
    readings: tuple[FetchedReading, ...] = ()
    error: str = ""


def fetch_all(
    requests: Sequence[Request], on_outcome: Callable[[FetchOutcome], None], pause: float = RETRY_PAUSE
) -> list[FetchOutcome]:
    """The outcome of each request, in their order; `on_outcome` is called with each as it comes.

    Meanwhile the working folder is the workspace root, as queries on its files need it.
    """
    if not requests:
        return []
    with contextlib.chdir(requests[0].access.root):
        outcomes = {outcome.ref: outcome for outcome in _outcomes(requests, on_outcome, pause)}
    return [outcomes[request.ref] for request in requests]


def _outcomes(
    requests: Sequence[Request], on_outcome: Callable[[FetchOutcome], None], pause: float
) -> Iterator[FetchOutcome]:
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
    ready: queue.SimpleQueue[FetchOutcome] = queue.SimpleQueue()
    for request in requests:
        waiting.put(request)
    for _ in range(min(MAX_WORKERS, len(requests))):
        threading.Thread(target=_run_worker, args=(waiting, ready, pause), daemon=True).start()
    left = {request.ref for request in requests}
    limit = _max_seconds(requests[0], pause) * -(-len(requests) // MAX_WORKERS)
    end = time.monotonic() + limit
    while left:
        try:
            outcome = ready.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        left.discard(outcome.ref)
        on_outcome(outcome)
        yield outcome
    for ref in left:
        given_up = FetchOutcome(ref, error="no response within the time limit")
        on_outcome(given_up)
        yield given_up


def _max_seconds(request: Request, pause: float) -> float:
    """The longest time, in seconds, that one source may take with all its attempts and what servers ask to wait."""
    attempts = request.access.attempts
    waits = (attempts - 1) * request.access.seconds
    return attempts * (request.access.seconds + GRACE_SECONDS) + waits + pause * float(2**attempts)


def _run_worker(waiting: queue.SimpleQueue[Request], ready: queue.SimpleQueue[FetchOutcome], pause: float) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            request = waiting.get_nowait()
            ready.put(_fetch_with_retries(request, pause))


def _fetch_with_retries(request: Request, pause: float) -> FetchOutcome:
    for attempt in range(1, request.access.attempts + 1):
        outcome, wait = fetch_once(request)
        if wait is None or attempt == request.access.attempts:
            break
        time.sleep(max(wait, pause * 2 ** (attempt - 1)))
    return outcome


def fetch_once(request: Request) -> tuple[FetchOutcome, float | None]:
    """One attempt, and the seconds to wait for another; None where that would not help.

    Every exception becomes an error without secrets, and without what the source answered.
    """
    try:
        kind = sources.source_kind(request.spec)
        if kind:
            _require_trusted(request)
        source = sources.find_source(kind)
        if source is None:
            raise SourceError(_unknown_source_message(kind))
        readings = validate_readings(source.fetch(request), request.first_day, request.today, request.unit)
        return FetchOutcome(request.ref, tuple(readings)), None
    except SourceError as error:
        outcome = FetchOutcome(request.ref, error=request.access.redact(error.message))
        return outcome, error.wait if error.is_retryable else None
    except OkrctlError as error:
        return FetchOutcome(request.ref, error=request.access.redact(f"{error.message}: {error.hint}")), None
    except Exception as error:  # of a driver or a package: it must not stop the other sources
        message = f"{type(error).__name__} ({len(str(error))} characters)"
        return FetchOutcome(request.ref, error=message), None


def _require_trusted(request: Request) -> None:
    """Raise SourceError for a source that the person did not allow, or that changed since."""
    if trust.needs_trust(request.spec) and trust.source_digest(request.spec) not in request.access.trusted:
        raise SourceError(f"this source is new or changed; allow it with: okrctl refresh --trust {request.ref}")


def _unknown_source_message(kind: str) -> str:
    if kind:
        return f"no installed package provides the source '{kind.removeprefix(sources.PLUGIN_PREFIX)}'"
    return f"`source:` must name exactly one of {', '.join(sources.SOURCES)} and {sources.PLUGIN_PREFIX}NAME"
