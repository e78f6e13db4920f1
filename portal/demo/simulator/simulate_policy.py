"""IAM's SimulatePrincipalPolicy for roles.

Source: IAM API reference, SimulatePrincipalPolicy, EvaluationResult and ResourceSpecificResult.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

from portal.demo.simulator import backends, wire
from portal.demo.simulator.backends import Policy
from portal.demo.simulator.conditions import Context, as_list
from portal.demo.simulator.evaluate import Document, Principal, Question, Verdict, evaluate

NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_DECISIONS = {
    Verdict.ALLOWED: "allowed",
    Verdict.DENIED: "explicitDeny",
    Verdict.SILENT: "implicitDeny",
}
_MOST_ITEMS = 1000


@dataclass(frozen=True)
class _Simulation:
    """What is evaluated: each layer of policies, and the request's context."""

    principal: Principal
    policies: tuple[Policy, ...]
    boundaries: tuple[Document, ...] | None
    """None: no boundary is set."""
    over: tuple[Document, ...] | None
    """Service control policies. None: the account is in no organization."""
    context: Context

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Context keys that the policies ask for and the request does not give."""
        documents = [one.document for one in self.policies]
        asked = {
            key: None
            for document in (*documents, *(self.boundaries or ()))
            for statement in as_list(document.get("Statement", []))
            for keys in statement.get("Condition", {}).values()
            for key in keys
        }
        return tuple(key for key in asked if key.lower() not in self.context)


@dataclass(frozen=True)
class _Result:
    resource: str
    verdict: Verdict
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    by_organizations: bool | None
    by_boundary: bool | None


def answer(account_id: str, call: wire.Call, over: Sequence[Document], *, is_member: bool) -> str:
    """The XML inside SimulatePrincipalPolicyResult; one page. Raises `Fault`."""
    actions = call.members("ActionNames.member.")
    if not actions or not all(":" in action for action in actions):
        raise _invalid("ActionNames must name operations with their service, as iam:CreateUser.")
    simulation = _simulation(account_id, call, tuple(over) if is_member else None)
    resources = call.members("ResourceArns.member.") or ["*"]
    first, size = _page(call)
    shown = actions[first : first + size]
    found = [_evaluation(simulation, action, resources) for action in shown]
    more = first + size < len(actions)
    marker = f"<Marker>{first + size}</Marker>" if more else ""
    results = _tag("EvaluationResults", "".join(_tag("member", one) for one in found))
    return f"{results}<IsTruncated>{_truth(more)}</IsTruncated>{marker}"


def _simulation(account_id: str, call: wire.Call, over: tuple[Document, ...] | None) -> _Simulation:
    arn = call.text("PolicySourceArn")
    role = backends.role_at(arn) if arn.startswith(f"arn:aws:iam::{account_id}:role/") else None
    if role is None:
        raise wire.Fault("NoSuchEntity", f"{arn} cannot be found.", 404)
    granted = backends.permissions(role)
    added = [
        Policy(f"PolicyInputList.{number}", _read(text))
        for number, text in enumerate(call.members("PolicyInputList.member."), start=1)
    ]
    limits = [_read(text) for text in call.members("PermissionsBoundaryPolicyInputList.member.")]
    if granted.boundary and not limits:
        limits = [granted.boundary.document]
    simulation = _Simulation(
        principal=Principal(account_id, arn, arn),
        policies=(*granted.policies, *added),
        boundaries=tuple(limits) or None,
        over=over,
        context=_context(call),
    )
    return _without(simulation, set(_excluded(call)))


def _read(text: str) -> Document:
    try:
        return backends.parsed(text)
    except ValueError:
        raise _invalid("A policy is no valid JSON.") from None


def _excluded(call: wire.Call) -> Iterator[str]:
    """Whole types of policies; single ones are not told apart here."""
    for name, value in call.params.items():
        if name.startswith("PolicyExclusionList.member.") and name.endswith(".PolicyType"):
            yield str(value)


def _without(simulation: _Simulation, excluded: set[str]) -> _Simulation:
    if "scp" in excluded:
        simulation = replace(simulation, over=None)
    if "permission-boundary" in excluded:
        simulation = replace(simulation, boundaries=None)
    gone = {"inline": False, "user-managed": True}
    kinds = {managed for name, managed in gone.items() if name in excluded}
    kept = tuple(policy for policy in simulation.policies if policy.managed not in kinds)
    return replace(simulation, policies=kept)


def _context(call: wire.Call) -> Context:
    prefix = "ContextEntries.member."
    names = {
        name[len(prefix) :].split(".")[0]: str(value)
        for name, value in call.params.items()
        if name.startswith(prefix) and name.endswith(".ContextKeyName")
    }
    return {
        key.lower(): tuple(call.members(f"{prefix}{number}.ContextKeyValues.member."))
        for number, key in names.items()
    }


def _page(call: wire.Call) -> tuple[int, int]:
    """The number of the first action, and how many. `Marker` is what the page before gave."""
    marker, most = call.text("Marker") or "0", call.text("MaxItems") or str(_MOST_ITEMS)
    if not marker.isdecimal() or not most.isdecimal() or not 1 <= int(most) <= _MOST_ITEMS:
        raise _invalid("Marker or MaxItems is not valid.")
    return int(marker), int(most)


def _evaluation(simulation: _Simulation, action: str, resources: Sequence[str]) -> str:
    """One result an action. Of several resources, each has its own inside, and the one outside
    sums them up under the resource's pattern, as the real simulator does."""
    results = [_judge(simulation, action, resource) for resource in resources]
    whole = results[0] if len(results) == 1 else _summed(action, results)
    specific = resources != ["*"]
    outside = replace(whole, missing=()) if specific else whole
    text = f"<EvalActionName>{escape(action)}</EvalActionName>" + _seen(outside, "EvalDecision")
    if whole.by_organizations is not None:
        text += _detail("Organizations", whole.by_organizations)
    if specific:
        text += "<EvalDecisionDetails/>"
        each = (_tag("member", _seen(one, "EvalResourceDecision")) for one in results)
        text += _tag("ResourceSpecificResults", "".join(each))
    return text


def _judge(simulation: _Simulation, action: str, resource: str) -> _Result:
    question = Question(simulation.principal, action, resource, simulation.context)
    single = [(one, evaluate([one.document], question)) for one in simulation.policies]
    own = _combined(verdict for _, verdict in single)
    over, boundaries = simulation.over, simulation.boundaries
    # Without a service control policy nothing is limited; without a boundary neither.
    by_organizations = evaluate(over, question) if over else Verdict.ALLOWED
    by_boundary = evaluate(boundaries, question) if boundaries is not None else Verdict.ALLOWED
    verdict = _joined(own, by_organizations, by_boundary)
    deciding = verdict if verdict is own else None
    return _Result(
        resource=resource,
        verdict=verdict,
        matched=tuple(one.name for one, said in single if said is deciding is not Verdict.SILENT),
        missing=simulation.missing,
        by_organizations=None if over is None else by_organizations is Verdict.ALLOWED,
        by_boundary=None if boundaries is None else by_boundary is Verdict.ALLOWED,
    )


def _combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Policies of one layer: one deny is enough, and so is one allow."""
    found = set(verdicts)
    return next((one for one in (Verdict.DENIED, Verdict.ALLOWED) if one in found), Verdict.SILENT)


def _joined(*layers: Verdict) -> Verdict:
    """Layers: one deny is enough, but all must allow."""
    return next((one for one in (Verdict.DENIED, Verdict.SILENT) if one in layers), Verdict.ALLOWED)


def _summed(action: str, results: Sequence[_Result]) -> _Result:
    service = action.partition(":")[0]
    names = {name: None for one in results for name in one.matched}
    return replace(
        results[0],
        resource=f"arn:aws:{service}:${{Region}}:${{Account}}:${{Resource}}",
        verdict=_combined(one.verdict for one in results),
        matched=tuple(names),
        by_organizations=_all(one.by_organizations for one in results),
        by_boundary=_all(one.by_boundary for one in results),
    )


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return None if None in found else all(found)


def _seen(one: _Result, decision: str) -> str:
    matched = "".join(
        f"<member><SourcePolicyId>{escape(name)}</SourcePolicyId>"
        "<SourcePolicyType>IAM Policy</SourcePolicyType></member>"
        for name in one.matched
    )
    missing = "".join(f"<member>{escape(key)}</member>" for key in one.missing)
    boundary = "" if one.by_boundary is None else _detail("PermissionsBoundary", one.by_boundary)
    return (
        _tag("EvalResourceName", escape(one.resource))
        + _tag(decision, _DECISIONS[one.verdict])
        + _tag("MatchedStatements", matched)
        + _tag("MissingContextValues", missing)
        + boundary
    )


def _detail(layer: str, allowed: bool) -> str:
    return _tag(f"{layer}DecisionDetail", _tag(f"AllowedBy{layer}", _truth(allowed)))


def _tag(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def _truth(value: Any) -> str:
    return "true" if value else "false"


def _invalid(message: str) -> wire.Fault:
    return wire.Fault("InvalidInput", message)
