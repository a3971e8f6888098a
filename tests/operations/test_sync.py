"""A clone and its upstream branch are brought together: nothing is lost, nothing is forced, nothing stands half-way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from okrctl.git import upstream as upstreams
from okrctl.operations import sync as operation
from okrctl.operations.project import Project
from okrctl.operations.sync import SyncResult, forget_taken_back, list_taken_back, require_syncable, sync
from okrctl.values.errors import OkrctlError, RefusedError
from tests.cli.commands.trust import FILES, TODAY
from tests.operations.clones import (
    DAY,
    PATH,
    Team,
    checkin,
    clone,
    first_parents,
    okrctl,
    push_by_hand,
    require_clean,
    sync_clone,
    text_of,
)
from tests.repositories import LEA, TOM, Repo
from tests.running import run

# --- what a sync does


pytestmark = pytest.mark.usefixtures("own_git")


def test_nothing_to_do(team: Team) -> None:
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True)
    require_clean(team.ada)


def test_a_commit_is_pushed(team: Team) -> None:
    made = checkin(team.ada, "tracking-codes=5200")
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True)
    assert team.remote.git("rev-parse", "main") == made == team.ada.head


def test_commits_of_others_arrive_with_their_files(team: Team) -> None:
    files = {"okrs/new.yaml": FILES[PATH].replace("team: trust", "team: new"), "notes/ä b.txt": "hello\n"}
    made = push_by_hand(team.tom, files)
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True, is_moved=True)
    assert team.ada.head == made
    assert (team.ada.path / "notes/ä b.txt").read_text() == "hello\n"
    require_clean(team.ada)


def test_check_ins_of_two_clones_join_without_a_driver(team: Team) -> None:
    """Both append to the same list of readings, which git alone would not join."""
    checkin(team.ben, "tracking-codes=5200", "--date", "2026-04-27")
    sync_clone(team.ben)
    checkin(team.ada, "tracking-codes=5000", "--date", "2026-04-25")
    checkin(team.ada, "profiles=80%")
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True, is_moved=True)
    sync_clone(team.ben)
    assert team.ada.head == team.ben.head == team.remote.git("rev-parse", "main")
    for line in ("2026-04-25: 5000", "2026-04-27: 5200", "2026-05-04: 80%", "# campaign"):
        assert line in text_of(team.ben)
    require_clean(team.ada)


def test_first_parents_are_those_of_the_upstream_branch(team: Team) -> None:
    checkin(team.ben, "profiles=81%")
    sync_clone(team.ben)
    agreed = first_parents(team.remote, "main")
    checkin(team.ada, "tracking-codes=5200")
    sync_clone(team.ada)
    assert first_parents(team.ada)[: len(agreed)] == agreed
    assert len(first_parents(team.ada)) == len(agreed) + 1


def test_a_merge_of_ours_is_made_straight(team: Team) -> None:
    """Somebody pulled by hand in the clone of the server, which made a merge with our commit as first parent."""
    push_by_hand(team.tom, {"notes.txt": "hello\n"})
    checkin(team.ada, "tracking-codes=5200")
    team.ada.git("pull", "-q", "--no-rebase", "--no-edit")
    assert sync_clone(team.ada).is_pushed
    assert first_parents(team.remote, "main")[:2] == first_parents(team.tom)
    assert "2026-05-04: 5200" in text_of(team.ada)
    require_clean(team.ada)


def test_author_date_and_message_are_kept(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    message = "A subject\n\n# 12 is no comment\n\n\n  kept\n"
    new = FILES[PATH].replace("        graded: true", "        graded: true\n        readings: {2026-04-20: 0.5}")
    team.ada.commit(message, day="2026-04-07", author=("Ann Ä", "ann@acme.example"), files={PATH: new})
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-04-09T08:00:00+0200")
    before = team.ada.git("log", "-1", "--format=%an%n%ae%n%ad%n%B")
    assert sync_clone(team.ada).is_moved
    assert team.ada.git("log", "-1", "--format=%an%n%ae%n%ad%n%B") == before
    assert team.ada.git("log", "-1", "--format=%cn %cs") == "Lea 2026-04-09"
    assert team.ada.git("log", "-1", "--format=%P") == team.tom.head


def test_the_same_change_on_both_sides_is_dropped(team: Team) -> None:
    for repo in (team.ben, team.ada):
        checkin(repo, "tracking-codes=5200")
    sync_clone(team.ben)
    assert sync_clone(team.ada).taken_back == ()
    assert team.ada.head == team.ben.head


def test_a_goal_that_moved_to_another_file_is_followed(team: Team) -> None:
    """Only the merge of all files in conflict together can join this."""
    start = FILES[PATH].index("      - id: complaints")
    end = FILES[PATH].index("      - id: signups-too")
    moved = FILES[PATH][start:end]
    other = "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: quality\n    title: Few complain\n    owner: lea\n"
    two = {PATH: FILES[PATH], "okrs/quality.yaml": other + "    key_results:\n      - {id: x, title: Calls, to: 3}\n"}
    push_by_hand(team.tom, two)
    sync_clone(team.ada)
    rest = FILES[PATH].replace(moved, "").replace("to: 100\n", "to: 110\n")
    push_by_hand(team.tom, {PATH: rest, "okrs/quality.yaml": two["okrs/quality.yaml"] + moved})
    checkin(team.ada, "complaints=3")
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True, is_moved=True)
    assert text_of(team.ada, "okrs/quality.yaml").endswith("at_most: 4\n        readings:\n          2026-05-04: 3")
    assert text_of(team.ada) == rest.rstrip("\n")
    require_clean(team.ada)


def test_a_workspace_below_the_top_of_its_repository(tmp_path: Path) -> None:
    remote = Repo(tmp_path / "remote.git", bare=True)
    first = Repo(tmp_path / "first")
    first.commit("start", files={f"goals/{path}": text for path, text in FILES.items()})
    first.git("push", "-q", str(remote.path), "main")
    ada, ben = clone(remote, "ada", LEA), clone(remote, "ben", LEA)
    for repo, day, value in ((ada, "2026-04-25", 5000), (ben, "2026-04-27", 5200)):
        run("checkin", f"tracking-codes={value}", "--date", day, "--commit", cwd=repo.path / "goals", today=TODAY)
        project = Project(repo.path / "goals")
        result = sync(project, require_syncable(project))
        assert result.is_pushed and not result.taken_back
    assert "2026-04-25: 5000" in text_of(ben, f"goals/{PATH}") and "2026-04-27: 5200" in text_of(ben, f"goals/{PATH}")
    require_clean(ben)


def test_attributes_of_the_user_hold_too(team: Team, tmp_path: Path) -> None:
    """What okrctl tells git about goals does not hide what the user told it about other files."""
    (tmp_path / "attributes").write_text("notes.txt merge=union\n")
    team.ada.config("core.attributesFile", str(tmp_path / "attributes"))
    push_by_hand(team.tom, {"notes.txt": "theirs\n"})
    team.ada.commit("notes", files={"notes.txt": "ours\n"})
    assert sync_clone(team.ada).taken_back == ()
    assert text_of(team.ada, "notes.txt") == "theirs\nours"


# --- conflicts


def disagree(team: Team) -> str:
    """Both clones check in different values of one day; the id of the commit that comes too late."""
    checkin(team.ben, "tracking-codes=5200")
    sync_clone(team.ben)
    checkin(team.ada, "profiles=80%")
    late = checkin(team.ada, "tracking-codes=5300", "--note", "Ours")
    checkin(team.ada, "complaints=2")
    return late


def test_a_conflict_takes_its_commit_back_with_both_values(team: Team) -> None:
    late = disagree(team)
    result = sync_clone(team.ada)
    assert result.is_fetched and result.is_pushed and result.is_moved
    [taken] = result.taken_back
    assert (taken.commit, taken.author, str(taken.day)) == (late, "Lea", DAY)
    assert taken.subject == team.ada.git("log", "-1", "--format=%s", late)
    [conflict] = taken.conflicts
    assert (conflict.path, conflict.ref) == (PATH, "2026-Q2/trust/supply-chain.tracking-codes")
    assert (conflict.field, conflict.theirs, conflict.ours) == ("reading of 2026-05-04", "5200", "5300")
    assert conflict.author == "Lea"
    assert conflict.text == (
        "2026-Q2/trust/supply-chain.tracking-codes: reading of 2026-05-04 is 5200 in origin/main (Lea) and 5300 in "
        "this clone (Lea)"
    )
    require_clean(team.ada)
    assert team.remote.git("rev-parse", "main") == team.ada.head
    assert "2026-05-04: 5200" in text_of(team.ada) and "5300" not in text_of(team.ada)
    assert "2026-05-04: 80%" in text_of(team.ada) and "2026-05-04: 2" in text_of(
        team.ada
    )  # the other commits are there


def test_a_commit_that_was_taken_back_is_kept_until_it_is_decided(team: Team) -> None:
    late = disagree(team)
    [taken] = sync_clone(team.ada).taken_back
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True)  # is reported once
    team.ada.git("reflog", "expire", "--expire=now", "--all")
    team.ada.git("gc", "-q", "--prune=now")
    assert list_taken_back(Project(team.ada.path)) == [taken]
    assert team.ada.git("rev-parse", f"{taken.kept_ref}^{{commit}}") == late
    assert "5300" in team.ada.git("show", taken.kept_ref)
    forget_taken_back(Project(team.ada.path), taken.kept_ref)
    assert list_taken_back(Project(team.ada.path)) == []
    with pytest.raises(OkrctlError, match="holds no commit"):
        forget_taken_back(Project(team.ada.path), "refs/heads/main")
    assert team.ada.git("rev-parse", "main") == team.remote.git("rev-parse", "main")


def test_a_commit_that_builds_on_one_that_was_taken_back_is_taken_back_too(team: Team) -> None:
    disagree(team)
    okrctl(team.ada, "checkin", "tracking-codes=5400", "--commit", "--force")
    result = sync_clone(team.ada)
    assert [[conflict.ours for conflict in taken.conflicts] for taken in result.taken_back] == [["5300"], ["5400"]]


def test_a_commit_that_was_not_taken_back_after_all_is_not_listed(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The branch could not move; before the next sync somebody takes over our value."""
    disagree(team)
    real = operation.move_branch

    def refuse(*arguments: object) -> None:
        raise RefusedError("not now", "later")

    monkeypatch.setattr(operation, "move_branch", refuse)
    with pytest.raises(RefusedError, match="not now"):
        sync_clone(team.ada)
    assert list_taken_back(Project(team.ada.path)) == []
    monkeypatch.setattr(operation, "move_branch", real)
    team.tom.git("pull", "-q", "--rebase")
    ours = "2026-05-04: {value: 5300, note: Ours}"
    text = text_of(team.tom).replace("2026-05-04: 5200", ours) + "\n"
    push_by_hand(team.tom, {PATH: text})
    assert ours in text_of(team.ada) and ours in text
    assert sync_clone(team.ada).taken_back == ()
    assert list_taken_back(Project(team.ada.path)) == []
    assert team.ada.git("for-each-ref", "refs/okrctl") == ""


def test_a_file_without_goals_that_git_cannot_join_is_a_conflict(team: Team) -> None:
    push_by_hand(team.tom, {"notes.txt": "theirs\n"})
    team.ada.commit("notes", files={"notes.txt": "ours\n"})
    [taken] = sync_clone(team.ada).taken_back
    [conflict] = taken.conflicts
    assert (conflict.path, conflict.theirs, conflict.ours) == ("notes.txt", None, None)
    assert conflict.text == "notes.txt was changed in origin/main and in this clone; it cannot be merged automatically"
    require_clean(team.ada)


def test_files_that_cannot_be_read_are_conflicts(team: Team) -> None:
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("period: 2026-Q2", "period: [")})
    checkin(team.ada, "tracking-codes=5200")
    [taken] = sync_clone(team.ada).taken_back
    assert taken.conflicts[0].path == PATH and taken.conflicts[0].text
    require_clean(team.ada)


def test_goals_of_different_files_that_contradict_each_other_are_a_conflict(team: Team) -> None:
    """Somebody removes a KPI that a new goal refers to; no file was changed on both sides."""
    kpis = FILES["kpis/company.yaml"]
    push_by_hand(team.tom, {"kpis/company.yaml": kpis[: kpis.index("  - id: ratio")]})
    checkin(team.ada, "tracking-codes=5200")
    new = "period: 2026-Q2\nteam: trust\nobjectives:\n  - id: more\n    title: More of it\n    key_results:\n"
    late = team.ada.commit("new", files={"okrs/more.yaml": f"{new}      - {{id: x, title: X, to: 3, kpi: ratio}}\n"})
    checkin(team.ada, "complaints=2")
    result = sync_clone(team.ada)
    [taken] = result.taken_back
    [conflict] = taken.conflicts
    assert (taken.commit, conflict.path, result.is_pushed) == (late, "okrs/more.yaml", True)
    assert conflict.text.startswith("together with origin/main: ") and "ratio" in conflict.text
    assert "2026-05-04: 5200" in text_of(team.ada) and "2026-05-04: 2" in text_of(team.ada)
    require_clean(team.ada)


def test_a_workspace_that_is_gone_upstream_is_a_conflict(team: Team) -> None:
    shutil.rmtree(team.tom.path / "okrs")
    team.tom.commit("stop", author=TOM)
    team.tom.git("push", "-q")
    checkin(team.ada, "tracking-codes=5200")
    [taken] = sync_clone(team.ada).taken_back
    assert {conflict.path for conflict in taken.conflicts} == {PATH}
    require_clean(team.ada)


# --- the remote


def test_a_remote_that_is_away_loses_nothing(team: Team) -> None:
    made = checkin(team.ada, "tracking-codes=5200")
    away = team.remote.path.rename(team.remote.path.with_name("away"))
    result = sync_clone(team.ada)
    assert (result.is_fetched, result.is_pushed, result.unpushed, result.is_moved) == (False, False, 1, False)
    assert (
        result.reason.startswith("cannot fetch from origin: ")
        and "does not appear to be a git repository" in result.reason
    )
    assert team.ada.head == made
    require_clean(team.ada)
    away.rename(team.remote.path)
    assert sync_clone(team.ada).is_pushed
    assert team.remote.git("rev-parse", "main") == made


def test_a_lost_race_is_run_again(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    be_faster(team, monkeypatch, times=2)
    checkin(team.ada, "tracking-codes=5200")
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True, is_moved=True)
    assert "2026-05-04: 5200" in text_of(team.ada) and team.remote.git("rev-parse", "main") == team.ada.head
    assert team.ada.git("rev-list", "--count", "HEAD") == "4"


def test_five_lost_races_are_enough_for_one_sync(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    be_faster(team, monkeypatch, times=5)
    checkin(team.ada, "tracking-codes=5200")
    result = sync_clone(team.ada)
    assert result.reason == "cannot push to origin/main: somebody else was faster 5 times"
    assert (result.is_fetched, result.is_pushed, result.unpushed) == (True, False, 1)
    require_clean(team.ada)
    assert sync_clone(team.ada).is_pushed
    assert "2026-05-04: 5200" in text_of(team.ada)


def test_what_was_taken_back_is_told_where_a_later_try_is_refused(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    disagree(team)
    real = upstreams.push

    def late_push(*arguments: object) -> str | None:
        monkeypatch.setattr(upstreams, "push", real)
        push_by_hand(team.tom, {"notes.txt": "hello\n"})
        team.ada.write(PATH, "# an edit\n")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(upstreams, "push", late_push)
    result = sync_clone(team.ada)
    assert (result.is_pushed, result.reason) == (False, f"cannot sync: {PATH} has uncommitted changes")
    assert len(result.taken_back) == 1 and result.unpushed == 2
    assert (team.ada.path / PATH).read_text() == "# an edit\n"


def be_faster(team: Team, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Somebody pushes right before each of the next pushes."""
    real = upstreams.push
    numbers = iter(range(100))

    def late_push(*arguments: object) -> str | None:
        if (number := next(numbers)) < times:
            push_by_hand(team.tom, {f"notes/{number}.txt": "hello\n"})
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(upstreams, "push", late_push)


def test_a_remote_that_refuses_is_asked_once_and_quoted(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = team.remote.write(
        "hooks/pre-receive", "#!/bin/sh\necho tried >>tries\necho 'closed on Fridays' >&2\nexit 1\n"
    )
    hook.chmod(0o755)
    made = checkin(team.ada, "tracking-codes=5200")
    result = sync_clone(team.ada)
    assert result.reason == "cannot push to origin/main: closed on Fridays"
    assert (result.is_pushed, result.unpushed, team.ada.head) == (False, 1, made)
    assert (team.remote.path / "tries").read_text() == "tried\n"
    hook.unlink()
    assert sync_clone(team.ada).is_pushed


def test_the_answer_of_a_remote_that_hangs_is_not_waited_for(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstreams, "NETWORK_SECONDS", 0.2)
    team.ada.git("remote", "set-url", "origin", "ssh://nobody@localhost/goals.git")
    fifo = team.ada.path.parent / "never"
    os.mkfifo(fifo)
    team.ada.config("core.sshCommand", f"cat '{fifo}' #")  # a pipe that nobody writes to
    result = sync_clone(team.ada)
    assert result.reason == "cannot fetch from origin: no answer within 0.2 seconds"


def test_no_password_is_shown_and_nobody_is_asked(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.ada.git("remote", "set-url", "origin", "https://lea:s3cret@localhost:1/goals.git")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/false")
    result = sync_clone(team.ada)
    assert "localhost:1" in result.reason and "s3cret" not in result.reason and "lea" not in result.reason


def test_an_upstream_branch_that_was_rewritten_is_put_to_a_person(team: Team) -> None:
    push_by_hand(team.tom, {"notes.txt": "a secret\n"})
    sync_clone(team.ada)
    lost = team.ada.head
    team.tom.git("reset", "-q", "--hard", "HEAD~1")
    team.tom.git("push", "-q", "--force")
    checkin(team.ada, "tracking-codes=5200")
    for _ in range(2):
        with pytest.raises(RefusedError, match=f"origin/main no longer has commit {lost[:10]}, which main has"):
            sync_clone(team.ada)
    require_clean(team.ada)
    team.ada.git("rebase", "-q", "--onto", "origin/main", lost[:10])
    assert sync_clone(team.ada).is_pushed
    assert team.ada.git("rev-list", "--count", "HEAD") == "2" and "2026-05-04: 5200" in text_of(team.ada)


def test_an_upstream_branch_that_was_set_back_is_pushed_again_by_a_person(team: Team) -> None:
    checkin(team.ada, "tracking-codes=5200")
    sync_clone(team.ada)
    team.remote.git("update-ref", "refs/heads/main", "main~1")
    with pytest.raises(RefusedError, match="no longer has commit"):
        sync_clone(team.ada)
    team.ada.git("push", "-q")
    assert sync_clone(team.ada) == SyncResult(is_fetched=True, is_pushed=True)


# --- hooks of the user


def test_hooks_of_the_user_cannot_break_a_sync(team: Team) -> None:
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    checkin(team.ada, "tracking-codes=5200")
    names = (
        "pre-commit prepare-commit-msg commit-msg post-commit post-checkout post-merge post-rewrite pre-rebase "
        "reference-transaction post-index-change applypatch-msg"
    )
    for name in names.split():
        team.ada.write(f".git/hooks/{name}", "#!/bin/sh\nexit 1\n").chmod(0o755)
    result = sync_clone(team.ada)
    shutil.rmtree(team.ada.path / ".git/hooks")
    assert result == SyncResult(is_fetched=True, is_pushed=True, is_moved=True)
    require_clean(team.ada)


def test_the_hook_for_pushes_may_refuse(team: Team) -> None:
    team.ada.write(".git/hooks/pre-push", "#!/bin/sh\necho 'not from here' >&2\nexit 1\n").chmod(0o755)
    made = checkin(team.ada, "tracking-codes=5200")
    result = sync_clone(team.ada)
    assert (result.reason, result.unpushed) == ("cannot push to origin/main: not from here", 1)
    assert team.ada.head == made
    require_clean(team.ada)


def test_a_signature_that_fails_changes_nothing(team: Team) -> None:
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    made = checkin(team.ada, "tracking-codes=5200")
    team.ada.config("commit.gpgSign", "true")
    team.ada.config("gpg.program", "false")
    with pytest.raises(OkrctlError, match="git could not sign the commit"):
        sync_clone(team.ada)
    assert team.ada.head == made
    require_clean(team.ada)


def test_commits_are_signed_where_git_is_told_to(team: Team, tmp_path: Path) -> None:
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    checkin(team.ada, "tracking-codes=5200")
    checkin(team.ada, "complaints=2")
    signer = tmp_path / "signer"
    signer.write_text("#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho '-----BEGIN SIGNATURE-----'\n")
    signer.chmod(0o755)
    team.ada.config("commit.gpgSign", "true")
    team.ada.config("gpg.program", str(signer))
    assert sync_clone(team.ada).is_pushed
    for commit in ("HEAD", "HEAD~1"):
        assert "gpgsig -----BEGIN SIGNATURE-----" in team.ada.git("cat-file", "commit", commit)


# --- refusals


def refusal(repo: Repo) -> str:
    with pytest.raises(OkrctlError) as caught:
        require_syncable(Project(repo.path))
    assert caught.value.hint
    return caught.value.message


def test_a_clone_that_can_be_synced(team: Team) -> None:
    found = require_syncable(Project(team.ada.path))
    assert (found.branch, found.remote, found.name) == ("main", "origin", "origin/main")


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    (folder / "okrs").mkdir(parents=True)
    with pytest.raises(OkrctlError, match="is not in a git repository"):
        require_syncable(Project(folder))


def test_a_repository_without_commits_is_refused(tmp_path: Path) -> None:
    assert refusal(Repo(tmp_path / "new")) == "the branch main has no commits"


def test_a_detached_head_is_refused(team: Team) -> None:
    team.ada.git("checkout", "-q", "--detach")
    assert refusal(team.ada) == "HEAD is detached: no branch is checked out"


def test_a_branch_without_upstream_is_refused(team: Team) -> None:
    team.ada.branch("own")
    assert refusal(team.ada) == "the branch own has no upstream branch"
    team.ada.git("branch", "-q", "--set-upstream-to=main")
    assert refusal(team.ada) == "the upstream of own is a branch of this clone"


@pytest.mark.parametrize(
    ("command", "action"),
    [("merge", "merge"), ("rebase", "rebase"), ("cherry-pick", "cherry-pick"), ("revert", "revert")],
)
def test_a_repository_in_the_middle_of_something_is_refused(team: Team, command: str, action: str) -> None:
    team.ada.branch("other")
    team.ada.commit("theirs", files={"notes.txt": "theirs\n"})
    team.ada.commit("more", files={"notes.txt": "more\n"})
    team.ada.switch("main")
    team.ada.commit("ours", files={"notes.txt": "ours\n"})
    team.ada.commit("later", files={"notes.txt": "later\n"})
    with pytest.raises(RuntimeError):
        team.ada.git(command, "HEAD~1" if command == "revert" else "other")
    assert refusal(team.ada) == f"cannot sync: a {action} is in progress"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("stage", f"cannot sync: {PATH} has staged changes"),
        ("edit", f"cannot sync: {PATH} has uncommitted changes"),
        ("remove", f"cannot sync: {PATH} has uncommitted changes"),
        ("edit others", "cannot sync: notes.txt has uncommitted changes"),
        ("new goals", "cannot sync: okrs/ä new.yaml is not committed"),
        ("new settings", "cannot sync: okrctl.yaml has uncommitted changes"),
    ],
)
def test_changes_in_the_tree_are_refused_and_named(team: Team, change: str, message: str) -> None:
    team.ada.commit("notes", files={"notes.txt": "hello\n"})
    match change:
        case "stage":
            team.ada.write(PATH, FILES[PATH] + "# more\n")
            team.ada.git("add", PATH)
        case "edit":
            team.ada.write(PATH, FILES[PATH] + "# more\n")
        case "remove":
            team.ada.remove(PATH)
        case "edit others":
            team.ada.write("notes.txt", "changed\n")
        case "new goals":
            team.ada.write("okrs/ä new.yaml", FILES[PATH])
        case "new settings":
            team.ada.write("okrctl.yaml", "profile: starter\n")
    assert refusal(team.ada) == message


def test_other_new_files_do_not_matter(team: Team) -> None:
    team.ada.write("scratch.txt", "mine\n")
    push_by_hand(team.tom, {"notes.txt": "hello\n"})
    assert sync_clone(team.ada).is_moved
    assert (team.ada.path / "scratch.txt").read_text() == "mine\n"


def test_a_new_file_that_would_be_overwritten_is_named_and_kept(team: Team) -> None:
    before = checkin(team.ada, "tracking-codes=5200")
    team.ada.write("notes.txt", "mine\n")
    push_by_hand(team.tom, {"notes.txt": "hello\n", "a.txt": "first\n"})
    with pytest.raises(RefusedError, match=r"notes\.txt would be overwritten"):
        sync_clone(team.ada)
    assert (team.ada.path / "notes.txt").read_text() == "mine\n" and team.ada.head == before
    team.ada.remove("notes.txt")
    require_clean(team.ada)
    assert sync_clone(team.ada).is_pushed


def test_an_edit_that_a_colleague_saves_meanwhile_is_kept(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor saves after the tree was looked at, and before it moves."""
    before = checkin(team.ada, "tracking-codes=5200")
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    edited = text_of(team.ada) + "\n# an edit\n"
    real = operation.move_branch

    def late_move(*arguments: object) -> None:
        team.ada.write(PATH, edited)
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(operation, "move_branch", late_move)
    with pytest.raises(RefusedError, match=f"{PATH} would be overwritten"):
        sync_clone(team.ada)
    assert (team.ada.path / PATH).read_text() == edited and team.ada.head == before
    assert refusal(team.ada) == f"cannot sync: {PATH} has uncommitted changes"
    team.ada.commit("the edit")
    monkeypatch.setattr(operation, "move_branch", real)
    assert sync_clone(team.ada).is_pushed
    assert "# an edit" in text_of(team.ada) and "1300" in text_of(team.ada)


def test_a_commit_that_somebody_makes_meanwhile_is_kept(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    checkin(team.ada, "tracking-codes=5200")
    push_by_hand(team.tom, {PATH: FILES[PATH].replace("1200", "1300")})
    real = operation.move_branch

    def late_move(*arguments: object) -> None:
        team.ada.commit("meanwhile", files={"notes.txt": "hello\n"})
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(operation, "move_branch", late_move)
    with pytest.raises(OkrctlError, match="somebody committed to the branch meanwhile"):
        sync_clone(team.ada)
    assert team.ada.git("log", "-1", "--format=%s") == "meanwhile"
    require_clean(team.ada)


def test_another_branch_than_that_of_the_start_is_refused(team: Team) -> None:
    project = Project(team.ada.path)
    followed = require_syncable(project)
    team.ada.git("checkout", "-q", "--detach")
    with pytest.raises(RefusedError, match="HEAD is detached"):
        sync(project, followed)
    team.ada.git("checkout", "-q", "-b", "other", "--track", "origin/main")
    with pytest.raises(RefusedError, match="main is not checked out"):
        sync(project, followed)
