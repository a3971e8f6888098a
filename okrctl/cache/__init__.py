"""Keeps results between runs in the user's cache folder.

How it works. Every entry is a file whose name is a hash of all that the result depends on: the question, the version
of okrctl and of Python, and the code of okrctl itself (`store.py`). Beside the result an entry lists the files that
were read, each with its size, times and inode (`states.py`). A later run takes the result only if every file
still has that state.

Why not simpler. Hashing the content of each file would need no states, but it reads the whole workspace, which costs
about as much as the check itself. Comparing times alone is wrong for a file that is written twice within the
resolution of the clock; git has the same problem and calls such a file racy. So a file that changed just before it was
read is stored with a hash of its content, and only these few files are read again. A lost or damaged entry costs time
and never changes a result: writes are atomic, each entry carries its own checksum, and every error while reading or
writing an entry counts as "not cached".

What is read of a file, thousands of times in one run, is not a file of its own but a row (`database.py`). It is found
by the content of that file, which is needed then in any case.
"""

from okrctl.cache.states import changed_files, file_states, is_racy, is_same_state, is_unchanged
from okrctl.cache.store import CacheStore, cache_key, open_store
from okrctl.files.record import FileState

__all__ = [
    "CacheStore", "FileState", "cache_key", "changed_files", "file_states", "is_racy", "is_same_state", "is_unchanged",
    "open_store",
]  # fmt: skip
