"""Whatever the files hold, every command that reads them answers: never a traceback, only a status with a meaning.

`pytest tests/fuzz --hypothesis-profile=deep` tries far more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.strategies import mutated, schema_shaped
from tests.fuzz.valid import WORKSPACE
from tests.repositories import Repo, isolate
from tests.running import TODAY, run, write

EXAMPLES = 600 if settings.get_current_profile_name() == "deep" else 12

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

PAST = {
    "okrs/2025-Q1/trust.yaml": """\
period: 2025-Q1
team: trust
objectives:
  - id: origin
    title: Users see where things are from
    owner: lea
    key_results: [{id: page, title: The page is there, done: 2025-02-03}]
"""
}
COMMANDS = [
    line.split()
    for line in """
    score
    score --format json
    score --format csv
    score 2025-Q2 --level team --what-if codes=9000 --format markdown --as-of 2025-05-31
    score --agreed
    score --fail-if behind
    status
    status --format json
    status --format markdown
    show codes
    show supply-chain --format json
    show margin
    tree
    tree --format json
    tree margin
    kpi
    kpi --format json
    kpi --format markdown
    impact
    impact 2025-Q2 --format json
    impact --format markdown
    explain supply-chain
    explain wrong-codes --format json
    explain margin --since 2025-04-01 --format markdown
    report
    report --full --format html
    report --site site
    export
    export --format json
    export --format jsonl
    export --what scores
    export --what kpis --every month --format json
    export --what objectives --format jsonl
    digest --format slack
    digest --format msteams --since 2025-05-01
    digest --format html
    digest --format json
    log codes
    log satisfaction --format json
    diff
    diff HEAD --format json
    diff HEAD --format markdown
    verify
    verify --format json
    schema okr --with-ids
    schema config --with-ids
    check --statistics
    check --base HEAD --format sarif
    check --fix --dry-run
    check --format markdown --format gitlab=out.json
    """.strip().splitlines()
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The valid workspace as a commit, into which the broken files are put."""
    root = tmp_path_factory.mktemp("every")
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        repo = Repo(root)
        repo.commit(day="2025-01-10", files=WORKSPACE | PAST)
        assert run("close", "2025-Q1", "--yes", cwd=root).status == 0
        repo.commit(day="2025-04-10")
        yield root


def test_the_commands_know_the_valid_workspace(repository: Path) -> None:
    write(repository, WORKSPACE)
    statuses = {" ".join(command): run(*command, cwd=repository).status for command in COMMANDS}
    assert {command: status for command, status in statuses.items() if status > 1} == {}


@pytest.mark.parametrize("place", sorted(WORKSPACE))
@fuzzing
@given(data=st.data(), command=st.lists(st.sampled_from(COMMANDS), min_size=4, max_size=4, unique_by=tuple))
def test_slips_of_the_hand(repository: Path, place: str, data: st.DataObject, command: list[list[str]]) -> None:
    write(repository, WORKSPACE | {place: data.draw(mutated(WORKSPACE[place]))})
    for words in command:
        answers(repository, words)


@pytest.mark.parametrize("place", sorted(WORKSPACE))
@fuzzing
@given(content=schema_shaped(), command=st.lists(st.sampled_from(COMMANDS), min_size=4, max_size=4, unique_by=tuple))
def test_known_keys_with_anything_in_them(repository: Path, place: str, content: str, command: list[list[str]]) -> None:
    write(repository, WORKSPACE | {place: content.encode("utf-8", "surrogatepass")})
    for words in command:
        answers(repository, words)


def answers(root: Path, words: list[str], today: str = str(TODAY)) -> None:
    """The command ends as its contract says, and what it could not do it says in one line each of error and hint."""
    result = run(*words, cwd=root, today=today)
    assert result.status in (0, 1, 2), (words, result.err)
    assert "Traceback" not in result.err + result.out
    if result.status == 2:
        lines = [line.partition(":")[0] for line in result.err.splitlines()]
        assert lines[-2:] == ["error", "hint"], (words, result.err)
    if "json" not in words and "jsonl" not in words:
        assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", result.out), words
