"""What is still to be done about periods that are over: missing outcomes, and what the rules find in their scores.

How it works. Both follow from the settings, the day, the files of the period, and those of the KPIs that its goals
name, with what the formulas of these name; where a key result rolls up others, from all files. So they are kept under
a hash of that, as the rows of an export are (`kept_rows.py`), and an edit elsewhere leaves them as they are.

Why not simpler. `status` looks at no other goals of these periods, and to score all of a year takes longer than the
rest of its work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from okrctl import scoring
from okrctl.analysis.attention import count_open_outcomes
from okrctl.cache import cache_key
from okrctl.kpis import formula
from okrctl.operations.kept_rows import KeptRows, digest, open_kept_rows, row_key, state_of_file
from okrctl.operations.project import Project
from okrctl.operations.retrospective import retrospective_lines
from okrctl.values.period import Period
from okrctl.workspace import File, Objective, Workspace


class EndedPeriod(NamedTuple):
    """A period that is over: how many outcomes it lacks and, where it lacks any, a line for each finding."""

    period: Period
    open_outcomes: int
    lines: list[str]


def judge_ended_periods(
    project: Project, workspace: Workspace, periods: Iterable[Period], day: date, today: date
) -> list[EndedPeriod]:
    """Return what these periods lack on a day after their ends; `today` is that of the rules."""
    by_id = {period.id: period for period in periods}
    kept = open_kept_rows(project) if by_id else None
    keys = {} if kept is None else _find_keys(kept, workspace, by_id, day, today)
    known = {} if kept is None else kept.load(keys.values())
    found, new = [], {}
    for id, period in by_id.items():
        key = keys.get(id, b"")
        ended = _restore(period, known.get(key))
        if ended is None:
            ended = _judge(workspace, period, day, today)
            new[key] = json.dumps(ended[1:])
        found.append(ended)
    if kept is not None:
        kept.save(new)
    return found


def _judge(workspace: Workspace, period: Period, day: date, today: date) -> EndedPeriod:
    open_outcomes = count_open_outcomes(workspace, period)
    cards = [scoring.build_scorecard(workspace, period, day)] if open_outcomes else []
    return EndedPeriod(period, open_outcomes, retrospective_lines(workspace, cards, today))


def _restore(period: Period, text: str | None) -> EndedPeriod | None:
    with suppress(TypeError, ValueError):
        open_outcomes, lines = json.loads(text or "")
        return EndedPeriod(period, int(open_outcomes), [str(line) for line in lines])
    return None


def _find_keys(
    kept: KeptRows, workspace: Workspace, periods: Mapping[str, Period], day: date, today: date
) -> dict[str, bytes]:
    """The key of each period, made of all that the judgement of it follows from."""
    base = cache_key("ended periods", repr(workspace.config)).encode()
    states = {file.path: state_of_file(file) for file in workspace.files}
    groups: dict[str, list[File]] = {id: [] for id in periods}
    for file in workspace.files:
        if file.period is not None and file.period.id in groups:
            groups[file.period.id].append(file)
    own = {id: digest(base, id.encode(), *(states[file.path] for file in files)) for id, files in groups.items()}
    named = kept.load(own.values())
    new = {own[id]: json.dumps(_names_of_kpis(files)) for id, files in groups.items() if own[id] not in named}
    kept.save(new)
    named |= new

    def rest(id: str) -> Iterable[bytes]:
        names = _read_names(named[own[id]])
        return states.values() if names is None else _states_of_kpis(workspace, names, states)

    return {id: row_key(digest(state, *rest(id)), day, today) for id, state in own.items()}


def _names_of_kpis(files: Iterable[File]) -> list[str] | None:
    """The KPIs that the goals in these files name; None where a key result leans on other goals, too."""
    names: dict[str, None] = {}
    for objective in (node for file in files for node in file.nodes if isinstance(node, Objective)):
        models = [key_result.model for key_result in objective.key_results]
        if any(getattr(model, "rollup", None) is not None for model in models):
            return None
        model = objective.model
        names.update(dict.fromkeys([*model.kpis, *(hypothesis.kpi for hypothesis in model.hypothesis)]))
        names.update(dict.fromkeys(name for model in models if (name := getattr(model, "kpi", None))))
    return [*names]


def _read_names(text: str) -> list[str] | None:
    with suppress(TypeError, ValueError):
        return [str(name) for name in json.loads(text)]
    return None


def _states_of_kpis(workspace: Workspace, names: Iterable[str], states: Mapping[str, bytes]) -> Iterator[bytes]:
    """The states of the files with these KPIs and all that their formulas name; a name alone where there is no KPI."""
    waiting = dict.fromkeys(names)
    for name in (queue := [*waiting]):
        kpi = workspace.kpis.get(name)
        yield digest(name.encode(), b"" if kpi is None else states[kpi.file.path])
        with suppress(formula.FormulaError):
            parsed = formula.parse((kpi and kpi.model.formula) or "")
            queue += [inner.id for inner in parsed.names if inner.id not in waiting]
            waiting.update(dict.fromkeys(inner.id for inner in parsed.names))
