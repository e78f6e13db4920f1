"""What is true about Astro and AWS: names, numbers and lists that no deployment changes."""

CONTROL_PLANE_ACCOUNT = "406882777402"
"""Astro's own AWS account. It is never a customer's account."""

TRUST_PRINCIPAL = f"arn:aws:iam::{CONTROL_PLANE_ACCOUNT}:root"
ROLE_NAME = "astronomer-remote-management"
POLICY_NAME = "AstronomerCrossAccountRole"
STACK_NAME = "AstroCrossAccountRole"
CONSOLE_REGION = "us-east-1"
"""Where the CloudFormation console opens: IAM is global and its events are recorded here."""

DEFAULT_REGION = "us-east-1"
DEFAULT_NODE_TYPE = "m5.xlarge"
DEFAULT_MAX_NODES = 20
MIN_MAX_NODES = 2
MOST_MAX_NODES = 100
DEFAULT_ASTRO_CIDR = "172.20.0.0/19"

MINIMUM_VCPU_QUOTA = 40
"""vCPU, per account and Region, for On-Demand Standard and for Spot Standard alike."""
ON_DEMAND_QUOTA = "L-1216C47A"
SPOT_QUOTA = "L-34B43A08"

STATUS_PAGE_URL = "https://status.astronomer.io/"
SUPPORT_URL = "https://cloud.astronomer.io/support"
CLOUD_UI_URL = "https://cloud.astronomer.io/"


def role_arn(account_id: str) -> str:
    """The ARN of the cross-account role in `account_id`: computed, never typed."""
    return f"arn:aws:iam::{account_id}:role/{ROLE_NAME}"


def allow_list(short_name: str) -> tuple[str, ...]:
    """The eight domains an Organization's users and CI/CD must reach."""
    return (
        "cloud.astronomer.io",
        f"astro-{short_name}.datakin.com",
        f"{short_name}.astronomer.run",
        "api.astronomer.io",
        "images.astronomer.cloud",
        "auth.astronomer.io",
        "updates.astronomer.io",
        "install.astronomer.io",
    )
