"""Finding permissions by words."""

import pytest

from onboarding.policy import document
from onboarding.policy.search import LONGEST, Found, find

EDITION = document.shipped()

EVERYTHING = Found(EDITION.groups, EDITION.denials, EDITION.left_out)


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_no_words_find_everything(query: str) -> None:
    assert find(EDITION, query) == EVERYTHING


def services(query: str) -> list[str]:
    return [group.service for group in find(EDITION, query).groups]


def test_a_service_is_found_with_all_it_has_by_name_and_by_prefix() -> None:
    whole = {group.service: group for group in EDITION.groups}
    assert whole["rds"] in find(EDITION, "Amazon RDS").groups
    assert whole["kms"] in find(EDITION, "kms").groups


def test_a_word_narrows_a_service_to_the_grants_that_have_it() -> None:
    (group,) = find(EDITION, "terminateinstances eks").groups
    assert group.service == "ec2"
    assert [grant.statement["Sid"] for grant in group.grants] == ["Ec2InstancesEnd"]


@pytest.mark.parametrize("query", ["ec2:DescribeVpcs", "EC2:describevpcs", "DescribeVpcs"])
def test_an_action_is_found_by_the_pattern_that_allows_it(query: str) -> None:
    actions = {action for group in find(EDITION, query).groups for action in group.actions}
    assert "ec2:Describe*" in actions
    if ":" in query:
        assert services(query) == ["ec2"]


def test_what_it_may_not_do_is_found_too() -> None:
    assert [row.statement["Sid"] for row in find(EDITION, "cloudtrail alter").denials] == [
        "NeverCloudTrail"
    ]
    assert "NeverCloudTrail" in [
        r.statement["Sid"] for r in find(EDITION, "cloudtrail:StopLogging").denials
    ]
    assert [row.actions for row in find(EDITION, "kms:PutKeyPolicy").left_out] == [
        ("kms:PutKeyPolicy",)
    ]


@pytest.mark.parametrize(
    "query", ["sagemaker", "ec2 sagemaker", "<script>", "*" * 5, "a" * 1000, "\x00"]
)
def test_what_is_not_there_is_not_found(query: str) -> None:
    found = find(EDITION, query)
    assert found.count == 0
    assert find(EDITION, query + " " * LONGEST) == found


def test_it_counts_what_it_found() -> None:
    grants = sum(len(group.grants) for group in EDITION.groups)
    total = grants + len(EDITION.denials) + len(EDITION.left_out)
    assert find(EDITION, "").count == total
