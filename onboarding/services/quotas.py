"""Having AWS asked for a higher quota."""

from django.db import transaction

from onboarding.jobs import turn
from onboarding.models import Installation, Operation, QuotaRequest, User
from onboarding.services.access import enqueue


@transaction.atomic
def ask(
    installation: Installation, *, service: str, code: str, desired: int, name: str, by: User
) -> QuotaRequest:
    """Note that AWS is to be asked, and have a worker ask. Twice is once: what AWS has not decided
    yet is not asked again. `name` is what the quota is called until AWS has told its own name.
    """
    _wait_for_the_watcher(installation)
    request, _ = installation.quota_requests.undecided().get_or_create(
        aws_account_id=installation.aws_account_id,
        region=installation.region,
        quota_code=code,
        defaults={
            "installation": installation,
            "service_code": service,
            "quota_name": name,
            "desired": desired,
            "by": by,
        },
    )
    enqueue(installation, Operation.Kind.WATCH_QUOTAS)
    turn.settle(installation)
    return request


def _wait_for_the_watcher(installation: Installation) -> None:
    """A worker looks for new requests and puts itself to sleep in one transaction: not in between."""
    watching = installation.operations.unfinished().filter(kind=Operation.Kind.WATCH_QUOTAS)
    list(watching.select_for_update())
