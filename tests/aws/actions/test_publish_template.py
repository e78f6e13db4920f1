"""Publishing the template: once, never over something else, and said in plain words."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from onboarding.aws.actions.publish_template import OtherContent, Published, publish_template
from onboarding.aws.calls import Call
from onboarding.aws.errors import AwsError
from onboarding.policy import cloudformation, document
from onboarding.wizard.ways import template_url
from tests.aws.simulated import SimulatedAws
from tests.editions import propose, with_grant

EDITION = document.shipped()

NAME = "astro-role-v1.yaml"
REGION = "us-east-2"


@pytest.fixture
def publisher(
    aws: SimulatedAws, account_id: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """The account of whoever publishes, with an empty bucket in it."""
    given = aws.credentials(account_id)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", given.secret_access_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", given.session_token)
    bucket = f"astro-templates-{account_id}"
    aws.admin(account_id, "s3", REGION).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return {"bucket": bucket, "region": REGION}


@pytest.fixture
def s3(aws: SimulatedAws, account_id: str) -> Any:
    return aws.admin(account_id, "s3", REGION)


def body(s3: Any, place: dict[str, Any], key: str) -> str:
    content: bytes = s3.get_object(Bucket=place["bucket"], Key=key)["Body"].read()
    return content.decode()


def test_template_is_put_under_its_name_and_its_address_is_virtual_hosted(
    publisher: dict[str, Any], s3: Any
) -> None:
    published = publish_template("a: 1\n", name=NAME, prefix="roles/v/", **publisher)
    bucket = publisher["bucket"]
    url = f"https://{bucket}.s3.us-east-2.amazonaws.com/roles/v/{NAME}"
    assert published == Published(url, is_new=True)
    assert body(s3, publisher, f"roles/v/{NAME}") == "a: 1\n"
    head = s3.head_object(Bucket=bucket, Key=f"roles/v/{NAME}")
    assert head["ContentType"] == "application/yaml; charset=utf-8"


def test_the_same_bytes_are_published_once(
    publisher: dict[str, Any], aws: SimulatedAws, account_id: str
) -> None:
    publish_template("a: 1\n", name=NAME, **publisher)
    calls: list[Call] = []
    again = publish_template("a: 1\n", name=NAME, record=calls.append, **publisher)
    assert not again.is_new
    assert [call.action for call in calls] == ["PutObject", "GetObject"]
    assert calls[0].outcome == "PreconditionFailed"


def test_what_is_published_is_never_overwritten(publisher: dict[str, Any], s3: Any) -> None:
    publish_template("a: 1\n", name=NAME, **publisher)
    with pytest.raises(OtherContent, match="needs a new version"):
        publish_template("a: 2\n", name=NAME, **publisher)
    assert body(s3, publisher, NAME) == "a: 1\n"


def test_a_bucket_that_is_not_there_is_an_error_of_aws(publisher: dict[str, Any]) -> None:
    with pytest.raises(AwsError) as told:
        publish_template("a: 1\n", name=NAME, **(publisher | {"bucket": "astro-nowhere-710"}))
    assert told.value.code == "NoSuchBucket"


@pytest.mark.parametrize(
    "change",
    [
        {"bucket": "my.bucket"},
        {"bucket": "UPPER"},
        {"bucket": "ab"},
        {"bucket": "evil.example/x?"},
        {"bucket": "bucket\n"},
        {"region": "evil.example"},
        {"region": "us-east-1\n"},
        {"region": ""},
        {"prefix": "no-slash"},
        {"prefix": "/"},
        {"prefix": "../"},
        {"prefix": "a b/"},
    ],
    ids=repr,
)
def test_what_would_not_make_a_good_address_is_refused(change: dict[str, str]) -> None:
    place: dict[str, Any] = {"bucket": "abc", "region": REGION} | change
    with pytest.raises(ValueError, match=r"^Give "):
        publish_template("a: 1\n", name=NAME, **place)


@pytest.mark.django_db
def test_command_prints_the_line_for_the_settings(publisher: dict[str, Any], s3: Any) -> None:
    printed, told = io.StringIO(), io.StringIO()
    place = [f"--bucket={publisher['bucket']}", f"--region={REGION}", "--prefix=roles/"]
    for words in ("published.", "published before, and the same."):
        call_command("publish_template", *place, stdout=printed, stderr=told)
        assert words in told.getvalue()
    key = f"roles/{cloudformation.published_name(EDITION)}"
    line = f"ROLE_TEMPLATE_URL=https://{publisher['bucket']}.s3.{REGION}.amazonaws.com/{key}\n"
    assert printed.getvalue() == line * 2
    assert EDITION.checksum in told.getvalue()
    assert body(s3, publisher, key) == cloudformation.template(EDITION)


@pytest.mark.django_db
def test_command_publishes_the_next_version_beside_it_before_it_is_in_effect(
    publisher: dict[str, Any], s3: Any, settings: Any
) -> None:
    next_one = with_grant(2, ["eks:CreateAccessEntry"])
    propose(next_one)
    printed = io.StringIO()
    place = [f"--bucket={publisher['bucket']}", f"--region={REGION}", "--prefix=roles/"]
    call_command("publish_template", *place, stdout=printed, stderr=io.StringIO())
    call_command("publish_template", *place, "--number=2", stdout=io.StringIO())
    settings.ROLE_TEMPLATE_URL = printed.getvalue().strip().partition("=")[2]

    for edition in (EDITION, next_one):
        key = template_url(edition).partition(".amazonaws.com/")[2]
        assert body(s3, publisher, key) == cloudformation.template(edition)
    with pytest.raises(CommandError, match="no such version"):
        call_command("publish_template", *place, "--number=3")


@pytest.mark.django_db
def test_command_says_what_is_wrong_in_one_line(publisher: dict[str, Any], s3: Any) -> None:
    s3.put_object(Bucket=publisher["bucket"], Key=cloudformation.published_name(EDITION), Body=b"x")
    with pytest.raises(CommandError, match="It was left as it is"):
        call_command("publish_template", f"--bucket={publisher['bucket']}", f"--region={REGION}")
    with pytest.raises(CommandError, match="without dots"):
        call_command("publish_template", "--bucket=a.b.c", f"--region={REGION}")
