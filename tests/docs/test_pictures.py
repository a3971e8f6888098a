"""The pictures of README.md show what the program prints today."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.docs import pictures
from tests.docs.readme import README

DRAWN = pictures.drawn()


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_the_stored_picture_is_up_to_date(name: str) -> None:
    stored = (pictures.FOLDER / f"{name}.svg").read_text("utf-8")
    assert stored == DRAWN[name], "python -m tests.docs.pictures draws it anew"
    assert f"(docs/images/{name}.svg)" in README.read_text("utf-8")


@pytest.mark.parametrize(("name", "line"), pictures.PICTURES.items())
def test_a_picture_has_every_word_of_the_output(name: str, line: str) -> None:
    [text] = pictures.screens([line], color=False)
    shown = "".join(ElementTree.fromstring(DRAWN[name]).itertext())
    assert [word for word in re.findall(r"[\w.,:%-]+", text) if word not in shown] == []
    assert max(map(len, text.splitlines())) <= pictures.COLUMNS


@pytest.mark.parametrize(("name", "lines"), [("score", 40), ("status", 30)])
def test_the_first_glance_fits_a_screen(name: str, lines: int) -> None:
    [text] = pictures.screens([pictures.PICTURES[name]], color=False)
    assert 20 < text.count("\n") <= lines
