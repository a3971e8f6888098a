"""Groups what differs from a seal by its cause: a goal that is gone or is new, an edit, and what follows.

One goal that is gone takes all its figures with it, so it is one line. What still differs is listed goal by goal, and
figures that only follow from these causes, such as scores, come last, in one line. Goals of another name are no
difference (`renames.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from okrctl.history.seals.verify import Origin, SealDifference

NAME_FIELDS = ("ref", "team")
RESULT_FIELDS = frozenset(
    ("score", "computed", "status", "verdict", "band", "measured", "key_results", "value", "value_date", "progress",
     "counted", "broken", "before", "after", "noise")
)  # fmt: skip

Figures = dict[str, dict[str, Any]]  # by reference and field


class SealCause(NamedTuple):
    """Differences of one cause: a sentence, or the differing figures of one node or of all that follow."""

    origin: Origin
    text: str
    differences: tuple[SealDifference, ...] = ()


def group_by_cause(differences: Iterable[SealDifference]) -> list[SealCause]:
    """Group the differences of one seal; those in the seal itself, in its commit and in the files stay apart."""
    by_origin: dict[Origin, list[SealDifference]] = {}
    for difference in differences:
        by_origin.setdefault(difference.origin, []).append(difference)
    return [cause for origin, found in by_origin.items() for cause in _group(origin, found)]


@dataclass(slots=True)
class _Nodes:
    """The figures of the nodes that are gone and of those that are new."""

    gone: Figures = field(default_factory=dict)
    new: Figures = field(default_factory=dict)
    edited: list[SealDifference] = field(default_factory=list)


def _group(origin: Origin, differences: list[SealDifference]) -> Iterator[SealCause]:
    nodes = _split_nodes(differences)
    sentences = [*_describe_nodes([*nodes.gone], "gone"), *_describe_nodes([*nodes.new], "new")]
    yield from (SealCause(origin, sentence) for sentence in sentences)
    edited = nodes.edited
    causes = [each for each in edited if each.field not in RESULT_FIELDS and not _repeats_value(each, edited)]
    if not sentences and not causes:
        yield from _by_node(origin, edited)
        return
    yield from _by_node(origin, causes)
    results = tuple(each for each in edited if each.field in RESULT_FIELDS)
    if results:
        yield SealCause(origin, "", results)


def _by_node(origin: Origin, differences: Sequence[SealDifference]) -> Iterator[SealCause]:
    for ref in dict.fromkeys(each.ref for each in differences):
        yield SealCause(origin, ref, tuple(each for each in differences if each.ref == ref))


def _split_nodes(differences: Iterable[SealDifference]) -> _Nodes:
    """Divide differences into the figures of whole nodes that are gone or new, and single figures."""
    named = [each for each in differences if each.field in NAME_FIELDS]
    gone = {each.ref for each in named if each.now is None}
    new = {each.ref for each in named if each.sealed is None}
    nodes = _Nodes()
    for each in differences:
        if each.ref in gone:
            nodes.gone.setdefault(each.ref, {})[each.field] = each.sealed
        elif each.ref in new:
            nodes.new.setdefault(each.ref, {})[each.field] = each.now
        else:
            nodes.edited.append(each)
    return nodes


def _is_objective(ref: str) -> bool:
    return "/" in ref and "." not in ref.rpartition("/")[2]


def _team_of(ref: str) -> str:
    """The team of an objective or key result, empty for a team or period."""
    return ref.split("/")[1] if "/" in ref else ""


def _describe_nodes(refs: list[str], state: str) -> Iterator[str]:
    """A line for each node that is gone or new, with the number of those below it, which get no line."""
    for ref in refs:
        if not any(_is_inside(ref, other) for other in refs):
            inside = [other for other in refs if _is_inside(other, ref)]
            objectives = sum(map(_is_objective, inside))
            numbers = ((objectives, "objective"), (len(inside) - objectives, "key result"))
            counts = " and ".join(_count(number, noun) for number, noun in numbers if number)
            name = ref if "/" in ref else f"the team '{ref}'"
            yield f"{name} is {state}" + (f", with {counts}" if counts else "")


def _is_inside(ref: str, other: str) -> bool:
    """Whether a node belongs to another one: to a team or to an objective."""
    return _team_of(ref) == other or ref.startswith(f"{other}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _repeats_value(difference: SealDifference, others: Iterable[SealDifference]) -> bool:
    """Whether this is the date of a reading whose value differs too."""
    stem, _, last = difference.field.rpartition(".")
    return last == "date" and any(
        (other.ref, other.field) == (difference.ref, f"{stem}.value") for other in others
    )  # fmt: skip
