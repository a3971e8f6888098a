"""A site is written to its folder and nowhere else, replaces only itself, and links to the lines in the forge."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from okrctl.values.addresses import SITE
from tests.outputs import briefs
from tests.repositories import LEA, Repo, isolate
from tests.running import Result, run, write


def site(root: Path, folder: str = "site", *more: str) -> Result:
    return run("report", "--site", folder, *more, cwd=root, today=briefs.DAY)


def listed(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


EXPECTED = {
    ".okrctl-site", "index.html", "periods/2026-Q1.html", "periods/2026-Q2.html", "teams/shop.html",
    "teams/company.html", "owners/lea.html", "owners/tom.html",
}  # fmt: skip


def test_a_site_has_a_page_for_every_period_team_and_owner(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path)
    assert site(root).status == 0
    assert listed(root / "site") == EXPECTED
    pages = {name: (root / "site" / name).read_text("utf-8") for name in EXPECTED if name.endswith(".html")}
    assert 'Trend from <span class="whole">2026-Q1</span> to <span class="whole">2026-Q2</span>' in pages["index.html"]
    assert "Customers love to come back" in pages["owners/lea.html"]
    assert "Customers love to come back" not in pages["teams/company.html"]
    for name, page in pages.items():
        for href, part in re.findall(r'href="([^"#]*)(?:#([^"]+))?"', page):
            if href.startswith(f"{SITE}/"):
                continue
            target = (root / "site" / name).parent.joinpath(href) if href else root / "site" / name
            assert target.is_file(), (name, href)
            assert not part or f' id="{unquote(part)}"' in target.read_text("utf-8"), (name, href, part)


def test_names_of_teams_and_owners_lead_to_their_pages_and_what_is_urgent_to_its_place(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path)
    site(root)
    index = (root / "site/index.html").read_text("utf-8")
    attention = index[index.index('id="attention"') : index.index('id="periods"')]
    place = "periods/2026-Q2.html#goal-2026-Q2/shop/loved.costs"
    assert f'<a href="{place}"><bdi>Cost of an order</bdi></a>' in attention
    assert '<a href="owners/tom.html">' in attention and "okrctl" not in attention
    assert attention.count("<li>") <= 10 and attention.count(">Spending of a week<") == 1
    assert '<span class="whole">2026-Q2</span> beside <span class="whole">2026-Q1</span> on the same day' in index
    assert "Key results on track or achieved" in index
    period = (root / "site/periods/2026-Q2.html").read_text("utf-8")
    for href in ("../index.html", "../teams/shop.html", "../owners/lea.html", "#goal-2026-Q2/company/grow"):
        assert f'href="{href}"' in period, href
    team = (root / "site/teams/shop.html").read_text("utf-8")
    assert 'href="../owners/lea.html"' in team and "teams/shop.html" not in team
    assert 'href="../periods/2026-Q2.html#goal-2026-Q2/company/grow"' in team
    assert '<a href="../periods/2026-Q1.html#goal-2026-Q1/shop/loved">' in team


def test_no_page_of_a_site_has_a_style_or_a_handler_in_an_element(tmp_path: Path) -> None:
    for root in (briefs.plain(tmp_path / "plain"), briefs.hostile(tmp_path / "hostile")):
        site(root)
        for path in (root / "site").rglob("*.html"):
            parser = Attributes()
            parser.feed(path.read_text("utf-8"))
            assert not [name for name in parser.names if name == "style" or name.startswith("on")], path
            assert {"class", "href", "id"} <= parser.names


class Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs}


def test_the_same_workspace_gives_the_same_site(tmp_path: Path) -> None:
    one, other = briefs.plain(tmp_path / "one"), briefs.plain(tmp_path / "other")
    site(one)
    site(other)
    for name in EXPECTED:
        assert (one / "site" / name).read_bytes() == (other / "site" / name).read_bytes()


def test_a_second_run_replaces_its_pages_and_deletes_old_ones(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path)
    site(root)
    (root / "site" / "notes.txt").write_text("mine", "utf-8")
    (root / "okrs/2026-Q1/shop.yaml").unlink()
    assert site(root).status == 0
    assert listed(root / "site") == EXPECTED - {"periods/2026-Q1.html"} | {"notes.txt"}


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path)
    write(root, {"full/notes.txt": "mine", "file": "mine"})
    for folder in ("full", "file"):
        found = site(root, folder)
        assert found.status == 2 and "pass an empty folder" in found.err
    site(root)
    write(root, {"okrs/2026-Q2/extra.yaml": "period: 2026-Q2\nteam: new\nobjectives: [{id: a, title: A}]\n"})
    write(root, {"site/teams/new.html": "mine"})
    before = (root / "site/index.html").read_bytes()
    assert site(root).status == 2
    assert (root / "site/teams/new.html").read_text("utf-8") == "mine"
    assert (root / "site/index.html").read_bytes() == before


def test_nothing_is_written_or_deleted_outside_the_folder(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path / "root")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.html").write_text("mine", "utf-8")
    site(root)
    for name in ("periods/2026-Q1.html", "periods/2026-Q2.html"):
        (root / "site" / name).unlink()
    (root / "site/periods").rmdir()
    os.symlink(outside, root / "site/periods")
    assert site(root).status == 2 and listed(outside) == {"kept.html"}
    (root / "site/periods").unlink()
    with (root / "site/.okrctl-site").open("a", encoding="utf-8") as marker:
        marker.write(f"../../outside/kept.html\n{outside}/kept.html\n")
    assert site(root).status == 0 and listed(outside) == {"kept.html"}


def test_names_become_plain_paths_that_differ(tmp_path: Path) -> None:
    objectives = "".join(
        f"  - {{id: o{number}, title: A, owner: '{owner}'}}\n"
        for number, owner in enumerate(("../../x", "Ünsal", "a/b", "a b", "Lea", "lea", "x" * 300))
    )
    write(tmp_path, {"okrs/2026-Q2/a.yaml": f"period: 2026-Q2\nobjectives:\n{objectives}"})
    assert site(tmp_path).status == 0
    names = {name for name in listed(tmp_path / "site") if name.startswith("owners/")}
    assert len({name.lower() for name in names}) == 7
    assert all(re.fullmatch(r"owners/[A-Za-z0-9_-]{1,80}\.html", name) for name in names)


def test_links_lead_to_the_forge_of_the_remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    root = briefs.plain(tmp_path / "goals")
    repo = Repo(root)
    repo.git("add", "-A")
    commit = repo.commit("Set goals", "2026-04-02", LEA)
    repo.git("remote", "add", "origin", "git@github.com:acme/goals.git")
    page = run("report", "2026-Q2", "--format", "html", cwd=root, today=briefs.DAY).out
    assert f'href="https://github.com/acme/goals/blob/{commit}/okrs/2026-Q2/shop.yaml#L4"' in page
    assert "Nothing has changed since." in page


def test_changes_since_the_agreement_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    root = briefs.plain(tmp_path / "goals")
    repo = Repo(root)
    repo.git("add", "-A")
    repo.commit("Set goals", "2026-04-02", LEA)
    place = root / "okrs/2026-Q2/shop.yaml"
    place.write_text(place.read_text("utf-8").replace("to: 200", "to: 150"), "utf-8")
    brief = run("report", "2026-Q2", cwd=root, today=briefs.DAY).out
    page = run("report", "2026-Q2", "--format", "html", cwd=root, today=briefs.DAY).out
    assert "## Changes since the version agreed on 2026-04-02" in brief
    assert "- `shop/loved.orders` to: 200 → 150 (easier)" in brief
    assert "to: 200 → 150" in page and ">easier<" in page


def test_a_site_covers_all_periods(tmp_path: Path) -> None:
    root = briefs.plain(tmp_path)
    assert run("report", "2026-Q2", "--site", "site", cwd=root, today=briefs.DAY).status == 2
    assert not (root / "site").exists()
