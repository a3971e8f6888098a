"""What a person was asked to accept: each question is about one plan, and its answer counts once, for ten minutes.

A plan is known by a digest of the tool, its arguments, the day, and the bytes of all files before and after. A client
may answer in another request than the one that asked, and sends the question along (protocol 2026-07-28). So each
question has a number that nobody can guess. Once its answer was used, or its time is over, or a file changed, the same
plan gets another number: then the question differs, and an answer to the old one does not fit it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping

from okrctl.yaml_edit import WritePlan

SECONDS = 600.0


class Confirmations:
    """The questions that are open in one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def ask(self, plan: str) -> str:
        """The number of the open question about a plan, a new one where none is open."""
        with self._lock:
            now = self._clock()
            self._open = {key: entry for key, entry in self._open.items() if entry[1] > now}
            return self._open.setdefault(plan, (secrets.token_hex(8), now + SECONDS))[0]

    def take(self, plan: str) -> bool:
        """Whether a question about this very plan is open; it is closed by that."""
        with self._lock:
            entry = self._open.pop(plan, None)
            return entry is not None and entry[1] > self._clock()


def plan_digest(tool: str, arguments: Mapping[str, object], day: str, plan: WritePlan) -> str:
    """What makes a plan the one that was asked about."""
    files = [[change.path, change.old, change.new] for change in plan.changes]
    text = json.dumps([tool, arguments, day, files, plan.message], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
