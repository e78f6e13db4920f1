"""What is to watch the role, as the portal asks for it."""

from typing import Any

from onboarding.aws.actions.create_monitoring import Watching, create_monitoring
from onboarding.aws.actions.monitoring.part import MonitoringSpec
from onboarding.policy import monitoring
from tests.aws.simulated import SimulatedAws


def spec(account_id: str, **more: Any) -> MonitoringSpec:
    return MonitoringSpec(**monitoring.values(account_id), **more)


def watch(aws: SimulatedAws, account_id: str, **more: Any) -> Watching:
    given = more.pop("credentials", None) or aws.credentials(account_id)
    wanted = more.pop("wanted", None) or spec(account_id, **more)
    return create_monitoring(given, wanted, account_id=account_id, sleep=lambda seconds: None)
