"""Which version of the permissions a role has: what it may be measured by, and what is kept of it."""

from dataclasses import replace

from onboarding.aws.check import Status
from onboarding.aws.permissions_version import Measured
from onboarding.aws.verify import Policy, Published, RoleFinding
from onboarding.jobs import edition as editions
from onboarding.jobs.drift import Standing
from onboarding.models import Installation
from onboarding.policy.document import Edition


def published(before: Standing) -> Published:
    """The version in effect, and every other one that the role may have."""
    present, known = editions.in_effect(), editions.known()
    proved = before.said("version")
    return replace(
        _as_aws_reads(present),
        others=tuple(_as_aws_reads(each) for each in known if each.number != present.number),
        proved=int(proved) if proved.isdecimal() else None,
    )


def _as_aws_reads(edition: Edition) -> Published:
    return Published(
        edition.number,
        tuple(Policy(each.name, each.document) for each in edition.policies),
        _purposes(edition),
    )


def _purposes(edition: Edition) -> dict[tuple[str, str], str]:
    allowed = {
        (grant.policy, action): f"{(grant.purpose or group.purpose)[:-1]} ({group.title})."
        for group in edition.groups
        for grant in group.grants
        for action in grant.actions
    }
    denied = {
        (denial.statement["Sid"], action): denial.sentence
        for denial in edition.denials
        for action in denial.actions
    }
    return allowed | denied


def as_published(found: RoleFinding) -> RoleFinding:
    """The finding about a role that has its own version to the letter, measured by that version."""
    if found.code != "role_permissions" or found.finding.status is not Status.WARNING:
        return found
    return replace(found, finding=replace(found.finding, status=Status.PASSED))


def note(installation: Installation, measured: Measured | None, before: Standing) -> None:
    """Keep which version the role has. One that cannot be read is taken to have what it had, unless
    nothing is known of a role in this account.
    """
    if measured is None and before.event is not None:
        return
    version = measured.recognised if measured else None
    if installation.policy_version != version:
        installation.policy_version = version
        Installation.objects.filter(pk=installation.pk).update(policy_version=version)
