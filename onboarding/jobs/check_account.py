"""Asks every check of the account, and writes each result as it comes."""

from datetime import timedelta

from onboarding.aws.account import connect
from onboarding.aws.check import PeerWish, Wish
from onboarding.aws.checks import CHECKS
from onboarding.aws.run import run_checks
from onboarding.jobs import results
from onboarding.jobs.call_log import CallLog
from onboarding.models import Event, Installation, Operation


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


def run(operation: Operation) -> timedelta | None:
    installation = operation.installation
    log = CallLog(installation)
    try:
        account = connect(
            installation.aws_account_id,
            installation.organization.reveal_external_id(),
            installation.region,
            record=log,
        )
        for check, finding in run_checks(account, wish_of(installation)):
            results.write(
                operation,
                code=check.code,
                title=check.title,
                blocking=check.blocking,
                position=10 + CHECKS.index(check),
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
    operation.finish()
    return None
