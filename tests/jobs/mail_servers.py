"""Mail servers that answer as told, hang, or hang up."""

import re
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

HOST = "127.0.0.1"


@dataclass
class Script:
    """What the server says, by the beginning of the command; `TEXT` is the end of a mail.

    An answer is a line, `HANG` (say nothing), `DROP` (hang up), or a list of these: one for each
    time, and the last for ever after.
    """

    answers: dict[str, str | list[str]] = field(default_factory=dict)
    greeting: str = "220 ready"
    of: dict[str, dict[str, str | list[str]]] = field(default_factory=dict)
    """What it says otherwise to a mail for this address, from RCPT on."""
    taken: list[bytes] = field(default_factory=list)
    """The mails whose text came whole, whatever was answered."""
    kept: list[bytes] = field(default_factory=list)
    """Those that were not refused: a copy of each lies in the mailbox."""
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    on_text: Callable[[], None] | None = None
    """Done once a text is whole, before the answer."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, command: str, recipient: str = "") -> str:
        defaults = {"DATA": "354 go on", "QUIT": "221 bye"}
        with self._lock:
            answers = defaults | self.answers | self.of.get(recipient, {})
            told = answers.get(command, "250 fine")
            if isinstance(told, list):
                return told.pop(0) if len(told) > 1 else told[0]
            return told


HANG, DROP, TEXT = "hang", "drop", "TEXT"


@contextmanager
def serving(script: Script) -> Generator[int]:
    """The port of a server that follows the script, as many clients as come."""
    stopped = threading.Event()
    server = socket.create_server((HOST, 0))
    server.settimeout(0.1)
    threads: list[threading.Thread] = []

    def listen() -> None:
        while not stopped.is_set():
            try:
                client, _ = server.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=_converse, args=(client, script, stopped))
            thread.start()
            threads.append(thread)

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield server.getsockname()[1]
    finally:
        stopped.set()
        listener.join()
        for thread in threads:
            thread.join()
        server.close()


def _converse(client: socket.socket, script: Script, stopped: threading.Event) -> None:
    client.settimeout(20)
    to = ""
    with client, client.makefile("rb") as lines, suppress(OSError):
        goes_on = _say(client, script.greeting, stopped)
        while goes_on and (line := lines.readline()):
            command = line.split()[0].upper().decode() if line.strip() else ""
            to = _note(script, command, line.decode()) or to
            answer = script.answer(command, to)
            goes_on = _say(client, answer, stopped) and command != "QUIT"
            if goes_on and answer.startswith("354"):
                answer = _take(lines, script, to)
                goes_on = _say(client, answer, stopped)


def _take(lines: BinaryIO, script: Script, to: str) -> str:
    """What is answered to the text."""
    if (text := _text(lines)) is None:
        return DROP
    script.taken.append(text)
    if script.on_text:
        script.on_text()
    answer = script.answer(TEXT, to)
    if answer in (HANG, DROP) or answer.startswith("2"):
        script.kept.append(text)
    return answer


def _note(script: Script, command: str, line: str) -> str:
    """The recipient, where the line names one."""
    address = line.partition("<")[2].partition(">")[0]
    if command == "MAIL":
        script.senders.append(address)
    elif command == "RCPT":
        script.recipients.append(address)
        return address
    return ""


def _text(lines: BinaryIO) -> bytes | None:
    """None when the client hung up before its end."""
    found = b""
    while (line := lines.readline()) != b".\r\n":
        if not line:
            return None
        found += line
    return found


def _say(client: socket.socket, answer: str, stopped: threading.Event) -> bool:
    """Whether the conversation goes on."""
    if answer == HANG:
        stopped.wait(20)
        return False
    if answer == DROP:
        return False
    client.sendall(f"{answer}\r\n".encode())
    return True


def message_ids(script: Script) -> set[bytes]:
    return {
        found for text in script.taken for found in re.findall(rb"(?im)^message-id: *(.+)$", text)
    }


def name_of(text: bytes) -> str:
    found = re.search(rb"(?im)^to: *([^@\s]+)@", text)
    return found[1].decode() if found else ""
