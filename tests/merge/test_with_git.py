"""Random histories of two and three people in real git, with the driver, or with `okrctl merge` afterwards."""

from __future__ import annotations

import copy
import itertools
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from okrctl.merge import Versions
from tests.merge.histories import Key, Model, base_model, is_within, oracle, person_history, render, values
from tests.merge.test_histories import canonical, check_lines, in_order_of_ids, values_of
from tests.repositories import Repo, isolate
from tests.running import run

pytestmark = pytest.mark.slow

PATH, OTHER = "okrs/2026-Q2/trust.yaml", "okrs/2026-Q2/other.yaml"
HEAD = "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: moved\n    title: Third objective\n    owner: lea\n"
HISTORIES = settings(max_examples=200, suppress_health_check=list(HealthCheck))
Texts = dict[str, str]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


class Clone:
    """A repository with branches that have their own history since `base`; the first one is checked out."""

    def __init__(self, folder: Path, base: Texts, branches: dict[str, Texts], *, has_driver: bool) -> None:
        self.repo = Repo(folder)
        self.repo.config("user.name", "Lea")
        self.repo.config("user.email", "lea@acme.example")
        if has_driver:
            run("merge", "--install", cwd=folder)
        self.repo.commit("base", files=dict(base))
        for name, texts in reversed(branches.items()):
            self.repo.branch(name, "main")
            self.repo.commit(name, files=dict(texts))

    def git(self, *words: str) -> bool:
        """Whether a command of git ends without a conflict."""
        try:
            self.repo.git(*words)
        except RuntimeError:
            return False
        return True

    def text(self, path: str = PATH) -> str:
        return (self.repo.path / path).read_bytes().decode()

    def merge(self) -> Any:
        return run("merge", "--format", "json", cwd=self.repo.path, today="2026-05-20").json


def take(text: str, side: str) -> str:
    """A file whose conflicts are all decided for `ours` or `theirs`."""
    number = 1 if side == "ours" else 2
    pattern = r"(?ms)^<<<<<<< .*?\n(.*?)^=======\r?\n(.*?)^>>>>>>> .*?\n"
    return re.sub(pattern, lambda found: found[number], text)


def changed_readings(side: Model, base: Model) -> dict[Key, Any]:
    """What one person checked in."""
    before = values(base)
    return {key: value for key, value in values(side).items() if key[2] == "readings" and before.get(key) != value}


def check_joined(text: str, people: dict[str, Model], base: Model) -> None:
    """A joined file holds what the oracle says, whichever side is taken in the conflicts, and loses no reading."""
    expected, conflicts = oracle(base, people["ours"], people["theirs"])
    for side, model in people.items():
        found = values_of(take(text, side), base)
        assert {key: value for key, value in found.items() if not is_within(key, conflicts)} == expected
        for key, value in changed_readings(model, base).items():
            assert found[key] == value


@given(person_history("lea"), person_history("tom"), st.sampled_from(["merge", "rebase", "cherry-pick", "stash"]))
@HISTORIES
def test_the_driver_stops_where_the_oracle_finds_a_conflict(
    lea: tuple[Model, str], tom: tuple[Model, str], operation: str
) -> None:
    base = base_model()
    texts = [{PATH: render(*person)} for person in (lea, tom)]
    assume(all(text[PATH] != render(base) for text in texts))
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder), {PATH: render(base)}, {"lea": texts[0], "tom": texts[1]}, has_driver=True)
        is_clean = act(clone, operation, texts[1])
        _, conflicts = oracle(base, lea[0], tom[0])
        event(f"conflicts: {bool(conflicts)}")
        is_same = texts[0] == texts[1]  # git asks no driver where both made the same file
        assert is_clean == (not conflicts or is_same)
        text = clone.text()
        assert ("<<<<<<< ours" in text) == (not is_clean)
        if not is_same:
            check_joined(text, {"ours": lea[0], "theirs": tom[0]}, base)
            check_lines(Versions(render(base), texts[0][PATH], texts[1][PATH]), take(text, "ours"))


def act(clone: Clone, operation: str, theirs: Texts) -> bool:
    """One operation of git that brings the changes of `tom` to those of `lea`, without a conflict or with one."""
    match operation:
        case "merge":
            return clone.git("merge", "-q", "-m", "joined", "tom")
        case "cherry-pick":
            return clone.git("cherry-pick", "--allow-empty", "--keep-redundant-commits", "tom")
        case "rebase":
            return clone.git("rebase", "-q", "--empty=keep", "lea", "tom")
    clone.git("checkout", "-q", "main")
    for path, text in theirs.items():
        clone.repo.write(path, text)
    clone.git("stash", "-q")
    clone.git("checkout", "-q", "lea")
    return clone.git("stash", "pop", "-q")


@given(person_history("lea"), person_history("tom"), st.booleans())
@HISTORIES
def test_the_command_reports_exactly_the_conflicts_of_the_oracle(
    lea: tuple[Model, str], tom: tuple[Model, str], is_moved: bool
) -> None:
    """Without a driver; in half of the histories a key result moves to another file as well."""
    base = base_model()
    first, second = {PATH: render(*lea)}, {PATH: render(*tom)}
    if is_moved and {result.uid for result in tom[0][0].key_results} >= {"a", "b", "s"}:
        first = with_moved(lea[0])
    assume(render(base) not in (first[PATH], second[PATH]))
    with tempfile.TemporaryDirectory() as folder:
        branches = {"lea": first, "tom": second}
        clone = Clone(Path(folder), {PATH: render(base), OTHER: HEAD}, branches, has_driver=False)
        if clone.git("merge", "-q", "-m", "joined", "tom"):
            return
        event("git stops")
        data = clone.merge()
        assert "text" not in {left["kind"] for left in data["left"]}
        expected, conflicts = oracle(base, lea[0], tom[0])
        assert len(data["left"]) == len(conflicts)
        assert data["complete"] == (not conflicts)
        for side, model in {"ours": lea[0], "theirs": tom[0]}.items():
            found = values_of(take(clone.text(), side), base) | moved_values(clone, base, side)
            kept = {key: value for key, value in found.items() if key[0] != "moved" and not is_within(key, conflicts)}
            assert kept == expected
            for key, value in changed_readings(model, base).items():
                assert found[key] == value
        if first[PATH] == render(*lea):
            check_lines(Versions(render(base), first[PATH], second[PATH]), take(clone.text(), "ours"))


@pytest.mark.parametrize("has_driver", [True, False], ids=["driver", "command"])
@given(person_history("lea"), person_history("tom"), person_history("kim"))
@HISTORIES
def test_three_people_lose_nothing_and_come_to_equal_goals_in_any_order(
    has_driver: bool, lea: tuple[Model, str], tom: tuple[Model, str], kim: tuple[Model, str]
) -> None:
    """Two branches are merged into the third, one after the other; what is in conflict stops the second merge.

    Without the driver git is told to merge no text, so that every file that two people changed is left to the command.
    """
    base, people = base_model(), {"lea": lea, "tom": tom, "kim": kim}
    texts = {name: render(*person) for name, person in people.items()}
    assume(len({render(base), *texts.values()}) == 4)
    pairs = [set(oracle(base, people[one][0], people[two][0])[1]) for one, two in itertools.combinations(people, 2)]
    joined = []
    orders = [("lea", "tom", "kim"), ("kim", "lea", "tom")]
    for order in orders[:1] if any(pairs) else orders:  # what is in conflict in one order is so in the other
        with tempfile.TemporaryDirectory() as folder:
            branches = {name: {PATH: texts[name]} for name in order}
            clone = Clone(Path(folder), {PATH: render(base)}, branches, has_driver=has_driver)
            if not has_driver:
                clone.repo.write(".git/info/attributes", "*.yaml -merge\n")
            if all(join(clone, name, has_driver) for name in order[1:]):
                joined.append(clone.text())
    event(f"conflicts: {any(pairs)}")
    if any(pairs):
        assert joined == []
        return
    assert len(joined) == 2
    assert in_order_of_ids(canonical(joined[0])) == in_order_of_ids(canonical(joined[1]))
    for text, (model, _) in itertools.product(joined, people.values()):
        found = values_of(text, base)
        assert all(found[key] == value for key, value in changed_readings(model, base).items())


def join(clone: Clone, name: str, has_driver: bool) -> bool:
    """Merge a branch into the one that is checked out, by `okrctl merge` if there is no driver; whether it is whole."""
    if clone.git("merge", "-q", "-m", "joined", name):
        return True
    if has_driver or not clone.merge()["complete"]:
        return False
    return clone.git("commit", "-q", "-m", "joined")


def with_moved(model: Model) -> Texts:
    """The files of a model of which a key result of the first objective moved to another file."""
    rest = copy.deepcopy(model)
    known = ("Alpha", "Beta", "Sigma")  # one that moved and has another title as well is another goal to everybody
    moved = next((result for result in rest[0].key_results if result.title in known), None)
    if moved is None:
        return {PATH: render(rest)}
    alone = [copy.deepcopy(rest[0])]
    alone[0].key_results = [moved]
    rest[0].key_results.remove(moved)
    lines = render(alone)
    return {PATH: render(rest), OTHER: HEAD + lines[lines.index("    key_results:") :]}


def moved_values(clone: Clone, base: Model, side: str) -> dict[Key, Any]:
    """The values of the key result that moved, under the objective where it was."""
    text = take(clone.text(OTHER), side).replace("id: moved", "id: o1")
    found = values_of(text, base) if "key_results" in text else {}
    return {key: value for key, value in found.items() if key[1]}
