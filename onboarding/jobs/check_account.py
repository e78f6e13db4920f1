"""Asks the checks of the account that are due, and writes each result as it comes."""

from datetime import timedelta

from django.db.models import prefetch_related_objects

from onboarding.aws.account import connect
from onboarding.aws.check import Check, PeerWish, Wish
from onboarding.aws.checks import CHECKS
from onboarding.aws.run import SERVICES, run_checks
from onboarding.jobs import results
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.session import session_name
from onboarding.models import Event, Installation, Operation

FIRST = 20
"""The place of the first check: those of the role come before."""


def wish_of(installation: Installation) -> Wish:
    """The answers, as the checks know them."""
    return Wish(
        aws_account_id=installation.aws_account_id,
        region=installation.region,
        node_type=installation.node_type,
        max_nodes=installation.max_nodes,
        cluster_name=installation.cluster_name,
        astro_cidr=installation.astro_cidr,
        peers=tuple(
            PeerWish(peer.vpc, peer.account_id, peer.region, tuple(peer.cidr_list))
            for peer in installation.peers.all()
        ),
    )


def due(installation: Installation, *, everything: bool = False) -> tuple[Check, ...]:
    """The checks worth asking: all but those whose result is settled, or every one."""
    answers = installation.answers()
    settled = {
        result.code
        for result in installation.check_results.all()
        if not everything and result.is_settled(answers)
    }
    return tuple(check for check in CHECKS if check.code not in settled)


def run(operation: Operation) -> timedelta | None:
    # Read once: what is saved meanwhile does not belong to the results of this run.
    prefetch_related_objects([operation.installation], "peers", "check_results")
    checks = due(operation.installation, everything=bool(operation.data.get("everything")))
    if checks:
        _look(operation, checks)
    operation.finish()
    return None


def _look(operation: Operation, checks: tuple[Check, ...]) -> None:
    installation, log = operation.installation, CallLog(operation.installation)
    wish = wish_of(installation)
    try:
        account = connect(
            installation.aws_account_id,
            installation.organization.reveal_external_id(),
            installation.region,
            former=installation.organization.reveal_former_external_id(),
            record=log,
            session_name=session_name(operation),
            services=SERVICES,
        )
        for check, finding in run_checks(account, wish, checks):
            results.write(
                operation,
                code=check.code,
                title=check.titled(wish),
                blocking=check.blocking,
                position=FIRST + CHECKS.index(check),
                relies_on=check.relies_on,
                finding=finding,
            )
    finally:
        log.write()
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.CHECKED,
    )
