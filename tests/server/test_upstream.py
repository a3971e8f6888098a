"""Two servers of one team and a person who pushes by hand: everything arrives, and nothing is lost."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.operations.clones import clone, first_parents, fix_days, require_clean
from tests.repositories import LEA, TOM, Repo
from tests.server.client import Client, forms, start
from tests.server.worlds import DAY, GOALS, GOALS_FILE, KPIS, SETTINGS

Written = dict[tuple[str, str], str]
REF = "2026-Q2/shop/retention"
FIELDS = {f"value:{REF}.orders": ("", 100), f"value:{REF}.returns": (" %", 4), "value:revenue": ("", 1000)}


class Team:
    """A remote, two servers that sync, and a person."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = Repo(folder / "remote.git", bare=True)
        first = Repo(folder / "first")
        files = {"okrctl.yaml": SETTINGS, GOALS_FILE: GOALS, "kpis/money.yaml": KPIS}
        first.commit("Agree on goals", "2026-03-30", files=files)
        first.git("push", "-q", str(self.remote.path), "main")
        self.clones = [clone(self.remote, "ada", LEA), clone(self.remote, "ben", TOM)]
        self.person = clone(self.remote, "person", TOM)
        self.servers = [serve(each) for each in self.clones]

    def go_away(self) -> None:
        """The remote does not answer."""
        shutil.move(self.remote.path, self.folder / "away.git")

    def come_back(self) -> None:
        """The remote answers again."""
        shutil.move(self.folder / "away.git", self.remote.path)

    def text(self, path: str = GOALS_FILE) -> str:
        """A file as the team has it."""
        return self.remote.git("show", f"main:{path}")


def serve(repo: Repo) -> Client:
    from okrctl.server.upstream import UpstreamSync

    client = start(repo.path, today=DAY)
    object.__setattr__(client.server, "sync", UpstreamSync(client.server.served))
    return client


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    fix_days(monkeypatch)
    return Team(tmp_path)


def test_a_reading_is_on_the_branch_of_the_team(team: Team) -> None:
    assert team.servers[0].save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    assert "2026-05-20: 150" in team.text()
    assert team.servers[1].save("/check-in?who=all", **{f"value:{REF}.returns": "7 %"}).status == 303
    assert "2026-05-20: 150" in team.text() and "2026-05-20: 7 %" in team.text()
    require_clean(team.clones[1])


def test_the_same_reading_shows_both_values_and_loses_none(team: Team) -> None:
    form = team.servers[1].form("/check-in?who=all")
    assert team.servers[0].save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    answer = team.servers[1].submit(form, form.with_values({f"value:{REF}.orders": "160"}), "save")
    assert answer.status == 409
    assert "150, which is saved" in answer.text and "160, which you typed" in answer.text
    [again] = forms(answer.text)
    assert team.servers[1].submit(again, [*again.fields, (f"keep:{REF}.orders", "mine")], "save").status == 303
    assert "2026-05-20: 160" in team.text()


def test_while_the_remote_is_away_readings_stay_here_and_the_page_says_so(team: Team) -> None:
    team.go_away()
    answer = team.servers[0].save("/check-in?who=all", **{f"value:{REF}.orders": "150"})
    assert answer.status == 303
    assert "Not on the team&#39;s branch yet" in team.servers[0].get("/check-in?saved=1").text.replace("'", "&#39;")
    team.come_back()
    assert team.servers[0].save("/check-in?who=all", **{"value:revenue": "1200"}).status == 303
    assert "2026-05-20: 150" in team.text() and "1200" in team.text("kpis/money.yaml")


def test_a_conflict_that_comes_up_later_is_put_to_a_person(team: Team) -> None:
    team.go_away()
    assert team.servers[0].save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    team.come_back()
    assert team.servers[1].save("/check-in?who=all", **{f"value:{REF}.orders": "160"}).status == 303
    assert team.servers[0].save("/check-in?who=all", **{"value:revenue": "1200"}).status == 303
    page = team.servers[0].get("/conflicts").text
    assert "150" in page and "160" in page and "Decide" in page
    [form] = forms(page)
    assert team.servers[0].submit(form, form.fields, "save").status == 303
    assert "Nothing is in conflict" in team.servers[0].get("/conflicts").text


def test_a_server_does_not_start_on_changes(team: Team) -> None:
    from okrctl.values.errors import RefusedError

    team.clones[0].write(GOALS_FILE, GOALS + "# mine\n")
    with pytest.raises(RefusedError, match="has uncommitted changes"):
        serve(team.clones[0])


def test_an_edit_in_the_tree_keeps_the_server_from_syncing_and_is_kept(team: Team) -> None:
    team.clones[0].write(GOALS_FILE, GOALS + "# mine\n")
    assert team.servers[0].save("/check-in?who=all", **{f"value:{REF}.orders": "150"}).status == 303
    assert "uncommitted changes" in team.servers[0].get("/check-in?saved=1").text
    assert (team.clones[0].path / GOALS_FILE).read_text().endswith("# mine\n")


@pytest.mark.slow
def test_a_hundred_writes_all_arrive(team: Team) -> None:
    chance = random.Random(20260520)
    days = [f"2026-{month:02}-{day:02}" for month in (4, 5) for day in range(1, 21)]
    written: Written = {}
    for number in range(100):
        if number in (30, 60):
            team.go_away()
        if number in (40, 70):
            team.come_back()
        _write(team, chance, written, days, number)
        for repo in team.clones:
            assert first_parents(repo, "@{upstream}") == first_parents(repo)[: len(first_parents(repo, "@{upstream}"))]
    for server in (*team.servers, *team.servers):
        assert server.server.sync is not None
        server.server.sync.run(server.server.served.project())
    _require_all(team, written)


def _write(team: Team, chance: random.Random, written: Written, days: Sequence[str], number: int) -> None:
    """One write at one of the servers, of a reading that nobody else writes, or a push by hand."""
    is_away = not team.remote.path.exists()
    if number % 5 == 4 and not is_away:
        team.person.git("pull", "-q", "--rebase")
        team.person.commit(f"note {number}", "2026-05-20", files={f"notes/{number}.md": f"{number}\n"})
        team.person.git("push", "-q")
        return
    server = team.servers[chance.randrange(2)]
    open_slots = [(name, day) for name in FIELDS for day in days if (name, day) not in written]
    name, day = chance.choice(open_slots)
    unit, least = FIELDS[name]
    value = f"{least + chance.randrange(4)}{unit}"
    ref = name.removeprefix("value:")
    form = server.form(f"/check-in?ref={ref}")
    fields = [*form.with_values({name: value, f"day:{ref}": day}), ("confirm", "yes"), ("overwrite", "yes")]
    answer = server.submit(form, fields, "save")
    assert answer.status == 303, answer.text
    written[name, day] = value


def _require_all(team: Team, written: Written) -> None:
    from okrctl.operations.load import load_workspace
    from okrctl.operations.project import Project

    check = team.remote.clone(team.folder / "check")
    workspace = load_workspace(Project(check.path, {"OKRCTL_TODAY": DAY}))
    nodes = {node.ref: node for node in (*workspace.key_results, *workspace.kpi_nodes)}
    for (name, day), value in written.items():
        readings = {str(each.day): each.value.text for each in nodes[name[6:]].readings if each.value}
        assert readings[day].split()[0] == value.split()[0], (name, day)
    for repo in team.clones:
        require_clean(repo)
        assert repo.head == check.head
        assert first_parents(repo) == first_parents(check)
