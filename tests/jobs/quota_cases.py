"""An installation whose role may ask for quotas, and what AWS is made to decide."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from onboarding.facts import ON_DEMAND_QUOTA, TRUST_PRINCIPAL
from onboarding.jobs import operations
from onboarding.models import Installation, Mail, Operation, QuotaRequest, User
from onboarding.services import quotas
from tests.aws.simulated import SimulatedAws
from tests.factories import make_installation

REGION = "us-east-1"
WATCH = Operation.Kind.WATCH_QUOTAS
ASKS = "servicequotas:RequestServiceQuotaIncrease"
ALL = ("servicequotas:*", "ec2:Describe*", "account:*", "iam:Get*")


def allow(*actions: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trust(installation: Installation) -> dict[str, Any]:
    external_id = installation.organization.reveal_external_id()
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass
class Case:
    aws: SimulatedAws
    installation: Installation

    @property
    def account_id(self) -> str:
        return self.installation.aws_account_id

    @property
    def owner(self) -> User:
        return self.installation.organization.owners().get().user

    def ask(self, desired: int = 80, code: str = ON_DEMAND_QUOTA) -> QuotaRequest:
        return quotas.ask(
            self.installation,
            service="ec2",
            code=code,
            desired=desired,
            name="On-Demand vCPU quota",
            by=self.owner,
        )

    def watch(self) -> timedelta | None:
        """One run of the watcher, whether or not it is due."""
        waiting = self.installation.operations.unfinished().filter(kind=WATCH)
        waiting.update(run_after=timezone.now() - timedelta(seconds=1))
        return operations.run(str(waiting.get().pk))

    def request(self, code: str = ON_DEMAND_QUOTA) -> QuotaRequest:
        return self.installation.quota_requests.filter(quota_code=code)[:1].get()

    def decide(self, status: str, granted: float | None = None) -> None:
        wanted: dict[str, Any] = {"account": self.account_id, "region": REGION}
        wanted |= {"code": ON_DEMAND_QUOTA, "status": status}
        if granted is not None:
            wanted["granted"] = granted
        self.aws.simulator.knobs(quota_requests=[wanted])

    def set_quota(self, value: float) -> None:
        self.aws.set_quota(self.account_id, ON_DEMAND_QUOTA, value, REGION)

    def asked_by_hand(self, desired: float) -> str:
        """The customer's administrator asks AWS without us; gives the request's id."""
        client = self.aws.admin(self.account_id, "service-quotas")
        answer = client.request_service_quota_increase(
            ServiceCode="ec2", QuotaCode=ON_DEMAND_QUOTA, DesiredValue=desired
        )
        return str(answer["RequestedQuota"]["Id"])

    def later(self, passed: timedelta) -> None:
        """Let so much time have passed since the row was made and AWS was asked."""
        self.installation.quota_requests.update(
            created_at=F("created_at") - passed, asked_at=F("asked_at") - passed
        )

    def asked(self) -> int:
        return len(self.aws.calls(self.account_id, f"^{ASKS}$"))

    def mails(self) -> list[str]:
        return list(Mail.objects.order_by("pk").values_list("name", flat=True))

    def checks_wait(self) -> bool:
        kind = Operation.Kind.CHECK_ACCOUNT
        return self.installation.operations.unfinished().filter(kind=kind).exists()

    def forget_checks(self) -> None:
        self.installation.operations.filter(kind=Operation.Kind.CHECK_ACCOUNT).delete()

    def events(self) -> list[str]:
        about = self.installation.events.filter(kind__startswith="quota_")
        return list(about.values_list("kind", flat=True))


MakeCase = Callable[..., Case]


def make_case(aws: SimulatedAws, *, actions: tuple[str, ...] = ALL, role: bool = True) -> Case:
    """The quota stands at 5, as in a new account."""
    case = Case(aws, make_installation(aws_account_id=aws.new_account(), cluster_name="analytics"))
    if role:
        aws.make_role(case.account_id, trust(case.installation), allow(*actions))
    case.set_quota(5)
    return case
