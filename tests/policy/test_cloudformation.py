"""The CloudFormation template and the link that opens it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import yaml
from moto import mock_aws

from onboarding import facts
from onboarding.policy import cloudformation, document
from tests.policy.external_ids import HOSTILE, VALID

BIN = Path(sys.executable).parent
CONSOLE = "https://us-east-1.console.aws.amazon.com"
TEMPLATE_URL = "https://astro-install.s3.us-east-1.amazonaws.com/role v1.yaml?a=1&stackName=x#y"
CONSOLE_TEMPLATE_LIMIT = 1_000_000


def parsed() -> dict[str, Any]:
    return yaml.safe_load(cloudformation.template())


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    path.write_text(cloudformation.template())
    told = subprocess.run(
        [BIN / "cfn-lint", "--include-checks", "I", "--", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_template_is_the_same_bytes_in_every_process() -> None:
    code = "from onboarding.policy import cloudformation as c; print(c.template(), end='')"
    for seed in ("1", "2"):
        again = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert again.stdout == cloudformation.template()


def test_template_fits_the_console_and_holds_no_external_id() -> None:
    text = cloudformation.template()
    assert text.isascii()
    assert len(text) < CONSOLE_TEMPLATE_LIMIT
    assert not re.search(r"astro-[a-z2-7]{32}(?![{])", text)


def test_template_holds_the_policies_word_for_word() -> None:
    resources = parsed()["Resources"].values()
    written = [r["Properties"] for r in resources if r["Type"] == "AWS::IAM::ManagedPolicy"]
    assert [
        (each["ManagedPolicyName"], json.dumps(each["PolicyDocument"])) for each in written
    ] == [(policy.name, json.dumps(policy.document)) for policy in document.policies()]


def test_external_id_takes_what_the_portal_makes_and_nothing_else() -> None:
    parameter = parsed()["Parameters"]["ExternalId"]
    assert re.search(parameter["AllowedPattern"], VALID)
    for value in HOSTILE:
        fits = parameter["MinLength"] <= len(value) <= parameter["MaxLength"]
        assert not (fits and re.search(parameter["AllowedPattern"], value)), "a bad value is taken"
    assert "NoEcho" not in parameter


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("", True),
        ("arn:aws:iam::210987654321:policy/Boundary", True),
        ("arn:aws:iam::210987654321:policy/team/a+b=c,d.e@f_g", True),
        ("arn:aws:iam::aws:policy/PowerUserAccess", True),
        ("Boundary", False),
        ("arn:aws:iam::210987654321:role/Boundary", False),
        ("arn:aws:iam::210987654321:policy/", False),
        ("arn:aws:iam::2109:policy/Boundary", False),
    ],
)
def test_boundary_takes_a_policy_arn_or_nothing(value: str, taken: bool) -> None:
    pattern = parsed()["Parameters"]["PermissionsBoundaryArn"]["AllowedPattern"]
    assert bool(re.search(pattern, value)) is taken


@pytest.mark.parametrize("boundary", ["", "arn:aws:iam::aws:policy/PowerUserAccess"])
@mock_aws
def test_stack_makes_the_role_with_or_without_a_boundary(
    boundary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # moto answers in this process only what is addressed to AWS itself.
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    stacks = boto3.client("cloudformation", region_name="us-east-1")
    answers = {"ExternalId": VALID, "PermissionsBoundaryArn": boundary}
    stacks.create_stack(
        StackName=facts.STACK_NAME,
        TemplateBody=cloudformation.template(),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in answers.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack = stacks.describe_stacks(StackName=facts.STACK_NAME)["Stacks"][0]
    outputs = {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]}
    assert outputs == {
        "RoleArn": facts.role_arn("123456789012"),
        "PolicyVersion": str(document.VERSION),
    }
    role = boto3.client("iam").get_role(RoleName=facts.ROLE_NAME)["Role"]
    assert role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "") == boundary
    assert role["AssumeRolePolicyDocument"] == document.trust_policy(VALID)


def test_link_fills_in_the_page_and_nothing_can_be_added_to_it() -> None:
    link = cloudformation.quick_create_url(
        console_url=CONSOLE, template_url=TEMPLATE_URL, external_id=VALID
    )
    parts = urlsplit(link)
    assert link.startswith(f"{CONSOLE}/cloudformation/home?region=us-east-1#/stacks/create/review?")
    assert parse_qs(parts.fragment.partition("?")[2], strict_parsing=True) == {
        "templateURL": [TEMPLATE_URL],
        "stackName": [facts.STACK_NAME],
        "param_ExternalId": [VALID],
    }


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_link_refuses_what_the_portal_did_not_make(value: str) -> None:
    with pytest.raises(ValueError, match="not an external ID"):
        cloudformation.quick_create_url(
            console_url=CONSOLE, template_url=TEMPLATE_URL, external_id=value
        )
