import json
from urllib.parse import quote

import pytest

from onboarding.aws.trust import OPENS_WITHOUT, WORDS, faults
from onboarding.facts import TRUST_PRINCIPAL
from tests.aws.trust_documents import ANOTHER, OURS, SAFE, UNSAFE, asks, policy, statement, trusts


@pytest.mark.parametrize("name", SAFE)
def test_a_policy_that_holds_everyone_to_our_id_has_no_fault(name: str) -> None:
    assert faults(SAFE[name], external_id=OURS) == ()


@pytest.mark.parametrize("name", UNSAFE)
def test_each_unsafe_policy_is_named_with_its_place(name: str) -> None:
    document, code, path = UNSAFE[name]

    found = [(fault.code, fault.path) for fault in faults(document, external_id=OURS)]

    assert found == [(code, path)]


def test_the_table_covers_every_fault_there_is() -> None:
    named = {code for _, code, _ in UNSAFE.values()} | {"principal_absent"}

    assert named == set(WORDS)
    assert named >= OPENS_WITHOUT


def test_a_policy_without_astro_is_told_apart_from_a_foreign_one() -> None:
    found = faults(trusts({"AWS": "arn:aws:iam::111122223333:root"}), external_id=OURS)

    assert [fault.code for fault in found] == ["foreign_principal", "principal_absent"]


def test_every_fault_of_a_policy_is_named_in_order() -> None:
    worst = policy(
        statement(Condition=None),
        statement(Principal="*", Action="*", Condition=asks_like("*")),
    )

    codes = [fault.code for fault in faults(worst, external_id=OURS)]

    assert codes == ["no_condition", "wildcard_principal", "wildcard_action", "wildcard_id"]


def asks_like(value: str) -> dict[str, dict[str, str]]:
    return {"StringLike": {"sts:ExternalId": value}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(policy(statement())),
        quote(json.dumps(policy(statement()))),
        json.dumps(policy(statement()), indent=4),
    ],
    ids=["json", "url-encoded", "indented"],
)
def test_a_policy_given_as_text_is_read_like_one_given_as_data(text: str) -> None:
    assert faults(text, external_id=OURS) == ()


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", "null", '"*"', '{"Statement": [], "Statement": []}'],
)
def test_text_that_is_no_policy_is_never_called_safe(text: str) -> None:
    assert [fault.code for fault in faults(text, external_id=OURS)] == ["unreadable"]


def test_a_condition_given_twice_in_the_text_is_not_read_as_the_second_one() -> None:
    safe = json.dumps(statement())
    twice = safe.replace('"Effect"', '"Condition": {}, "Effect"')

    (fault,) = faults('{"Statement": ' + twice + "}", external_id=OURS)

    assert fault.code == "unreadable"


def test_no_external_id_is_shown_neither_ours_nor_anothers() -> None:
    listed = asks("StringEquals", [OURS, ANOTHER])

    (fault,) = faults(listed, external_id=OURS)

    assert fault.line == '"StringEquals": {"sts:ExternalId": ["…", "another value"]}'
    assert ANOTHER not in repr(fault)
    assert OURS not in repr(fault)


def test_of_a_pattern_only_the_wildcards_are_shown() -> None:
    (fault,) = faults(asks("StringLike", OURS[:20] + "*"), external_id=OURS)

    assert fault.line == '"StringLike": {"sts:ExternalId": "…*"}'
    assert OURS[:20] not in repr(fault)


@pytest.mark.parametrize("name", UNSAFE)
def test_no_row_shows_the_external_id(name: str) -> None:
    document, _, _ = UNSAFE[name]

    assert OURS not in repr(faults(document, external_id=OURS))


def test_the_principal_wanted_is_named_in_the_explanation() -> None:
    (fault,) = faults(
        policy(statement(Principal={"AWS": []}, Action="sts:AssumeRole")), external_id=OURS
    )[-1:]

    assert fault.code == "principal_absent"
    assert TRUST_PRINCIPAL in fault.explanation
