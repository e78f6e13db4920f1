"""Mail of the demo and of the tests: an SMTP server that keeps each mail as a file.

`python -m portal.demo.mailbox --port 2525 --folder mail`
"""

import argparse
import asyncio
import os
import re
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.demo.ports import HOST

NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Received:
    """A mail as it came."""

    name: str
    to: str
    sender: str
    subject: str
    at: datetime
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://[^\s<>\"]+", self.text)


class Sink:
    """Keeps what it is given. Names sort by time of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.time_ns():020d}-{os.urandom(4).hex()}"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        unfinished = self.folder / f"{name}.part"
        try:
            unfinished.write_bytes(content)
            unfinished.rename(self.folder / f"{name}.eml")
        except OSError:
            unfinished.unlink(missing_ok=True)
            return "452 The mail could not be stored"
        return "250 OK"


def received(folder: Path) -> list[Received]:
    """Every mail, newest first."""
    return [parse(path) for path in sorted(folder.glob("*.eml"), reverse=True)]


def find(folder: Path, name: str) -> Received | None:
    """The mail of this name, which comes from a URL and is trusted with nothing."""
    path = folder / f"{name}.eml"
    return parse(path) if NAME.fullmatch(name) and path.is_file() else None


def parse(path: Path) -> Received:
    with path.open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    return Received(
        name=path.stem,
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1e9, UTC),
        text=body(message, "plain"),
        html=body(message, "html"),
    )


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


async def serve(port: int, folder: Path) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(stop, stopped.set)
    sink = Sink(folder)
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost"), HOST, port)
    print(f"mailbox ready on {HOST}:{port}", flush=True)
    async with server:
        await stopped.wait()


def main() -> None:
    arguments = argparse.ArgumentParser(prog="portal.demo.mailbox")
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--folder", type=Path, required=True)
    asked = arguments.parse_args()
    asyncio.run(serve(asked.port, asked.folder))


if __name__ == "__main__":
    main()
