"""Updates the role to the version in effect with credentials the customer pasted."""

from datetime import timedelta

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.entry import Credentials
from onboarding.aws.actions.existing import AlreadyDifferent
from onboarding.aws.actions.update_role import RoleUpdate, Updated
from onboarding.aws.actions.update_role import update_role as update_in_aws
from onboarding.aws.errors import AwsError
from onboarding.jobs import edition as editions
from onboarding.jobs import failures, handoff
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.create_role import DIFFERENCE, DONE
from onboarding.models import Event, Operation
from onboarding.policy.document import Edition
from onboarding.policy.update import update_spec

PASTE_AGAIN = (
    "The credentials are no longer held: they are kept for two minutes and used once. "
    "Paste them again; what was updated already is found and kept."
)
ANOTHER_VERSION = (
    "Another version of the permissions has taken effect since you asked. Nothing was changed. "
    "Read what is new in it, then start the update again."
)


@sensitive_variables("credentials")
def run(operation: Operation) -> timedelta | None:
    credentials = handoff.take(str(operation.pk))
    if credentials is None:
        operation.fail(PASTE_AGAIN)
        return None
    edition = editions.in_effect()
    if operation.data.get("version") != edition.number:
        operation.fail(ANOTHER_VERSION)
        return None
    try:
        updated = _update(operation, credentials, edition)
    except AlreadyDifferent as error:
        failures.fail(operation, error, details=(*_done(error), DIFFERENCE, *error.diff_lines))
        return None
    except AwsError as error:
        # The credentials are used up whatever happened: going on needs the customer.
        failures.fail(operation, error, details=_done(error))
        return None
    _note(operation, updated, edition)
    return None


def _done(error: AwsError) -> tuple[str, ...]:
    return (DONE, *error.done) if error.done else ()


@sensitive_variables("credentials")
def _update(operation: Operation, credentials: Credentials, edition: Edition) -> Updated:
    """Change in AWS what differs, and keep the log of it however it ends."""
    installation = operation.installation
    organization = installation.organization
    spec = update_spec(edition, editions.known())
    log = CallLog(installation)
    try:
        return update_in_aws(
            credentials,
            RoleUpdate(
                role_name=spec.role_name,
                policies=spec.policies,
                known=spec.known,
                tags=spec.tags,
                external_id=organization.reveal_external_id(),
                former_external_id=organization.reveal_former_external_id(),
                descriptions=spec.descriptions,
            ),
            account_id=installation.aws_account_id,
            record=log,
        )
    finally:
        log.write()


@transaction.atomic
def _note(operation: Operation, updated: Updated, edition: Edition) -> None:
    """It is done, by whom, and what: and it is to be proved."""
    installation = operation.installation
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_UPDATED,
        by_id=operation.data.get("by"),
        data={
            "account_id": installation.aws_account_id,
            "version": edition.number,
            "steps": list(updated.steps),
        },
    )
    # The page reads what was done from here.
    Operation.objects.filter(pk=operation.pk).update(
        data=operation.data | {"steps": list(updated.steps)}
    )
    operation.finish()
    Operation.request(installation, Operation.Kind.VERIFY_ROLE)
