"""A report answers the checks as AWS does: the script, run with the AWS CLI, against the real thing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onboarding.aws.account import Account
from onboarding.aws.calls import Identity
from onboarding.aws.check import Finding, Status, Turn, Wish
from onboarding.aws.checks import CHECKS
from onboarding.aws.errors import AwsError, Denied, NotReported, Refused, RegionOff
from onboarding.aws.reported import ReportedAccount
from onboarding.aws.run import run_checks
from onboarding.facts.preflight import NotAnswered, Preflight, parse
from onboarding.facts.preflight_questions import questions
from onboarding.policy import preflight
from tests.aws.simulated import SimulatedAws
from tests.aws.wishes import wish
from tests.facts.reports import ACCOUNT, NOW

BIN = Path(sys.executable).parent
HEALTHY, NOT_CLEAN = "210987654321", "430987654321"
ONLY_WITH_THE_ROLE = {
    "iam:SimulatePrincipalPolicy": "it asks what AWS Organizations denies to the role",
}


class Eavesdropper(Account):
    """Notes what it is asked. Refuses `refusing`, so that what a check asks instead is heard too."""

    def __init__(self, account: Account, refusing: str = "") -> None:
        self.account_id, self.region, self.identity = (
            account.account_id,
            account.region,
            Identity.ROLE,
        )
        self.account, self.refusing = account, refusing
        self.asked: list[tuple[str, str, str, dict[str, Any]]] = []

    def ask(self, service: str, method: str, region: str | None = None, **params: Any) -> Any:
        self.asked.append((service, method, region or self.region, params))
        if method == self.refusing:
            raise Refused("No such thing.", code="NoSuchResourceException")
        return self.account.ask(service, method, region, **params)

    def ask_all(
        self, service: str, method: str, key: str, region: str | None = None, **params: Any
    ) -> list[Any]:
        self.asked.append((service, method, region or self.region, params))
        if method == self.refusing:
            return []
        if method == "describe_nat_gateways":
            return [{"SubnetId": "subnet-0a1b2c3d"}]  # where the others are is asked then
        return self.account.ask_all(service, method, key, region, **params)

    def client(self, service: str, region: str | None = None) -> Any:
        raise AssertionError("a check goes around `ask`, and no report can answer that")


class Script:
    """The pre-flight script, run by the administrator of a simulated account."""

    def __init__(self, aws: SimulatedAws, folder: Path) -> None:
        self.aws, self.folder = aws, folder

    def run(self, wanted: Wish, *, shell: str = "dash", output: str = "text") -> Preflight:
        keys = self.aws.credentials(wanted.aws_account_id)
        file = self.folder / "preflight.sh"
        file.write_text(
            preflight.script(wanted.aws_account_id, wanted.region, wanted.node_type), "ascii"
        )
        env = {
            "PATH": f"{BIN}:{os.defpath}",
            "HOME": str(self.folder),
            "AWS_ENDPOINT_URL": self.aws.simulator.url,
            "AWS_DEFAULT_OUTPUT": output,
            "AWS_DEFAULT_REGION": "eu-west-3",
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_SESSION_TOKEN": keys.session_token,
        }
        done = subprocess.run(
            [shutil.which(shell) or shell, file],
            env=env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert (done.stderr, done.returncode) == ("", 0)
        report = self.folder / preflight.file_name(wanted.aws_account_id)
        return parse(report.read_text("utf-8"))


@pytest.fixture
def script(aws: SimulatedAws, tmp_path: Path) -> Script:
    return Script(aws, tmp_path)


def judged(account: Account, wanted: Wish) -> dict[str, Finding]:
    return {check.code: finding for check, finding in run_checks(account, wanted, CHECKS)}


def told(found: dict[str, Finding]) -> dict[str, tuple[Any, ...]]:
    return {
        code: (one.status, one.saw, one.needed, one.cause, one.fix) for code, one in found.items()
    }


@pytest.mark.parametrize(
    ("account_id", "region", "shell", "output"),
    [(HEALTHY, "ap-east-1", "dash", "table"), (NOT_CLEAN, "us-east-1", "bash", "text")],
    ids=["healthy", "not clean"],
)
def test_a_report_is_judged_as_aws_itself_is(
    aws: SimulatedAws, script: Script, account_id: str, region: str, shell: str, output: str
) -> None:
    wanted = wish(aws_account_id=account_id, region=region)
    report = script.run(wanted, shell=shell, output=output)
    report.must_be_about(account_id=wanted.aws_account_id, region=region, now=report.made_at)
    seen = told(judged(aws.account(wanted.aws_account_id, region), wanted))
    assert told(judged(ReportedAccount(report), wanted)) == seen
    assert {name: one.code for name, one in report.errors.items()} == {
        "organization": "AWSOrganizationsNotInUseException"
    }
    if account_id == NOT_CLEAN:
        assert seen["astro_cidr_free"][0] is Status.FAILED
        assert "warehouse" in seen["astro_cidr_free"][1]
        assert seen["account_is_clean"][0] is Status.WARNING


def test_a_new_account_with_few_rights_reports_what_it_may(
    aws: SimulatedAws, account_id: str, script: Script
) -> None:
    wanted = wish(aws_account_id=account_id)
    aws.set_quota(account_id, "L-1216C47A", 5, "us-east-1")
    aws.set_quota(account_id, "L-34B43A08", None, "us-east-1")  # AWS tells the default, also 5
    aws.fail("ec2:DescribeVpcs", "UnauthorizedOperation", 1)
    aws.fail("eks:ListClusters", "AccessDeniedException", 1)
    found = judged(ReportedAccount(script.run(wanted)), wanted)
    assert found["on_demand_quota"].status is Status.FAILED
    assert found["spot_quota"].status is Status.FAILED
    for code, action in (
        ("astro_cidr_free", "ec2:DescribeVpcs"),
        ("cluster_name_free", "eks:ListClusters"),
    ):
        assert found[code].status is Status.COULD_NOT_CHECK
        assert found[code].turn is Turn.CUSTOMER
        assert f"Whoever ran the script may not do {action}" in found[code].cause
        assert not found[code].request_ids


def questions_asked(aws: SimulatedAws) -> Iterator[tuple[Wish, str, str, str, dict[str, Any]]]:
    for region in ("us-east-1", "ap-east-1"):
        account_id = aws.new_account()
        for refusing in ("", "get_service_quota", "list_service_quotas", "get_region_opt_status"):
            wanted = wish(aws_account_id=account_id, region=region)
            account = Eavesdropper(aws.account(account_id, region), refusing)
            judged(account, wanted)
            yield from ((wanted, *asked) for asked in account.asked)


def test_the_script_asks_whatever_the_checks_ask(aws: SimulatedAws) -> None:
    """Add to `preflight_questions` what fails here, or say why no report can hold it."""
    heard, unheard = set(), set()
    for wanted, service, method, region, params in questions_asked(aws):
        listed = questions(wanted.region, wanted.node_type)
        names = [each.name for each in listed if each.is_it(service, method, region, params)]
        heard |= {(wanted.region, name) for name in names}
        if not names:
            with pytest.raises(NotReported) as refused:
                answerless(wanted).ask(service, method, region, **params)
            unheard.add(refused.value.action)
            assert refused.value.code == "NeverReported"
    assert unheard == set(ONLY_WITH_THE_ROLE)
    every = {
        (place, one.name)
        for place in ("us-east-1", "ap-east-1")
        for one in questions(place, "m5.xlarge")
    }
    assert every - heard == set(), "the script asks what no check reads"


def answerless(wanted: Wish, **errors: NotAnswered) -> ReportedAccount:
    return ReportedAccount(
        Preflight(wanted.aws_account_id, wanted.region, wanted.node_type, NOW, errors=dict(errors))
    )


def test_what_the_report_does_not_hold_could_not_be_checked() -> None:
    wanted = wish(aws_account_id=ACCOUNT)
    found = judged(answerless(wanted), wanted)
    silent = {code for code, one in found.items() if one.status is Status.COULD_NOT_CHECK}
    assert silent == set(found) - {"region_enabled", "sts_tokens", "reserved_ranges"}
    for code in silent - {"organization_policies"}:
        assert "report does not hold" in found[code].saw
        assert "report does not hold" in found[code].cause
        assert found[code].fix.steps
        report = found[code].report
        assert report is not None
        assert report.code == "NotReported"


def refusal(error: NotAnswered, region: str = "us-east-1") -> AwsError:
    account = answerless(wish(aws_account_id=ACCOUNT, region=region), on_demand_quota=error)
    with pytest.raises(AwsError) as refused:
        account.ask(
            "service-quotas", "get_service_quota", ServiceCode="ec2", QuotaCode="L-1216C47A"
        )
    return refused.value


def test_what_aws_refused_to_the_script_is_the_error_it_would_have_been() -> None:
    denied = refusal(NotAnswered("AccessDenied", "explicit deny in a service control policy"))
    assert isinstance(denied, Denied)
    assert (denied.layer, denied.is_explicit) == ("service control policy", True)
    assert denied.action == "servicequotas:GetServiceQuota"
    assert denied.identity is Identity.REPORTED
    assert denied.whose is Turn.CUSTOMER
    assert isinstance(refusal(NotAnswered("UnrecognizedClientException"), "ap-east-1"), RegionOff)
    assert isinstance(refusal(NotAnswered("NoAnswer")), NotReported)
    assert refusal(NotAnswered("NoSuchResourceException")).code == "NoSuchResourceException"


def test_nothing_is_asked_of_aws() -> None:
    with pytest.raises(NotReported):
        answerless(wish(aws_account_id=ACCOUNT)).client("ec2")
    with pytest.raises(NotReported):
        answerless(wish(aws_account_id=ACCOUNT)).caller()
