"""Deep links into the AWS console, in the customer's Region."""

from onboarding.facts import ROLE_NAME


def _console(region: str) -> str:
    return f"https://{region}.console.aws.amazon.com"


def quota(region: str, code: str, service: str = "ec2") -> str:
    return f"{_console(region)}/servicequotas/home/services/{service}/quotas/{code}?region={region}"


def support_case(case_id: str) -> str:
    """A case of AWS Support; the page is the same for all Regions."""
    return f"https://support.console.aws.amazon.com/support/home#/case/?displayId={case_id}"


def vpcs(region: str) -> str:
    return f"{_console(region)}/vpcconsole/home?region={region}#vpcs:"


def instance_types(region: str) -> str:
    return f"{_console(region)}/ec2/home?region={region}#InstanceTypes:"


def instances(region: str) -> str:
    return f"{_console(region)}/ec2/home?region={region}#Instances:"


def clusters(region: str) -> str:
    return f"{_console(region)}/eks/home?region={region}#/clusters"


def databases(region: str) -> str:
    return f"{_console(region)}/rds/home?region={region}#databases:"


def stacks(region: str) -> str:
    return f"{_console(region)}/cloudformation/home?region={region}#/stacks"


def cloudshell() -> str:
    """In the Region that is on in every account."""
    return f"{_console('us-east-1')}/cloudshell/home?region=us-east-1"


def account_regions() -> str:
    """The page of the account's Regions; it is the same for all of them."""
    return "https://us-east-1.console.aws.amazon.com/billing/home#/account"


def role() -> str:
    return f"{_console('us-east-1')}/iam/home#/roles/details/{ROLE_NAME}"


def token_settings() -> str:
    """IAM's account settings, with the Security Token Service among them."""
    return f"{_console('us-east-1')}/iam/home#/account_settings"


def service_control_policies() -> str:
    """AWS Organizations knows no Region."""
    home = "organizations/v2/home/policies/service-control-policy"
    return f"{_console('us-east-1')}/{home}"
