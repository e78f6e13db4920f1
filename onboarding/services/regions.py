"""Having an opt-in Region turned on."""

from django.db import transaction

from onboarding import tasks
from onboarding.jobs import turn
from onboarding.models import Event, Installation, Operation, User


@transaction.atomic
def enable(installation: Installation, *, region: str, by: User) -> Operation:
    """Have a worker turn `region` on and watch until AWS is done. Asked twice, it is done once."""
    kind = Operation.Kind.ENABLE_REGION
    wanted = {"region": region, "account": installation.aws_account_id}
    under_way = installation.operations.unfinished().filter(kind=kind).first()
    if under_way and wanted.items() <= under_way.data.items():
        wanted = under_way.data
    operation = Operation.request(installation, kind, wanted)
    tasks.after_commit(tasks.run_operation, str(operation.pk))
    if not under_way:
        Event.objects.create(
            organization=installation.organization,
            installation=installation,
            kind=Event.Kind.REGION_REQUESTED,
            by=by,
            note=f"{region}.",
            data={"region": region},
        )
    turn.settle(installation)
    return operation
