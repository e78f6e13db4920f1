"""Ports on loopback: the demo's own, and a free one for each helper."""

import errno
import json
import os
import socket
from pathlib import Path

from portal.demo.folder import DemoProblem

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"
HELPERS = ("simulator", "mail", "queue")


def demo_port() -> int:
    """DEMO_PORT. Raises `DemoProblem` when it is no port number."""
    text = os.environ.get("DEMO_PORT") or DEFAULT_PORT
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65_536):
        raise DemoProblem(f"DEMO_PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def check_free(port: int) -> None:
    """Raise `DemoProblem` unless the demo can listen on `port`."""
    try:
        free = is_free(port)
    except PermissionError:
        raise DemoProblem(
            f"Port {port} is kept for the system; set DEMO_PORT to one above 1023."
        ) from None
    if not free:
        raise DemoProblem(
            f"Port {port} is taken by another program. Stop that program, or choose another port: "
            "DEMO_PORT=8001 make demo"
        )


def helper_ports(path: Path) -> dict[str, int]:
    """A port for each helper: last time's where still free, so that addresses stay the same."""
    last: dict[str, int] = {}
    if path.is_file():
        try:
            last = json.loads(path.read_text())
        except ValueError:  # cut short, when the disk was full
            last = {}
    ports = {name: last.get(name, 0) for name in HELPERS}
    ports = {name: port if port and is_free(port) else free_port() for name, port in ports.items()}
    if ports != last:
        path.write_text(json.dumps(ports))
    return ports


def is_free(port: int) -> bool:
    """Whether a server can listen on this port. Raises `PermissionError` for the system's ports."""
    if is_answered(port):  # macOS would let two listen on one port
        return False
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def is_answered(port: int) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((HOST, port)) == 0


def free_port() -> int:
    with socket.socket() as server:
        server.bind((HOST, 0))
        port: int = server.getsockname()[1]
        return port
