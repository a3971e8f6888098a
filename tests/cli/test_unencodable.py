"""Characters that an encoding lacks are shown by what is nearest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.cli.unencodable import NEAREST


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Köln ± 3 → 5…", "Koln +/- 3 -> 5..."), ("Straße, Ålesund, Łódź", "Strasse, Alesund, ?odz"),
        ("日本", "??"), ("12\u202f000 €", "12 000 ?"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_what_an_encoding_lacks_is_shown_by_what_is_nearest(text: str, shown: str) -> None:
    assert text.encode("ascii", NEAREST).decode() == shown


@given(st.text())
def test_every_text_can_be_shown_in_every_encoding(text: str) -> None:
    assert text.encode("ascii", NEAREST).isascii()
