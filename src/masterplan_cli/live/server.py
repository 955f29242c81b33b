"""A page on this computer's own address that follows what is shown to it, and the pages of the browser form.

Every request must be made to this computer's own name. What changes anything also says the secret of a page that was
read here, and comes from such a page; without a form nothing that is asked reaches the disk.
"""

from __future__ import annotations

import hmac
import json
import os
import socket
import socketserver
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from masterplan_cli.live.editing import REQUESTS, Editing, RefusedRequest
from masterplan_cli.live.form_page import asset
from masterplan_cli.live.page import Page, PageOutline
from masterplan_cli.live.panel import busy_panel, panel, waiting_page
from masterplan_cli.live.rounds import Round
from masterplan_cli.messages import Language

HOST = "127.0.0.1"
#: How many ports above the one asked for are tried before the system may choose.
_PORTS = 20
#: Earlier pages that a browser may still show and that can be changed piece by piece.
_REMEMBERED = 32
#: Seconds of silence after which a word is sent, to learn that a browser has gone.
_HEARTBEAT = 10.0
#: Seconds that a browser may take to ask, or to accept what is sent.
_SLOW = 30.0
#: A page that is filled in says no more than this at once.
_MOST_BYTES = 4 << 20
#: Where the form is; what its pages may load and ask, and a preview in them.
FORM = "/_form"
_ASSETS = {"form.css": "text/css; charset=utf-8", "form.js": "text/javascript; charset=utf-8"}
_FORM_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_NO_FRAMES = "frame-ancestors 'none'"


@dataclass
class Sight:
    """What a browser shall see: a page, and the panel above it."""

    page: Page
    panel: dict[str, object]


class View:
    """What stands on the screen: the last page that could be made, whatever happened since."""

    def __init__(self, language: Language) -> None:
        self._has_page = False
        self.sight = Sight(Page(waiting_page(language, busy=True)), busy_panel(language))

    def after(self, made: Round) -> Sight:
        """The sight after a build."""
        if made.files:
            [html] = made.files.values()
            self._has_page = True
            page = Page(html) if html != self.sight.page.html else self.sight.page
        elif self._has_page:
            page = self.sight.page
        else:
            page = Page(waiting_page(made.language, busy=False))
        self.sight = Sight(page, panel(made, page=self._has_page))
        return self.sight


class Preview:
    """Serves the latest sight, and tells every open page of the next one."""

    def __init__(self, sight: Sight, port: int, editing: Editing | None = None) -> None:
        self._sight, self._serial, self._closing = sight, 0, False
        self.editing = editing
        self._past: OrderedDict[str, PageOutline] = OrderedDict()
        self._news = Condition()
        self._remember(sight.page)
        self._server = _bound(self, port)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="preview")

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def __enter__(self) -> Preview:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End every answer that is still being given, then every thread."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def show(self, sight: Sight) -> None:
        with self._news:
            self._sight = sight
            self._serial += 1
            self._remember(sight.page)
            self._news.notify_all()

    @property
    def page(self) -> Page:
        return self._sight.page

    def messages(self, version: str) -> Iterator[tuple[str, dict[str, object]] | None]:
        """What a browser that has one version of the page must learn, for as long as it listens; None: nothing new."""
        serial = -1
        while True:
            with self._news:
                self._news.wait_for(lambda old=serial: self._closing or self._serial != old, _HEARTBEAT)  # type: ignore[misc]
                if self._closing:
                    return
                sight, new = self._sight, self._serial
                old = self._past.get(version)
            if new == serial:
                yield None
                continue
            form = {"form": FORM} if self.editing else {}
            message: dict[str, object] = {"panel": sight.panel | form}
            if version != sight.page.version:
                message["page"] = sight.page.since(old)
            serial, version = new, sight.page.version
            yield version, message

    def _remember(self, page: Page) -> None:
        self._past[page.version] = page.outline
        self._past.move_to_end(page.version)
        while len(self._past) > _REMEMBERED:
            self._past.popitem(last=False)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    #: Elsewhere it only frees the port of a server that just ended; on Windows it would share one that is in use.
    allow_reuse_address = os.name != "nt"

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        self.connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking for the computer's name, which takes seconds where no name server answers."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended by itself

    def handle_error(self, *_: Any) -> None:
        """A browser that goes away in the middle of an answer is no event."""


def _bound(preview: Preview, port: int) -> _Server:
    """A server on the port asked for or the next one that is free."""
    for candidate in [*range(port, min(port + _PORTS, 65536)), 0]:
        try:
            return _Server(preview, candidate)
        except OSError:
            if candidate == 0:
                raise
    raise AssertionError


_STATUS = {
    "secret": HTTPStatus.FORBIDDEN,
    "origin": HTTPStatus.FORBIDDEN,
    "large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "page": HTTPStatus.NOT_FOUND,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
}


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "masterplan", ""
    timeout = _SLOW
    policy = _NO_FRAMES

    def parse_request(self) -> bool:
        """Answer only what was asked of this computer: a name that leads here may belong to anybody's page."""
        if not super().parse_request():
            return False
        port = self.server.server_port
        if self.headers.get_all("Host", []) not in ([f"{HOST}:{port}"], [f"localhost:{port}"]):
            self.send_error(HTTPStatus.FORBIDDEN)
            return False
        form = self.server.preview.editing is not None and self.path.startswith(f"{FORM}/")
        if self.command != "GET" and not (self.command == "POST" and form):
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
            return False
        return True

    def do_GET(self) -> None:
        try:
            asked = urlsplit(self.path)
            query = dict(parse_qsl(asked.query, max_num_fields=20))
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        if asked.path == "/":
            self._answer("text/html; charset=utf-8", self.server.preview.page.live)
        elif asked.path == "/_live":
            self._stream(self.headers.get("Last-Event-ID") or query.get("at", ""))
        elif asked.path == "/favicon.ico":
            self._answer("image/x-icon", b"", HTTPStatus.NO_CONTENT)  # asked for by every browser
        elif asked.path == FORM or asked.path.startswith(f"{FORM}/"):
            self._form(asked.path[len(FORM) + 1 :], query)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _form(self, name: str, query: dict[str, str]) -> None:
        """A page of the form, or what it is made of."""
        editing = self.server.preview.editing
        if editing is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            if name in _ASSETS:
                self._answer(_ASSETS[name], asset(name))
            elif name == "preview":
                self.policy = _PREVIEW_POLICY
                self._answer("text/html; charset=utf-8", editing.preview(query.get("of", "")))
            else:
                self.policy = _FORM_POLICY
                self._answer("text/html; charset=utf-8", editing.page(name, query))
        except RefusedRequest as refused:
            self.send_error(HTTPStatus.NOT_FOUND, explain=refused.says(editing.language))
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 - our own bug is told, and the next page is tried again
            fault = RefusedRequest("fault", type(error).__name__)
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR, explain=fault.says(editing.language))

    # --- what changes something

    def do_POST(self) -> None:
        editing = self.server.preview.editing
        assert editing is not None  # noqa: S101 - without a form only GET is answered
        status, answer = self._asked(editing)
        self._answer("application/json", json.dumps(answer).encode("ascii"), status)

    def _asked(self, editing: Editing) -> tuple[HTTPStatus, dict[str, Any]]:
        """Do what a page asks for; or why that is not done."""
        try:
            given = self._given(editing)
            ask = REQUESTS.get(urlsplit(self.path).path.removeprefix(f"{FORM}/"))
            if ask is None:
                raise RefusedRequest("page")
            return HTTPStatus.OK, ask(editing, given)
        except RefusedRequest as refused:
            return _STATUS.get(refused.why, HTTPStatus.BAD_REQUEST), {
                "why": refused.why,
                "said": refused.says(editing.language),
            }
        except Exception as error:  # noqa: BLE001 - our own bug must not lose what an officer typed
            fault = RefusedRequest("fault", type(error).__name__)
            return HTTPStatus.INTERNAL_SERVER_ERROR, {"why": "fault", "said": fault.says(editing.language)}

    def _given(self, editing: Editing) -> object:
        """What a page says, if it is one of ours that says it."""
        [host] = self.headers.get_all("Host", [])
        if self.headers.get_all("Origin", []) != [f"http://{host}"]:
            raise RefusedRequest("origin")
        said = self.headers.get("X-Masterplan-Secret", "")
        if not hmac.compare_digest(said.encode("latin-1", "replace"), editing.secret.encode("ascii")):
            raise RefusedRequest("secret")
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not (
            length.isascii() and length.isdigit()
        ):
            raise RefusedRequest("json")
        if len(length) > len(str(_MOST_BYTES)) or int(length) > _MOST_BYTES:
            raise RefusedRequest("large")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise RefusedRequest("json") from None

    def _answer(self, kind: str, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._head(kind, len(body), status)
        self.wfile.write(body)

    def _stream(self, version: str) -> None:
        self._head("text/event-stream; charset=utf-8")
        self._write("retry: 500\n\n")
        for news in self.server.preview.messages(version):
            if news is None:
                self._write(":\n\n")
            else:
                id_, message = news
                self._write(f"id: {id_}\ndata: {json.dumps(message)}\n\n")

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode("utf-8"))

    def _head(self, kind: str, length: int | None = None, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """The terminal is for what happens to the plan."""
