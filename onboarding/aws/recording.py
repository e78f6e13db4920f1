"""Every call a client makes becomes one `Call`: made, refused, or never answered."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from onboarding.aws.calls import Call, Identity, Recorder

logger = logging.getLogger(__name__)

_collected: ContextVar[list[Call] | None] = ContextVar("collected_aws_calls", default=None)


def record_calls(
    client: Any, *, account_id: str, record: Recorder, identity: Identity = Identity.ROLE
) -> None:
    """Have `record` told of every call of `client`, once a call however often botocore retries."""
    scribe = _Scribe(account_id, client.meta.region_name, record, identity)
    events = client.meta.events
    events.register("before-call.*.*", scribe.started)
    events.register("after-call.*.*", scribe.answered)
    events.register("after-call-error.*.*", scribe.failed)


@contextmanager
def collecting() -> Iterator[list[Call]]:
    """The calls made inside the block by this thread, besides being recorded as ever."""
    calls: list[Call] = []
    token = _collected.set(calls)
    try:
        yield calls
    finally:
        _collected.reset(token)


def collect(calls: Iterable[Call]) -> None:
    """Count calls among those of the block around, though another thread made them."""
    collected = _collected.get()
    if collected is not None:
        collected.extend(calls)


class _Scribe:
    def __init__(self, account_id: str, region: str, record: Recorder, identity: Identity) -> None:
        self.account_id = account_id
        self.region = region
        self.record = record
        self.identity = identity

    def started(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        # The error event names no operation, so it travels in the call's own context.
        context["portal_call"] = (model, datetime.now(UTC), monotonic())

    def answered(self, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        error = parsed.get("Error", {})
        request_id = parsed.get("ResponseMetadata", {}).get("RequestId", "")
        self._write(context, str(error.get("Code", "")) or "ok", str(request_id))

    def failed(self, exception: Exception, context: dict[str, Any], **_: Any) -> None:
        self._write(context, type(exception).__name__, "")

    def _write(self, context: dict[str, Any], outcome: str, request_id: str) -> None:
        model, at, begun = context["portal_call"]
        call = Call(
            at=at,
            service=model.service_model.signing_name,
            action=model.name,
            account_id=self.account_id,
            region=self.region,
            request_id=request_id,
            outcome=outcome,
            milliseconds=round((monotonic() - begun) * 1000),
            identity=self.identity,
        )
        collected = _collected.get()
        if collected is not None:
            collected.append(call)
        try:
            self.record(call)
        except Exception:
            # The call has taken effect at AWS; a recorder's failure must not make it look failed.
            logger.exception("the call %s:%s could not be recorded", call.service, call.action)
