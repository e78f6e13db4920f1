"""One HTTP endpoint on loopback: AWS's calls, the control API and the console's stand-in."""

import logging
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from portal.demo.simulator import local
from portal.demo.simulator.console import Console
from portal.demo.simulator.control import Control
from portal.demo.simulator.simulation import Simulation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_log = logging.getLogger(__name__)
_HOST = "127.0.0.1"


class Simulator:
    """A simulated AWS. moto's state belongs to the process, so a new one starts the world anew."""

    def __init__(self, state_dir: Path | None = None) -> None:
        self.aws = Simulation(state_dir)
        self._control = Control(self.aws)
        self._console = Console(self.aws)

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            if request.path.startswith("/_simulator/"):
                return self._control.answer(request)
            if request.path.startswith(("/console", "/_console.")):
                return self._console.answer(request)
        except HTTPException as refusal:
            return local.json_response({"error": refusal.description}, refusal.code or 500)
        except Exception:
            _log.exception("a page could not be made")
            return local.json_response({"error": "The simulator could not answer."}, 500)
        return self.aws.answer(request)


class _Handler(WSGIRequestHandler):
    # SDKs keep their connections; and without the next two lines each answer over a kept one waits
    # 40 ms for the other side's acknowledgement.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def connection_dropped(
        self, error: BaseException, environ: "WSGIEnvironment | None" = None
    ) -> None:
        """An answer that is lost on its way: the connection ends without one."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: object) -> None:
        """Quiet: the journal is the log."""


def listen(simulator: Simulator, port: int, host: str = _HOST) -> BaseWSGIServer:
    """A threaded server, on loopback unless told; port 0 means a free one. Raises OSError for a taken port."""
    # Bound here, because werkzeug answers a taken port by ending the process.
    with socket.create_server((host, port)) as listening:
        server = make_server(
            host,
            port,
            simulator.wsgi_app,
            threaded=True,
            request_handler=_Handler,
            fd=listening.fileno(),
        )
    # Whoever ends the simulator need not wait for connections that clients keep open.
    server.daemon_threads = True  # type: ignore[attr-defined]
    server.block_on_close = False  # type: ignore[attr-defined]
    return server


@contextmanager
def serving(simulator: Simulator, port: int = 0) -> Iterator[str]:
    """Serves in a thread, for tests; gives the base URL."""
    server = listen(simulator, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
