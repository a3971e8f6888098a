"""Figures have as many digits as keep them on their side of a border, and no more."""

from __future__ import annotations

from fractions import Fraction

import pytest

from okrctl.schema.settings import Config
from okrctl.values.precision import DEFAULT_PRECISION, Precision

TENTHS = Config.model_validate({"scoring": {"bands": "google"}}).precision


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        ("0.694", "0.69"),  # a plain rounding crosses nothing
        ("0.695", "0.695"),  # 0.70 would be green
        ("0.6996", "0.6996"),  # so would 0.700
        ("0.7", "0.70"),
        ("0.704", "0.70"),
        ("0.69999951", "0.699999"),  # six places still round up to 0.7, so it is rounded down
        ("0.395", "0.395"),
        ("0.895", "0.895"),  # 0.90 would be called sandbagging
        ("0.996", "0.996"),  # 1.00 would be achieved
        ("1.004", "1.00"),
        ("0.555", "0.56"),
        ("2/3", "0.67"),
        ("-0.004", "0.00"),
    ],
)
def test_a_score_stays_on_its_side_of_a_border(score: str, shown: str) -> None:
    assert DEFAULT_PRECISION.score(Fraction(score)) == shown


@pytest.mark.parametrize(
    ("score", "shown"),
    [("0.649", "0.649"), ("0.65", "0.65"), ("0.349", "0.349"), ("0.695", "0.695"), ("0.395", "0.40")],
)
def test_the_bands_of_google_have_their_borders_at_half_a_tenth(score: str, shown: str) -> None:
    """0.649 is 0.6, yellow, and 0.65 is 0.7, green; `success` is still 0.7, and nothing ends at 0.4."""
    assert TENTHS.score(Fraction(score)) == shown


def test_the_borders_are_those_of_the_settings() -> None:
    config = Config.model_validate({"scoring": {"bands": ["0.45", "0.8"], "success": "0.6"}})
    shown = [config.precision.score(Fraction(score)) for score in ("0.7", "0.695", "0.597", "0.796", "0.447")]
    assert shown == ["0.70", "0.70", "0.597", "0.796", "0.447"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [("1.125", "113 %"), ("-0.125", "-12 %"), ("0.996", "99.6 %"), ("0.696", "69.6 %"), ("0.9999999", "99.99999 %")],
)
def test_a_percentage_stays_on_its_side_too(share: str, shown: str) -> None:
    assert DEFAULT_PRECISION.percent(Fraction(share)) == shown


@pytest.mark.parametrize(
    ("progress", "expected", "shown"),
    [
        ("0.3", "0.4", ("30 %", "40 %")),  # ten points are not more than ten
        ("0.306", "0.407", ("30.6 %", "40.7 %")),  # 31 and 41 would be ten points: on track
        ("0.304", "0.406", ("30 %", "41 %")),  # eleven and 10.2 points are both more than ten
        ("0.306", "0.404", ("31 %", "40 %")),
        ("0.104", "0.3546", ("10.4 %", "35.5 %")),  # 25.06 points; 10 and 35 would be 25
        ("0.995", "0.996", ("99.5 %", "99.6 %")),  # 100 % would be achieved
        ("0.6", "0.72", ("60 %", "72 %")),
    ],
)
def test_progress_and_expectation_keep_their_difference_on_its_side(
    progress: str, expected: str, shown: tuple[str, str]
) -> None:
    assert DEFAULT_PRECISION.progress_pair(Fraction(progress), Fraction(expected)) == shown


@pytest.mark.parametrize(("sign", "shown"), [(1, ("30.000000 %", "40.000001 %")), (-1, ("30.000000 %", "39.999999 %"))])
def test_a_billionth_beside_a_threshold_keeps_its_side(sign: int, shown: tuple[str, str]) -> None:
    """With ten points and a billionth it is behind, and ten points exactly are not; less than ten points are not."""
    expected = Fraction(2, 5) + sign * Fraction(1, 10**11)
    pair = DEFAULT_PRECISION.progress_pair(Fraction(3, 10), expected)
    assert pair == (shown if sign == 1 else ("30 %", "40 %"))


def test_points_say_more_than_the_threshold_that_they_pass() -> None:
    shown = [DEFAULT_PRECISION.points(Fraction(number)) for number in ("0.101", "0.1004", "0.3", "0.2504", "0.244")]
    assert shown == ["10.1", "10.04", "30", "25.04", "24"]


@pytest.mark.parametrize(
    ("number", "right_side"),
    [
        ("0.6996", "= 0.6996"),
        ("0.5", "= 0.50"),
        ("1", "= 1.00"),
        ("0.123456", "= 0.123456"),
        ("2/3", "is about 0.67"),
        ("0.1234567", "is about 0.12"),
        ("699999/1000001", "is about 0.699998"),
    ],
)
def test_an_equation_is_true_or_says_about(number: str, right_side: str) -> None:
    """699999 / 1000001 is 0.6999983...: with fewer digits it would seem to be 0.7."""
    assert DEFAULT_PRECISION.equation(Fraction(number)) == right_side


def test_without_borders_there_are_as_few_digits_as_always() -> None:
    free = Precision((), ())
    assert free.score(Fraction("0.6996")) == "0.70"
    assert free.progress_pair(Fraction("0.306"), Fraction("0.407")) == ("31 %", "41 %")
