"""Titles with the rules that a coach would name for each, and what the rules say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from okrctl.check.rules import RULES
from okrctl.check.wording import TitleSubject
from okrctl.text.language import supported_language
from okrctl.text.lexicon import Language
from tests.importers.facts import SHARED

FOLDER = Path(__file__).parent / "titles"
JUDGES = {rule.name: rule for rule in RULES if rule.judge_title}
OF_OBJECTIVES = {name for name, rule in JUDGES.items() if rule.check_objective}


@dataclass(frozen=True)
class LabelledTitle:
    """A title, what it is the title of, how it is measured, and the names of the rules that a coach would name."""

    title: str
    kind: str
    measure: dict[str, Any]
    labels: frozenset[str]

    def findings(self, language: str = "en") -> frozenset[str]:
        """The names of the rules that find something."""
        known = supported_language(language)
        if known is None:
            return frozenset()
        subject = self._subject(known)
        names = OF_OBJECTIVES if self.kind == "objective" else JUDGES.keys() - OF_OBJECTIVES
        return frozenset(name for name in names if (judge := JUDGES[name].judge_title) and judge(subject))

    def _subject(self, language: Language) -> TitleSubject:
        if self.kind == "objective":
            return TitleSubject(self.title, language)
        is_numeric = not self.measure.keys().isdisjoint(("to", "change", "at_least", "at_most", "between"))
        start = str(self.measure.get("from", 0)).strip("%€$ ")
        return TitleSubject(
            self.title,
            language,
            is_numeric=is_numeric,
            is_count=is_numeric and start == "0" and self.measure.keys().isdisjoint(("at_most", "between")),
            is_graded="graded" in self.measure,
            has_steps=not self.measure.keys().isdisjoint(("done", "milestones")),
        )


@dataclass
class Tally:
    """How often each rule is right, wrong and silent, and how many titles are right as a whole."""

    hits: Counter[str] = field(default_factory=Counter)
    false_alarms: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    right: int = 0

    def precision(self, names: Iterable[str] = JUDGES) -> float:
        """The share of findings that a coach would make."""
        return self._share(names, self.false_alarms)

    def recall(self, names: Iterable[str] = JUDGES) -> float:
        """The share of what a coach would name that is found."""
        return self._share(names, self.misses)

    def _share(self, names: Iterable[str], faults: Counter[str]) -> float:
        hits = sum(self.hits[name] for name in names)
        return hits / max(1, hits + sum(faults[name] for name in names))


def tally(titles: Iterable[LabelledTitle], language: str = "en") -> Tally:
    """Hold what the rules find against the labels."""
    result = Tally()
    for title in titles:
        found = title.findings(language)
        result.hits.update(found & title.labels)
        result.false_alarms.update(found - title.labels)
        result.misses.update(title.labels - found)
        result.right += found == title.labels
    return result


def read_titles(name: str) -> list[LabelledTitle]:
    """The titles of a file that stand in it."""
    return [_labelled(entry, str(entry["title"])) for entry in _entries(name)]


def read_public_titles(name: str) -> Iterator[LabelledTitle]:
    """The titles of a file that names them by file, line and columns of the public data."""
    for entry in _entries(name):
        line = (SHARED / entry["file"]).read_text("utf-8").split("\n")[entry["line"] - 1]
        yield _labelled(entry, line[entry["start"] : entry["end"]])


def _entries(name: str) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load((FOLDER / name).read_text("utf-8")))


def _labelled(entry: dict[str, Any], title: str) -> LabelledTitle:
    return LabelledTitle(title, entry["kind"], entry.get("measure") or {}, frozenset(entry["labels"]))
