"""moto: the backends behind the simulation, asked in process."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from moto.backends import get_backend
from moto.core import responses
from moto.core.base_backend import BackendDict
from moto.iam.models import ManagedPolicy, Role, iam_backends
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from portal.demo.simulator import accounts, wire
from portal.demo.simulator.evaluate import Document

_HAS_A_NETWORK = frozenset({"ec2", "elasticloadbalancing", "rds", "eks", "autoscaling"})


_REMEMBERED = frozenset({"ec2", "iam", "eks", "rds", "cloudformation"})
"""Services whose answers depend on nothing but what was changed: not on the time."""
_MOST_ANSWERS = 500


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Backends:
    """moto's state belongs to the process: two simulations in one process share it."""

    def __init__(self) -> None:
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would override every caller's account
        _close_files()
        for held in BackendDict._instances:  # type: ignore[misc]
            held.clear()  # first, for a reset makes each backend anew before it drops it
        moto_api_backend.reset()
        self._app = _application()
        self._answers: dict[tuple[str, ...], _Answer] = {}

    def forget(self) -> None:
        """Something is about to change: what moto answered may no longer hold."""
        self._answers.clear()

    def answer(self, call: wire.Call, account_id: str, seed: str) -> Response:
        """Ask moto in that account. What is made gets the ids that follow from the seed.

        moto takes two milliseconds to answer; what it answered is kept until something changes.
        """
        if call.service not in _REMEMBERED or not call.is_read:
            return self._ask(call, account_id, seed)
        request = call.request
        body = request.get_data(as_text=True)
        key = (account_id, call.region, call.service, request.method, request.full_path, body)
        kept = self._answers.get(key)
        if kept is None:
            response = self._ask(call, account_id, seed)
            kept = _Answer(response.status_code, list(response.headers), response.get_data())
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = kept
        return Response(kept.body, kept.status, kept.headers)

    def _ask(self, call: wire.Call, account_id: str, seed: str) -> Response:
        environ = dict(call.request.environ)
        environ["wsgi.input"] = BytesIO(call.request.get_data())
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account_id
        environ.pop("HTTP_X_AMZ_SECURITY_TOKEN", None)
        environ.pop("werkzeug.request", None)
        # Both draw at random when they are made first, and so come before the seed.
        self._app.get_application(environ)
        self._make_network(call, account_id)
        mock_random.seed(seed)
        try:
            return Response.from_app(self._app, environ, buffered=True)
        except NotImplementedError:
            raise wire.Fault(
                "InvalidAction", f"The simulator does not know {call.name}", 400
            ) from None

    def _make_network(self, call: wire.Call, account_id: str) -> None:
        """The default VPC is made at the first look; its ids must not depend on who looked."""
        if call.service not in _HAS_A_NETWORK:
            return
        regions = get_backend("ec2")[account_id]
        if call.region not in regions.keys():  # noqa: SIM118 - `in` asks for known names here
            mock_random.seed(f"{account_id} {call.region}")
            regions[call.region]


def _close_files() -> None:
    """Objects of S3 are files of moto's, if S3 was ever asked for."""
    for held in BackendDict._instances:  # type: ignore[misc]
        for account in list(held.values()) if held.service_name == "s3" else ():
            for backend in list(account.values()):
                backend.reset()


@cache
def _application() -> DomainDispatcherApplication:
    """It holds routes and no state, and is slow to make.

    For every call moto looks through its folders for the service, and through its classes for the
    method. Neither changes while we run, so it looks once.
    """
    application = DomainDispatcherApplication(create_backend_app)
    application.get_backend_for_host = cache(application.get_backend_for_host)  # type: ignore
    responses.method_names_from_class = cache(responses.method_names_from_class)  # type: ignore
    return application


def roles(account_id: str) -> dict[str, Role]:
    return {role.name: role for role in iam_backends[account_id]["aws"].get_roles()}


def role_at(arn: str) -> Role | None:
    account_id, name = arn.split(":")[4], arn.rpartition("/")[2]
    role = roles(account_id).get(name)
    return role if role is not None and role.arn == arn else None


@dataclass(frozen=True)
class Policy:
    name: str
    document: Document
    managed: bool = True


@dataclass(frozen=True)
class Permissions:
    """What is attached to a role."""

    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None

    def documents(self) -> list[Document]:
        return [policy.document for policy in self.policies]


def permissions(role: Role) -> Permissions:
    attached = [_managed(policy) for policy in role.managed_policies.values()]
    inline = [Policy(name, _parsed(text), False) for name, text in role.policies.items()]
    held = iam_backends[role.account_id]["aws"].managed_policies
    boundary = held.get(role.permissions_boundary_arn or "")
    return Permissions((*attached, *inline), _managed(boundary) if boundary else None)


def _managed(policy: ManagedPolicy) -> Policy:
    default = next(one for one in policy.versions if one.version_id == policy.default_version_id)
    return Policy(policy.name, _parsed(default.document))


def _parsed(document: Any) -> Document:
    """A stack hands moto an inline policy as it is, a call hands it text."""
    return document if isinstance(document, Mapping) else parsed(document)


@lru_cache(maxsize=2048)
def parsed(text: str) -> Document:
    """A policy, read once. Nobody changes what is given back. Raises ValueError."""
    document: Document = json.loads(text)
    return document


def principal_exists(name: str, known: frozenset[str]) -> bool:
    """Whether a trust policy may name it: an account, a user, a role or a session of a role."""
    if name in known:
        return True
    parts = name.split(":", 5)
    if parts[:2] != ["arn", "aws"] or len(parts) != 6 or parts[4] not in known:
        return False
    service, account_id, resource = parts[2], parts[4], parts[5]
    kind, _, rest = resource.partition("/")
    if account_id in accounts.ELSEWHERE:
        return service in ("iam", "sts")
    if service == "sts":
        return kind == "assumed-role" and rest.split("/")[0] in roles(account_id)
    if service != "iam":
        return False
    users = {user.arn for user in iam_backends[account_id]["aws"].users.values()}
    return (
        resource == "root"
        or name == accounts.VENDOR_USER_ARN
        or name in users
        or (kind == "role" and role_at(name) is not None)
    )
