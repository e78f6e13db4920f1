"""Single changes to the policies of a role, each told in a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any

from onboarding.aws.actions.existing import (
    AlreadyDifferent,
    Existing,
    canonical,
    existing_policy,
    require_equal,
    somewhere_else,
)
from onboarding.aws.actions.iam import Iam, document_text, tag_list
from onboarding.aws.errors import Refused

MOST_VERSIONS = 5
"""Of one managed policy. IAM User Guide, "IAM and AWS STS quotas"."""

OF_THE_VERSION = "astro:policy-"
"""The tags that tell which version the role has begin like this."""

Document = dict[str, Any]
Tags = Mapping[str, str]


def create(
    iam: Iam, policy: Existing, document: Document, tags: Tags, descriptions: Mapping[str, str]
) -> Iterator[str]:
    more: dict[str, Any] = {"Tags": tag_list(dict(tags))}
    if policy.name in descriptions:
        more["Description"] = descriptions[policy.name]
    text = document_text(document)
    if iam.created("create_policy", PolicyName=policy.name, PolicyDocument=text, **more):
        yield f"Created the policy {policy.name}"
        return
    # Made in between, or by a call whose answer was lost; or it stands under another name.
    found = existing_policy(iam, policy.name)
    if found.document is None:
        raise somewhere_else(found)
    require_equal(found, document)
    yield f"Found the policy {policy.name}, as wanted"


def attach(iam: Iam, role_name: str, policy: Existing) -> str:
    iam.ask("attach_role_policy", RoleName=role_name, PolicyArn=policy.arn)
    return f"Attached {policy.name} to the role"


def detach(iam: Iam, role_name: str, policy: Existing) -> str:
    """The policy itself stays in the account. Gone already is as good."""
    iam.found("detach_role_policy", RoleName=role_name, PolicyArn=policy.arn)
    return f"Detached {policy.name} from the role: the new version does without it"


def new_version(iam: Iam, policy: Existing, document: Document) -> Iterator[str]:
    """Make `document` the policy's default version; the former ones stay, as far as AWS keeps them.

    Raises `AlreadyDifferent` when the policy was changed since `policy` was read.
    """
    versions = iam.account.ask_all("iam", "list_policy_versions", "Versions", PolicyArn=policy.arn)
    _require_unchanged(iam, policy)
    if len(versions) >= MOST_VERSIONS:
        oldest = min((one for one in versions if not one["IsDefaultVersion"]), key=_number)
        version = oldest["VersionId"]
        iam.found("delete_policy_version", PolicyArn=policy.arn, VersionId=version)
        yield f"Deleted {version} of {policy.name}, the oldest: AWS keeps {MOST_VERSIONS} versions"
    text = document_text(document)
    try:
        iam.ask(
            "create_policy_version", PolicyArn=policy.arn, PolicyDocument=text, SetAsDefault=True
        )
    except Refused as error:
        # A call whose answer was lost is sent again, and there may be no room for it twice.
        if error.code != "LimitExceeded" or not _says(iam, policy, document):
            raise
    yield f"Updated the policy {policy.name}"


def _number(version: Mapping[str, Any]) -> int:
    """`v12` is 12: AWS counts up and uses no number twice."""
    return int(version["VersionId"].removeprefix("v").partition(".")[0])


def _require_unchanged(iam: Iam, policy: Existing) -> None:
    if not _says(iam, policy, policy.document):
        raise AlreadyDifferent(policy, ("It was changed while the role was being updated.",))


def _says(iam: Iam, policy: Existing, document: Document) -> bool:
    return bool(canonical(existing_policy(iam, policy.name).document) == canonical(document))


def tag_policy(iam: Iam, policy: Existing, tags: Tags) -> Iterator[str]:
    wrong = _wrong(policy, tags)
    if wrong:
        iam.ask("tag_policy", PolicyArn=policy.arn, Tags=tag_list(wrong))
        yield f"Tagged the policy {policy.name}"


def tag_role(iam: Iam, role: Existing, tags: Tags) -> Iterator[str]:
    wrong = _wrong(role, tags)
    if wrong:
        iam.ask("tag_role", RoleName=role.name, Tags=tag_list(wrong))
        yield f"Tagged the role {role.name}"


def _wrong(found: Existing, tags: Tags) -> dict[str, str]:
    """The tags that are missing, or tell of another version. Any other that differs is the
    customer's, and stays.
    """
    return {
        key: value
        for key, value in tags.items()
        if key not in found.tags or (key.startswith(OF_THE_VERSION) and found.tags[key] != value)
    }
