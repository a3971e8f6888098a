"""Finds files whose path names a period that differs from their `period:`.

A new quarter usually starts as a copy of the last one. If `period:` is not updated, the new goals are added to the
old quarter. Only folders and files whose name is a period are compared.

Bad:

    # FILE: okrs/2026-Q3/trust.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]

Good:

    # FILE: okrs/2026-Q2/trust.yaml
    period: 2026-Q2
    team: trust
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results: [{id: codes, title: Codes requested, to: 25000}]
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.values import period
from okrctl.values.period import FiscalYear, Period
from okrctl.workspace import File


def check(file: File, context: Context) -> Iterator[Finding]:
    """The first part of the path that is a period and does not contain the period of the file."""
    file_period = file.period
    for part in file.path.rpartition(".")[0].split("/") if file_period is not None else ():
        folder_period = _parse_folder(part, context.config.fiscal)
        if folder_period is not None and file_period is not None and not _is_compatible(folder_period, file_period):
            help = f"write `period: {folder_period.id}`, or move the file"
            yield Finding(("period",), f"the period is {file_period.id}, but the path says {part}", help)
            return


@lru_cache(maxsize=4096)
def _parse_folder(part: str, fiscal: FiscalYear) -> Period | None:
    name = part.upper()
    if not (name[:1].isdigit() or name.startswith("FY")):  # most folders, and all files of teams
        return None
    try:
        return period.parse(name, fiscal)
    except period.PeriodError:
        return None


def _is_compatible(folder_period: Period, file_period: Period) -> bool:
    """Whether a folder fits a file; a period with its own dates only has to overlap with it."""
    if file_period.kind == "custom":
        return file_period.start <= folder_period.end and folder_period.start <= file_period.end
    return folder_period.contains(file_period)


RULE = Rule(code="OKR111", name="period-path", severity="warning", check_file=check)
