"""The commands that put a new external ID into a role that exists already.

None holds an external ID: they take it from the environment, where it was put by hand. A script
that creates the role refuses to overwrite one, so it is of no use here.
"""

import json
import re

from onboarding import facts
from onboarding.policy import cloudformation, document, parameters

GIVE = "export EXTERNAL_ID="
"""What is typed first, with the new external ID behind it."""
_SHAPE = f"""test ${{#EXTERNAL_ID}} -eq {parameters.EXTERNAL_ID_LENGTH} &&
  printf '%s\\n' "$EXTERNAL_ID" | grep -Eqx '{parameters.EXTERNAL_ID_PATTERN}' &&"""


def trust_command(account_id: str) -> str:
    """Replaces the role's trust policy, in that account and in no other.

    Raises ValueError unless `account_id` has 12 digits.
    """
    # The one expansion in the here-document is of a value that was checked just before.
    trust = json.dumps(document.trust_document("$EXTERNAL_ID"), indent=1)
    return _only_in(
        account_id,
        f"""aws iam update-assume-role-policy --role-name {facts.ROLE_NAME} \\
    --policy-document file:///dev/stdin <<JSON
{trust}
JSON""",
    )


def stack_command(account_id: str) -> str:
    """Updates the stack that made the role: another external ID, and all else as it was.

    Raises ValueError unless `account_id` has 12 digits.
    """
    kept = [name for name in cloudformation.parameter_names() if name != "ExternalId"]
    given = ['ParameterKey=ExternalId,ParameterValue="$EXTERNAL_ID"']
    given += [f"ParameterKey={name},UsePreviousValue=true" for name in kept]
    lines = " \\\n      ".join(given)
    return _only_in(
        account_id,
        f"""aws cloudformation update-stack --region {facts.CONSOLE_REGION} \\
    --stack-name {facts.STACK_NAME} --use-previous-template \\
    --capabilities CAPABILITY_NAMED_IAM --output text \\
    --parameters {lines}""",
    )


def _only_in(account_id: str, command: str) -> str:
    if re.fullmatch("[0-9]{12}", account_id) is None:
        raise ValueError("An AWS account ID has 12 digits.")
    return f"""if {_SHAPE}
  test "$(aws sts get-caller-identity --query Account --output text)" = {account_id}
then
  {command}
else
  echo 'Nothing was changed. Look at EXTERNAL_ID, and at the account you are signed in to.'
fi"""
