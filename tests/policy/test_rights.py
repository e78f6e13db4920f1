"""What the policies come to, asked of a policy evaluator one request at a time."""

from typing import Any

import pytest

from onboarding import facts
from onboarding.facts.regions import regions
from onboarding.policy import document
from portal.demo.simulator.evaluate import Verdict
from tests.policy.rights import (
    ACCOUNT,
    ALL,
    BOUNDARY,
    BOUNDARY_ONLY,
    EVERYTHING,
    IAM,
    NOT_ALLOWED,
    ROLE,
    verdict,
)

EDITION = document.shipped()

THE_PORTAL_CALLS = [
    "sts:GetCallerIdentity",
    "servicequotas:GetServiceQuota",
    "servicequotas:ListServiceQuotas",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetRequestedServiceQuotaChange",
    "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota",
    "servicequotas:RequestServiceQuotaIncrease",
    "account:GetRegionOptStatus",
    "account:ListRegions",
    "ec2:DescribeRegions",
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeVpcs",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeRouteTables",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeAddresses",
    "ec2:DescribeNatGateways",
    "ec2:DescribeInternetGateways",
    "iam:GetRole",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:GetAccountSummary",
    "eks:ListClusters",
    "rds:DescribeDBInstances",
    "cloudformation:DescribeStacks",
    "organizations:DescribeOrganization",
    "account:EnableRegion",
    "cloudformation:ListStacks",
    "cloudtrail:DescribeTrails",
    "cloudwatch:DescribeAlarms",
    "eks:DescribeCluster",
    "iam:GetRolePolicy",
    "iam:SimulatePrincipalPolicy",
    "logs:DescribeMetricFilters",
]
CONTEXT = {"account:EnableRegion": {"account:TargetRegion": "af-south-1"}}
OF_ITSELF = ("iam:SimulatePrincipalPolicy",)


@pytest.mark.parametrize("action", THE_PORTAL_CALLS)
def test_checks_may_ask_whatever_resource_they_name(action: str) -> None:
    keys = CONTEXT.get(action)
    assert verdict(action, ROLE, keys) is Verdict.ALLOWED
    anything = verdict(action, keys=keys)
    assert anything is (Verdict.SILENT if action in OF_ITSELF else Verdict.ALLOWED)


@pytest.mark.parametrize(
    "action", ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"]
)
def test_a_role_it_makes_or_changes_must_carry_the_boundary(action: str) -> None:
    role, call = f"{IAM}:role/astro-node", f"iam:{action}"
    elsewhere = BOUNDARY.replace(ACCOUNT, "111122223333")
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert verdict(call, role, {"iam:PermissionsBoundary": BOUNDARY}) is Verdict.ALLOWED
    for other in ({"iam:PermissionsBoundary": elsewhere}, {"iam:PermissionsBoundary": admin}, {}):
        assert verdict(call, role, other) in NOT_ALLOWED
    foreign = f"{IAM}:role/payroll"
    assert verdict(call, foreign, {"iam:PermissionsBoundary": BOUNDARY}) is Verdict.SILENT


@pytest.mark.parametrize("action", ["CreateRole", "PutRolePermissionsBoundary"])
def test_no_role_is_without_the_boundary_even_if_something_else_allows_it(action: str) -> None:
    asked = f"iam:{action}", f"{IAM}:role/any"
    assert verdict(*asked, documents=ALL + EVERYTHING) is Verdict.DENIED
    keys = {"iam:PermissionsBoundary": BOUNDARY}
    assert verdict(*asked, keys, documents=ALL + EVERYTHING) is Verdict.ALLOWED


def test_the_boundary_lets_no_role_touch_roles_policies_or_trails() -> None:
    allowed = {
        action.split(":")[0]
        for content in BOUNDARY_ONLY
        for statement in content["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    assert allowed.isdisjoint({"iam", "sts", "organizations", "account", "cloudtrail", "lambda"})


@pytest.mark.parametrize(
    "action",
    [
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "UpdateAssumeRolePolicy",
        "DeleteRole",
        "TagRole",
        "UntagRole",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
    ],
)
def test_its_own_role_is_out_of_its_reach(action: str) -> None:
    assert verdict(f"iam:{action}", ROLE, {"iam:PermissionsBoundary": BOUNDARY}) is Verdict.DENIED


@pytest.mark.parametrize("policy", EDITION.policies, ids=lambda policy: policy.name)
@pytest.mark.parametrize(
    "action",
    [
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
        "DeletePolicy",
        "TagPolicy",
    ],
)
def test_its_own_policies_are_out_of_its_reach(action: str, policy: document.ManagedPolicy) -> None:
    assert verdict(f"iam:{action}", f"{IAM}:policy/{policy.name}") is Verdict.DENIED
    assert verdict(f"iam:{action}", f"{IAM}:policy/astro/{policy.name}") is Verdict.DENIED


def test_it_makes_policies_of_its_own_name_only() -> None:
    assert verdict("iam:CreatePolicy", f"{IAM}:policy/astro-node") is Verdict.ALLOWED
    assert verdict("iam:CreatePolicyVersion", f"{IAM}:policy/payroll") is Verdict.SILENT


def test_no_other_role_can_be_opened_or_assumed() -> None:
    for action in ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole", "iam:DeleteRole"):
        assert verdict(action, f"{IAM}:role/OrganizationAccountAccessRole") is Verdict.SILENT


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:UpdateLoginProfile",
        "iam:PutUserPolicy",
        "organizations:LeaveOrganization",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:DisableAlarmActions",
        "logs:DeleteMetricFilter",
    ],
)
def test_people_membership_and_alarms_stay_even_if_something_else_allows_it(action: str) -> None:
    assert verdict(action, documents=ALL + EVERYTHING) is Verdict.DENIED


@pytest.mark.parametrize("action", ["DeleteRole", "UntagRole", "TagRole", "DetachRolePolicy"])
def test_audit_roles_stay(action: str) -> None:
    role, call = f"{IAM}:role/astro-audit", f"iam:{action}"
    keys = {"iam:PermissionsBoundary": BOUNDARY}
    assert verdict(call, role, keys) is Verdict.ALLOWED
    keys |= {"iam:ResourceTag/customeraudit": "True"}
    assert verdict(call, role, keys) is Verdict.DENIED


@pytest.mark.parametrize(
    "action", ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]
)
def test_cloudtrail_stays_even_if_something_else_allows_it(action: str) -> None:
    assert verdict(f"cloudtrail:{action}", documents=ALL + EVERYTHING) is Verdict.DENIED


@pytest.mark.parametrize("documents", [ALL, BOUNDARY_ONLY], ids=["role", "boundary"])
@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:s3:::trails/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2022/11/17/x.json.gz",
        f"arn:aws:s3:::trails/a/prefix/AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/x.json.gz",
        f"arn:aws:s3:::aws-cloudtrail-logs-{ACCOUNT}-0a1b2c3d",
    ],
)
def test_the_files_of_cloudtrail_stay(resource: str, documents: list[dict[str, Any]]) -> None:
    for action in ("s3:DeleteObject", "s3:PutObject", "s3:DeleteBucket", "s3:PutBucketPolicy"):
        assert verdict(action, resource, documents=documents) is Verdict.DENIED


def test_it_writes_to_buckets_of_this_account_only() -> None:
    log = "arn:aws:s3:::astro-task-logs/dag/1.log"
    elsewhere = {"aws:ResourceAccount": "111122223333"}
    assert verdict("s3:PutObject", log) is Verdict.ALLOWED
    assert verdict("s3:PutObject", log, elsewhere) is Verdict.DENIED
    assert verdict("s3:GetObject", log, elsewhere) is Verdict.ALLOWED


@pytest.mark.parametrize("name", [facts.STACK_NAME, "AstroPreReleaseCrossAcccount"])
def test_the_stack_that_made_it_stays(name: str) -> None:
    stack = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{name}/0a1b"
    for action in ("UpdateStack", "DeleteStack", "CreateChangeSet", "ExecuteChangeSet"):
        assert verdict(f"cloudformation:{action}", stack) is Verdict.DENIED
        own = stack.replace(name, "astro-eks")
        assert verdict(f"cloudformation:{action}", own) is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("ec2.amazonaws.com", Verdict.ALLOWED),
        ("eks.amazonaws.com", Verdict.ALLOWED),
        ("cloudformation.amazonaws.com", Verdict.SILENT),
        ("glue.amazonaws.com", Verdict.SILENT),
    ],
)
def test_roles_are_handed_to_the_data_planes_services_only(service: str, expected: Verdict) -> None:
    asked = {"iam:PassedToService": service}
    assert verdict("iam:PassRole", f"{IAM}:role/astro-node", asked) is expected
    assert verdict("iam:PassRole", f"{IAM}:role/admin", asked) is Verdict.SILENT
    assert verdict("iam:PassRole", ROLE, asked) is Verdict.SILENT


def test_service_linked_roles_of_other_services_are_not_made() -> None:
    role = f"{IAM}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    asked = {"iam:AWSServiceName": "eks.amazonaws.com"}
    assert verdict("iam:CreateServiceLinkedRole", role, asked) is Verdict.ALLOWED
    asked = {"iam:AWSServiceName": "organizations.amazonaws.com"}
    assert verdict("iam:CreateServiceLinkedRole", role, asked) is Verdict.SILENT


def test_opt_in_regions_of_astro_can_be_turned_on_and_none_off() -> None:
    for region in regions().values():
        expected = Verdict.ALLOWED if region.opt_in else Verdict.SILENT
        keys = {"account:TargetRegion": region.code}
        assert verdict("account:EnableRegion", keys=keys) is expected
        assert verdict("account:DisableRegion", keys=keys) is Verdict.SILENT
