"""Tells open pages that a file of the workspace changed: a watcher, and streams of events that carry no content."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

MAX_STREAMS = 50
STREAM_SECONDS = 600
COMMENT_SECONDS = 20  # a line that keeps proxies from closing a silent stream
IGNORED_FOLDERS = frozenset({"objects", "logs", "hooks", "lfs", "node_modules", "__pycache__"})


class ChangeFeed:
    """The changes of a workspace for everybody who listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[list[str]]] = set()

    def _publish(self, paths: list[str]) -> None:
        for listener in self._listeners:
            listener.put_nowait(paths)

    async def watch(self, root: Path, git_folder: Path | None, stop: asyncio.Event) -> None:
        """Publish what changes on disk until `stop`."""
        from watchfiles import awatch

        folders = [root, *([git_folder] if git_folder is not None and root not in git_folder.parents else [])]
        async for changes in awatch(
            *folders, watch_filter=_is_relevant, step=50, debounce=400, stop_event=stop, ignore_permission_denied=True
        ):  # fmt: skip
            self._publish(sorted({_name(root, path) for _, path in changes}))

    async def respond(self, request: Request) -> Response:
        """Answer with a stream of events, each naming the paths that changed; it ends after ten minutes."""
        if len(self._listeners) >= MAX_STREAMS:
            return PlainTextResponse("Too many pages are open.\n", 503, {"Retry-After": "60"})
        queue: asyncio.Queue[list[str]] = asyncio.Queue()
        self._listeners.add(queue)
        return StreamingResponse(
            self._events(queue, asyncio.get_running_loop().time),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def _events(self, queue: asyncio.Queue[list[str]], clock: Callable[[], float]) -> AsyncIterator[str]:
        end = clock() + STREAM_SECONDS
        try:
            yield "retry: 1000\nevent: hello\ndata: {}\n\n"
            while (left := end - clock()) > 0:
                try:
                    paths = await asyncio.wait_for(queue.get(), min(left, COMMENT_SECONDS))
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                yield f"event: change\ndata: {json.dumps({'paths': paths})}\n\n"
        finally:
            self._listeners.discard(queue)


def _is_relevant(change: object, path: str) -> bool:
    """Whether a changed file can change a page: no lock, no temporary file, nothing inside git but its references."""
    parts = Path(path).parts
    name = parts[-1]
    if name.endswith((".lock", "~", ".swp", ".tmp")) or name.startswith((".#", ".okrctl-", "4913")):
        return False
    if ".git" in parts:
        inside = parts[parts.index(".git") + 1 :]
        return bool(inside) and not IGNORED_FOLDERS.intersection(inside) and _is_reference(inside)
    return not IGNORED_FOLDERS.intersection(parts)


def _is_reference(inside: tuple[str, ...]) -> bool:
    return inside[0] in ("refs", "HEAD", "packed-refs", "index", "MERGE_HEAD", "worktrees", "modules")


def _name(root: Path, path: str) -> str:
    """A changed file as a page may know it: its path from the root; of git the word `.git`, of others nothing."""
    try:
        inner = Path(path).relative_to(root)
    except ValueError:
        return ".git"
    return ".git" if inner.parts and inner.parts[0] == ".git" else inner.as_posix()
