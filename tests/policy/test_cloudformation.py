"""The CloudFormation template and the link that opens it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from onboarding import facts
from onboarding.policy import cloudformation, document
from tests.policy.conftest import Account
from tests.policy.external_ids import (
    BOUNDARIES,
    HOSTILE,
    HOSTILE_EVERYWHERE,
    TAG_KEYS,
    TAG_VALUES,
    VALID,
)

EDITION = document.shipped()

BIN = Path(sys.executable).parent
CONSOLE = "https://us-east-1.console.aws.amazon.com"
TEMPLATE_URL = "https://astro-install.s3.us-east-1.amazonaws.com/role v1.yaml?a=1&stackName=x#y"
CONSOLE_TEMPLATE_LIMIT = 1_000_000


def parsed() -> dict[str, Any]:
    return yaml.safe_load(cloudformation.template(EDITION))


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    path.write_text(cloudformation.template(EDITION))
    told = subprocess.run(
        [BIN / "cfn-lint", "--include-checks", "I", "--", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_template_fits_the_console_and_holds_no_external_id() -> None:
    text = cloudformation.template(EDITION)
    assert text.isascii()
    assert len(text) < CONSOLE_TEMPLATE_LIMIT
    assert not re.search(r"astro-[a-z2-7]{32}(?![{])", text)


def test_template_holds_the_policies_word_for_word() -> None:
    resources = parsed()["Resources"].values()
    written = [r["Properties"] for r in resources if r["Type"] == "AWS::IAM::ManagedPolicy"]
    assert [
        (each["ManagedPolicyName"], json.dumps(each["PolicyDocument"])) for each in written
    ] == [(policy.name, json.dumps(policy.document)) for policy in EDITION.policies]


def test_external_id_takes_what_the_portal_makes_and_nothing_else() -> None:
    parameter = parsed()["Parameters"]["ExternalId"]
    assert re.search(parameter["AllowedPattern"], VALID)
    for value in HOSTILE:
        fits = parameter["MinLength"] <= len(value) <= parameter["MaxLength"]
        assert not (fits and re.search(parameter["AllowedPattern"], value)), "a bad value is taken"
    assert "NoEcho" not in parameter


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("PermissionsBoundaryArn", *BOUNDARIES),
        *((f"TagKey{number}", *TAG_KEYS) for number in (1, 2, 3)),
        *((f"TagValue{number}", *TAG_VALUES) for number in (1, 2, 3)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_optional_parameter_takes_nothing_or_its_own_shape(
    name: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    parameter = parsed()["Parameters"][name]
    assert parameter["Default"] == ""
    assert "Leave it empty" in parameter["Description"]
    for value in ("", *good):
        assert re.fullmatch(parameter["AllowedPattern"], value), value
    for value in (*bad, *HOSTILE_EVERYWHERE):
        assert not re.fullmatch(parameter["AllowedPattern"], value), value


def test_template_tells_its_version_and_checksum_first_and_in_its_metadata() -> None:
    first = cloudformation.template(EDITION).splitlines()[0]
    assert first == f"# {EDITION.line}"
    assert parsed()["Metadata"]["Astro"] == {
        "PermissionsVersion": str(EDITION.number),
        "PermissionsChecksum": EDITION.checksum,
    }


@pytest.mark.parametrize(
    ("boundary", "own_tags"),
    [
        ("", {}),
        ("arn:aws:iam::aws:policy/PowerUserAccess", {"cost-center": "42"}),
        ("", {"a": "1", "b": "", "c": "x y"}),
    ],
    ids=["neither", "both", "tags"],
)
def test_stack_makes_the_role_with_or_without_a_boundary_and_tags(
    boundary: str, own_tags: dict[str, str], account: Account
) -> None:
    answers = {"ExternalId": VALID, "PermissionsBoundaryArn": boundary}
    for number, (key, value) in enumerate(own_tags.items(), start=1):
        answers |= {f"TagKey{number}": key, f"TagValue{number}": value}
    stacks = account.client("cloudformation")
    stacks.create_stack(
        StackName=facts.STACK_NAME,
        TemplateBody=cloudformation.template(EDITION),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in answers.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    stack = stacks.describe_stacks(StackName=facts.STACK_NAME)["Stacks"][0]
    outputs = {row["OutputKey"]: row["OutputValue"] for row in stack["Outputs"]}
    assert outputs == {
        "RoleArn": facts.role_arn(account.account_id),
        "PolicyVersion": str(EDITION.number),
        "PolicyChecksum": EDITION.checksum,
    }
    role = account.client("iam").get_role(RoleName=facts.ROLE_NAME)["Role"]
    assert role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "") == boundary
    assert role["AssumeRolePolicyDocument"] == document.trust_policy(VALID)
    assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == EDITION.tags | own_tags


def test_name_under_which_it_is_published_has_the_version_and_the_checksum() -> None:
    name = cloudformation.published_name(EDITION)
    assert f"-v{EDITION.number}-{EDITION.checksum[:16]}." in name


def test_link_for_a_colleague_fills_in_no_external_id() -> None:
    link = cloudformation.quick_create_url(console_url=CONSOLE, template_url=TEMPLATE_URL)
    fragment = urlsplit(link).fragment.partition("?")[2]
    assert set(parse_qs(fragment)) == {"templateURL", "stackName"}


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
