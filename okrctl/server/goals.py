"""What templates ask about objectives: as the report has it, with each key result leading to its page."""

from __future__ import annotations

from collections.abc import Mapping

from okrctl.analysis.period_report import PeriodReport
from okrctl.outputs.reports import html
from okrctl.outputs.reports.links import anchor
from okrctl.outputs.view import Row, Table
from okrctl.scoring.scorecard import ObjectiveScore
from okrctl.server.links import ServerLinks, check_in_address


class ServedGoals(html.Goals):
    """The objectives and key results of a report on a page of the server."""

    def __init__(self, report: PeriodReport, links: ServerLinks) -> None:
        super().__init__(report, links)
        self._all = links

    def title(self, ref: str) -> str:
        """The title of any objective or key result, else its reference."""
        return self.titles.get(ref) or self._all.title(ref)

    def charts(self, objective: ObjectiveScore) -> list[html.ReadingChart]:
        """None: readings are on the page of each key result."""
        return []

    def key_results(self, objective: ObjectiveScore) -> Table:
        """The key results of an objective, each with the address of its page."""
        table = super().key_results(objective)
        refs = {anchor("goal", each.node.ref): each.node.ref for each in objective.key_results}
        table.rows[:] = [self._link(row, refs) for row in table.rows]
        return table

    def _link(self, row: Row, refs: Mapping[str, str]) -> Row:
        """A row, whose id is the anchor of its key result, with the address of that."""
        ref = refs.get(str(dict(row.attributes).get("id", "")))
        head, *cells = row.cells
        return row._replace(cells=(head._replace(href=self.links.goal(ref)), *cells)) if ref else row

    def check_in(self, objective: ObjectiveScore) -> str:
        """The form for the readings of an objective."""
        return check_in_address(*(each.node.ref for each in objective.key_results if each.state == "active"))
