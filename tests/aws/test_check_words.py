"""What every check says when it does not pass, and what it is called."""

import re

import pytest

from onboarding.aws.check import Check, PeerWish, Status, Turn
from onboarding.aws.checks import CHECKS
from onboarding.aws.run import run_checks
from onboarding.facts import role_arn
from onboarding.policy.document import trust_policy
from tests.aws.simulated import SimulatedAws
from tests.aws.test_run import QUOTAS
from tests.aws.trust_documents import OURS
from tests.aws.wishes import DEFAULT, wish


@pytest.fixture
def spoilt(aws: SimulatedAws, account_id: str) -> str:
    """An account that no check passes in me-south-1, as the wish of the next test has it."""
    region = "me-south-1"
    aws.make_role(account_id, trust_policy(OURS))
    aws.set_region(account_id, region, "ENABLED")
    for code in QUOTAS:
        aws.set_quota(account_id, code, 0, region)
    aws.admin(account_id, "eks", region).create_cluster(
        name="analytics", roleArn=role_arn(account_id), resourcesVpcConfig={"subnetIds": []}
    )
    denied = {"Effect": "Deny", "Action": "eks:CreateCluster", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [denied]}
    aws.simulator.knobs(
        organizations=[{"account": account_id, "member": True}],
        scps=[{"account": account_id, "documents": [document]}],
    )
    return account_id


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.code))
def test_every_check_that_does_not_pass_says_what_is_needed_and_how(
    aws: SimulatedAws, spoilt: str, check: Check
) -> None:
    if check.code == "region_enabled":
        aws.set_region(spoilt, "me-south-1", "DISABLED")
    peer = PeerWish("vpc-0a1b2c3d", "111122223333", "us-east-1", ("172.20.0.0/16", "10.100.0.0/16"))
    wanted = wish(aws_account_id=spoilt, region="me-south-1", node_type="t2.xlarge", peers=(peer,))

    ((_, finding),) = run_checks(aws.account(spoilt, "me-south-1"), wanted, (check,))

    assert finding.status in (Status.FAILED, Status.WARNING)
    assert (finding.status is Status.FAILED) == check.blocking
    assert finding.saw
    assert finding.needed
    assert finding.cause
    assert finding.turn is Turn.CUSTOMER
    assert finding.fix.steps
    assert finding.fix.command.startswith("aws ")
    assert finding.fix.link.startswith("https://")
    assert finding.fix.link_label
    assert finding.request_ids or check.code == "reserved_ranges"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.code))
def test_every_title_is_about_the_answers_and_says_where_to_look(check: Check) -> None:
    title = check.titled(wish(region="eu-west-1"))

    assert title
    assert "{" not in title
    assert check.look_up
    place = check.look_up(wish(region="eu-west-1"))
    assert place.command.startswith("aws ")
    assert re.match(r"https://[a-z0-9-]+\.console\.aws\.amazon\.com/", place.link)
    assert place.link_label


def test_the_titles_of_two_checks_differ() -> None:
    assert len({check.titled(DEFAULT) for check in CHECKS}) == len(CHECKS)
