"""Two servers and a person who pushes by hand, at random: everything that was written is in the remote at the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.operations.sync import list_taken_back
from okrctl.workspace import KeyResult
from tests.cli.commands.trust import FILES
from tests.operations.clones import (
    PATH,
    Team,
    checkin,
    first_parents,
    okrctl,
    require_clean,
    sync_clone,
)
from tests.repositories import Repo
from tests.running import run

pytestmark = pytest.mark.usefixtures("own_git")
WRITES = 100
NUMBERS = ("tracking-codes", "profiles", "complaints")


@dataclass
class Simulation:
    """What everybody has written so far, which must all be there at the end."""

    team: Team
    chance: random.Random
    readings: dict[tuple[str, str], int] = field(default_factory=dict)
    targets: list[int] = field(default_factory=lambda: [25000])
    added: set[str] = field(default_factory=set)
    line: list[str] = field(default_factory=list)  # the first parents of the upstream branch, so far
    is_away: bool = False

    def write(self, number: int) -> None:
        repo = self.chance.choice([self.team.ada, self.team.ben])
        kind: Callable[[Repo, int], None] = self.chance.choice(
            [self.check_in] * 5 + [self.amend, self.add, self.by_hand]
        )
        kind(repo, number)

    def check_in(self, repo: Repo, number: int) -> None:
        """A reading of a day on which nobody else has one."""
        goal = self.chance.choice(NUMBERS)
        day = f"2026-{self.chance.choice(('04', '05'))}-{number % 28 + 1:02}"
        if (goal, day) in self.readings or day > "2026-05-04" or day in FILES[PATH]:
            return
        self.readings[goal, day] = number
        value = f"{number}%" if goal == "profiles" else str(number)
        okrctl(repo, "checkin", f"{goal}={value}", "--date", day, "--commit", "--force")

    def amend(self, repo: Repo, number: int) -> None:
        """A new target, only where nobody else has an amendment that is not everywhere yet."""
        if self.is_away or sync_clone(repo).unpushed:
            return
        self.targets.append(30000 + number)
        okrctl(repo, "amend", "tracking-codes", "--to", str(30000 + number), "--reason", f"no {number}", "--commit")
        sync_clone(repo)

    def add(self, repo: Repo, number: int) -> None:
        """A new key result, at the end of the objective."""
        name = f"new-{number}"
        self.added.add(name)
        path = repo.path / PATH
        path.write_text(
            path.read_text() + f"      - id: {name}\n        title: New goal number {number}\n        to: {number}\n"
        )
        repo.commit(f"add {name}")

    def by_hand(self, repo: Repo, number: int) -> None:
        """A person pulls, adds a reading with an editor, and pushes."""
        day = f"2026-03-{number % 28 + 1:02}"
        if self.is_away or ("orders", day) in self.readings:
            return
        self.readings["orders", day] = number
        tom = self.team.tom
        tom.git("pull", "-q", "--rebase")
        csv = (tom.path / "okrs/orders.csv").read_bytes().decode()
        push_by_hand_file(tom, "okrs/orders.csv", f"{csv}{day};{number};tom\r\n")

    def sync(self) -> None:
        repo = self.chance.choice([self.team.ada, self.team.ben])
        result = sync_clone(repo)
        assert result.taken_back == (), result.taken_back[0].conflicts
        assert result.is_pushed != self.is_away
        require_clean(repo)
        if not self.is_away:
            self.check_line(repo)

    def check_line(self, repo: Repo) -> None:
        """The first parents are those of the upstream branch, which never loses one."""
        remote = first_parents(self.team.remote, "main")
        assert first_parents(repo) == remote
        assert remote[: len(self.line)] == self.line
        self.line = remote

    def move_remote(self, number: int) -> None:
        away = self.team.remote.path.with_name("away")
        if number == 40:
            self.team.remote.path.rename(away)
        if number == 60:
            away.rename(self.team.remote.path)
        self.is_away = 40 <= number < 60


def push_by_hand_file(repo: Repo, path: str, text: str) -> None:
    repo.commit("by hand", files={path: text})
    repo.git("push", "-q")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_writes_of_three_are_all_in_the_remote(team: Team, seed: int) -> None:
    simulation = Simulation(team, random.Random(seed))
    for number in range(1, WRITES + 1):
        simulation.move_remote(number)
        simulation.write(number)
        if simulation.chance.random() < 0.4:
            simulation.sync()
    for repo in (team.ada, team.ben, team.ada):
        assert sync_clone(repo).is_pushed
    team.tom.git("pull", "-q", "--rebase")
    for repo in (team.ada, team.ben, team.tom):
        assert repo.head == team.remote.git("rev-parse", "main")
        simulation.check_line(repo)
        require_written(repo, simulation)
    answers = {
        run("score", "2026-Q2", "--agreed", "--format", "json", cwd=repo.path, today="2026-05-04").out
        for repo in (team.ada, team.ben, team.tom)
    }
    assert len(answers) == 1 and answers != {""}
    assert len(simulation.readings) > 30 and len(simulation.targets) > 5 and len(simulation.added) > 5


def require_written(repo: Repo, simulation: Simulation) -> None:
    """Every reading, key result and amendment is in the workspace of a clone."""
    results: dict[str, KeyResult] = {result.id: result for result in load_workspace(Project(repo.path)).key_results}
    assert simulation.added <= results.keys()
    for (goal, day), value in simulation.readings.items():
        found = {str(reading.day): reading.value for reading in results[goal].readings}
        reading = found.get(day)
        assert reading is not None and reading.number == value, (goal, day)
    assert len(results["tracking-codes"].model.amended or ()) == len(simulation.targets) - 1


@pytest.mark.slow
def test_values_that_differ_are_reported_once_each_and_kept(team: Team) -> None:
    """Both servers check in other values of one day, again and again: one is in the remote, the other is kept."""
    for number in range(1, 9):
        for repo, value in ((team.ada, 1000 + number), (team.ben, 2000 + number)):
            checkin(repo, f"tracking-codes={value}", "--date", f"2026-04-{20 + number}")
        [first, second] = [team.ada, team.ben] if number % 2 else [team.ben, team.ada]
        assert sync_clone(first).taken_back == ()
        [taken] = sync_clone(second).taken_back
        [conflict] = taken.conflicts
        values = {repo.path.name: str(1000 * place + number) for place, repo in ((1, team.ada), (2, team.ben))}
        assert (conflict.theirs, conflict.ours) == (values[first.path.name], values[second.path.name])
        assert values[second.path.name] in second.git("show", taken.kept_ref)
        sync_clone(first)
        require_clean(first)
        require_clean(second)
    assert sum(len(list_taken_back(Project(repo.path))) for repo in (team.ada, team.ben)) == 8
