"""This week: the running periods, and what needs attention, one's own first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from okrctl.analysis import trajectory
from okrctl.analysis.attention import AttentionItem, StatusReport
from okrctl.analysis.due_checkins import due_checkins
from okrctl.analysis.trajectory import Trajectory
from okrctl.history.seals.store import sealed_period_ids
from okrctl.operations.checkin import own_names
from okrctl.operations.status import StatusRequest, status
from okrctl.outputs.reports import page_text
from okrctl.outputs.views.status import GROUPS, group_of
from okrctl.scoring.scorecard import Scorecard
from okrctl.server.links import node_address, owner_name, ref_address
from okrctl.server.page import Page
from okrctl.server.period_end import PeriodEnd, period_end
from okrctl.server.visit import Visit
from okrctl.values.errors import NotFoundError, OkrctlError

WHO_COOKIE = "okrctl_who"
MAX_LINES = 12
MAX_DUE = 3  # readings that are named
MAX_DAYS_OVER = 60  # of a period that is still not sealed


# What deals with an item, by the command that does: its name, the kind of write, and the address of the form.
_ACTIONS = {
    "checkin": ("Check in", "checkin", "/check-in?ref={ref}"),
    "close": ("Close", "close", "/close/{ref}"),
    "amend": ("Amend", "amend", "/amend/{ref}"),
    "new": ("Draft an objective", "draft", "/draft?kpi={ref}"),
    "check": ("Findings", "", "/findings"),
}


class Line(NamedTuple):
    """One thing that needs attention, with where it leads: its page, and the form that deals with it."""

    item: AttentionItem
    group: str
    owner: str
    href: str
    action: str = ""
    action_href: str = ""


class Group(NamedTuple):
    """What is to be done about some lines, one's own first."""

    title: str
    lines: list[Line]

    @property
    def has_statuses(self) -> bool:
        """Whether the statuses of the lines say more than the title."""
        return {line.item.status_word for line in self.lines} != {self.title.casefold()}


class PeriodNow(NamedTuple):
    """A running period with its score over time, and what is expected of it."""

    card: Scorecard
    trajectory: Trajectory
    expected: str


def week(visit: Visit) -> Response:
    """The page."""
    who = own_people(visit)
    is_mine = chosen_who(visit) == "mine" and bool(who)
    try:
        report = status(visit.project, StatusRequest()).report
    except NotFoundError:
        return visit.render("empty.html", title="This week")
    ends = {end.period: end for end in _ends(visit)}
    lines = _lines(visit, report, ends)
    own = [line for line in lines if line.item.owner in who]
    due = due_checkins(visit.workspace, visit.today, who if is_mine else None)
    response = visit.render(
        "week.html",
        title="This week",
        periods=[_period_now(visit, card) for card in report.cards],
        groups=list(_groups(own if is_mine else lines)),
        ends=list(ends.values()),
        others=len(lines) - len(own) if is_mine else 0,
        due=due,
        max_due=MAX_DUE,
        href_of=node_address,
        since=monday_last_week(visit.today),
        has_history=visit.served.has_repository(),
        is_mine=is_mine,
        knows_me=bool(who),
        notes=report.notes,
        max_lines=MAX_LINES,
    )
    keep_choice(visit, response)
    return response


def keep_choice(visit: Visit, response: Response) -> None:
    """Remember whose goals the address asks for."""
    if visit.query("who"):
        is_secure = visit.access.is_secure
        response.set_cookie(WHO_COOKIE, visit.query("who"), httponly=True, samesite="lax", secure=is_secure)


def chosen_who(visit: Visit) -> str:
    """Whose goals a person wants to see, chosen once: `mine` or `all`."""
    chosen = visit.query("who") or visit.request.cookies.get(WHO_COOKIE, "")
    return chosen if chosen in ("mine", "all") else "mine"


def own_people(visit: Visit) -> set[str]:
    """The owners that the person goes by; empty where nobody knows."""
    person = visit.person
    if person is None:
        return set()
    if person.id is not None:
        teams = visit.config.teams or {}
        return {person.id} | {id for id, team in teams.items() if team.lead == person.id}
    try:
        return own_names(visit.project, visit.workspace)
    except OkrctlError:
        return set()


def _lines(visit: Visit, report: StatusReport, ends: Collection[str]) -> list[Line]:
    """What needs attention, without the periods of which the page says above that they ended."""
    items = (item for item in report.attention if item.status != "still open" or item.ref not in ends)
    return [_line(visit, item, item.ref in report.kpis) for item in items]


def _line(visit: Visit, item: AttentionItem, is_kpi: bool) -> Line:
    name = owner_name(visit.config, item.owner)
    address = ref_address(visit.workspace, item.ref)
    command = [*item.next.split(), "", ""][1]
    action, write, href = _ACTIONS.get(command, ("", "", ""))
    if not action or (write and not visit.can(write)):
        return Line(item, group_of(item, is_kpi), name, address)
    return Line(item, group_of(item, is_kpi), name, address, action, href.format(ref=quote(item.ref, safe="")))


def _groups(lines: list[Line]) -> Iterator[Group]:
    for title in GROUPS:
        members = [line for line in lines if line.group == title]
        if members:
            yield Group(title, members)


def _ends(visit: Visit) -> Iterator[PeriodEnd]:
    """The periods that end this week, and those of the last two months that are not sealed."""
    sealed = sealed_period_ids(visit.served.root)
    with_goals = {objective.period.id for objective in visit.workspace.objectives if objective.is_active}
    for period in visit.workspace.periods:
        end = period_end(visit, period, is_sealed=period.id in sealed) if period.id in with_goals else None
        if end is not None and (visit.today - period.end).days <= MAX_DAYS_OVER:
            yield end


def _period_now(visit: Visit, card: Scorecard) -> PeriodNow:
    expected = page_text.expected_score(trajectory.expected_of_period(card), card.precision)
    return PeriodNow(card, trajectory.build_period_trajectory(visit.workspace, card), expected)


def monday_last_week(today: date) -> date:
    """The first day of the week before this one."""
    return today - timedelta(days=today.weekday() + 7)


PAGES = (Page("/", week, "This week"),)
