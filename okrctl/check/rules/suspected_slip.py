"""Finds numbers far from their neighbours, if a wrong decimal point or separator explains the difference.

`1.240` after 1180 and 1235 is nearly always 1240, and `84` after 0.82 and 0.8 is 0.84. One such number can make a
target look met many times over, or make a trend useless. The neighbours of a number are the three nearest readings
before it that are not 0. `from` counts as the reading of the first day. If there are fewer than three, the nearest
readings after it are used, then `to`.

These numbers are reported, with the value that was probably meant:

* A number that is more than 20 times the largest neighbour.

* A number that is less than a twentieth of the smallest neighbour, and written with more decimal places than any of
  them.

* All decimal numbers of a goal, if each has three decimal places and some whole number of the goal is much larger
  (`12.000` beside 4500). These are probably thousands written with a point.

Numbers that are ten times too large or too small are not found.

To fix it, write the number that is meant. If the number is right, add a `note:` to the reading.

Bad:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Tracking codes requested
            to: 2500
            readings: {2026-04-13: 1180, 2026-04-20: 1235, 2026-04-27: 1.240}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}

Good:

    period: 2026-Q2
    objectives:
      - id: origin
        title: Customers know where their products come from
        owner: lea
        key_results:
          - id: codes
            title: Tracking codes requested
            to: 2500
            readings: {2026-04-13: 1180, 2026-04-20: 1235, 2026-04-27: 1240}
          - {id: profiles, title: Suppliers with a profile, from: 72%, to: 95%}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from okrctl.analysis.suspects import Suspect, find_suspects, is_suspicious_fraction
from okrctl.check.finding import Context, Finding, reading_finding
from okrctl.check.rule import Rule
from okrctl.workspace import KeyResult, Kpi, Workspace


def check(node: KeyResult | Kpi, context: Context) -> Iterator[Finding]:
    """The suspected numbers of a KPI, and of a key result with readings of its own."""
    if getattr(node.model, "kpi", None) is None or isinstance(node, Kpi):
        yield from _build_findings(find_suspects(node))


def check_workspace(workspace: Workspace, context: Context) -> Iterator[Finding]:
    """The suspected numbers of key results that use the readings of a KPI, and what they show about these."""
    for node in workspace.key_results:
        kpi = workspace.kpi_of(node)
        if kpi is not None:
            found = find_suspects(node, kpi)
            yield from _build_findings(suspect for suspect in found if suspect.node is node)
            yield from _check_readings_of_kpi(node, kpi, [suspect for suspect in found if suspect.node is kpi])


def _check_readings_of_kpi(node: KeyResult, kpi: Kpi, found: Sequence[Suspect]) -> Iterator[Finding]:
    """The readings of a KPI that only the numbers of a key result show to be thousands, in one finding at `kpi:`.

    It lies in the file of the key result, since the file of the KPI alone does not show them.
    """
    known = {suspect.key for suspect in find_suspects(kpi)} if found else set()
    new = [suspect for suspect in found if suspect.key not in known and not _has_note(suspect)]
    if new:
        readings = ", ".join(f"'{suspect.text}' ({suspect.ways[0]}, or {suspect.ways[1]})" for suspect in new)
        message = f"readings of the KPI '{kpi.id}' look like thousands written with a point: {readings}"
        yield Finding(
            (*node.route, "kpi"),
            message,
            f"write each of them in one of these forms in {kpi.file.path}",
            ref=node.ref,
            file=node.file,
        )


def _has_note(suspect: Suspect) -> bool:
    reading = suspect.number.reading
    return reading is not None and bool(reading.note)


def _build_findings(suspects: Iterable[Suspect]) -> Iterator[Finding]:
    """A finding for each number, but for readings with a note and for what OKR319 reports."""
    for suspect in suspects:
        node, number = suspect.node, suspect.number
        if isinstance(node, KeyResult) and is_suspicious_fraction(node, number.quantity):
            continue
        if number.reading is None:
            help = f"{suspect.advice}; to keep {number.quantity.text}, add `# okrctl: ignore[{RULE.name}]`"
            yield Finding((*node.route, *number.route), suspect.message, help, ref=node.ref, file=node.file)
        elif not _has_note(suspect):
            help = f"{suspect.advice}; to keep {number.quantity.text}, add a `note:`"
            yield reading_finding(node, number.reading, suspect.message, help)


RULE = Rule(
    code="OKR324", name="suspected-slip", severity="warning", check_key_result=check, check_kpi=check,
    check_workspace=check_workspace,
)  # fmt: skip
