"""Versions of the permissions, proposed and announced the way the desk does it."""

from datetime import timedelta

from onboarding.jobs import policies as job
from onboarding.models import Mail, Notice, PolicyVersion, User
from onboarding.policy.document import Edition
from onboarding.services import policies
from tests import policy_ledger as ledger
from tests.policy_ledger import edition, lead

WIDER = edition(more="eks:CreateFargateProfile")
NARROWER = edition(less="eks:UpdateAddon")


def propose(wanted: Edition, by: User | None = None) -> PolicyVersion:
    return policies.propose(wanted, what="It may tag.", why="To count costs.", by=by or lead())


def announce(wanted: Edition = WIDER) -> PolicyVersion:
    version = propose(wanted)
    policies.approve(version, by=lead())
    version.refresh_from_db()
    return version


def give_notice() -> list[Notice]:
    job.tell_owners()
    return list(Notice.objects.all())


def arrive(ago: timedelta = ledger.FORTNIGHT) -> None:
    for notice in Notice.objects.filter(accepted_at=None):
        ledger.settle(notice, Mail.State.ACCEPTED)
        ledger.long_ago(notice, "accepted_at", ago)
