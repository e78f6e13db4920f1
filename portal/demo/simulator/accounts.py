"""The AWS accounts that exist in the simulation, and the portal's own keys."""

from dataclasses import dataclass, field

from onboarding.facts import CONTROL_PLANE_ACCOUNT, ON_DEMAND_QUOTA, SPOT_QUOTA
from portal.demo.simulator.evaluate import Document


@dataclass(frozen=True)
class KeyPair:
    access_key_id: str
    secret_access_key: str = field(repr=False)


VENDOR_ACCOUNT = CONTROL_PLANE_ACCOUNT
VENDOR_USER_ARN = f"arn:aws:iam::{VENDOR_ACCOUNT}:user/astro-install-portal"
# Keys of a simulation: they open nothing outside it, so they may stand in the code.
VENDOR_KEY = KeyPair("AKIAASTROINSTALLPRTL", "simulated-secret-of-the-install-portal00")

ELSEWHERE = frozenset({"111122223333", "123456789012", "444455556666"})
"""Accounts of AWS's documentation: a trust policy may name them, nothing can be called there."""


@dataclass(frozen=True)
class Account:
    account_id: str
    name: str
    sentence: str = ""
    """What is special about it, for the person who chooses one."""
    vcpu_quotas: dict[str, float] = field(
        default_factory=lambda: {ON_DEMAND_QUOTA: 256.0, SPOT_QUOTA: 128.0}
    )
    opted_in: tuple[str, ...] = ()
    """Opt-in Regions that are enabled from the start."""
    service_control_policies: tuple[Document, ...] = ()
    """What its AWS Organization denies; none means that it is in no organization."""
