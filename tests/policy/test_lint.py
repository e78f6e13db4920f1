"""What two linters of IAM policies say: parliament's findings, and AWS's reference by policy-sentry.

Every finding of parliament that stays stands here by statement, with the reason.
"""

import json
import warnings
from typing import Any

import pytest
from policy_sentry.analysis.expand import expand
from policy_sentry.querying.actions import get_actions_for_service
from policy_sentry.shared.iam_data import get_service_prefix_data

from onboarding.policy import document

EDITION = document.shipped()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own: two files left open, regular expressions
    from parliament import analyze_policy_string  # type: ignore[import-untyped]

READS = "it only reads, and what it reads has no name before it is there"
NO_NAME = "AWS gives these an id when they are made; there is no name to write here"
NOT_ITS_OWN = "they are AWS's or yours, and have names of their own"
BY_KEY = "the condition limits it: key ids are not known before the keys are made"
MANAGES = "making and removing exactly this is what the statement is for; see its limit"
FALSE_ALARM = (
    "AWS's reference knows the key for the resource type; parliament looks at actions alone"
)
AS_IN_THE_GUIDE = "IAM's guide compares iam:PermissionsBoundary as a string"

STAYS = {
    ("IamRead", "RESOURCE_STAR"): READS,
    ("EksRead", "RESOURCE_STAR"): READS,
    ("Ec2Read", "RESOURCE_STAR"): READS,
    ("RdsRead", "RESOURCE_STAR"): READS,
    ("CloudFormationRead", "RESOURCE_STAR"): READS,
    ("LogsFind", "RESOURCE_STAR"): READS,
    ("Metrics", "RESOURCE_STAR"): READS,
    ("TrailsRead", "RESOURCE_STAR"): READS,
    ("KmsRead", "RESOURCE_STAR"): READS,
    ("KmsFind", "RESOURCE_STAR"): READS,
    ("Eks", "RESOURCE_STAR"): "you choose the name of the cluster; no two customers share one",
    ("Ec2Interfaces", "RESOURCE_STAR"): NO_NAME,
    ("Ec2Disks", "RESOURCE_STAR"): NO_NAME,
    ("Ec2SecurityGroups", "RESOURCE_STAR"): NO_NAME,
    ("Ec2Instances", "RESOURCE_STAR"): NO_NAME,
    ("AutoScalingGroups", "RESOURCE_STAR"): "EKS names the groups of its nodes itself",
    ("LoadBalancers", "RESOURCE_STAR"): "Kubernetes names its load balancers itself",
    ("Vpc", "RESOURCE_STAR"): NO_NAME,
    ("VpcConnections", "RESOURCE_STAR"): NO_NAME,
    ("PrivateHostedZones", "RESOURCE_STAR"): NOT_ITS_OWN,
    ("ResolverRules", "RESOURCE_STAR"): NOT_ITS_OWN,
    ("SharedResources", "RESOURCE_STAR"): NOT_ITS_OWN,
    ("KmsUse", "RESOURCE_STAR"): BY_KEY,
    ("KmsGrants", "RESOURCE_STAR"): BY_KEY,
    ("IamBoundedRoles", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamRoles", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamPassRole", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamServiceLinkedRoles", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamInstanceProfiles", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamEksIdentityProviders", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamAstroPolicies", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("KmsGrants", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("KmsMake", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("KmsKeys", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("S3Buckets", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("Lambda", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("SharedResources", "PERMISSIONS_MANAGEMENT_ACTIONS"): MANAGES,
    ("IamAstroPolicies", "PRIVILEGE_ESCALATION"): "only policies named astro-, never its own",
    ("Lambda", "PRIVILEGE_ESCALATION"): "only functions named astro-, whose roles are bounded",
    (
        "S3Buckets",
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
    ): "S3Objects allows it on the same buckets",
    ("EcrSignIn", "CREDENTIALS_EXPOSURE"): "nodes sign in to the registry to pull images",
    ("SsmPublicParameters", "RESOURCE_MISMATCH"): "AWS's public parameters have no account",
    ("IamBoundedRoles", "MISMATCHED_TYPE_BUT_USABLE"): AS_IN_THE_GUIDE,
    ("NeverWithoutBoundary", "MISMATCHED_TYPE_BUT_USABLE"): AS_IN_THE_GUIDE,
    ("NeverAuditRoles", "UNKNOWN_CONDITION_FOR_ACTION"): FALSE_ALARM,
    ("KmsKeys", "UNKNOWN_CONDITION_FOR_ACTION"): FALSE_ALARM,
}

STATEMENTS: dict[str, dict[str, Any]] = {
    row["Sid"]: row for each in EDITION.policies for row in each.document["Statement"]
}
CONDITIONED = [sid for sid, row in STATEMENTS.items() if "Condition" in row]
GLOBAL_KEYS = ("aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceTag/")


def findings(*statements: dict[str, Any]) -> set[str]:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    told = analyze_policy_string(text, include_community_auditors=True).findings
    return {finding.issue for finding in told}


def test_parliament_finds_nothing_but_what_stays_for_a_reason() -> None:
    found = {(sid, issue) for sid, row in STATEMENTS.items() for issue in findings(row)}
    assert found == set(STAYS)


def test_parliament_finds_nothing_more_in_the_role_as_a_whole() -> None:
    assert findings(*STATEMENTS.values()) <= {issue for _, issue in STAYS}


@pytest.mark.parametrize("group", EDITION.groups, ids=lambda group: group.service)
def test_awss_reference_knows_every_action_and_pattern(group: document.Group) -> None:
    known = set(get_actions_for_service(group.service))
    for action in group.actions:
        reached = expand(action) if action.endswith("*") else [action]
        assert reached, action
        assert set(reached) <= known, action


@pytest.mark.parametrize("sid", CONDITIONED)
def test_every_condition_can_be_met_for_every_action(sid: str) -> None:
    """A key that AWS does not know for an action makes the statement mean nothing for it."""
    statement = STATEMENTS[sid]
    keys = {key for block in statement["Condition"].values() for key in block}
    for action in (each for named in statement["Action"] for each in expand(named)):
        known = keys_known_for(action)
        for key in keys:
            assert key.startswith(GLOBAL_KEYS) or any(like(key, each) for each in known), action


def keys_known_for(action: str) -> set[str]:
    """Those of the action, and those of the resources it takes."""
    service, name = action.split(":")
    data = get_service_prefix_data(service)
    rows = data["privileges"][name]["resource_types"].values()
    known = {key for row in rows for key in row["condition_keys"]}
    for row in rows:
        known |= set(data["resources"].get(row["resource_type"], {}).get("condition_keys", ()))
    return known


def like(key: str, template: str) -> bool:
    """`iam:ResourceTag/x` is one of `iam:ResourceTag/${TagKey}`."""
    return key.startswith(template.partition("$")[0]) if "$" in template else key == template


@pytest.mark.parametrize("group", EDITION.groups, ids=lambda group: group.service)
def test_every_group_leads_to_awss_page_about_the_service(group: document.Group) -> None:
    if group.service == "cloudformation":  # policy-sentry has another service's page here
        assert group.reference == f"{document.REFERENCE}list_awscloudformation.html"
    else:
        told = get_service_prefix_data(group.service)["service_authorization_url"]
        assert group.reference == told
