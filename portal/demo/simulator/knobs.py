"""What a test or a person can turn: latency, propagation, throttling, failures."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from portal.demo.simulator import wire

_SERVER_FAULTS = {
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "InternalFailure": 500,
    "InternalError": 500,
    "ServiceFailure": 500,
    "AccessDenied": 403,
    "ExpiredToken": 403,
    "InvalidClientTokenId": 403,
    "RegionDisabledException": 403,
    "ConcurrentModification": 409,
}


@dataclass
class Knobs:
    latency_ms: int = 0
    propagation_seconds: float = 0.0
    """For so long after a change of a role, the old trust policy (or none) answers."""
    throttle: dict[str, int] = field(default_factory=dict)
    """`iam:CreateRole` (or `iam:*`) to how many of the next calls are throttled."""
    fail: dict[str, tuple[str, int]] = field(default_factory=dict)
    """`sts:AssumeRole` to an error code, and how many of the next calls get it."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def strike(self, call: wire.Call) -> None:
        """Raises the fault that was set for this call, if any is left."""
        with self._lock:
            for name, left in self.throttle.items():
                if left > 0 and fnmatchcase(call.name, name):
                    self.throttle[name] = left - 1
                    raise wire.throttled(call)
            for name, (code, left) in self.fail.items():
                if left > 0 and fnmatchcase(call.name, name):
                    self.fail[name] = (code, left - 1)
                    status = _SERVER_FAULTS.get(code, 400)
                    raise wire.Fault(code, "The simulator was told to fail this call.", status)

    def turn(self, settings: dict[str, Any]) -> None:
        """Raises ValueError or TypeError for a value without sense, and then changes nothing."""
        latency = max(0, int(settings.get("latency_ms", self.latency_ms)))
        propagation = max(0.0, float(settings.get("propagation_seconds", self.propagation_seconds)))
        throttle = {str(name): int(times) for name, times in settings.get("throttle", {}).items()}
        fail = {
            str(name): (str(code), int(times))
            for name, (code, times) in settings.get("fail", {}).items()
        }
        with self._lock:
            self.latency_ms, self.propagation_seconds = latency, propagation
            self.throttle.update(throttle)
            self.fail.update(fail)

    def shown(self) -> dict[str, Any]:
        with self._lock:
            return {
                "latency_ms": self.latency_ms,
                "propagation_seconds": self.propagation_seconds,
                "throttle": dict(self.throttle),
                "fail": {name: list(value) for name, value in self.fail.items()},
            }
