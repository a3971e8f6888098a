"""A person allows a source: any change of it is refused until they allow it again, in CI by its digest."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from okrctl.sources.trust import TRUSTED_VARIABLE, describe_use, needs_trust, parse_digests, source_digest
from tests.cli.test_checkin_prompt import Terminal
from tests.running import Result, run, write
from tests.sources.loopback import Site, site
from tests.sources.trusted import trusting

SOURCE = """
    source:
      http: "{url}"
      value: v
      headers: {{X-Api-Key: $OKRCTL_KEY}}
      token_env: OKRCTL_T
"""
REFUSED = "mrr: failed: this source is new or changed; allow it with: okrctl refresh --trust mrr\n"
SECRETS = {"OKRCTL_KEY": "k-e-y", "OKRCTL_T": "t-o-k-e-n"}


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        found.gives("/x", {"v": 5, "w": 6})
        found.gives("/y", {"v": 5, "w": 6})
        yield found


def workspace(root: Path, web: Site, source: str = SOURCE) -> Path:
    kpi = "kpis:\n  - id: mrr\n    title: Revenue\n    owner: cfo\n    better: higher" + source.format(
        url=web.url("/x")
    )
    return write(root, {"kpis/a.yaml": kpi, "okrctl.yaml": "sources: {hosts: [127.0.0.1]}\n"})


def refreshed(root: Path, *arguments: str, **env: str) -> Result:
    return run("refresh", "--retries", "0", "--time-limit", "5", *arguments, cwd=root, env=SECRETS | env)


def change(root: Path, old: str, new: str) -> None:
    path = root / "kpis/a.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_nothing_is_sent_before_a_person_allows_it(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path, web)
    before = (root / "kpis/a.yaml").read_bytes()
    result = refreshed(root)
    assert (result.status, result.out) == (2, REFUSED)
    assert web.asked == [] and (root / "kpis/a.yaml").read_bytes() == before


CHANGES = [
    ("value: v", "value: w"),
    ("/x", "/y"),
    ("127.0.0.1", "localhost"),
    ("X-Api-Key", "X-Api-Key-2"),
    ("$OKRCTL_KEY", "$OKRCTL_OTHER"),
    ("$OKRCTL_KEY", "Key $OKRCTL_KEY"),
    ("token_env: OKRCTL_T", "token_env: OKRCTL_OTHER"),
    ("token_env: OKRCTL_T", "token_env: OKRCTL_T\n      query: '{ v }'"),
    ("token_env: OKRCTL_T", "token_env: OKRCTL_T\n      next: link"),
    ("token_env: OKRCTL_T", "basic_env: OKRCTL_T"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=[f"{number}" for number in range(len(CHANGES))])
def test_any_changed_line_is_refused(tmp_path: Path, web: Site, old: str, new: str) -> None:
    root = workspace(tmp_path, web)
    settings = trusting(root)
    assert refreshed(root, **settings).status == 0
    assert web.asked[0][1]["Authorization"] == "Bearer t-o-k-e-n" and web.asked[0][1]["X-Api-Key"] == "k-e-y"
    change(root, old, new)
    write(root, {"okrctl.yaml": "sources: {hosts: [127.0.0.1, localhost]}\n"})
    result = refreshed(root, **settings, OKRCTL_OTHER="o-t-h-e-r")
    assert (result.status, result.out) == (2, REFUSED) and len(web.asked) == 1
    change(root, new, old)
    assert refreshed(root, **settings).status == 0


def test_spelling_it_otherwise_is_no_change(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path, web)
    settings = trusting(root)
    flow = "\n    source: {{token_env: OKRCTL_T, headers: {{X-Api-Key: '$OKRCTL_KEY'}}, value: v, http: '{url}'}}\n"
    assert refreshed(workspace(tmp_path, web, flow), **settings).status == 0


def test_digests_come_in_any_list_and_nothing_else_counts() -> None:
    first, second = source_digest({"http": "a"}), source_digest({"http": "b"})
    assert parse_digests(f" {first.upper()},\n{second} * all {first[:63]}") == {first, second}
    assert parse_digests("*") == frozenset()


@pytest.mark.parametrize(
    ("spec", "needed"),
    [
        ({"csv": "a.csv"}, False),
        ({"sql": "select 1"}, False),
        ({"sql": "select 1", "url_env": "OKRCTL_URL"}, True),
        ({"http": "https://a.example"}, True),
        ({"prometheus": "https://a.example", "query": "up"}, True),
        ({"x-dice": {"sides": "6"}}, True),
        ({"csv": "a.csv", "token_env": "OKRCTL_T"}, True),
    ],
)
def test_what_reads_only_files_needs_no_trust(spec: dict[str, object], needed: bool) -> None:
    assert needs_trust(spec) == needed


def test_what_is_shown_names_all_that_is_sent() -> None:
    spec = {
        "http": "https://a.example/graphql", "query": "{ v }", "value": "data.v", "headers": {"X-Key": "$OKRCTL_K"},
        "basic_env": "OKRCTL_B", "next": "link",
    }  # fmt: skip
    assert describe_use(spec) == [
        "POST https://a.example/graphql",
        "Authorization: Basic $OKRCTL_B",
        "X-Key: $OKRCTL_K",
        "query: { v }",
        "value: data.v",
        "next: link",
    ]
    assert describe_use({"sql": "select 1", "url_env": "OKRCTL_U"}) == ["the database at $OKRCTL_U: select 1"]
    assert describe_use({"x-dice": {"sides": "6"}}) == ["a package that is installed here", 'x-dice: {"sides": "6"}']


# --- okrctl refresh --trust -----------------------------------------------------------------------------------------


def asked_on_a_terminal(root: Path, answer: str, monkeypatch: pytest.MonkeyPatch, config: Path) -> str:
    monkeypatch.setattr("tests.cli.test_checkin_prompt.clean_environment", lambda: dict(os.environ) | SECRETS)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    terminal = Terminal(root, "refresh", "--trust", "--retries", "0", today="2025-06-30")
    terminal.answer("[y/N]", answer)
    return terminal.end().screen


def test_a_person_sees_it_and_allows_it(tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    root, config = workspace(tmp_path / "goals", web), tmp_path / "config"
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    screen = asked_on_a_terminal(root, "n", monkeypatch, config)
    assert "not allowed: nothing was fetched" in screen and web.asked == [] and not config.exists()
    screen = asked_on_a_terminal(root, "y", monkeypatch, config)
    assert f"GET {web.url('/x')}" in screen and "Authorization: Bearer $OKRCTL_T" in screen
    assert "X-Api-Key: $OKRCTL_KEY" in screen and "k-e-y" not in screen and "t-o-k-e-n" not in screen
    assert "mrr: 1 new reading, the newest 5" in screen
    [(place, digests)] = json.loads((config / "okrctl/trusted-sources.json").read_text())["trusted"].items()
    assert place == str((root / ".git").resolve()) and digests == [trusting(root)[TRUSTED_VARIABLE]]
    assert refreshed(root).out == "mrr: nothing new\n"


def test_another_repository_with_the_same_source_is_not_trusted(
    tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, other, config = workspace(tmp_path / "goals", web), workspace(tmp_path / "other", web), tmp_path / "config"
    asked_on_a_terminal(root, "y", monkeypatch, config)
    assert refreshed(root).status == 0
    assert refreshed(other).out == REFUSED
    (tmp_path / "link").symlink_to(root)
    assert refreshed(tmp_path / "link").status == 0


def test_all_work_trees_of_a_repository_are_one(tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    root, config = workspace(tmp_path / "goals", web), tmp_path / "config"
    for command in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "."],
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-q", "-m", "a"],
        ["git", "worktree", "add", "-q", str(tmp_path / "tree")],
    ):
        subprocess.run(command, cwd=root, check=True, capture_output=True)
    asked_on_a_terminal(root, "y", monkeypatch, config)
    assert refreshed(tmp_path / "tree").status == 0


def test_off_the_terminal_nobody_can_allow_it(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path, web)
    result = refreshed(root, "--trust")
    assert result.status == 2 and "not a terminal" in result.err and TRUSTED_VARIABLE in result.err
    assert web.asked == []
    assert json.loads(refreshed(root, "--trust", "--format", "json").out)["error"]["code"] == "confirm"


def test_a_dry_run_prints_the_digest_for_ci_and_contacts_nothing(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path, web)
    result = refreshed(root, "--trust", "--dry-run")
    digest = trusting(root)[TRUSTED_VARIABLE]
    assert result.status == 0 and f"digest {digest}" in result.err and web.asked == []
    assert refreshed(root, **{TRUSTED_VARIABLE: digest}).status == 0
    assert refreshed(root, "--trust", "--dry-run", **{TRUSTED_VARIABLE: digest}).err == ""


def test_a_broken_list_is_an_error_and_no_trust(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path / "goals", web)
    for text in ("{", "[]", '{"trusted": {"a": 1}}'):
        write(tmp_path, {"config/okrctl/trusted-sources.json": text})
        result = refreshed(root, XDG_CONFIG_HOME=str(tmp_path / "config"))
        assert result.status == 2 and "trusted-sources.json is not valid" in result.err


def test_control_characters_of_a_source_never_reach_the_terminal(tmp_path: Path, web: Site) -> None:
    evil = '\n    source: {{http: "{url}", value: "v\\e[2J\\rGET https://harmless.example"}}\n'
    result = refreshed(workspace(tmp_path, web, evil), "--trust", "--dry-run")
    assert result.status == 0 and "\x1b" not in result.err and "\r" not in result.err


def test_a_package_is_not_even_loaded(tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(group: str) -> None:
        raise AssertionError("packages were looked up")

    monkeypatch.setattr("importlib.metadata.entry_points", refuse)
    assert refreshed(workspace(tmp_path, web, "\n    source: {{x-dice: 6}}\n")).out == REFUSED
