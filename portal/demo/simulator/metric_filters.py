"""CloudWatch Logs metric filters: a pattern tried on events, and refused when it is malformed.

Source: CloudWatch Logs API reference, TestMetricFilter and PutMetricFilter.
"""

import json
import re
from typing import Any

from portal.demo.simulator.log_patterns import matches
from portal.demo.simulator.wire import Call, Fault

_MOST_EVENTS = 50
_LONGEST = 1024
_SELECTOR = re.compile(r"\$(?:\.[A-Za-z0-9_-]+|\[[0-9]+\])+")


def test(call: Call) -> dict[str, Any]:
    """The answer of TestMetricFilter. Event numbers begin with 1."""
    check(call)
    pattern, messages = call.text("filterPattern"), call.params.get("logEventMessages") or []
    if not _is_for_json(pattern):
        raise _invalid("The simulator tests patterns for JSON events alone.")
    if not 1 <= len(messages) <= _MOST_EVENTS:
        raise _invalid(f"There must be 1 to {_MOST_EVENTS} log event messages.")
    events = [(number, str(text), _event(text)) for number, text in enumerate(messages, start=1)]
    return {
        "matches": [
            {
                "eventNumber": number,
                "eventMessage": text,
                "extractedValues": _values(pattern, event),
            }
            for number, text, event in events
            if event is not None and matches(pattern, event)
        ]
    }


def check(call: Call) -> None:
    """Raises `Fault` for a pattern that CloudWatch Logs does not take."""
    reason = refused(call.text("filterPattern"))
    if reason:
        raise _invalid(reason)


def refused(pattern: str) -> str:
    """Why CloudWatch Logs does not take the pattern; an empty text when it does."""
    if len(pattern) > _LONGEST:
        return f"The filter pattern is longer than {_LONGEST} characters."
    try:
        if _is_for_json(pattern):
            matches(pattern, {})
    except ValueError as fault:
        return f"Invalid metric filter pattern: {fault}"
    return ""


def _is_for_json(pattern: str) -> bool:
    return pattern.lstrip().startswith("{")


def _event(message: Any) -> dict[str, Any] | None:
    """None: no JSON object, which a pattern for JSON never matches."""
    try:
        event = json.loads(message)
    except (TypeError, ValueError):
        return None
    return event if isinstance(event, dict) else None


def _values(pattern: str, event: dict[str, Any]) -> dict[str, str]:
    """What the pattern's selectors find in the event."""
    found = {selector: _value(selector, event) for selector in _SELECTOR.findall(pattern)}
    return {selector: str(value) for selector, value in found.items() if value is not None}


def _value(selector: str, event: Any) -> Any:
    for step in re.findall(r"[A-Za-z0-9_-]+", selector):
        if isinstance(event, dict):
            event = event.get(step)
        elif isinstance(event, list) and step.isdecimal() and int(step) < len(event):
            event = event[int(step)]
        else:
            return None
    return event


def _invalid(message: str) -> Fault:
    return Fault("InvalidParameterException", message)
