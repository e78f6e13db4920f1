"""Every action the policies list is one that AWS has."""

import json
import re
from functools import cache
from importlib.resources import files

import botocore.session
import pytest

from onboarding.policy import document

EDITION = document.shipped()

# IAM's prefix where botocore calls the service otherwise.
BOTOCORE_NAMES = {
    "elasticloadbalancing": ("elbv2", "elb"),
    "servicequotas": ("service-quotas",),
    "tag": ("resourcegroupstaggingapi",),
}

# Actions that IAM knows and that are no API operation, with the operation they guard.
IAM_ONLY = {
    "iam:PassRole": "checked inside calls that take a role",
    "lambda:InvokeFunction": "Invoke",
    "s3:ListAllMyBuckets": "ListBuckets",
    "s3:ListBucket": "ListObjectsV2",
    "s3:GetAccountPublicAccessBlock": "s3control GetPublicAccessBlock",
    "s3:GetBucketPublicAccessBlock": "GetPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock": "PutPublicAccessBlock",
    "s3:GetEncryptionConfiguration": "GetBucketEncryption",
    "s3:PutEncryptionConfiguration": "PutBucketEncryption",
    "s3:GetLifecycleConfiguration": "GetBucketLifecycleConfiguration",
    "s3:PutLifecycleConfiguration": "PutBucketLifecycleConfiguration",
    "s3:DeleteObjectVersion": "DeleteObject with a version",
    "s3:ListBucketVersions": "ListObjectVersions",
}

READING = ("Describe", "List", "Get")

ALLOWED = [action for group in EDITION.groups for action in group.actions]
NAMED = [action for action in ALLOWED if not action.endswith("*")]
PATTERNS = [action for action in ALLOWED if action.endswith("*")]


@cache
def operations(prefix: str) -> frozenset[str]:
    session = botocore.session.get_session()
    names = BOTOCORE_NAMES.get(prefix, (prefix,))
    return frozenset(
        operation for name in names for operation in session.get_service_model(name).operation_names
    )


@cache
def iam_reference() -> dict[str, dict[str, dict[str, dict[str, list[str]]]]]:
    """A second list, made from AWS's service authorization reference; names in lower case."""
    source = files("cfnlint.data.AdditionalSpecs") / "Policies.json"
    return json.loads(source.read_text())


def is_operation(action: str) -> bool:
    prefix, name = action.split(":")
    return name in operations(prefix)


def is_known_to_iam(action: str) -> bool:
    prefix, name = action.split(":")
    return name.lower() in iam_reference()[prefix]["Actions"]


def test_every_named_action_is_an_aws_operation_or_a_known_exception() -> None:
    assert {action for action in NAMED if not is_operation(action)} == set(IAM_ONLY)


def test_every_named_action_is_known_to_iam() -> None:
    assert [action for action in NAMED if not is_known_to_iam(action)] == []


@pytest.mark.parametrize("action", PATTERNS)
def test_pattern_reaches_only_operations_that_read(action: str) -> None:
    prefix, start = action.removesuffix("*").split(":")
    reached = [name for name in operations(prefix) if name.startswith(start)]
    assert reached, "the pattern reaches nothing"
    assert start in READING
    assert not re.search(r"[*?]", start)


def test_no_policy_allows_an_action_twice_and_pages_count_it_once() -> None:
    twice = {"ec2:CreateTags": "the boundary allows it for what is new, and for interfaces"}
    listed = [
        (grant.policy, action)
        for group in EDITION.groups
        for grant in group.grants
        for action in grant.actions
    ]
    assert {action for row in listed if listed.count(row) > 1 for action in row[1:]} == set(twice)
    assert len(ALLOWED) == len(set(ALLOWED)) == EDITION.action_count


def test_named_actions_are_not_already_in_a_pattern() -> None:
    inside = [
        action for action in NAMED for each in PATTERNS if action.startswith(each.removesuffix("*"))
    ]
    assert inside == []


def test_each_group_holds_the_actions_of_its_service() -> None:
    for group in EDITION.groups:
        assert {action.split(":")[0] for action in group.actions} == {group.service}


def test_cloudtrail_denial_reaches_every_operation_that_changes_something() -> None:
    denied = [
        action.removeprefix("cloudtrail:").removesuffix("*")
        for denial in EDITION.denials
        for action in denial.actions
        if action.startswith("cloudtrail:")
    ]
    for operation in operations("cloudtrail"):
        reads = operation.startswith((*READING, "Lookup", "Search", "Generate"))
        assert reads != operation.startswith(tuple(denied)), operation


def test_every_denied_named_action_is_an_aws_operation() -> None:
    denied = [action for denial in EDITION.denials for action in denial.actions]
    assert [each for each in denied if not each.endswith("*") and not is_operation(each)] == []


def test_every_denied_pattern_reaches_an_operation() -> None:
    for action in (action for denial in EDITION.denials for action in denial.actions):
        prefix, start = action.removesuffix("*").split(":")
        assert any(name.startswith(start) for name in operations(prefix)), action
