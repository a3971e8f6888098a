"""Git: past states of a workspace, who changed what and when, and the commits that okrctl makes.

This package can be imported without git. `find_repository` returns None where there is no git or no repository. All
paths are relative to the root given to `find_repository`, with `/`; bytes of a name that are not UTF-8 become
surrogates, as in `os.fsdecode`. Reading commands run no hook, filter or other program that the repository names.
"""

from okrctl.git.commit import (
    commit_entries,
    read_as_file,
    read_versions,
    remove_commit_index,
    require_committable,
    require_finished,
    stage_entries,
    store_file,
    tag,
)
from okrctl.git.commits import LINK_MODES, Commit, CommitChanges, FileChange
from okrctl.git.discover import find_repository
from okrctl.git.forge_urls import forge_base_url, repository_name
from okrctl.git.merge_base import PullRequestBase, find_pull_request_base
from okrctl.git.process import read_user_email
from okrctl.git.repository import MAX_BLOB_BYTES, Blob, Repository

__all__ = [
    "LINK_MODES",
    "MAX_BLOB_BYTES",
    "Blob",
    "Commit",
    "CommitChanges",
    "FileChange",
    "PullRequestBase",
    "Repository",
    "commit_entries",
    "find_pull_request_base",
    "find_repository",
    "forge_base_url",
    "read_as_file",
    "read_user_email",
    "read_versions",
    "remove_commit_index",
    "repository_name",
    "require_committable",
    "require_finished",
    "stage_entries",
    "store_file",
    "tag",
]
