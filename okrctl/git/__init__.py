"""The door to git: past states of a workspace, who changed what and when, and the commits that okrctl itself makes.

Importing this costs nothing and needs no git. `find` says None where there is no git or no repository. All paths,
given and returned, are relative to the root handed to `find`, with `/`; bytes of a name that are not UTF-8 come as
surrogates, as `os.fsdecode` makes them. What reads runs no hook, filter or other program that the repository names.
"""

from okrctl.git.commit import commit, tag
from okrctl.git.commits import LINKS, Change, Commit, Step
from okrctl.git.contents import LIMIT
from okrctl.git.discover import find
from okrctl.git.fingerprint import surroundings
from okrctl.git.forge_urls import link_base
from okrctl.git.merge_base import Base, pull_request_base
from okrctl.git.repository import Blob, Repository

__all__ = [
    "LIMIT",
    "LINKS",
    "Base",
    "Blob",
    "Change",
    "Commit",
    "Repository",
    "Step",
    "commit",
    "find",
    "link_base",
    "pull_request_base",
    "surroundings",
    "tag",
]
