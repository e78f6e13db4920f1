"""A template in a simulated bucket, by the URL it would have at AWS."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from onboarding.facts import STACK_NAME
from portal.demo.simulator.samples import HEALTHY, UNSAFE_ROLE
from tests.demo.simulator.conftest import World
from tests.demo.simulator.roles import assume
from tests.demo.simulator.test_process import running
from tests.demo.simulator.test_stacks import TEMPLATE, stack

VENDOR = "406882777402"
BUCKET, KEY = "astro-templates", "2026/astro-role.yaml"
URLS = [
    f"https://{BUCKET}.s3.us-east-1.amazonaws.com/{KEY}",
    f"https://{BUCKET}.s3.amazonaws.com/{KEY}",
    f"https://s3.us-east-1.amazonaws.com/{BUCKET}/{KEY}",
]


def publish(world: World, *, readers: Any = "*") -> None:
    s3 = world.admin("s3", VENDOR)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=TEMPLATE.encode(), ContentType="text/yaml")
    if readers:
        statement = {
            "Effect": "Allow",
            "Principal": readers,
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
        s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [statement]}))


def quick_create(world: World, url: str) -> requests.Response:
    given = {
        "account": HEALTHY,
        "region": "us-east-1",
        "stackName": STACK_NAME,
        "templateURL": url,
        "param_ExternalId": "astro-example",
        "acknowledged": "yes",
    }
    return requests.post(f"{world.url}/console/cloudformation/stacks", given, timeout=30)


@pytest.mark.parametrize("url", URLS)
def test_the_console_reads_a_template_by_its_s3_url(world: World, url: str) -> None:
    publish(world)
    answer = quick_create(world, url)
    assert answer.status_code == 200
    assert "CREATE_COMPLETE" in answer.text
    assert assume(world, HEALTHY)


def test_a_stack_is_made_from_a_template_url(world: World) -> None:
    publish(world)
    stacks = world.admin("cloudformation", HEALTHY)
    given = {name: value for name, value in stack().items() if name != "TemplateBody"}
    stacks.create_stack(TemplateURL=URLS[0], **given)
    assert stacks.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize("readers", [None, {"AWS": f"arn:aws:iam::{UNSAFE_ROLE}:root"}])
def test_a_template_that_the_account_may_not_read_makes_no_stack(
    world: World, readers: Any
) -> None:
    """S3 User Guide: objects are private until a policy lets somebody in."""
    publish(world, readers=readers)
    answer = quick_create(world, URLS[0])
    assert answer.status_code == 400
    assert "Access Denied" in answer.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (URLS[0].replace(BUCKET, "no-such-bucket"), "The specified bucket does not exist"),
        (URLS[0] + "l", "The specified key does not exist"),
        ("https://templates.example/astro-role.yaml", "TemplateURL must be a supported URL"),
    ],
)
def test_a_template_that_is_not_there_makes_no_stack(world: World, url: str, sentence: str) -> None:
    publish(world)
    stacks = world.admin("cloudformation", HEALTHY)
    given = {name: value for name, value in stack().items() if name != "TemplateBody"}
    with pytest.raises(ClientError, match=sentence):
        stacks.create_stack(TemplateURL=url, **given)
    assert stacks.describe_stacks()["Stacks"] == []


def test_an_object_is_there_after_the_next_start(tmp_path: Path) -> None:
    with running("--state", str(tmp_path)) as world:
        publish(world)
    with running("--state", str(tmp_path)) as world:
        found = world.admin("s3", VENDOR).get_object(Bucket=BUCKET, Key=KEY)
        assert found["Body"].read().decode() == TEMPLATE
