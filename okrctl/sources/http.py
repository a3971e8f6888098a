"""Asks an address for JSON, and takes days and values from where the source says."""

from __future__ import annotations

from okrctl.sources import RawReadings, Request, http_client
from okrctl.sources.policy import SourceError


def fetch(request: Request) -> RawReadings:
    """The value under `value`, for today; with `date`, all days and values of a list. Raises SourceError."""
    token = request.get_text("token_env")
    secret = request.access.read_secret(token) if token else None
    answer = http_client.fetch_json(request.access, request.get_text("http") or "", secret)
    values = values_at(answer, request.get_text("value") or "")
    where = request.get_text("date")
    if where is None:
        if len(values) != 1 or values[0] is None:
            found = f"{len(values)} values where one is meant" if len(values) > 1 else "nothing"
            raise SourceError(f"there is {found} at '{request.get_text('value') or ''}'")
        return [(None, values[0])]
    days = values_at(answer, where)
    if len(days) != len(values):
        raise SourceError(f"there are {len(days)} days and {len(values)} values")
    if None in days:
        raise SourceError(f"a day is missing at '{where}'")
    return list(zip(days, values, strict=True))


def values_at(data: object, path: str) -> list[object]:
    """What stands at a path such as `data.points.value`: keys parted by points, numbers for places in a list.

    A key meets every element of a list, so that several values may stand there; a missing key gives None.
    """
    found = [data]
    for part in path.split(".") if path else []:
        found = [inner for one in found for inner in _descend(one, part)]
    return [inner for one in found for inner in (one if isinstance(one, list) else [one])]


def _descend(data: object, part: str) -> list[object]:
    if isinstance(data, list) and part.isdecimal() and len(part) < 9:
        return [data[int(part)]] if int(part) < len(data) else [None]
    if isinstance(data, list):
        return [inner for one in data for inner in _descend(one, part)]
    return [data.get(part)] if isinstance(data, dict) else [None]
