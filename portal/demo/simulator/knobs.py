"""How slow everything is, and what is done to the next calls."""

from typing import Any

from portal.demo.simulator.faults import Faults

_LONGEST = 86_400.0
"""Seconds."""


class Knobs:
    def __init__(self) -> None:
        self.latency_ms = 0
        self.propagation_seconds = 0.0
        """For so long after a change of a role, what was before (or nothing) answers."""
        self.faults = Faults()

    def turn(self, settings: dict[str, Any]) -> None:
        """Raises ValueError or TypeError for a value without sense, and then changes nothing."""
        latency = max(0, int(settings.get("latency_ms", self.latency_ms)))
        propagation = float(settings.get("propagation_seconds", self.propagation_seconds))
        self.faults.turn(settings)
        self.latency_ms = latency
        self.propagation_seconds = min(max(0.0, propagation), _LONGEST)

    def shown(self) -> dict[str, Any]:
        return {
            "latency_ms": self.latency_ms,
            "propagation_seconds": self.propagation_seconds,
            **self.faults.shown(),
        }
