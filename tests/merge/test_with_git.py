"""Random histories in real git: with the driver, and without it and `okrctl merge` afterwards, the oracle is right."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.merge.histories import Key, Model, base_model, is_within, oracle, person_history, render
from tests.merge.test_histories import values_of
from tests.repositories import Repo, isolate
from tests.running import run

pytestmark = pytest.mark.slow

PATH, OTHER = "okrs/2026-Q2/trust.yaml", "okrs/2026-Q2/other.yaml"
HEAD = "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: moved\n    title: Third objective\n    owner: lea\n"
LONG = settings(max_examples=40, suppress_health_check=list(HealthCheck))
Texts = dict[str, str]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


class Clone:
    """A repository in which `lea` is checked out and `tom` has another history since `base`."""

    def __init__(self, folder: Path, base: Texts, lea: Texts, tom: Texts, *, has_driver: bool) -> None:
        self.repo = Repo(folder)
        self.repo.config("user.name", "Lea")
        self.repo.config("user.email", "lea@acme.example")
        if has_driver:
            run("merge", "--install", cwd=folder)
        self.repo.commit("base", files=dict(base))
        for name, texts in (("tom", tom), ("lea", lea)):
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


def check_merged(text: str, lea: Model, tom: Model, base: Model) -> None:
    expected, conflicts = oracle(base, lea, tom)
    assert conflicts == set()
    assert {key: value for key, value in values_of(text, base).items() if not is_within(key, conflicts)} == expected


@given(person_history("lea"), person_history("tom"), st.sampled_from(["merge", "rebase", "cherry-pick", "stash"]))
@LONG
def test_the_driver_stops_where_the_oracle_finds_a_conflict(
    lea: tuple[Model, str], tom: tuple[Model, str], operation: str
) -> None:
    base = base_model()
    texts = [{PATH: render(*person)} for person in (lea, tom)]
    if any(text[PATH] == render(base) for text in texts):
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder), {PATH: render(base)}, *texts, has_driver=True)
        is_clean = act(clone, operation, texts[1])
        _, conflicts = oracle(base, lea[0], tom[0])
        is_same = texts[0] == texts[1]  # git asks no driver where both made the same file
        assert is_clean == (not conflicts or is_same)
        text = clone.text()
        assert ("<<<<<<< ours" in text) == (not is_clean)
        if is_clean and not conflicts:
            check_merged(text, lea[0], tom[0], base)


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
@LONG
def test_the_command_reports_exactly_the_conflicts_of_the_oracle(
    lea: tuple[Model, str], tom: tuple[Model, str], is_moved: bool
) -> None:
    """Without a driver; in half of the histories a key result moves to another file as well."""
    base = base_model()
    first, second = {PATH: render(*lea)}, {PATH: render(*tom)}
    if is_moved and {result.uid for result in tom[0][0].key_results} >= {"a", "b", "s"}:
        first = with_moved(lea[0])
    if render(base) in (first[PATH], second[PATH]):
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder), {PATH: render(base), OTHER: HEAD}, first, second, has_driver=False)
        if clone.git("merge", "-q", "-m", "joined", "tom"):
            return
        data = clone.merge()
        assert "text" not in {left["kind"] for left in data["left"]}
        expected, conflicts = oracle(base, lea[0], tom[0])
        assert len(data["left"]) == len(conflicts)
        assert data["complete"] == (not conflicts)
        if data["complete"]:
            found = values_of(clone.text(), base) | moved_values(clone, base)
            assert {key: value for key, value in found.items() if key[0] != "moved"} == expected


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


def moved_values(clone: Clone, base: Model) -> dict[Key, Any]:
    """The values of the key result that moved, under the objective where it was."""
    text = clone.text(OTHER).replace("id: moved", "id: o1")
    found = values_of(text, base) if "key_results" in text else {}
    return {key: value for key, value in found.items() if key[1]}
