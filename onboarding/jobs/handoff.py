"""The hand-off of pasted credentials: sealed for one operation, held two minutes, taken once.

The Redis behind it writes nothing to disk, and a message in the queue never carries them.
"""

import json
import secrets
from typing import cast

import redis
from cryptography.exceptions import InvalidTag
from django.conf import settings

from onboarding.aws.actions.create_role import Credentials
from onboarding.models.sealed import seal_for, unseal_for

HELD_SECONDS = 120


class HandoffUnavailable(Exception):
    """The credentials could not be passed on; nothing was kept."""


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.HANDOFF_REDIS_URL, socket_timeout=2, socket_connect_timeout=2
    )


def _key(operation_id: str) -> str:
    return f"handoff:{operation_id}"


def put(operation_id: str, credentials: Credentials) -> None:
    """Seal `credentials` for this operation alone. Raises `HandoffUnavailable`."""
    text = json.dumps(
        [credentials.access_key_id, credentials.secret_access_key, credentials.session_token]
    )
    sealed = seal_for(_key(operation_id), text, secrets.token_bytes(12))
    try:
        kept = _redis().set(_key(operation_id), sealed, nx=True, ex=HELD_SECONDS)
    except redis.RedisError as error:
        raise HandoffUnavailable from error
    if not kept:
        raise HandoffUnavailable


def take(operation_id: str) -> Credentials | None:
    """The credentials, once; None when they are gone, expired or not meant for this operation."""
    try:
        sealed = cast(bytes | None, _redis().getdel(_key(operation_id)))
    except redis.RedisError:
        return None
    if sealed is None:
        return None
    try:
        return Credentials(*json.loads(unseal_for(_key(operation_id), sealed)))
    except InvalidTag:
        return None
