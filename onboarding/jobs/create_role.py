"""Creates the role with credentials the customer pasted: "create it for me"."""

from datetime import timedelta

from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.create_role import Credentials, RoleSpec
from onboarding.aws.actions.create_role import create_role as create_in_aws
from onboarding.aws.actions.existing import AlreadyDifferent
from onboarding.aws.errors import AwsError
from onboarding.jobs import failures, handoff
from onboarding.jobs.call_log import CallLog
from onboarding.jobs.edition import in_effect
from onboarding.models import Event, Operation
from onboarding.policy.role import role_spec

PASTE_AGAIN = (
    "The credentials are no longer held: they are kept for two minutes and used once. "
    "Paste them again; what already exists in your account is found and kept."
)
DIFFERENCE = "Lines with - stand in your account, lines with + are what Astro needs:"
DONE = "Done before it stopped:"


@sensitive_variables("credentials")
def run(operation: Operation) -> timedelta | None:
    credentials = handoff.take(str(operation.pk))
    if credentials is None:
        operation.fail(PASTE_AGAIN)
        return None
    try:
        _create(operation, credentials)
    except AlreadyDifferent as error:
        failures.fail(operation, error, details=(DIFFERENCE, *error.diff_lines))
        return None
    except AwsError as error:
        # The credentials are used up whatever happened: going on needs the customer.
        failures.fail(operation, error, details=(DONE, *error.done) if error.done else ())
        return None
    installation = operation.installation
    Event.objects.create(
        organization=installation.organization,
        installation=installation,
        kind=Event.Kind.ROLE_CREATED,
    )
    operation.finish()
    Operation.request(installation, Operation.Kind.VERIFY_ROLE)
    return None


@sensitive_variables("credentials")
def _create(operation: Operation, credentials: Credentials) -> None:
    """Create what is missing in AWS, and keep the log of it however it ends."""
    installation = operation.installation
    spec = role_spec(in_effect(), installation.organization.reveal_external_id())
    log = CallLog(installation)
    try:
        create_in_aws(
            credentials,
            RoleSpec(
                role_name=spec.role_name,
                trust_policy=spec.trust_policy,
                policies=spec.policies,
                tags=spec.tags | {"astro:installation": str(installation.pk)},
                descriptions=spec.descriptions,
            ),
            account_id=installation.aws_account_id,
            record=log,
        )
    finally:
        log.write()
