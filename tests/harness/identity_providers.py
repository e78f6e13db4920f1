"""Real identity providers on loopback: nanoidp for OpenID Connect, pysaml2 for SAML.

They stand in environments of their own (`make test` installs them), and are nobody's code of ours.
"""

import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portal.demo.ports import HOST, free_port
from portal.demo.processes import Processes, alive

APART = Path(sys.prefix) / "apart"
NANOIDP = APART / "nanoidp" / "bin" / "nanoidp"
PYSAML2 = APART / "pysaml2" / "bin" / "python"
CLIENT_ID, CLIENT_SECRET = "astro-portal", "a-secret-of-the-tests-alone"
PASSWORD = "at-the-company-2026"
NAME = "localhost"
"""Not the portal's 127.0.0.1: cookies know no ports, and both sides may call theirs `session`."""


def are_installed() -> bool:
    return NANOIDP.exists() and PYSAML2.exists()


@contextmanager
def oidc(folder: Path, people: dict[str, str], callback: str) -> Generator[str]:
    """Gives the issuer. `people`: address by subject; `callback`: where the portal is returned to."""
    port = free_port()
    url = f"http://{NAME}:{port}"
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [callback],
    }
    settings = {
        "config_version": 1,
        "server": {"host": HOST, "port": port},
        "oauth": {"issuer": url, "audience": CLIENT_ID, "clients": [client]},
        "jwt": {"keys_dir": str(folder / "keys")},
    }
    users = {name: {"password": PASSWORD, "email": at} for name, at in people.items()}
    # JSON is YAML.
    write(folder / "settings.yaml", settings)
    write(folder / "users.yaml", {"config_version": 1, "users": users})
    command: list[str | Path] = [NANOIDP, "--config", folder, "--profile", "oauth21"]
    with started(command, folder, f"{url}/.well-known/openid-configuration"):
        yield url


@contextmanager
def saml(folder: Path, people: dict[str, str], portal: str) -> Generator[str]:
    """Gives the provider's metadata. `portal`: the address of the portal's."""
    port = free_port()
    url = f"http://{NAME}:{port}"
    users = {
        name: {"password": PASSWORD, "email": at, "lasting": f"{name}-8f7d0f1a"}
        for name, at in people.items()
    }
    write(folder / "settings.json", {"host": HOST, "port": port, "url": url, "users": users})
    (folder / "portal.xml").write_bytes(fetched(portal))
    script = Path(__file__).with_name("pysaml2_provider.py")
    # Its neighbours here must not stand in the way of what it imports.
    shutil.copy(script, folder / script.name)
    with started([PYSAML2, folder / script.name, folder], folder, f"{url}/metadata"):
        yield fetched(f"{url}/metadata").decode()


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return bytes(answer.read())


@contextmanager
def started(command: list[str | Path], folder: Path, url: str) -> Generator[None]:
    with Processes() as processes:
        processes.start("idp", command, log=folder / "idp.log", env=dict(os.environ))
        processes.wait_for(lambda: alive(url), what="The identity provider")
        yield
