"""A quick look at the text of a file of goals: whether what was agreed in it can have changed at all.

Comparing goals means parsing two versions of every file, which takes minutes in a large workspace. But most edits are
check-ins. So the lines of readings, comments and blank lines are left out, and the rest of the text is hashed: where
the hash is the same in two versions, so are the goals. Where it is not, the files are parsed and compared. A line that
cannot be told for sure counts, so that a doubt costs time and hides nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from okrctl import workspace
from okrctl.schema.settings import Config
from okrctl.values import period
from okrctl.values.period import Period, PeriodError
from okrctl.yaml import Source, decode

_PERIOD = re.compile(r"""^period[ \t]*:[ \t]*(["']?)([A-Za-z0-9][\w-]*)\1[ \t]*(?:#.*)?$""", re.MULTILINE)
_READINGS = re.compile(r"^([ ]*(?:- +)*)readings[ \t]*:[ \t]*(\{[^{}\[\]]*\}|[\w./-]+\.csv)?[ \t]*(?:#.*)?$")
_DATED = re.compile(r"""^[ ]*["']?\d{4}-\d{2}-\d{2}["']?[ \t]*:""")
_KPIS = re.compile(r"^[\"']?kpis[\"']?[ \t]*:", re.MULTILINE)


class GoalText(NamedTuple):
    """The hash of what may be agreed in a text; its period as id, first and last day; whether it holds KPIs.

    The period is None for KPIs and for a text without a valid one.
    """

    digest: str
    period: tuple[str, str, str] | None
    is_kpi: bool


def look_at_goals(path: str, data: bytes, config: Config) -> GoalText:
    """What a quick look at a file of goals tells."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = "\n".join(_lasting_lines(text))
    found = _find_period(path, data, text, config)
    known = None if found is None else (found.id, str(found.start), str(found.end))
    return GoalText(hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:32], known, bool(_KPIS.search(text)))


def _lasting_lines(text: str) -> Iterator[str]:
    """The lines that are no readings, no comments and not blank."""
    readings = _ReadingLines()
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#") or readings.holds(line, bare):
            continue
        start = _READINGS.match(line)
        if start is None:
            yield line.rstrip()
        else:
            yield f"{start[1]}readings:{'.csv' if (start[2] or '').endswith('.csv') else ''}"
            readings.begin(len(start[1]), has_value=start[2] is not None)


class _ReadingLines:
    """The lines below a `readings:`: `indent` is that of the key, `dated` that of the date above, None outside."""

    def __init__(self) -> None:
        self.indent: int | None = None
        self.dated: int | None = None

    def begin(self, indent: int, *, has_value: bool) -> None:
        """Begin with a key `readings:`, unless its value is on the same line."""
        if not has_value:
            self.indent, self.dated = indent, None

    def holds(self, line: str, bare: str) -> bool:
        """Whether a line is a reading or belongs to one."""
        own = len(line) - len(line.lstrip(" "))
        if self.indent is None or own <= self.indent:
            self.indent = self.dated = None
            return False
        if self.dated is not None and own <= self.dated:
            self.dated = None
        if not _is_plain(bare) or (self.dated is None and not _DATED.match(line)):
            return False
        self.dated = own if self.dated is None else self.dated
        return True


def _is_plain(text: str) -> bool:
    """Whether a line opens and closes its own brackets, and has nothing that another place may repeat."""
    return text.count("{") == text.count("}") and text.count("[") == text.count("]") and "&" not in text


def _find_period(path: str, data: bytes, text: str, config: Config) -> Period | None:
    found = _PERIOD.search(text)
    if found is not None:
        try:
            return period.parse(found[2], config.fiscal)
        except PeriodError:
            return None
    if _KPIS.search(text):
        return None
    source = decode(path, data)
    return workspace.read_file(source, config).period if isinstance(source, Source) else None
