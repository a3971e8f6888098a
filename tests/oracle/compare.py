"""Runs the commands on a random world and lists every figure in which program and oracle disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from tests.oracle import kpis, oracle
from tests.oracle.generate import World
from tests.oracle.repository import commit_all
from tests.oracle.switches import WITH_LEVELS, WITH_PACE
from tests.oracle.values import Commit, KeyResult, Kpi, Period, Workspace, objective_ref
from tests.running import run

DAY = timedelta(days=1)
HALF_OF_THE_LAST_PLACE = Fraction(1, 2 * 10**6)


@dataclass(frozen=True)
class Disagreement:
    """One figure: the command, the thing, the field, and what either says."""

    command: str
    ref: str
    field: str
    program: Any
    oracle: Any

    def __str__(self) -> str:
        shown = float(self.oracle) if isinstance(self.oracle, Fraction) else self.oracle
        return f"okrctl {self.command}: {self.ref} {self.field}: program {self.program}, oracle {shown}"


class Commands:
    """The commands of one folder on one day, with their JSON."""

    def __init__(self, folder: Path, day: date) -> None:
        self.folder = folder
        self.day = day

    def json(self, *arguments: str) -> tuple[str, Any]:
        """The command line and what it printed as data; None where it could not run."""
        day = [] if "--known-at" in arguments else ["--as-of", str(self.day)]
        words = [*arguments, *day, "--format", "json"]
        done = run(*words, cwd=self.folder, today=LAST_TODAY)
        return " ".join(words), done.json if done.out and done.status in (0, 1) else None


LAST_TODAY = "2026-07-26"


def disagreements(folder: Path, world: World, history: Sequence[Commit]) -> list[Disagreement]:
    """All of one world, whose history lies in a repository in `folder`."""
    commands = Commands(folder, world.day)
    return [
        *scores(commands, world, history),
        *agreed(commands, world, history),
        *known(commands, history),
        *differences(commands, world, history),
        *kpi_table(commands, world),
        *moves(commands, world),
        *(levels(commands, world) if WITH_LEVELS else ()),
    ]


def listed(folder: Path, world: World) -> list[str]:
    """What program and oracle say differently in a world, which is left as a repository in the folder."""
    return [str(found) for found in disagreements(folder, world, commit_all(folder, world.history))]


def same(program: Any, wanted: Any) -> bool:
    """Equal; numbers as far as JSON carries them."""
    if isinstance(wanted, Fraction) and isinstance(program, int | Decimal) and not isinstance(program, bool):
        return abs(Fraction(program) - wanted) <= HALF_OF_THE_LAST_PLACE
    return bool(program == (str(wanted) if isinstance(wanted, date) else wanted))


def compared(command: str, ref: str, found: Any, wanted: dict[str, Any]) -> Iterator[Disagreement]:
    """The fields of `wanted` in which `found` differs; a field that is missing differs too."""
    for field, value in wanted.items():
        if not same(found.get(field, "missing"), value):
            yield Disagreement(command, ref, field, found.get(field, "missing"), value)


# okrctl score


def scores(commands: Commands, world: World, history: Sequence[Commit]) -> Iterator[Disagreement]:
    """Plain `score` of every period, with what it says of the agreed version."""
    names = [period.id for period in world.today.periods()]
    if not names:
        return
    command, document = commands.json("score", *names)
    if document is None:
        yield Disagreement(command, "", "output", None, "a document")
        return
    cards = document.get("periods", [document])
    for period, card in zip(world.today.periods(), cards, strict=True):
        yield from scorecard(command, card, oracle.period(world.today, period, commands.day))
        yield from _line_below(command, card["agreed"] or {}, period, world, history)


def scorecard(command: str, card: Any, wanted: oracle.PeriodFigures) -> Iterator[Disagreement]:
    """One period of `score`, with all that is below it."""
    yield from compared(command, wanted.period.id, card, _counts(wanted, wanted) | _paces(wanted))
    yield from compared(command, wanted.period.id, card["period"], {"state": wanted.stand})
    teams = {team["team"]: team for team in card["teams"]}
    for team in wanted.teams:
        ref = f"{wanted.period.id}/{team.team}"
        if team.team not in teams:
            if team.objectives:
                yield Disagreement(command, ref, "team", "missing", "there")
            continue
        yield from compared(command, ref, teams[team.team], _counts(team, wanted) | _paces(team))
        found = {one["id"]: one for one in teams[team.team]["objectives"]}
        for one in team.objectives:
            yield from _objective(command, found.pop(one.objective.id, None), one)
        for name in found if wanted.stand != "ahead" else ():
            yield Disagreement(command, f"{ref}/{name}", "objective", "there", "missing")


def _counts(wanted: oracle.PeriodFigures | oracle.TeamFigures, above: oracle.PeriodFigures) -> dict[str, Any]:
    """Score and counts; how many key results stand in a period ahead with `added` days is left open."""
    figures: dict[str, Any] = {"score": wanted.score, "measured": wanted.measured}
    return figures | ({"key_results": wanted.key_results} if above.stand != "ahead" else {})


def _paces(wanted: oracle.PeriodFigures | oracle.TeamFigures) -> dict[str, Any]:
    return {"pace": wanted.pace, "at_risk": wanted.at_risk} if WITH_PACE else {}


def _objective(command: str, found: Any, wanted: oracle.ObjectiveFigures) -> Iterator[Disagreement]:
    ref = objective_ref(wanted.sheet, wanted.objective)
    if found is None:
        yield Disagreement(command, ref, "objective", "missing", "there")
        return
    figures: dict[str, Any] = {"status": wanted.status, "by_hand": wanted.by_hand}
    if wanted.active:
        figures |= {"score": wanted.score, "computed": wanted.computed, "measured": wanted.measured}
        figures |= {"at_risk": wanted.at_risk} if WITH_PACE else {}
    yield from compared(command, ref, found, figures)
    results = {one["id"]: one for one in found["key_results"]}
    for one in wanted.key_results:
        yield from _key_result(command, results.pop(one.place.key_result.id, None), one, wanted)
    for name in results if wanted.stand != "ahead" else ():
        yield Disagreement(command, f"{ref}.{name}", "key result", "there", "missing")


def _key_result(
    command: str, found: Any, wanted: oracle.KeyResultFigures, above: oracle.ObjectiveFigures
) -> Iterator[Disagreement]:
    one, ref = wanted.place.key_result, wanted.place.ref
    if found is None:
        yield Disagreement(command, ref, "key result", "missing", "there")
        return
    figures: dict[str, Any] = {
        "progress": wanted.progress,
        "computed": wanted.computed,
        "score": wanted.score,
        "by_hand": wanted.by_hand,
        "status": wanted.status,
        "broken": wanted.broken,
        "counted": wanted.counted and wanted.active,
    }
    if above.stand != "ahead":
        figures |= {"expected": wanted.expected}
    if one.measure in ("metric", "change", "limit"):
        figures |= {"value": wanted.value}
    if one.measure in ("metric", "change"):
        figures |= {"from": wanted.start, "to": wanted.to}
    yield from compared(command, ref, found, figures)


# What was agreed


def _line_below(
    command: str, found: Any, period: Period, world: World, history: Sequence[Commit]
) -> Iterator[Disagreement]:
    """The commit, the score and the differences that plain `score` names."""
    form = oracle.agreed_form(history, period)
    commit = oracle.agreed_commit(history, period, world.today.settings)
    if form and commit:
        figures = {"commit": commit.id, "score": oracle.period(form, period, world.day).score}
        yield from compared(command, f"{period.id} agreed", found, figures)
        yield from _effects(command, found.get("differences", []), commit.workspace, world.today, period)


def agreed(commands: Commands, world: World, history: Sequence[Commit]) -> Iterator[Disagreement]:
    """`score --agreed` of every period."""
    for period in world.today.periods():
        form = oracle.agreed_form(history, period)
        if form is None:
            continue
        wanted = oracle.period(form, period, commands.day)
        command, document = commands.json("score", period.id, "--agreed")
        if document is None:
            yield Disagreement(command, period.id, "output", None, "a document")
        else:
            yield from _agreed_objectives(command, document, wanted, world.today)


def _agreed_objectives(
    command: str, card: Any, wanted: oracle.PeriodFigures, today: Workspace
) -> Iterator[Disagreement]:
    """Objectives and key results by either of their names; figures, and not whether something is listed."""
    yield from compared(command, wanted.period.id, card, {"score": wanted.score})
    found = {one["ref"]: one for team in card["teams"] for one in team["objectives"]}
    results = {one["ref"]: one for each in found.values() for one in each["key_results"]}
    for team in wanted.teams:
        for one in team.objectives:
            ref = objective_ref(one.sheet, one.objective)
            other = _ref_today(today, one.objective.uid) or ref
            if one.active:
                listed = found.get(ref) or found.get(other) or {}
                yield from compared(command, ref, listed, {"score": one.score})
            for each in one.key_results:
                place = today.place(each.place.key_result.uid)
                listed = results.get(each.place.ref) or results.get(place.ref if place else "") or {}
                figures = {"progress": each.progress, "score": each.score}
                figures |= {"expected": each.expected} if wanted.stand != "ahead" else {}
                yield from compared(command, each.place.ref, listed, figures)


def _ref_today(workspace: Workspace, uid: int) -> str | None:
    for sheet in workspace.sheets:
        for one in sheet.objectives:
            if one.uid == uid:
                return objective_ref(sheet, one)
    return None


# okrctl score --known-at


def known(commands: Commands, history: Sequence[Commit]) -> Iterator[Disagreement]:
    """`score --known-at` of the newest commit but one: its files, on its day."""
    for commit in history[-2:-1]:
        for period in commit.workspace.periods():
            command, document = commands.json("score", period.id, "--known-at", commit.id)
            if document is None:
                yield Disagreement(command, period.id, "output", None, "a document")
            else:
                closed = period.end + timedelta(days=commit.workspace.settings.closing_days)
                day = min(commit.day, closed)
                yield from scorecard(command, document, oracle.period(commit.workspace, period, day))


# okrctl diff


def differences(commands: Commands, world: World, history: Sequence[Commit]) -> Iterator[Disagreement]:
    """`diff` of the first commit and the work tree: scores on both sides, and how goals moved."""
    if len(history) < 2:
        return
    old, new = history[0], history[-1]
    command, document = commands.json("diff", old.id)
    if document is None:
        yield Disagreement(command, "", "output", None, "a document")
        return
    listed = {one["ref"]: one for one in document["scores"]}
    settings_of_today = Workspace(world.today.settings, old.workspace.sheets, old.workspace.kpis)
    before, after = _objective_scores(settings_of_today, commands.day), _objective_scores(new.workspace, commands.day)
    for uid, (ref, score) in after.items():
        if uid in before and before[uid][1] != score:
            yield from compared(command, ref, listed.get(ref, {}), {"old": before[uid][1], "new": score})
        elif uid in before and ref in listed and listed[ref]["old"] != listed[ref]["new"]:
            yield Disagreement(command, ref, "scores", listed[ref], "no change")
    yield from _effects(command, document["changes"], old.workspace, new.workspace)


def _objective_scores(workspace: Workspace, day: date) -> dict[int, tuple[str, Fraction | None]]:
    found: dict[int, tuple[str, Fraction | None]] = {}
    for sheet in workspace.sheets:
        for one in sheet.objectives:
            if oracle.there(one, day) and oracle.is_active(one, day):
                score = oracle.objective(workspace, sheet, one, day).score
                found[one.uid] = (objective_ref(sheet, one), score)
    return found


def _effects(
    command: str, changes: Any, old: Workspace, new: Workspace, period: Period | None = None
) -> Iterator[Disagreement]:
    """Every other number of a goal that was there before is listed with its effect, by one of the goal's names."""
    listed = {(one["ref"], one["field"]): one["effect"] for one in changes}
    for place in new.places():
        before = old.place(place.key_result.uid)
        if before is None or (period and place.sheet.period != period):
            continue
        if place.key_result.id != before.key_result.id != place.key_result.formerly:
            continue  # a rename that no file tells can only be followed where nothing else changed
        for field, effect in _moved(before.key_result, place.key_result).items():
            found = listed.get((place.ref, field), listed.get((before.ref, field), "missing"))
            if found != effect:
                yield Disagreement(command, place.ref, f"effect of {field}", found, effect)


def _moved(old: KeyResult, new: KeyResult) -> dict[str, str]:
    found: dict[str, str] = {}
    if old.to is not None and new.to is not None:
        ways = [(Fraction(one.start or 0), Fraction(one.to or 0)) for one in (old, new)]
        effect = oracle.effect_of_numbers(ways[0], ways[1])
        found |= {"to": effect} if old.to != new.to else {}
        found |= {"from": effect} if old.start != new.start else {}
    if new.at_least is not None and new.at_most is None and old.at_least != new.at_least:
        found["at_least"] = oracle.effect_of_bounds(old, new)
    if old.due and new.due and old.due != new.due:
        found["due"] = "relaxed" if new.due > old.due else "tightened"
    due = {step.title: step.due for step in old.milestones}
    for step in new.milestones:
        before = due.get(step.title)
        if step.due and before and before != step.due:
            found[f"milestones.{step.title}.due"] = "relaxed" if step.due > before else "tightened"
    if old.state == "active" and new.state == "postponed" and not new.guards:
        found["state"] = "relaxed"
    if old.weight != new.weight and (old.weight or 1) != (new.weight or 1):
        found["weight"] = "neutral"
    return found


# okrctl kpi


def kpi_table(commands: Commands, world: World) -> Iterator[Disagreement]:
    """`kpi`: the value of each, and how those that are `latest` all the way down moved."""
    command, document = commands.json("kpi")
    if document is None:
        yield Disagreement(command, "", "output", None, "a document")
        return
    found = {one["id"]: one for one in document["kpis"]}
    period = kpis.shown_period(world.today.periods(), commands.day)
    span = (period.start, period.end) if period else None
    for kpi in world.today.kpis:
        if span is None and (kpi.aggregate != "latest" or kpis.by_slots(world.today, kpi)):
            continue
        value = kpis.figure(world.today, kpi, span, commands.day)
        figures: dict[str, Any] = {"value": value, "computed": kpi.formula is not None}
        moved = kpis.changes(world.today, kpi, period, commands.day)
        if moved is not None and value is not None:
            figures |= dict(zip(("previous", "change", "period_change"), moved, strict=True))
        yield from compared(command, f"kpi {kpi.id}", found[kpi.id], figures)


# okrctl explain KPI


def moves(commands: Commands, world: World) -> Iterator[Disagreement]:
    """`explain KPI` between two days, down to the last input, for some of the formulas."""
    formulas = [kpi for kpi in world.today.kpis if kpi.formula is not None]
    for kpi in Random(world.seed).sample(formulas, min(len(formulas), 3)):
        since, until = _two_days(world.today, kpi, commands.day)
        command, document = commands.json("explain", kpi.id, "--since", str(since), "--until", str(until))
        until = kpis.counted_until(world.today, kpi, until, commands.day)
        first, last = kpis.ends(world.today, kpi, since, until)
        if document is None:
            if first is not None and last is not None:
                yield Disagreement(command, kpi.id, "output", None, "a document")
            continue
        yield from compared(command, f"{kpi.id} from", document["from"] or {"value": None}, {"value": first})
        yield from compared(command, f"{kpi.id} to", document["to"] or {"value": None}, {"value": last})
        if first is None or last is None:
            continue
        yield from compared(command, kpi.id, document, {"change": last - first})
        yield from _parts(command, kpi.id, document["parts"], kpis.split(world.today, kpi, since, until))


def _two_days(workspace: Workspace, kpi: Kpi, day: date) -> tuple[date, date]:
    """Two days to compare; for formulas over slots two ends of months, so that the slots are over by the day."""
    if not kpis.by_slots(workspace, kpi):
        return day - 45 * DAY, day
    until = day.replace(day=1) - DAY
    return until.replace(day=1) - DAY, until


def _parts(command: str, ref: str, found: Any, wanted: tuple[kpis.Part, ...] | None) -> Iterator[Disagreement]:
    if wanted is None:
        if found:
            yield Disagreement(command, ref, "parts", found, "no split")
        return
    listed = {one["id"]: one for one in found or []}
    if set(listed) != {part.id for part in wanted}:
        yield Disagreement(command, ref, "parts", sorted(listed), [part.id for part in wanted])
        return
    for part in wanted:
        one, name = listed[part.id], f"{ref} > {part.id}"
        yield from compared(command, name, one, {"old": part.old, "new": part.new, "part": part.part})
        yield from _parts(command, name, one["parts"], part.parts)


# okrctl impact


def levels(commands: Commands, world: World) -> Iterator[Disagreement]:
    """`impact` of a period that is over: the levels before it and at its end."""
    for period in world.today.periods():
        hypotheses = [
            (s, one) for s in world.today.sheets for one in s.objectives if s.period == period and one.hypothesis
        ]
        if oracle.stand(period, commands.day) != "over" or not hypotheses:
            continue
        command, document = commands.json("impact", period.id)
        if document is None:
            yield Disagreement(command, period.id, "output", None, "a document")
            continue
        listed = {one["ref"]: one for one in document["hypotheses"]}
        for sheet, one in hypotheses:
            ref = objective_ref(sheet, one)
            if ref in listed and one.hypothesis:
                wanted = before_and_after(world.today, world.today.kpi(one.hypothesis), period, commands.day)
                yield from compared(command, f"{ref} ({one.hypothesis})", listed[ref], wanted)


def before_and_after(workspace: Workspace, kpi: Kpi, period: Period, day: date) -> dict[str, Fraction | None]:
    """The KPI's levels before the period and at its end."""
    spans = {"before": _last_month(period, period.start - DAY), "after": _last_month(period, period.end)}
    return {name: kpis.level(workspace, kpi, span, day) for name, span in spans.items()}


def _last_month(period: Period, last: date) -> tuple[date, date]:
    """The last calendar month up to a day; 28 days, or less, where the period is given in days."""
    if period.custom:
        days = min(28, (period.end - period.start).days + 1)
        return last - timedelta(days=days - 1), last
    return last.replace(day=1), last
