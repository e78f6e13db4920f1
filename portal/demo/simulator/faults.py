"""What is done to the next calls: throttled, refused, hung, or done and never answered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any, TypeVar

from portal.demo.simulator import wire

_STATUSES = {
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "Unavailable": 503,
    "InternalFailure": 500,
    "InternalError": 500,
    "ServiceFailure": 500,
    "ServiceFailureException": 500,
    "ServiceException": 500,
    "AccessDenied": 403,
    "UnauthorizedOperation": 403,
    "ExpiredToken": 403,
    "InvalidClientTokenId": 403,
    "SignatureDoesNotMatch": 403,
    "OptInRequired": 403,
    "RegionDisabledException": 403,
    "NoSuchEntity": 404,
    "EntityAlreadyExists": 409,
    "LimitExceeded": 409,
    "DeleteConflict": 409,
    "ConcurrentModification": 409,
    "TooManyRequestsException": 429,
}
"""400 where nothing else is said."""


class AnswerLost(ConnectionError):
    """The call took effect, and the connection is to be closed without an answer."""


@dataclass(frozen=True)
class _Failure:
    left: int
    code: str
    message: str


@dataclass(frozen=True)
class _Hang:
    left: int
    seconds: float


@dataclass(frozen=True)
class _Count:
    left: int


_Fault = TypeVar("_Fault", _Failure, _Hang, _Count)


class Faults:
    """By the name of the call, `iam:CreateRole` or `iam:*`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._throttle: dict[str, _Count] = {}
        self._fail: dict[str, _Failure] = {}
        self._lose: dict[str, _Count] = {}
        self._hang: dict[str, _Hang] = {}
        self._outage: frozenset[str] = frozenset()

    def strike(self, call: wire.Call) -> None:
        """Before a call. Raises the fault that was set for it, if any is left."""
        if call.service in self._outage:
            raise wire.unavailable(call)
        if self._taken(self._throttle, call):
            raise wire.throttled(call)
        failure = self._taken(self._fail, call)
        if failure:
            status = _STATUSES.get(failure.code, 400)
            raise wire.Fault(failure.code, failure.message, status)

    def after(self, call: wire.Call) -> float:
        """After a call that took effect: the seconds that its answer is late. Raises
        `AnswerLost`."""
        if self._taken(self._lose, call):
            raise AnswerLost(call.name)
        hang = self._taken(self._hang, call)
        return hang.seconds if hang else 0.0

    def _taken(self, held: dict[str, _Fault], call: wire.Call) -> _Fault | None:
        """The fault for this call, counted down."""
        if not held:
            return None
        with self._lock:
            for name, one in held.items():
                if one.left > 0 and fnmatchcase(call.name, name):
                    held[name] = replace(one, left=one.left - 1)
                    return one
        return None

    def turn(self, settings: Mapping[str, Any]) -> None:
        """Raises ValueError or TypeError for a value without sense, and then changes nothing."""
        throttle = _read(settings, "throttle", lambda times: _Count(int(times)))
        fail = _read(settings, "fail", _failure)
        lose = _read(settings, "lose", lambda times: _Count(int(times)))
        hang = _read(settings, "hang", _hang)
        outage = settings.get("outage", self._outage)
        if isinstance(outage, str) or not all(isinstance(one, str) for one in outage):
            raise ValueError("outage is a list of services")
        with self._lock:
            self._throttle.update(throttle)
            self._fail.update(fail)
            self._lose.update(lose)
            self._hang.update(hang)
            self._outage = frozenset(outage)

    def shown(self) -> dict[str, Any]:
        with self._lock:
            return {
                "throttle": {name: one.left for name, one in self._throttle.items()},
                "fail": {
                    name: [one.code, one.left, one.message] for name, one in self._fail.items()
                },
                "lose": {name: one.left for name, one in self._lose.items()},
                "hang": {name: [one.seconds, one.left] for name, one in self._hang.items()},
                "outage": sorted(self._outage),
            }


def _read(
    settings: Mapping[str, Any], knob: str, made: Callable[[Any], _Fault]
) -> dict[str, _Fault]:
    return {str(name): made(value) for name, value in settings.get(knob, {}).items()}


def _failure(value: Iterable[Any]) -> _Failure:
    code, times, *more = value
    (message,) = more or ("The simulator was told to fail this call.",)
    return _Failure(int(times), str(code), str(message))


def _hang(value: Iterable[Any]) -> _Hang:
    seconds, times = value
    return _Hang(int(times), max(0.0, float(seconds)))
