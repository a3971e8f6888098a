"""A site of all periods: an index with the trends, a page for each period, each team and each owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from okrctl.analysis import filters
from okrctl.analysis.filters import Selection
from okrctl.analysis.period_report import PeriodReport
from okrctl.analysis.period_trends import PeriodTrend, PeriodTrends
from okrctl.outputs.html import charts, frame, kpis, markup, report, scorecard
from okrctl.outputs.html.markup import chip, name, text
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import ObjectiveScore, ScoreComparison

MAX_NAME = 60
MAX_LABELS = 4
INDEX = "index.html"
Address = dict[tuple[str, str], str]


def pages(whole: PeriodTrends) -> dict[str, str]:
    """Every page by its path below the folder of the site."""
    where = _addresses(whole)
    found = {INDEX: _index(whole, where)}
    for one in whole.reports:
        found[where["periods", one.card.period.id]] = report.page(one, f"../{INDEX}")
    for team, said in whole.teams.items():
        found[where["teams", team]] = _of(whole, where, "Team", said, Selection(teams=(team,)))
    for owner, said in whole.owners.items():
        found[where["owners", owner]] = _of(whole, where, "Owner", said, Selection(owners=(owner,)))
    return found


def _addresses(whole: PeriodTrends) -> Address:
    """A path for each page, of plain letters, different also where upper and lower case are one."""
    names = {
        "periods": [one.card.period.id for one in whole.reports], "teams": whole.teams, "owners": whole.owners,
    }  # fmt: skip
    found: Address = {}
    taken: set[str] = set()
    for folder, ones in names.items():
        for one in ones:
            plain = re.sub(r"[^A-Za-z0-9_-]+", "-", sanitize(one))[:MAX_NAME].strip("-")
            path = f"{folder}/{plain}.html"
            if plain != one or path.lower() in taken:
                path = f"{folder}/{plain}-{sha256(one.encode('utf-8', 'replace')).hexdigest()[:8]}.html"
            taken.add(path.lower())
            found[folder, one] = path
    return found


def _index(whole: PeriodTrends, where: Address) -> str:
    organisation = next((one.organisation for one in whole.reports if one.organisation), None)
    title = f"{organisation}: goals" if organisation else "Goals"
    parts = [markup.section("periods", "Periods", _periods(whole, where))]
    for number, one in enumerate(whole.trends, 1):
        parts.append(markup.section(f"trend-{number}", _from_to(one), *_trend(one, where)))
    parts.append(markup.section("teams", "Teams", _links("teams", whole.teams.items(), where)))
    parts.append(markup.section("owners", "Owners", _links("owners", whole.owners.items(), where)))
    return frame.page(title, f"<h1>{name(title)}</h1>", "\n".join(part for part in parts if part))


def _links(folder: str, ones: Iterable[tuple[str, str]], where: Address) -> str:
    items = "".join(f'<li><a href="{text(where[folder, key])}">{name(said)}</a></li>' for key, said in ones)
    return f'<ul class="links">{items}</ul>' if items else '<p class="soft">None.</p>'


def _periods(whole: PeriodTrends, where: Address) -> str:
    heads = (("Period", ""), ("Days", ""), ("Gone", "w"), ("Score", "n"), ("Band", ""), ("Key results", ""))
    return markup.table("The newest first.", heads, (_period(one, where) for one in whole.reports), "stack")


def _period(one: PeriodReport, where: Address) -> str:
    card = one.card
    days = f'{card.period.start} to {card.period.end}<span class="small">{text(wording.period_state(card))}</span>'
    counted = text(wording.measured_count(card.measured_count, card.key_result_count))
    drawn = charts.progress_bar(card.score) if card.score is not None else ""
    head = f'<a href="{text(where["periods", card.period.id])}">{text(card.period.id)}</a>'
    cells = [(days, ""), (drawn, "p"), (wording.score(card.score), "n sc"), (chip(card.band), ""), (counted, "")]
    return markup.row(head, cells)


def _from_to(one: PeriodTrend) -> str:
    return f"Trend from {text(one.cards[0].period.id)} to {text(one.cards[-1].period.id)}"


def _trend(one: PeriodTrend, where: Address) -> Iterator[str]:
    names = [card.period.id for card in one.cards]
    shown = names if len(names) <= MAX_LABELS else [names[0], names[-1]]
    ends = "".join(f"<span>{text(said)}</span>" for said in shown)
    drawn = charts.period_chart(one.comparison.scores, _in_words(one.comparison, names))
    yield f'<figure class="half">{drawn}<figcaption>{ends}</figcaption></figure>'
    heads = (("Team", ""), *((said, "n") for said in names), ("Change", "n"), ("Course", "c"))
    rows = [_line(part, names, where) for part in one.comparison.children]
    told = "Scores of the teams, period by period; one that still runs has not gone its whole way."
    yield markup.scrolling("Scores by period", markup.table(told, heads, [*rows, _line(one.comparison, names, where)]))


def _line(part: ScoreComparison, names: list[str], where: Address) -> str:
    address = where.get(("teams", part.id))
    said = "Company" if part.id == part.title == "company" else name(part.title or "All teams")
    head = f'<a href="{text(address)}">{said}</a>' if address else said
    cells = [(wording.score(score), "n") for score in part.scores]
    drawn = charts.sparkline(part.scores, _in_words(part, names))
    return markup.row(head, [*cells, (wording.score_change(part.change), "n"), (drawn, "c")])


def _in_words(part: ScoreComparison, names: list[str]) -> str:
    pairs = zip(names, part.scores, strict=True)
    return "Scores: " + ", ".join(f"{wording.score(score)} in {period}" for period, score in pairs)


def _of(whole: PeriodTrends, where: Address, kind: str, said: str, wanted: Selection) -> str:
    """What belongs to a team or an owner: the newest period with something of it in full, the earlier ones in lines."""
    chosen = [replace(one, card=filters.filter_scorecard(one.card, wanted)) for one in whole.reports]
    known = [one for one in chosen if one.card.objectives]
    nav = f'<nav aria-label="Contents"><ul><li><a href="../{INDEX}">All periods</a></li></ul></nav>'
    header = f'<p class="soft">{kind}</p><h1>{name(said)}</h1>{nav}'
    parts = [_in_full(one, wanted, where) for one in known[:1]]
    earlier = [_row(objective, one, where) for one in known[1:] for objective in one.card.objectives]
    if earlier:
        heads = (("Objective", ""), ("Period", ""), ("Score", "n"), ("Band", ""), ("Status", ""))
        listed = markup.table("The newest first.", heads, earlier, "stack")
        parts.append(markup.section("other", "Other periods", listed))
    if not parts:
        parts.append("<p>Nothing yet.</p>")
    return frame.page(f"{kind}: {said}", header, "\n".join(parts))


def _in_full(one: PeriodReport, wanted: Selection, where: Address) -> str:
    period = one.card.period.id
    link = f'<p><a href="../{text(where["periods", period])}">The whole period</a></p>'
    gauges = [gauge for gauge in one.kpi_overview.statuses if wanted.includes_kpi(gauge.kpi)]
    listed = kpis.board(replace(one, kpi_overview=replace(one.kpi_overview, statuses=gauges))) if gauges else ""
    parts = [link, *(scorecard.team(team, one) for team in one.card.teams if team.objectives)]
    found = markup.section("period", text(period), *parts)
    return found + (markup.section("kpis", "KPIs", listed) if listed else "")


def _row(one: ObjectiveScore, of: PeriodReport, where: Address) -> str:
    period = of.card.period.id
    link = f'<a href="../{text(where["periods", period])}">{text(period)}</a>'
    cells = [(link, ""), (wording.score(one.score), "n sc"), (chip(one.band), ""), (chip(one.status or one.state), "")]
    return markup.row(name(one.node.model.title or one.node.id), cells)
