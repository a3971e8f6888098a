"""Patterns, compared with a plain implementation."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.values.errors import OkrctlError
from okrctl.values.patterns import Patterns


def matches(pattern: str, path: str) -> bool:
    *folders, name = path.split("/")
    here = Patterns.parse([pattern])
    for folder in folders:
        here = here.descend(folder)
    return here.matches(name)


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (
            "okrs/**/*.y{a,}ml",
            ["okrs/a.yaml", "okrs/b/c/a.yml"],
            ["okrs.yaml", "a.yaml", "okrs/a.yxml", "x/okrs/a.yaml"],
        ),
        ("*.yaml", ["a.yaml"], ["a/b.yaml", ".a.yaml", "yaml"]),
        ("**", ["a", "a/b/c"], [".a", ".git/config"]),
        ("**/x", ["x", "a/x", "a/b/x"], ["a/xx"]),
        ("**/**/x", ["x", "a/b/x"], ["a"]),
        ("a/**", ["a/b", "a/b/c"], ["b/a"]),
        ("a/", ["a/b", "a/b/c"], ["b"]),
        ("./a//b", ["a/b"], ["b", "a/x/b"]),
        ("[ab]?.y", ["a1.y", "bb.y"], ["a.y", "cb.y"]),
        ("{a,b{c,d}}/x", ["a/x", "bc/x", "bd/x"], ["b/x", "c/x"]),
        ("{a/b,c}/*", ["a/b/x", "c/x"], ["a/x"]),
        (".hidden/*", [".hidden/x"], [".hidden/.x", "hidden/x"]),
        ("../*", [], ["x", "a/x"]),
        ("", [], ["x"]),
        ("a{b", ["a{b"], ["ab"]),
    ],
)
def test_patterns_match(pattern: str, right: list[str], wrong: list[str]) -> None:
    assert [path for path in [*right, *wrong] if matches(pattern, path)] == right


def test_hostile_patterns_are_rejected_or_fast() -> None:
    with pytest.raises(OkrctlError, match="too many alternatives"):
        Patterns.parse(["{a,b}" * 40])
    assert not matches("*a" * 40 + "b", "a" * 250)
    assert matches("**/" * 200 + "x", "/".join("a" * 50) + "/x")


def plainly(pattern: str) -> re.Pattern[str]:
    """The pattern as one regular expression."""
    signs = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*|\?)", pattern)
    return re.compile("".join(signs.get(part) or re.escape(part) for part in parts))


@given(
    st.lists(st.sampled_from(["**", "a", "b", "*", "?", "a*", "*b", "ab"]), min_size=0, max_size=4),
    st.sampled_from(["a", "b", "*", "?b", "ab"]),
    st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5),
)
def test_patterns_match_like_a_reference_implementation(folders: list[str], last: str, path: list[str]) -> None:
    pattern = "/".join([*folders, last])
    assert matches(pattern, "/".join(path)) == bool(plainly(pattern).fullmatch("/".join(path)))
