"""Creates the role with credentials the customer pasted: "create it for me"."""

from datetime import timedelta

from django.views.decorators.debug import sensitive_variables

from onboarding.aws.actions.create_role import AlreadyDifferent, Credentials, RoleSpec, WrongAccount
from onboarding.aws.actions.create_role import create_role as create_in_aws
from onboarding.aws.errors import AwsError
from onboarding.jobs import handoff
from onboarding.jobs.call_log import CallLog
from onboarding.models import Event, Operation
from onboarding.policy.role import role_spec

PASTE_AGAIN = (
    "The credentials are no longer held: they are kept for two minutes and used once. "
    "Paste them again; what already exists in your account is found and kept."
)


@sensitive_variables("credentials")
def run(operation: Operation) -> timedelta | None:
    credentials = handoff.take(str(operation.pk))
    if credentials is None:
        operation.fail(PASTE_AGAIN)
        return None
    problem = _create(operation, credentials)
    if problem:
        operation.fail(problem)
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
def _create(operation: Operation, credentials: Credentials) -> str:
    """Create what is missing. Returns why it could not be done, in the customer's words."""
    installation = operation.installation
    spec = role_spec(installation.organization.reveal_external_id())
    log = CallLog(installation)
    try:
        create_in_aws(
            credentials,
            RoleSpec(
                role_name=spec.role_name,
                trust_policy=spec.trust_policy,
                policies=spec.policies,
                tags=spec.tags | {"astro:installation": str(installation.pk)},
            ),
            account_id=installation.aws_account_id,
            record=log,
        )
    except WrongAccount as error:
        return str(error)
    except AlreadyDifferent as error:
        return str(error)
    except AwsError as error:
        # The credentials are used up whatever happened, so a retry needs the customer.
        return f"{error.message} Paste the credentials again to go on; nothing is created twice."
    finally:
        log.write()
    return ""
