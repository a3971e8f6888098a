"""The door to git: past states of a workspace, who changed what and when, and the commits that okrctl itself makes.

Importing this costs nothing and needs no git. `find` says None where there is no git or no repository. All paths,
given and returned, are relative to the root handed to `find`, with `/`; bytes of a name that are not UTF-8 come as
surrogates, as `os.fsdecode` makes them. What reads runs no hook, filter or other program that the repository names.
"""

from okrctl.git.commit import commit, tag
from okrctl.git.commits import LINK_MODES, Commit, CommitChanges, FileChange
from okrctl.git.contents import MAX_BLOB_BYTES
from okrctl.git.discover import find_repository
from okrctl.git.fingerprint import repository_fingerprint
from okrctl.git.forge_urls import forge_base_url
from okrctl.git.merge_base import PullRequestBase, find_pull_request_base
from okrctl.git.repository import Blob, Repository

__all__ = [
    "LINK_MODES",
    "MAX_BLOB_BYTES",
    "Blob",
    "Commit",
    "CommitChanges",
    "FileChange",
    "PullRequestBase",
    "Repository",
    "commit",
    "find_pull_request_base",
    "find_repository",
    "forge_base_url",
    "repository_fingerprint",
    "tag",
]
