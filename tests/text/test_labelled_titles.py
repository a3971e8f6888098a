"""Tests of the wording rules against titles that were labelled by hand before the rules were written.

`development` was looked at while the rules were written, `kept_aside` was labelled apart and run once they stood.
"""

from __future__ import annotations

from itertools import groupby

import pytest

from okrctl.text.language import guess_language
from tests.importers.facts import SHARED
from tests.text.labelled import JUDGES, LabelledTitle, read_public_titles, read_titles, tally

SETS = ("development", "kept_aside")
OTHERS = {
    language: [title for _, title in group]
    for language, group in groupby(
        [(entry.kind, entry) for entry in read_titles("other_languages.yaml")],
        key=lambda pair: pair[1].measure["language"],
    )
}


def hold_against_labels(titles: list[LabelledTitle]) -> None:
    """Nineteen of twenty findings are right, three of four faults are found, and no rule is much worse."""
    result = tally(titles)
    assert result.precision() >= 0.95
    assert result.recall() >= 0.75
    for name in JUDGES:
        if result.hits[name] + result.misses[name] >= 10:
            assert result.precision([name]) >= 0.6, name
            assert result.recall([name]) >= 0.6, name


@pytest.mark.parametrize("name", SETS)
def test_our_own_titles(name: str) -> None:
    hold_against_labels(read_titles(f"{name}.yaml"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public files are not here")
@pytest.mark.parametrize("name", SETS)
def test_our_own_and_the_public_titles(name: str) -> None:
    public = list(read_public_titles(f"{name}_public.yaml"))
    assert len(public) >= 70
    hold_against_labels(read_titles(f"{name}.yaml") + public)


def test_german_titles() -> None:
    titles = read_titles("german.yaml")
    assert len(titles) == 60
    assert tally(titles, "de").right >= 55


@pytest.mark.parametrize("language", ["fr", "es", "nl"])
def test_other_languages_are_recognized(language: str) -> None:
    titles = [title.title for title in OTHERS[language]]
    assert guess_language(titles) == language
    assert len(titles) == 12
    assert not any(title.findings(language) for title in OTHERS[language])


def test_german_and_english_are_recognized() -> None:
    assert guess_language(title.title for title in read_titles("german.yaml")) == "de"
    assert guess_language(title.title for title in read_titles("development.yaml")) == "en"


def test_each_language_has_rules_of_its_own() -> None:
    """German rules find next to nothing in English titles, and the other way round."""
    german, english = read_titles("german.yaml"), read_titles("development.yaml")
    words = {name for name in JUDGES if name not in ("objective-has-number", "multiple-metrics-in-title")}
    assert sum(bool(title.findings("en") & words) for title in german) <= 2
    assert sum(bool(title.findings("de") & words) for title in english) <= 4
