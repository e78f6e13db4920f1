"""What the demo sets before Django reads its settings, so that it runs with nothing set.

Everything is on loopback and in DEMO_DIR. A person's own AWS account is out of reach: their AWS
variables and files are taken out of the demo's sight.
"""

import base64
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import IO, Any, NoReturn

from portal.demo.folder import DemoProblem, check_room, in_one_sentence, kept, lock
from portal.demo.ports import HOST, demo_port, helper_ports
from portal.demo.simulator.accounts import VENDOR_KEY

DEFAULT_DIR = ".demo"

held: list[IO[str]] = []
"""The lock on DEMO_DIR, open until this process ends."""


def directory() -> Path:
    return Path(os.environ.get("DEMO_DIR") or DEFAULT_DIR).absolute()


def prepare() -> None:
    """Set the environment for `manage.py demo`. Ends the process with one sentence if it cannot."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, leave)
    folder = directory()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held.append(lock(folder))
        check_room(folder)
        os.environ |= variables(folder, demo_port())
    except DemoProblem as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(in_one_sentence(problem, folder))


def leave(*_: Any) -> NoReturn:
    """Stopped before anything was started."""
    sys.exit(0)


def variables(folder: Path, port: int) -> dict[str, str]:
    """What the portal's settings, boto3 and the demo's processes read."""
    forget_aws()
    ports = helper_ports(folder / "ports.json")
    site = f"http://{HOST}:{port}"
    simulator = f"http://{HOST}:{ports['simulator']}"
    queue = os.environ.get("REDIS_URL") or queue_address(ports)
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'portal.sqlite3'}"
    return kept(folder / "secrets.json", make_secrets) | {
        "DEMO": "1",
        "DEMO_DIR": str(folder),
        "DEMO_PORT": str(port),
        "DEBUG": "0",
        "SITE_URL": site,
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "BEHIND_TLS_PROXY": "0",
        "DATABASE_URL": database,
        "REDIS_URL": queue,
        "HANDOFF_REDIS_URL": queue,
        "EMAIL_URL": f"smtp://{HOST}:{ports['mail']}",
        "STATIC_ROOT": str(folder / "static"),
        "AWS_ENDPOINT_URL": simulator,
        "AWS_ACCESS_KEY_ID": VENDOR_KEY.access_key_id,
        "AWS_SECRET_ACCESS_KEY": VENDOR_KEY.secret_access_key,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONSOLE_URL": f"{simulator}/console",
        "ROLE_TEMPLATE_URL": "",  # the simulated console takes the portal's own address
        # A proxy of the person's network cannot reach this machine's loopback.
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }


def queue_address(ports: dict[str, int]) -> str:
    return f"redis://{HOST}:{ports['queue']}/0"


def forget_aws() -> None:
    """Forget the person's own AWS settings, so that no account of theirs can be reached."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO"))]:
        del os.environ[name]


def make_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEALING_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
