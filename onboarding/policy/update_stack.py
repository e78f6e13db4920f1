"""The command that updates the stack which made the role to another version of the permissions."""

import re
from shlex import quote

from onboarding import facts
from onboarding.policy import cloudformation


def stack_command(account_id: str, template_url: str) -> str:
    """Updates the stack, in that account and in no other: another template, and all else as it was.

    AWS reads `template_url` from S3 alone. Raises ValueError unless `account_id` has 12 digits.
    """
    if re.fullmatch("[0-9]{12}", account_id) is None:
        raise ValueError("An AWS account ID has 12 digits.")
    kept = (
        f"ParameterKey={name},UsePreviousValue=true" for name in cloudformation.parameter_names()
    )
    lines = " \\\n      ".join(kept)
    return f"""if test "$(aws sts get-caller-identity --query Account --output text)" = {account_id}
then
  aws cloudformation update-stack --region {facts.CONSOLE_REGION} \\
    --stack-name {facts.STACK_NAME} \\
    --template-url {quote(template_url)} \\
    --capabilities CAPABILITY_NAMED_IAM --output text \\
    --parameters {lines}
else
  echo 'Nothing was changed. Look at the account you are signed in to.'
fi"""
