"""Whether anything is missing that a data plane needs, against two lists made by others.

`tests/data/aws_actions.json` is an inventory of what an EKS data plane of this kind calls.
"""

import json
from fnmatch import fnmatchcase

import pytest

from onboarding.policy import document
from tests.harness.demo import ROOT

EDITION = document.shipped()

INVENTORY: dict[str, list[str]] = {
    service: entry["actions"]
    for service, entry in json.loads((ROOT / "tests/data/aws_actions.json").read_text())[
        "services"
    ].items()
}

# Published once for the vendor's role, as `service:*`; here each has fewer rights.
PUBLISHED = (
    "cloudformation eks ec2 rds s3 sts autoscaling cloudwatch logs kms secretsmanager lambda "
    "route53 servicequotas ce iam elasticloadbalancing"
)
# Published once for the boundary of the roles it makes, without what only building needs.
RUNNING = "autoscaling ec2 ecr eks elasticloadbalancing kms logs s3 secretsmanager ssm"

ALLOWED = [action for group in EDITION.groups for action in group.actions]
DENIED = [action for denial in EDITION.denials for action in denial.actions]
LEFT_OUT = [action for each in EDITION.left_out for action in each.actions]


@pytest.mark.parametrize("service", INVENTORY)
def test_what_a_data_plane_calls_is_allowed_or_refused_for_a_reason(service: str) -> None:
    said = ALLOWED + DENIED + LEFT_OUT
    silent = [a for a in INVENTORY[service] if not any(fnmatchcase(a, each) for each in said)]
    assert silent == []


def test_nothing_is_left_out_that_is_also_allowed() -> None:
    assert [a for a in LEFT_OUT if any(fnmatchcase(a, each) for each in ALLOWED)] == []


def test_every_service_that_was_published_is_there_and_none_with_everything() -> None:
    assert set(PUBLISHED.split()) <= {group.service for group in EDITION.groups}
    assert [action for action in ALLOWED if action.endswith(":*")] == []


def test_the_boundary_reaches_every_service_that_a_running_cluster_needs() -> None:
    services = {
        group.service
        for group in EDITION.groups
        for grant in group.grants
        if grant.policy == document.BOUNDARY_NAME
    }
    assert services == set(RUNNING.split())


def test_left_out_says_in_a_sentence_why() -> None:
    for each in EDITION.left_out:
        assert each.sentence[0].isupper()
        assert each.sentence.endswith(".")
        assert ": " in each.sentence
