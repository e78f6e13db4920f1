"""The proof of the role, made against an emulator that others wrote."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding.aws.account import connect
from onboarding.aws.check import Status
from onboarding.aws.errors import Denied
from onboarding.aws.verify import Answer, Probe, is_proved, judge, probe
from onboarding.facts import ROLE_NAME
from tests.aws.test_verify import NOT_FOR_IAM
from tests.aws.trust_documents import ANOTHER, OURS, SAFE, UNSAFE, Document
from tests.harness.second_emulator import EVERYTHING, SecondAws

LETS_NOBODY_IN = {
    "a Deny besides",
    "one role of Astro's",
    "a further condition narrows",
    "one statement outside a list",
}
"""Safe rows that do not let the portal's own identity in from this machine, or have no version."""


def make_role(second: SecondAws, account_id: str, trust: Document) -> None:
    iam = second.root("iam", account_id)
    iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=json.dumps(trust))
    text = json.dumps(EVERYTHING)
    iam.put_role_policy(RoleName=ROLE_NAME, PolicyName="everything", PolicyDocument=text)


def two_looks(account_id: str) -> tuple[Probe, Probe]:
    first, second = (probe(account_id, OURS, region="us-east-1") for _ in range(2))
    moved = timedelta(seconds=10)
    return first, replace(second, at=second.at + moved, began=second.asked_at + moved)


@pytest.mark.parametrize("name", sorted(set(SAFE) - LETS_NOBODY_IN))
def test_a_safe_role_is_proved(second: SecondAws, account_id: str, name: str) -> None:
    make_role(second, account_id, SAFE[name])

    found = judge(*two_looks(account_id), waited_seconds=10)

    assert is_proved(found), [(item.code, item.finding.saw) for item in found]


@pytest.mark.parametrize("name", sorted(set(UNSAFE) - NOT_FOR_IAM))
def test_no_unsafe_role_is_ever_proved(second: SecondAws, account_id: str, name: str) -> None:
    document, _, _ = UNSAFE[name]
    make_role(second, account_id, document)

    found = judge(*two_looks(account_id), waited_seconds=200)

    statuses = {item.code: item.finding.status for item in found}
    assert not is_proved(found)
    if statuses["role_opens"] is Status.PASSED:
        assert Status.FAILED in statuses.values()


def test_an_absent_role_is_denied_and_never_opened(second: SecondAws, account_id: str) -> None:
    one = probe(account_id, OURS, region="us-east-1")
    assert (one.opens, one.without, one.wrong) == (Answer.DENIED,) * 3


def test_the_door_opens_with_our_id_alone(second: SecondAws, account_id: str) -> None:
    make_role(second, account_id, SAFE["as published"])

    assert connect(account_id, OURS, "us-east-1").caller().endswith("/astro-portal-check")
    with pytest.raises(Denied):
        connect(account_id, ANOTHER, "us-east-1")
