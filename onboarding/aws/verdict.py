"""What the answers about the role mean: five findings, in the order the customer reads them."""

from dataclasses import dataclass, replace
from datetime import timedelta

from onboarding.aws.check import Finding, Fix, Report, Status, Turn
from onboarding.aws.looks import Answer, Probe
from onboarding.aws.permissions_finding import TITLE as PERMISSIONS_TITLE
from onboarding.aws.trust import OPENS_WITHOUT, TrustFault
from onboarding.aws.trust_fix import CORRECT_TRUST, opens_with_former
from onboarding.facts import ROLE_NAME

APART = timedelta(seconds=5)
"""From then on after the role first opened a refusal counts: AWS serves old rules for some 4 s."""

PROPAGATION_SECONDS = 120
"""How long a new role may take to be known everywhere in AWS."""

TITLES = {
    "role_exists": f"The role {ROLE_NAME} exists",
    "role_opens": "It opens with your external ID",
    "role_refuses_without": "It refuses a caller without an external ID",
    "role_refuses_wrong": "It refuses a caller with a wrong external ID",
    "role_permissions": PERMISSIONS_TITLE,
}
PROOFS = frozenset(TITLES) - {"role_permissions"}
"""Those that make the role safe. What it may do besides is another question."""
SAME_ANSWER = (
    "AWS gives the same answer for a role that does not exist and for one that refuses us."
)


@dataclass(frozen=True)
class RoleFinding:
    code: str
    title: str
    finding: Finding


def judge(
    first: Probe, second: Probe | None = None, *, waited_seconds: float
) -> tuple[RoleFinding, ...]:
    """The five findings of one or two looks at the role.

    `waited_seconds` is how long the customer has been waiting for the role; below 120 AWS may still
    be making it known, or answer by an older policy than the one read back. A refusal counts only
    when the role opened in both looks and was refused again by questions asked 5 s or more after
    the first opening.
    """
    last = second or first
    settled = (
        second is not None
        and first.opens is Answer.OPENED
        and second.opens is Answer.OPENED
        and second.asked_at - first.at >= APART
    )
    found = {
        "role_exists": _exists(last, waited_seconds),
        "role_opens": _opens(last),
        "role_refuses_without": _refuses(first, last, "without", waited_seconds, settled=settled),
        "role_refuses_wrong": _refuses(first, last, "wrong", waited_seconds, settled=settled),
        "role_permissions": _permissions(first, last, waited_seconds),
    }
    if _one_cause(last):
        fault = found["role_refuses_without"]
        found["role_refuses_wrong"] = replace(
            found["role_refuses_wrong"], cause=fault.cause, turn=fault.turn, fix=fault.fix
        )
    return tuple(
        RoleFinding(code, TITLES[code], finding) for code, finding in _told_once(found).items()
    )


def _told_once(found: dict[str, Finding]) -> dict[str, Finding]:
    """Without the report of one failed call in every row that it leaves open."""
    told: list[Report] = []
    for code, finding in found.items():
        if finding.report in told:
            found[code] = replace(finding, report=None)
        elif finding.report:
            told.append(finding.report)
    return found


def _one_cause(probe: Probe) -> bool:
    """Whether both ways in stand open by one fault: nothing else about the policy was read."""
    both = probe.without is Answer.OPENED and probe.wrong is Answer.OPENED
    return both and len(probe.trust_faults) < 2


def is_proved(findings: tuple[RoleFinding, ...]) -> bool:
    """Whether all four proofs hold. Anything less proves nothing.

    A role that opens with the former external ID while that is being renewed only warns: it is
    safe, and has to be updated.
    """
    holds = (Status.PASSED, Status.WARNING)
    return {item.code for item in findings if item.finding.status in holds} >= PROOFS


def _ids(probe: Probe, *questions: str) -> tuple[str, ...]:
    return tuple(probe.request_ids[name] for name in questions if name in probe.request_ids)


def _unknown(probe: Probe, *questions: str) -> Finding:
    if probe.why:
        return Finding(
            Status.COULD_NOT_CHECK,
            saw="AWS gave no clear answer.",
            needed="A clear yes or no from AWS",
            cause=probe.why.cause,
            turn=probe.why.turn,
            fix=probe.why.fix,
            request_ids=_ids(probe, *questions),
            report=probe.why.report,
        )
    turn = probe.whose if probe.whose is not Turn.NOBODY else Turn.AWS
    said = f"AWS gave no clear answer: {probe.problem}" if probe.problem else "AWS did not answer."
    next_step = {
        Turn.AWS: "You need do nothing. We ask again by ourselves.",
        Turn.SUPPORT: "This is on our side. Our support team looks into it.",
    }.get(turn, "Your answers are kept. Ask us to check again once this is put right.")
    return Finding(
        Status.COULD_NOT_CHECK,
        saw=said,
        needed="A clear yes or no from AWS",
        turn=turn,
        fix=Fix(steps=(next_step,)),
        request_ids=_ids(probe, *questions),
    )


def _waiting_for_role(probe: Probe, waited_seconds: float) -> Finding:
    steps: tuple[str, ...] = (
        "Create the role in one of the ways on this page. We notice it by ourselves.",
    )
    if waited_seconds < PROPAGATION_SECONDS:
        steps = (*steps, "If you have just created it: AWS can take a minute to make it known.")
    else:
        steps = (
            *steps,
            f"If it exists: compare its name with {ROLE_NAME}, letter by letter.",
            "Then compare its trust policy with the one shown on this page.",
        )
    return Finding(
        Status.WAITING,
        saw=f"Not seen yet. {SAME_ANSWER}",
        cause="The role is not there yet, or its trust policy does not name Astro and your ID.",
        turn=Turn.CUSTOMER,
        fix=Fix(steps, link=CORRECT_TRUST.link, link_label="Look for the role in IAM"),
        request_ids=_ids(probe, "opens"),
    )


def _exists(probe: Probe, waited_seconds: float) -> Finding:
    answers = {"opens": probe.opens, "without": probe.without, "wrong": probe.wrong}
    opened = [name for name, answer in answers.items() if answer is Answer.OPENED]
    if opened:
        return Finding(Status.PASSED, saw="AWS knows the role.", request_ids=_ids(probe, opened[0]))
    if probe.opens is Answer.UNKNOWN:
        return _unknown(probe, "opens")
    return _waiting_for_role(probe, waited_seconds)


def _opens(probe: Probe) -> Finding:
    if probe.opens is Answer.OPENED and (probe.by_former or probe.former is Answer.OPENED):
        return opens_with_former(probe.by_former, _ids(probe, "opens", "former"))
    if probe.opens is Answer.OPENED:
        return Finding(
            Status.PASSED,
            saw="AWS let us in with your external ID, into this account and this role.",
            request_ids=_ids(probe, "opens", "identity"),
        )
    if probe.opens is Answer.UNKNOWN:
        return _unknown(probe, "opens", "identity")
    if Answer.OPENED not in (probe.without, probe.wrong):
        # Said once, above: the two questions have one answer as long as AWS refuses.
        return Finding(
            Status.WAITING,
            saw="We try it as soon as the role is there.",
            turn=Turn.CUSTOMER,
            request_ids=_ids(probe, "opens"),
        )
    return Finding(
        Status.FAILED,
        saw="The role opens, but not with your external ID.",
        needed="A trust policy that lets Astro in with your external ID alone",
        cause="The condition of the trust policy is turned around, or names another ID.",
        turn=Turn.CUSTOMER,
        fix=CORRECT_TRUST,
        request_ids=_ids(probe, "opens"),
    )


def _refuses(
    first: Probe, last: Probe, question: str, waited_seconds: float, *, settled: bool
) -> Finding:
    answer, before = getattr(last, question), getattr(first, question)
    faults = last.trust_faults if last.trust_read else first.trust_faults
    named = [fault for fault in faults if _question_of(fault) == question]
    if answer is Answer.OPENED and _serves_old_rules(last, waited_seconds):
        return Finding(
            Status.WAITING,
            saw="Its trust policy is right. AWS still let us in by an older one; that can take a "
            "minute, and we ask again.",
            turn=Turn.AWS,
            request_ids=_ids(last, question, "trust"),
        )
    if answer is Answer.OPENED:
        return _insecure(last, question, list(faults))
    if named:
        return _insecure(last, question, named)
    if answer is Answer.UNKNOWN:
        return _unknown(last, question)
    if settled and before is Answer.DENIED:
        return Finding(
            Status.PASSED,
            saw="AWS refused us, twice.",
            request_ids=_ids(first, question) + _ids(last, question),
        )
    return _not_yet(last, question)


def _serves_old_rules(probe: Probe, waited_seconds: float) -> bool:
    """Whether a way in can be left over: IAM reads back at once what STS obeys a little later."""
    is_right = probe.opens is Answer.OPENED and probe.trust_read and not probe.trust_faults
    return is_right and waited_seconds < PROPAGATION_SECONDS


def _permissions(first: Probe, last: Probe, waited_seconds: float) -> Finding:
    """As last compared. In a role just made the policies may still be on their way."""
    found = last.permissions or first.permissions
    if last.opens is Answer.UNKNOWN:
        return _unknown(last, "opens")
    if last.opens is Answer.DENIED or found is None:
        return Finding(Status.WAITING, saw="We compare them as soon as the role opens.")
    settled = found.status in (Status.PASSED, Status.WARNING) or found.turn is not Turn.CUSTOMER
    if settled or not _is_new(last if last.role_made else first, waited_seconds):
        return found
    return Finding(
        Status.WAITING,
        saw="Not all of its policies are attached yet, or AWS does not obey them yet. That can "
        "take a minute; we look again.",
        request_ids=found.request_ids,
    )


def _is_new(probe: Probe, waited_seconds: float) -> bool:
    """Whether the role was made less than 120 s ago, or may have been where that is not known."""
    if probe.role_made is None:
        return waited_seconds < PROPAGATION_SECONDS
    return (probe.at - probe.role_made).total_seconds() < PROPAGATION_SECONDS


def _not_yet(probe: Probe, question: str) -> Finding:
    if probe.opens is Answer.OPENED:
        saw = "AWS refused us once. We ask again in a few seconds, as it may answer by old rules."
    else:
        saw = "This counts only once the role opens with your external ID."
    return Finding(Status.WAITING, saw=saw, request_ids=_ids(probe, question))


def _question_of(fault: TrustFault) -> str:
    return "without" if fault.code in OPENS_WITHOUT else "wrong"


_SAW_OPEN = {
    "without": "AWS let us in without an external ID.",
    "wrong": "AWS let us in with a wrong external ID.",
}
_LIKELY = {
    "without": "Most likely the trust policy has no condition on sts:ExternalId.",
    "wrong": "Most likely the condition on sts:ExternalId is missing, or is a pattern.",
}


def _told(fault: TrustFault) -> str:
    """What is wrong, then where."""
    where = ": ".join(filter(None, (fault.path, fault.line)))
    return f"{fault.explanation} ({where})"


def _insecure(probe: Probe, question: str, named: list[TrustFault]) -> Finding:
    lines = [_told(fault) for fault in named]
    opened = getattr(probe, question) is Answer.OPENED
    return Finding(
        Status.FAILED,
        saw=_SAW_OPEN[question] if opened else "Its trust policy lets in more than it should.",
        needed="A trust policy that lets in Astro alone, with your external ID alone",
        cause="\n".join(lines) or _LIKELY[question],
        turn=Turn.CUSTOMER,
        fix=CORRECT_TRUST,
        request_ids=_ids(probe, question, "trust"),
    )
