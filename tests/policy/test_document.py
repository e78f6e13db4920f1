"""The permission document: its limits at AWS, its stability, the trust policy."""

import json
import re
from dataclasses import FrozenInstanceError
from hashlib import sha256

import pytest

from onboarding import facts
from onboarding.policy import cloudformation, document
from onboarding.policy.document import Edition
from tests.policy.external_ids import HOSTILE, VALID

EDITION = document.shipped()

FREE = "It asks for a peering connection; accepting one stays with you."
"""Said of what is not among the actions."""

MANAGED_POLICY_LIMIT = 6144
TRUST_POLICY_LIMIT = 2048
POLICIES_A_ROLE = 10


def size(content: dict[str, object]) -> int:
    """AWS does not count white space."""
    return len(re.sub(r"\s", "", json.dumps(content)))


@pytest.mark.parametrize("policy", EDITION.policies, ids=lambda policy: policy.name)
def test_policy_keeps_to_the_limits_of_iam(policy: document.ManagedPolicy) -> None:
    assert size(policy.document) <= MANAGED_POLICY_LIMIT
    assert re.fullmatch(r"[\w+=,.@-]{1,128}", policy.name, re.ASCII)
    assert len(policy.description) <= 1000
    assert json.dumps(policy.document, ensure_ascii=False).isascii()
    assert policy.description.isascii()


def test_role_has_few_policies_and_the_first_is_the_guides() -> None:
    names = [policy.name for policy in EDITION.policies]
    assert names[0] == facts.POLICY_NAME
    assert len(names) == len(set(names)) <= POLICIES_A_ROLE


def test_a_filter_on_the_guides_policy_name_sees_every_policy() -> None:
    assert all(policy.name.endswith(facts.POLICY_NAME) for policy in EDITION.policies)


def test_every_statement_has_an_id_of_its_own() -> None:
    for policy in EDITION.policies:
        ids = [statement["Sid"] for statement in policy.document["Statement"]]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch("[A-Za-z0-9]+", each) for each in ids)


def test_what_pages_show_is_what_the_policies_say() -> None:
    statements = [row for each in EDITION.policies for row in each.document["Statement"]]
    shown = {action for group in EDITION.groups for action in group.actions}
    allowed = {action for row in statements if row["Effect"] == "Allow" for action in row["Action"]}
    denied = {action for row in statements if row["Effect"] == "Deny" for action in row["Action"]}
    assert shown == allowed
    assert {action for each in EDITION.denials for action in each.actions} == denied


def test_every_group_and_denial_says_in_sentences_what_it_is_for() -> None:
    groups, denials = EDITION.groups, EDITION.denials
    sentences = [each.purpose for each in groups] + [each.sentence for each in denials]
    sentences += [limit for each in groups for limit in each.limits]
    sentences += [row.purpose for each in groups for row in each.grants if row.purpose]
    for sentence in sentences:
        assert re.fullmatch(r"[A-Z][^.!]+\.", sentence), sentence
    assert len({group.service for group in groups}) == len(groups)


def test_where_a_service_has_several_grants_each_says_what_it_is_for() -> None:
    for group in EDITION.groups:
        assert len(group.grants) == 1 or all(grant.purpose for grant in group.grants)


def test_every_restriction_is_said_in_a_sentence_and_every_sentence_is_a_restriction() -> None:
    for grant in (grant for group in EDITION.groups for grant in group.grants):
        if grant.limit == FREE:
            continue
        restricted = "Condition" in grant.statement or (
            grant.statement["Resource"] not in ("*", ["arn:aws:ecr:*:*:repository/*"])
        )
        assert bool(grant.limit) is restricted, grant.statement["Sid"]


def test_what_a_page_shows_of_a_statement_is_the_statement() -> None:
    shown = [(row.policy, row.statement) for group in EDITION.groups for row in group.grants]
    shown += [(row.policy, row.statement) for row in EDITION.denials]
    written = [
        (policy.name, statement)
        for policy in EDITION.policies
        for statement in policy.document["Statement"]
    ]
    assert sorted(map(repr, shown)) == sorted(map(repr, written))


def test_a_caller_cannot_change_the_document_for_others() -> None:
    EDITION.policies[0].document["Statement"].clear()
    EDITION.as_data()["groups"].clear()
    assert EDITION.policies[0].document["Statement"]
    assert EDITION.groups


def test_whoever_made_an_edition_cannot_change_it_any_more() -> None:
    source = json.loads(json.dumps(EDITION.source))
    made = Edition(EDITION.number, source)
    source["groups"].clear()
    assert made.checksum == EDITION.checksum
    with pytest.raises(FrozenInstanceError):
        made.number = 2  # type: ignore[misc]


def test_the_order_of_keys_makes_no_other_edition() -> None:
    """PostgreSQL keeps them in an order of its own."""
    kept = Edition(EDITION.number, json.loads(json.dumps(EDITION.source, sort_keys=True)))
    assert cloudformation.template(kept) == cloudformation.template(EDITION)
    assert kept.checksum == EDITION.checksum


def test_another_number_or_another_document_is_another_edition() -> None:
    other = Edition(EDITION.number + 1, EDITION.source)
    assert other != EDITION
    assert other.checksum == EDITION.checksum, "The same policies, whatever their number."
    assert other.line != EDITION.line
    assert other.tags["astro:policy-version"] == str(other.number)


def test_a_program_can_work_out_the_checksum_from_what_it_reads() -> None:
    data = json.loads(json.dumps(EDITION.as_data()))
    content = [[policy["name"], policy["document"]] for policy in data["policies"]]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert sha256(text.encode()).hexdigest() == data["checksum"] == EDITION.checksum
    assert data["version"] == EDITION.number
    assert [group["title"] for group in data["groups"]] == [each.title for each in EDITION.groups]


def test_trust_policy_opens_the_role_to_astro_with_this_external_id_only() -> None:
    assert document.trust_policy(VALID) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::406882777402:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": VALID}},
            }
        ],
    }
    assert size(document.trust_policy(VALID)) <= TRUST_POLICY_LIMIT


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_trust_policy_refuses_what_the_portal_did_not_make(value: str) -> None:
    with pytest.raises(ValueError, match="not an external ID") as refused:
        document.trust_policy(value)
    assert len(value) < 3 or value not in str(refused.value)


@pytest.mark.parametrize("value", [None, [VALID], {"a": VALID}, True, VALID.encode()])
def test_trust_policy_refuses_what_is_no_text(value: object) -> None:
    with pytest.raises(ValueError, match="not an external ID"):
        document.trust_policy(value)  # type: ignore[arg-type]
