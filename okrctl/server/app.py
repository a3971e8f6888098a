"""The application: its pages, who may see them, and what is true of every answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from okrctl import files
from okrctl.outputs.reports.assets import LinkedAssets, asset_text
from okrctl.server import PAGES
from okrctl.server.access import CODE_PARAMETER, Access, Headers, Person, ProxyRule, Refusal, proxied_person
from okrctl.server.limits import LimitBody
from okrctl.server.live import ChangeFeed
from okrctl.server.page import Page
from okrctl.server.pages.week import WHO_COOKIE
from okrctl.server.upstream import UpstreamSync
from okrctl.server.visit import Fields, Options, Visit
from okrctl.server.workspace import ServedWorkspace
from okrctl.values.errors import (
    AmbiguousError,
    ConfirmError,
    ConflictError,
    NotFoundError,
    OkrctlError,
    RefusedError,
)

ASSETS = (
    "style.css", "filters.js", "server/serve.css", "server/serve.js", "server/forms.js", "server/look.js",
    "server/detail.js", "server/kpi.js", "server/icon.svg",
)  # fmt: skip
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
UNSIGNED_PATHS = ("/assets/", "/events")  # which are the same for everybody
MAX_FIELDS = 2_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STATUSES: tuple[tuple[type[OkrctlError], int], ...] = (
    (NotFoundError, 404), (AmbiguousError, 404), (ConflictError, 409), (ConfirmError, 409), (RefusedError, 403),
)  # fmt: skip


@dataclass(frozen=True)
class Server:
    """What all requests share."""

    served: ServedWorkspace
    access: Access
    options: Options
    feed: ChangeFeed
    sync: UpstreamSync | None = None


def build_app(server: Server) -> Starlette:
    """The application of a server."""
    routes = [
        Route("/events", server.feed.respond, methods=["GET"]),
        Route("/assets/{name:path}", _send_asset, methods=["GET"]),
        *(Route(page.path, _endpoint(server, page), methods=list(page.methods)) for page in PAGES),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(AddHeaders), Middleware(Guard, server=server), Middleware(LimitBody),
        ],
        exception_handlers={HTTPException: _answer_http_error, 404: _answer_http_error},
        lifespan=_lifespan(server),
    )  # fmt: skip


def _lifespan(server: Server) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def run(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        folder = files.git_folder(server.served.root)
        tasks = [asyncio.create_task(server.feed.watch(server.served.root, folder, stop))]
        if server.sync is not None:
            tasks.append(asyncio.create_task(server.sync.keep_up(stop)))
        try:
            yield
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return run


def _endpoint(server: Server, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """What answers the requests for a page: it works in a thread, since operations read files and run git."""

    async def respond(request: Request) -> Response:
        body = await request.body() if request.method == "POST" else b""
        return await run_in_threadpool(_answer, server, page, request, body)

    return respond


def _answer(server: Server, page: Page, request: Request, body: bytes) -> Response:
    person = request.scope.get("okrctl.person")
    listed = [(each.path, each.title, each.write) for each in PAGES if each.title]
    can_write = request.method == "POST" and not page.is_question
    visit = Visit(request, server.served, server.access, server.options, person, {}, listed, server.sync, can_write)
    try:
        if request.method == "POST":
            fields = _parse_form(request, body)
            token = (fields.get("token") or [""])[-1]
            if not server.access.is_form_token(person, token):
                return _refuse(visit, Refusal(403, "This form is from another server, or the server was restarted."))
            visit.fields = fields
            with contextlib.nullcontext() if page.is_question else server.served.write_lock:
                return page.respond(visit)
        if page.is_kept and not request.query_params.get("saved"):
            served = server.served
            state = served.state(has_branches=page.has_branches)
            response = served.remember(
                (str(request.url), request.cookies.get(WHO_COOKIE), person), state, lambda: page.respond(visit)
            )
            assert isinstance(response, Response)
            return response
        return page.respond(visit)
    except OkrctlError as error:
        return _show_error(visit, error)


def _parse_form(request: Request, body: bytes) -> Fields:
    """The fields of a form as browsers send it; another type of body has none."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return fields


def _refuse(visit: Visit, refusal: Refusal) -> Response:
    return visit.render("error.html", refusal.status, title="Refused", message=refusal.message, hint="")


def _show_error(visit: Visit, error: OkrctlError) -> Response:
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 400)
    try:
        return visit.render(
            "error.html",
            status,
            title="Not found" if status == 404 else "This did not work",
            message=error.message,
            hint=error.hint or "",
        )
    except OkrctlError:  # not even the settings can be read
        return PlainTextResponse("".join(f"{line}\n" for line in (error.message, error.hint) if line), status)


def _answer_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "There is no such page.", 405: "This page does not take this kind of request."}
    return PlainTextResponse(f"{words.get(status, 'This request cannot be answered.')}\n", status)


async def _send_asset(request: Request) -> Response:
    """A style or script of the package; its address changes with its content, so browsers may keep it."""
    name = request.path_params["name"]
    if name not in ASSETS:
        return PlainTextResponse("There is no such file.\n", 404)
    text, kind = asset_text(name), KINDS[PurePosixPath(name).suffix]
    is_dated = str(request.url.replace(scheme="", netloc="")).endswith(LinkedAssets().address(name))
    kept = "public, max-age=31536000, immutable" if is_dated else "no-cache"
    return Response(text, media_type=kind, headers={"Cache-Control": kept})


class AddHeaders:
    """Adds to every answer the headers that keep browsers from doing more than a page needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", ())}
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                if b"cache-control" not in present:
                    added.append((b"cache-control", b"no-store"))
                message["headers"] = [*message.get("headers", ()), *(pair for pair in added if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Guard:
    """Lets a request through only where `Access` says so, and tells the application who asks."""

    def __init__(self, app: ASGIApp, server: Server) -> None:
        self.app = app
        self.server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        answer = await self._check(scope)
        await (answer or self.app)(scope, receive, send)

    async def _check(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further; None where it does."""
        access, headers = self.server.access, scope["headers"]
        client = scope.get("client")
        refusal = access.refuse_peer(client[0] if client else None) or access.refuse_host(headers)
        if refusal is None and scope["method"] not in ("GET", "HEAD"):
            refusal = access.refuse_write(headers)
        if refusal is not None:
            return _plain_refusal(refusal)
        if access.proxy is not None:
            person = await run_in_threadpool(self._proxied_person, access.proxy, headers)
            if isinstance(person, Refusal):
                return _plain_refusal(person)
            scope["okrctl.person"] = person
            return None
        if not access.is_public and not access.has_session(headers):
            return self._let_in(Request(scope))
        if not scope["path"].startswith(UNSIGNED_PATHS):
            scope["okrctl.person"] = await run_in_threadpool(self._git_person)
        return None

    def _proxied_person(self, proxy: ProxyRule, headers: Headers) -> Person | Refusal:
        served = self.server.served
        return proxied_person(proxy, headers, served.settings(), str(served.today()))

    def _git_person(self) -> Person | None:
        return None if self.server.access.is_public else self.server.served.git_person()

    def _let_in(self, request: Request) -> Response:
        """Exchange a code for a session, on the same page without the code."""
        code = request.query_params.get(CODE_PARAMETER, "")
        codes = self.server.access.codes
        if request.method not in ("GET", "HEAD") or not code or codes is None or not codes.use(code):
            what = "This code was used, or is older than a minute." if code else "This page needs a code."
            return HTMLResponse(LOCKED.format(what=what), 401)
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != CODE_PARAMETER]
        path = "/" + request.url.path.lstrip("/")
        address = f"{path}?{urlencode(pairs)}" if pairs else path
        return RedirectResponse(address, 303, {"Set-Cookie": self.server.access.cookie()})


LOCKED = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>okrctl</title></head><body><main><h1>{what}</h1>
<p>Press Enter in the terminal of <code>okrctl serve</code>, or run <code>okrctl serve --code</code>, for a new one.</p>
</main></body></html>
"""


def _plain_refusal(refusal: Refusal) -> Response:
    return PlainTextResponse(f"{refusal.message}\n", refusal.status)
