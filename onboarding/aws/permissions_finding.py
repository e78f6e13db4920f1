"""What the customer reads about the role's permissions, and how to put them right."""

import json
import shlex
from collections.abc import Iterable

from onboarding.aws import console
from onboarding.aws.check import Finding, Fix, Status, Turn
from onboarding.aws.errors import AwsError, Denied
from onboarding.aws.explain import explain
from onboarding.aws.permissions import (
    Attached,
    Comparison,
    Excess,
    Gap,
    Policy,
    Published,
    Why,
    compare,
)
from onboarding.aws.permissions_read import OnRole
from onboarding.aws.permissions_version import Measured
from onboarding.facts import ROLE_NAME

TITLE = "Its permissions are the published ones"
LOOK_AT_ROLE = (console.role() + "?section=permissions", "Open the role's permissions")
WE_LOOK_AGAIN = "We look again by ourselves."
MOST_NAMES = 8
"""Of one service, in one sentence."""


def permissions_finding(
    published: Published, seen: OnRole, account_id: str, measured: Measured | None
) -> Finding:
    """The finding about what was read of the role, or about why it could not be read.

    A role that lacks what its own version gives cannot do its work. One that has it all, of a
    version no longer in effect, is to be updated, and goes on working until then.
    """
    if seen.attached is None or measured is None:
        return _unread(published, seen.error, account_id)
    found, attached = measured.found, seen.attached
    if not found.is_enough:
        return _lacking(published, attached, found)
    if found.version < published.version:
        return _outdated(published, attached, found)
    return _enough(found)


def _lacking(published: Published, attached: Attached, found: Comparison) -> Finding:
    lost = found.missing + found.taken
    actions = len({gap.action for gap in lost})
    return Finding(
        Status.FAILED,
        saw=f"The role lacks {_count(actions)} of the {found.total} published in version "
        f"{found.version}.",
        needed=_by_service(lost),
        cause=" ".join(_causes(found)),
        turn=Turn.CUSTOMER,
        fix=_fix(published, attached, compare(published, attached)),
    )


def _outdated(published: Published, attached: Attached, found: Comparison) -> Finding:
    now = compare(published, attached)
    return Finding(
        Status.WARNING,
        saw=" ".join(
            (
                f"The role has all {found.total} permissions of version {found.version}.",
                f"Version {now.version} is in effect.",
                *_warnings(found),
            )
        ),
        cause="\n".join(_news(published, now, found)),
        fix=_update(published, attached, now),
    )


def _news(published: Published, now: Comparison, found: Comparison) -> Iterable[str]:
    """What the version in effect has over the one that the role has, by purpose."""
    adds = _purposes(published, now.missing)
    forbids = _purposes(published, now.not_denied)
    no_more = [each for each in now.excess if each not in found.excess]
    if adds:
        yield f"Version {now.version} adds: {adds}"
    if forbids:
        yield f"Version {now.version} rules out: {forbids}"
    if no_more:
        yield f"Version {now.version} no longer asks for: {_names(no_more)}."


def _purposes(published: Published, items: Iterable[Gap | Excess]) -> str:
    sentences = (published.purposes.get((each.policy, each.action)) for each in items)
    return " ".join(dict.fromkeys(filter(None, sentences)))


def _update(published: Published, attached: Attached, now: Comparison) -> Fix:
    """From one version to the next. Not by the script: it changes no policy that exists."""
    steps = (
        "Update the role when it suits you. Until then Astro works with what it has.",
        "Made with the AWS console: update the stack with the template of this page.",
        "Made with Terraform: apply the module of this page again.",
        "Made otherwise: run the commands below in CloudShell. Of a policy AWS keeps five versions: "
        "if it refuses a sixth, delete the oldest.",
        WE_LOOK_AGAIN,
    )
    changed = [each for each in published.policies if each.name in (*now.changed, *now.absent)]
    command = "\n".join(_command(policy, attached) for policy in changed)
    return Fix(steps, command, *LOOK_AT_ROLE)


def _enough(found: Comparison) -> Finding:
    if found.is_as_published:
        saw = f"All {found.total} permissions are those published in version {found.version}."
        return Finding(Status.PASSED, saw=saw)
    steps = [_keep_to_published(found)] if found.excess or found.not_denied else []
    if found.at_risk:
        names = " and ".join(dict.fromkeys(gap.by for gap in found.at_risk))
        steps.append(f"See whether {names} spares what Astro does. If not, Astro will be refused.")
    return Finding(
        Status.WARNING,
        saw=f"All {found.total} permissions of version {found.version} are there. "
        + " ".join(_warnings(found)),
        fix=Fix(tuple(steps), link=LOOK_AT_ROLE[0], link_label=LOOK_AT_ROLE[1]),
    )


def _keep_to_published(found: Comparison) -> str:
    policies = ", ".join(dict.fromkeys(each.policy for each in found.excess))
    if not policies:
        return "Attach the published policies: they hold what Astro may never do."
    return (
        f"You may go on like this. To give no more than Astro needs, replace or detach {policies}."
    )


def _warnings(found: Comparison) -> Iterable[str]:
    if found.excess:
        yield f"The role may do more than Astro needs: {_names(found.excess)}."
    if found.not_denied:
        rules = ", ".join(dict.fromkeys(each.policy for each in found.not_denied))
        yield f"What Astro may never do is not forbidden as published: {rules}."
    if found.at_risk:
        by = ", ".join(dict.fromkeys(gap.by for gap in found.at_risk))
        yield f"{by} may stand in the way in some cases. {_by_service(found.at_risk)}"


def _causes(found: Comparison) -> Iterable[str]:
    """The likeliest first: a whole policy, its text, somebody else's rule."""
    lacking = {gap.policy for gap in found.missing}
    for name in found.absent:
        if name in lacking:
            yield f"The policy {name} is not attached to the role."
    for name in found.changed:
        if name in lacking:
            yield f"The policy {name} has another text than the published one."
    for name in dict.fromkeys(gap.by for gap in found.taken):
        yield f"{name} takes away what the role's policies give."


def _fix(published: Published, attached: Attached, found: Comparison) -> Fix:
    lacking = [policy for policy in published.policies if _lacks(found, policy.name)]
    steps: list[str] = []
    if lacking:
        steps += [
            "Made with the AWS console: update the stack with the template of this page.",
            "Made with Terraform: apply the module of this page again.",
            "Made with the script: run it again. It attaches what is missing and changes nothing "
            "else; a policy with another text is put right by the commands below.",
            "Made by hand: run the commands below in CloudShell. Where a policy exists already AWS "
            "says so; the next line attaches it.",
        ]
    for name in dict.fromkeys(gap.by for gap in found.taken):
        steps.append(f"Take out of {name} what stands in the way, or write to support.")
    steps.append(WE_LOOK_AGAIN)
    command = "\n".join(_command(policy, attached) for policy in lacking)
    return Fix(tuple(steps), command, *LOOK_AT_ROLE)


def _command(policy: Policy, attached: Attached) -> str:
    """Puts one published policy in its place: a new version of the attached one, or a new one."""
    text = shlex.quote(json.dumps(policy.document, separators=(",", ":")))
    arn = next((each.arn for each in attached.managed if each.name == policy.name), "")
    if arn:
        return (
            f"aws iam create-policy-version --policy-arn {shlex.quote(arn)} --set-as-default "
            f"--policy-document {text}"
        )
    return (
        f"aws iam create-policy --policy-name {policy.name} --policy-document {text}\n"
        + _attach(attached.account_id, policy.name)
    )


def _lacks(found: Comparison, name: str) -> bool:
    return any(gap.policy == name for gap in found.missing)


def _attach(account_id: str, name: str) -> str:
    arn = f"arn:aws:iam::{account_id}:policy/{name}"
    return f"aws iam attach-role-policy --role-name {ROLE_NAME} --policy-arn {shlex.quote(arn)}"


def _unread(published: Published, error: AwsError | None, account_id: str) -> Finding:
    if error is None:
        return Finding(Status.WAITING, saw="We compare them as soon as the role opens.")
    why = explain(error)
    fix = why.fix
    if isinstance(error, Denied):
        policy = published.policies[0].name
        steps = (
            f"Attach the published policies to the role: {policy} lets it read its own policies.",
            f"If they are attached: AWS can take a minute. {WE_LOOK_AGAIN}",
        )
        fix = Fix(steps, _attach(account_id, policy), *LOOK_AT_ROLE)
    return Finding(
        Status.COULD_NOT_CHECK,
        saw=f"We could not compare them: the role may not use {error.action}."
        if isinstance(error, Denied)
        else f"We could not compare them ({error.action}): {error.message}",
        needed=f"The permission {error.action} for the role" if isinstance(error, Denied) else "",
        cause=why.cause,
        turn=why.turn,
        fix=fix,
        report=why.report,
    )


def _count(number: int) -> str:
    return "1 permission" if number == 1 else f"{number} permissions"


def _by_service(gaps: Iterable[Gap]) -> str:
    """`ec2: RunInstances, StopInstances (only on some resources). iam: PassRole.`"""
    services: dict[str, dict[str, Why]] = {}
    for gap in gaps:
        service, _, action = gap.action.partition(":")
        services.setdefault(service, {}).setdefault(action, gap.why)
    return " ".join(f"{name}: {_listed(found)}." for name, found in services.items())


def _listed(actions: dict[str, Why]) -> str:
    shown = [
        action if why is Why.ABSENT else f"{action} ({why})"
        for action, why in list(actions.items())[:MOST_NAMES]
    ]
    more = len(actions) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _names(excess: Iterable[Excess]) -> str:
    actions = list(dict.fromkeys(each.action for each in excess))
    shown = ", ".join(actions[: 2 * MOST_NAMES])
    more = len(actions) - 2 * MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
