"""A pre-flight report as somebody hands it in: read strictly, into plain data.

It comes from outside and may be anything. What is kept is what `preflight_questions` describes.
Every refusal is a `ValueError` whose message is the sentence to show.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from onboarding.facts.node_types import node_types
from onboarding.facts.preflight_questions import VERSION, Question, questions
from onboarding.facts.regions import regions
from onboarding.facts.shapes import Text, Unfit, kept

MOST_BYTES = 200_000
MOST_DEPTH = 12
MOST_DIGITS = 15
MOST_AGE = timedelta(days=30)
MOST_AHEAD = timedelta(hours=1)
"""A clock of somebody else's may be wrong by so much."""

AGAIN = "Run the script again and hand in its file as it is."
TOO_LARGE = (
    f"A report has at most {MOST_BYTES // 1000} kB, and this has more. If it is the script’s own "
    "file, go on without it: we look ourselves once Astro has access."
)
NO_REPORT = (
    "This is not the script’s report. Hand in the file astro-preflight-….json, or everything in it."
)
CUT_OFF = (
    "A part of the report is missing, or it was changed. Upload the file, or copy it once more "
    "from the first { to the last }."
)
CHANGED = f"The report holds something the script does not write. {AGAIN}"

CODE = Text(r"[A-Za-z][A-Za-z0-9.]{0,79}")
LAYERS = (
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "identity-based policy",
)
"""Kinds of policy that can deny, in AWS's words. The script looks for them in what AWS says."""
EXPLICIT = "explicit deny"
DENIALS = frozenset({"", EXPLICIT, *LAYERS, *(f"{EXPLICIT} in a {layer}" for layer in LAYERS)})
NO_ANSWER = "NoAnswer"
"""What the script writes where AWS said nothing: no connection, or a CLI that knows no such call."""


@dataclass(frozen=True)
class NotAnswered:
    """A question that AWS did not answer."""

    code: str
    """AWS's error code, or `NO_ANSWER`."""
    denial: str = ""
    """One of `DENIALS`: which kind of policy denied, as far as AWS told."""


@dataclass(frozen=True)
class Preflight:
    """What a customer reports of an account."""

    account_id: str
    region: str
    node_type: str
    made_at: datetime
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the question's name: the answer in AWS's form, without what no check reads."""
    errors: dict[str, NotAnswered] = field(default_factory=dict)

    def must_be_about(self, *, account_id: str, region: str, now: datetime) -> None:
        """Raise `ValueError` unless it tells of that account and Region, and is fresh."""
        if self.account_id != account_id:
            raise ValueError(
                f"This report is of the account {self.account_id}, and this installation is for "
                f"{account_id}. Sign in to {account_id} and run the script there."
            )
        if self.region != region:
            raise ValueError(
                f"This report is about {self.region}, and the cluster is to run in {region}. "
                "Download the script again, for the Region has changed, and run it once more."
            )
        if self.made_at > now + MOST_AHEAD:
            raise ValueError(
                f"This report is dated in the future. Set the clock there, then: {AGAIN}"
            )
        if self.made_at < now - MOST_AGE:
            raise ValueError(f"This report is older than {MOST_AGE.days} days. {AGAIN}")


def parse(text: str) -> Preflight:
    """The report in `text`. What a terminal shows before and after it is ignored."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValueError(TOO_LARGE)
    start, end = text.find("{"), text.rfind("}")
    if start == -1:
        raise ValueError(NO_REPORT)
    if end < start:
        raise ValueError(CUT_OFF)
    return _report(_read(text[start : end + 1]))


def _read(text: str) -> Any:
    _refuse_deep(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_twins,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError:
        is_part = any(word in text for word in ('"astro_preflight"', '"asked"', '"answer"'))
        raise ValueError(CUT_OFF if is_part else NO_REPORT) from None


def _refuse_deep(text: str) -> None:
    """Before anything recursive reads it."""
    depth = 0
    # A string that is not closed goes to the end: looking for it again from each quote would take
    # time by the square.
    for bracket in re.findall(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{}\]]', text, re.DOTALL):
        depth += 1 if bracket in "[{" else -1 if bracket in "]}" else 0
        if depth > MOST_DEPTH:
            raise ValueError(NO_REPORT)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(CHANGED)
    return found


def _number(text: str) -> float:
    if len(text) > MOST_DIGITS:
        raise ValueError(CHANGED)
    number = float(text)  # 1e400 is infinite, and then no whole number below
    return number if abs(number) < 10**MOST_DIGITS else -1.0


def _refuse_constant(name: str) -> Any:
    raise ValueError(CHANGED)


def _report(found: Any) -> Preflight:
    if not isinstance(found, dict) or "astro_preflight" not in found:
        raise ValueError(NO_REPORT)
    version = found["astro_preflight"]
    if type(version) is not float or version != VERSION:
        raise ValueError(
            "This report was made by another version of the script. Download the script again, "
            "run it, and hand in the new file."
        )
    region, node_type = (
        _one_of(found, "region", regions()),
        _one_of(found, "node_type", node_types()),
    )
    report = Preflight(_account_id(found), region, node_type, _made_at(found))
    asked = found.get("asked")
    if not isinstance(asked, dict):
        raise ValueError(CHANGED)
    for question in questions(region, node_type):
        if question.name in asked:
            try:
                _take(report, question, asked[question.name])
            except Unfit:
                raise ValueError(
                    f"The answer “{question.name}” in the report is not one that AWS gives. {AGAIN}"
                ) from None
    return report


def _take(report: Preflight, question: Question, told: Any) -> None:
    name = question.name
    if not isinstance(told, dict) or ("answer" in told) == ("error" in told):
        raise Unfit(name)
    if "answer" in told:
        report.answers[name] = kept(question.shape, told["answer"])
        return
    denial = told.get("denial", "")
    if not isinstance(denial, str) or denial not in DENIALS:
        raise Unfit(name)
    report.errors[name] = NotAnswered(CODE.kept(told["error"], name), denial)


def _one_of(found: dict[str, Any], name: str, known: Any) -> str:
    value = found.get(name)
    if not isinstance(value, str) or value not in known:
        raise ValueError(CHANGED)
    return value


def _account_id(found: dict[str, Any]) -> str:
    value = found.get("account_id")
    if not isinstance(value, str) or not re.fullmatch("[0-9]{12}", value):
        raise ValueError(CHANGED)
    return value


def _made_at(found: dict[str, Any]) -> datetime:
    value = found.get("made_at")
    shape = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
    if not isinstance(value, str) or not re.fullmatch(shape, value):
        raise ValueError(CHANGED)
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(CHANGED) from None
