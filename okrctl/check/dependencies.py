"""Says what a file has to do with others, so that a change of one leads only to those that it may concern.

What the rules across files look at, and the tie that leads there (`Net`):

| what is found in a file depends on | tie |
|---|---|
| what its references lead to (parents, moves, KPIs, members, inputs), and theirs | `sources`, `others` to `names` |
| the values and units that it takes from others, which may take them from others again | `sources` to `names` |
| the other objectives of its team: weights, how many, the same ids, those of the period before | `team` |
| titles like its own in its period, of which the first is named | pairs of `titles` |
| key results of its period with the same KPI, of which the first is named | `used` |
| KPIs of the same name, of which the first counts | `gauges` |
| whether two key results belong to one roll-up, through any number of roll-ups | `members`, both ways |
| all KPIs together: how many, in money, leading, kept between bounds | `kpis` |
| all names there are, for what may be meant by a reference that leads nowhere | none: then all files are looked at |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from okrctl.check import similar_titles
from okrctl.check.similar_titles import Title
from okrctl.kpis import count, formula
from okrctl.workspace import File, KeyResult, Kpi, KpiCount, Objective, Place

Words = tuple[str, ...]


class Ties(NamedTuple):
    """Plain data about one file. Objectives are named TEAM/ID, in whatever period they stand, and KPIs by their ids."""

    period: str = ""  # its name and days, empty where the file has none
    team: str = ""
    names: Words = ()
    sources: Words = ()  # what its values and units come from: KPIs, members of roll-ups, inputs of formulas
    others: Words = ()  # what else it refers to
    titles: tuple[Title, ...] = ()
    kpis: KpiCount = KpiCount()
    unexplained: bool = False  # whether somebody typed a score and did not say why
    hides: bool = False  # whether something may stand in it that could not be read
    csvs: tuple[tuple[str, bool], ...] = ()  # the paths of its CSV files, and whether there is a text
    results: str = ""  # the ids of all its key results
    comments: bool = False  # whether a comment in it suppresses something
    exact: bool = False  # whether it refers to key results or to a period by name, of which TEAM/ID tells too little

    @property
    def members(self) -> Iterator[str]:
        """The objectives of which something is rolled up."""
        return (word for word in self.sources if "/" in word)

    @property
    def used(self) -> Iterator[tuple[str, str]]:
        """The KPIs whose readings its key results take, each with its period."""
        return ((self.period, word) for word in self.sources if self.period and "/" not in word)

    @property
    def gauges(self) -> Iterator[str]:
        """Its KPIs."""
        return (word for word in self.names if "/" not in word)


def of(file: File) -> Ties:
    """The ties of a file that was read, and has its nodes."""
    period, kpis = file.period, [node for node in file.nodes if isinstance(node, Kpi)]
    objectives = [node for node in file.nodes if isinstance(node, Objective)]
    results = [kr for node in objectives for kr in node.key_results]
    judged: list[Objective | KeyResult] = [*objectives, *results]
    read: list[KeyResult | Kpi] = [*results, *kpis]
    sources = [*(word for kr in results for word in _sources(kr)), *(word for kpi in kpis for word in _inputs(kpi))]
    csvs = {one.csv.path: bool(one.csv.text) for one in read if one.csv is not None}
    return Ties(
        f"{period.id} {period.start} {period.end}" if period else "",
        file.team if period else "",
        (*(f"{file.team}/{one.id}" for one in objectives), *(one.id for one in kpis)),
        tuple(dict.fromkeys(sources)),
        tuple(dict.fromkeys(word for one in objectives for word in _others(one))),
        tuple(similar_titles.titles(file)),
        count.count(kpis),
        any(one.model.score and one.model.score.reason is None for one in judged),
        bool(file.faults or file.left_out or file.kind is None or (file.kind == "okr" and period is None)),
        tuple(csvs.items()),
        " ".join(f"{one.id}.{kr.id}" for one in objectives for kr in one.key_results),
        bool(file.document.ignores),
        any(_is_exact(one) for one in objectives),
    )


def _sources(kr: KeyResult) -> Iterator[str]:
    kpi, rollup = getattr(kr.model, "kpi", None), getattr(kr.model, "rollup", None)
    if kpi:
        yield kpi
    if rollup is not None:
        yield from (_meant(text, kr.objective) for text in rollup.members)


def _inputs(kpi: Kpi) -> Iterator[str]:
    try:
        names = formula.parse(kpi.model.formula).names if kpi.model.formula else ()
    except formula.FormulaError:
        return
    yield from (name.id for name in names)


def _others(objective: Objective) -> Iterator[str]:
    model = objective.model
    yield from (_meant(text, objective) for text in (model.parent, model.carried_from) if text)
    yield from model.kpis
    yield from (guess.kpi for guess in model.hypothesis)
    for initiative in model.initiatives:
        yield from initiative.kpis
        yield from (_meant(text, objective) for text in initiative.moves)


def _is_exact(objective: Objective) -> bool:
    model = objective.model
    texts = [model.parent, model.carried_from, *(text for one in model.initiatives for text in one.moves)]
    for kr in objective.key_results:
        rollup = getattr(kr.model, "rollup", None)
        texts += rollup.members if rollup is not None else ()
    named = any(isinstance(kr.model.guards, list) for kr in objective.key_results)
    return named or any("." in text or text.count("/") > 1 for text in texts if text)


def _meant(text: str, near: Objective) -> str:
    """The objective that a reference names, as far as team and id tell it."""
    *front, name = text.strip().split("/")
    return f"{front[-1] if front else near.team}/{name.partition('.')[0]}"


class Net:
    """The ties of many files. A file that changed may be told twice, as it was and as it is."""

    def __init__(self, ties: Iterable[tuple[str, Ties]], pairs: Iterable[tuple[Place, Place]]) -> None:
        self._ties: dict[str, list[Ties]] = {}
        self._named: dict[str, list[str]] = {}  # the files that have a name
        self._drawing: dict[str, list[str]] = {}  # the files whose values come from a name
        self._referring: dict[str, list[str]] = {}  # the files that refer to a name otherwise
        self._teams: dict[str, list[str]] = {}
        self._users: dict[tuple[str, str], list[str]] = {}  # the files of a period whose key results use one KPI
        self._pairs: dict[str, set[str]] = {}
        for path, one in ties:
            self._ties.setdefault(path, []).append(one)
            self._enter(path, one)
        for (later, *_), (earlier, *_) in pairs:
            self._pairs.setdefault(later, set()).add(earlier)
            self._pairs.setdefault(earlier, set()).add(later)

    def _enter(self, path: str, one: Ties) -> None:
        for index, words in ((self._named, one.names), (self._drawing, one.sources), (self._referring, one.others)):
            for word in words:
                index.setdefault(word, []).append(path)
        if one.period:
            self._teams.setdefault(one.team, []).append(path)
            for use in one.used:
                self._users.setdefault(use, []).append(path)

    def astray(self) -> set[str]:
        """The files that refer to what no file has."""
        referring = chain(self._drawing.items(), self._referring.items())
        return {path for word, paths in referring if word not in self._named for path in paths}

    def perhaps_astray(self) -> set[str]:
        """All files of which a reference leads nowhere, and those of which that takes more than names to tell."""
        return {path for path, several in self._ties.items() if any(one.exact or self._strays(one) for one in several)}

    def _strays(self, one: Ties) -> bool:
        return any(not self._finds(word, one.period) for word in chain(one.sources, one.others))

    def _finds(self, word: str, period: str) -> bool:
        """Whether a KPI is there, or an objective in a period that contains this one."""
        named = (one for path in self._named.get(word, ()) for one in self._ties[path] if word in one.names)
        return any("/" not in word or _contains(one.period, period) for one in named)

    def concerned(self, changed: Iterable[str]) -> set[str]:
        """The files in which rules may find something else after these have changed, themselves among them."""
        begun = set(changed)
        drawing = self._closed(begun, lambda one: (self._drawing.get(word, ()) for word in one.names))
        referring = {
            user for path in begun for one in self._ties[path] for name in one.names
            for user in self._referring.get(name, ())
        }  # fmt: skip
        partners = {other for path in drawing for other in self._pairs.get(path, ())}
        beside = {other for path in begun for other in self._beside(path)}
        return drawing | referring | partners | beside | self._families(begun)

    def needed(self, concerned: Iterable[str]) -> set[str]:
        """The files that rules must see to find all that there is to be found in these."""
        begun = set(concerned)
        near = begun | {other for path in begun for other in self._beside(path)}
        near |= self._families(near)
        return self._closed(near, lambda one: (self._named.get(word, ()) for word in (*one.sources, *one.others)))

    def _beside(self, path: str) -> Iterator[str]:
        """The files that stand beside one: of its team, with a KPI of the same name, with a title like one of its."""
        for one in self._ties[path]:
            yield from self._teams.get(one.team, ()) if one.period else ()
            for name in one.gauges:
                yield from self._named[name]
            for use in one.used:
                yield from self._users[use]
        yield from self._pairs.get(path, ())

    def _families(self, begun: Iterable[str]) -> set[str]:
        """The files that roll-ups tie together, up and down."""

        def around(one: Ties) -> Iterator[Iterable[str]]:
            yield from (self._named.get(word, ()) for word in one.members)
            yield from (self._drawing.get(word, ()) for word in one.names if "/" in word)

        return self._closed(begun, around)

    def _closed(self, begun: Iterable[str], ways: Callable[[Ties], Iterable[Iterable[str]]]) -> set[str]:
        """All that can be reached from some files, in any number of steps."""
        found = set(begun)
        waiting = list(found)
        while waiting:
            for one in self._ties[waiting.pop()]:
                for paths in ways(one):
                    new = [path for path in paths if path not in found]
                    found.update(new)
                    waiting += new
        return found


def _contains(outer: str, inner: str) -> bool:
    """Whether one period, as the ties of files name it, has all days of another."""
    (*_, first, last), (*_, start, end) = outer.split(" "), inner.split(" ")
    return first <= start and end <= last
