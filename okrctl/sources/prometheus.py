"""Asks a Prometheus server for the value of a query: now, and at the end of each day gone by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from okrctl.sources import RawReadings, Request, http_client
from okrctl.sources.policy import SourceError

DAY = timedelta(days=1)
MAX_DAYS = 10_000


def fetch(request: Request) -> RawReadings:
    """Today's value; with --since also those of the days before it, as they were at their end (UTC)."""
    yield from ((None, value) for _, value in _query(request, "query", {}))
    first, last = request.since, request.today - DAY
    if first is not None and first <= last:
        first = max(first, last - MAX_DAYS * DAY)
        span = {"start": _end_timestamp(first), "end": _end_timestamp(last), "step": "86400"}
        for moment, value in _query(request, "query_range", span):
            yield datetime.fromtimestamp(moment, UTC).date(), value


def _end_timestamp(day: date) -> str:
    return str(int(datetime.combine(day, time(23, 59, 59), UTC).timestamp()))


def _query(request: Request, what: str, parameters: dict[str, str]) -> Iterator[tuple[float, str | None]]:
    query = request.get_text("query")
    if not query:
        raise SourceError("`query:` is missing")
    token = request.get_text("token_env")
    secret = request.access.read_secret(token) if token else None
    base = (request.get_text("prometheus") or "").strip().rstrip("/")
    if "?" in base or "#" in base:
        raise SourceError("the address of a Prometheus server has no `?` and no `#`")
    answer = http_client.fetch_json(
        request.access, f"{base}/api/v1/{what}?{urlencode({'query': query, **parameters})}", secret
    )
    try:
        points = _parse_points(answer)
        for moment, value in points:
            yield float(moment), _parse_value(value, what)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise SourceError("this is no answer of Prometheus") from None


def _parse_points(answer: Any) -> list[Any]:
    if answer["status"] != "success":
        raise SourceError("Prometheus does not understand the query")
    data = answer["data"]
    if data["resultType"] == "scalar":
        return [data["result"]]
    series = data["result"]
    if len(series) != 1:
        raise SourceError(f"the query gives {len(series)} series where one is meant; sum(...) makes one of many")
    only = series[0]
    return list(only["values"]) if data["resultType"] == "matrix" else [only["value"]]


def _parse_value(value: Any, what: str) -> str | None:
    """A day without a number is a gap; now, it is an error."""
    if value in ("NaN", "+Inf", "-Inf"):
        if what == "query":
            raise SourceError(f"the query gives {value} where a number is meant")
        return None
    if not isinstance(value, str):
        raise TypeError
    return value
