"""The branch of a remote that the branch of a clone follows: found, fetched and pushed to, without a question."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from okrctl.git.process import TIMED_OUT, to_printable
from okrctl.git.repository import Repository
from okrctl.values.errors import GitError, RefusedError

NETWORK_SECONDS = 60.0
USER_IN_URL = re.compile(r"(\w+://)[^/\s'\"]+@")
LINE_PREFIX = re.compile(r"(?:(?:remote|fatal|error|ssh): *)+", re.IGNORECASE)
UNTOLD = ("warning:", "hint:", "remote: hint:")
NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


class Upstream(NamedTuple):
    """The branch that is checked out, and the branch of a remote that it follows.

    `target` is the full name of the branch there, `ref` that of our copy of it.
    """

    branch: str
    remote: str
    target: str
    ref: str

    @property
    def name(self) -> str:
        """The remote and the branch, as a person writes them."""
        return f"{self.remote}/{self.target.removeprefix('refs/heads/')}"

    @property
    def head(self) -> str:
        """The full name of the branch in this clone."""
        return f"refs/heads/{self.branch}"


def find_upstream(repository: Repository) -> Upstream:
    """The upstream of the branch that is checked out; raises RefusedError where there is none that could be synced."""
    status, output, _ = repository.runner.run("symbolic-ref", "--quiet", "HEAD")
    head = os.fsdecode(output).strip()
    if status or not head.startswith("refs/heads/"):
        raise RefusedError("HEAD is detached: no branch is checked out", "check out a branch, as with git switch main")
    branch = head.removeprefix("refs/heads/")
    if repository.head() is None:
        raise RefusedError(f"the branch {branch} has no commits", "create the first one, and push it")
    fields = "%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)"
    found = os.fsdecode(repository.runner.read("for-each-ref", f"--format={fields}", head)).rstrip("\n")
    ref, remote, target = found.split("\0") if found.count("\0") == 2 else ("", "", "")
    if not ref or not target:
        hint = f"name one with git branch --set-upstream-to=origin/{branch}, or git push -u origin {branch}"
        raise RefusedError(f"the branch {branch} has no upstream branch", hint)
    if remote == ".":
        hint = f"name a branch of a remote with git branch --set-upstream-to=origin/{branch}"
        raise RefusedError(f"the upstream of {branch} is a branch of this clone", hint)
    return Upstream(branch, remote, target, ref)


def fetch(repository: Repository, upstream: Upstream) -> str | None:
    """Fetch the upstream branch; returns why the remote gave none, in one line, None where it did."""
    refspec = f"+{upstream.target}:{upstream.ref}"
    words = ("fetch", "--quiet", "--recurse-submodules=no", "--", upstream.remote, refspec)
    status, _, error_text = repository.runner.connect(*NO_HOOKS, *words, seconds=NETWORK_SECONDS)
    return _reason(error_text) if status else None


def push(repository: Repository, upstream: Upstream, commit: str) -> str | None:
    """Push a commit to the upstream branch, never by force; returns why it was refused, None where it was not.

    The hook pre-push of the user runs, since others than a person may need it, as git-lfs does.
    """
    words = ("push", "--porcelain", "--no-progress", "--", upstream.remote, f"{commit}:{upstream.target}")
    status, output, error_text = repository.runner.connect(*words, seconds=NETWORK_SECONDS)
    if not status:
        return None
    refusals = [line.split("\t")[-1] for line in output.splitlines() if line.startswith("!\t")]
    said = [line for line in error_text.splitlines() if line.startswith("remote: ") and line[8:].strip()]
    if status == TIMED_OUT or not refusals or said:
        return _reason(error_text)
    return _printable(refusals[0])


def upstream_tip(repository: Repository, upstream: Upstream) -> str:
    """The id of the commit that the upstream branch had when it was last fetched."""
    found = repository.find_commit_id(upstream.ref)
    if found is None:
        raise GitError(f"{upstream.name} has no commit that can be read", f"run git fetch {upstream.remote}")
    return found


def lacks_upstream_line(repository: Repository) -> bool:
    """Whether HEAD has commits of its upstream branch's own line, but not among its first parents.

    So it is after a merge of the upstream branch into own commits. False where there is no upstream branch here.
    """
    run = repository.runner.run
    status, output, _ = run("rev-list", "--first-parent", "--parents", "HEAD", "^@{upstream}")
    if status or not output:
        return False
    fork = output.decode().splitlines()[-1].split()[1:2]  # the newest of our first parents that the upstream branch has
    if not fork and repository.is_shallow:
        return False
    line = run("rev-list", "--first-parent", "--reverse", "@{upstream}", *(f"^{commit}" for commit in fork))[1].split()
    return bool(line) and run("merge-base", "--is-ancestor", line[0].decode(), "HEAD")[0] == 0


def _reason(error_text: str) -> str:
    """The first line that says something, without the address's user and password."""
    lines = [line.strip() for line in error_text.splitlines()]
    told = (LINE_PREFIX.sub("", line, count=1).strip() for line in lines if not line.casefold().startswith(UNTOLD))
    return _printable(next((line for line in told if line), "git failed without a message"))


def _printable(line: str) -> str:
    return to_printable(USER_IN_URL.sub(r"\1", line))
