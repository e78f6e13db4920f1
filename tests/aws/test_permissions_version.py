"""Which version a role has to the letter, and by which one an altered role is measured."""

from dataclasses import replace

import pytest

from onboarding.aws.permissions import Attached, Policy, Published
from onboarding.aws.permissions_version import measure, recognised
from tests.aws.permission_documents import (
    ACCOUNT,
    ALL,
    MAIN,
    MAKE,
    NET,
    NEVER,
    OTHER,
    PASS,
    PUBLISHED,
    READ,
    RUN,
    allow,
    deny,
    doc,
    main,
)

NEW = allow("s3:ListBucket", Sid="New")
ANY = allow("s3:*")
MORE = main(READ, RUN, PASS, MAKE, NEVER, NEW)
LESS = main(READ, PASS, MAKE, NEVER)
FUTURE = Published(3, main(READ, NEW))


def second(policies: tuple[Policy, ...], proved: int | None = 1) -> Published:
    """Version 2 in effect, where the role was proved with version 1 and version 3 is to come."""
    return Published(2, policies, others=(FUTURE, PUBLISHED), proved=proved)


def role(*policies: Policy) -> Attached:
    return Attached(ACCOUNT, managed=policies)


def measured_by(published: Published, *policies: Policy) -> tuple[int | None, int]:
    measured = measure(published, role(*policies))
    assert measured.found.version == measured.by.version
    return measured.recognised, measured.by.version


@pytest.mark.parametrize("policies", [MORE, LESS], ids=["more", "less"])
def test_a_role_is_measured_by_the_version_that_it_has(policies: tuple[Policy, ...]) -> None:
    assert measured_by(second(policies), *policies) == (2, 2)
    assert measured_by(second(policies), *ALL) == (1, 1)
    assert measured_by(second(policies, proved=None), *ALL) == (1, 1)


def test_one_that_is_not_in_effect_yet_measures_nothing() -> None:
    assert measured_by(second(MORE), *FUTURE.policies) == (3, 2)


@pytest.mark.parametrize(
    "policies",
    [
        pytest.param((ALL[1], ALL[0]), id="in another order"),
        pytest.param((Policy(MAIN, doc(NEVER, MAKE, PASS, RUN, READ)), ALL[1]), id="statements"),
        pytest.param((*ALL, Policy("ours", doc(ANY))), id="one more of the customer's"),
        pytest.param((*ALL, Policy("guard", doc(deny("s3:*")))), id="a guard of the customer's"),
    ],
)
def test_it_has_a_version_to_the_letter_whatever_stands_beside(
    policies: tuple[Policy, ...],
) -> None:
    assert recognised(PUBLISHED, role(*policies)) == 1


@pytest.mark.parametrize(
    "policies",
    [
        pytest.param(ALL[:1], id="one is not attached"),
        pytest.param((*ALL, Policy(f"More{MAIN}", doc(NET))), id="one more of their kind"),
        pytest.param((ALL[0], Policy(OTHER, doc(allow("ec2:*", Sid="Net")))), id="another text"),
        pytest.param((Policy("x", ALL[0].document), ALL[1]), id="another name"),
        pytest.param((), id="none"),
    ],
)
def test_anything_else_is_no_version(policies: tuple[Policy, ...]) -> None:
    assert recognised(PUBLISHED, role(*policies)) is None


@pytest.mark.parametrize(
    ("policies", "present", "by"),
    [
        pytest.param(main(READ, PASS, MAKE, NEVER), MORE, 1, id="lacks one of the former"),
        pytest.param(main(READ, RUN, PASS, MAKE, NEVER, ANY), LESS, 1, id="more than the former"),
        pytest.param(main(READ, RUN, PASS, MAKE, NEVER, ANY), MORE, 2, id="more than the present"),
        pytest.param(main(READ, RUN, PASS, MAKE, NEW), MORE, 2, id="forbids less than the present"),
        pytest.param(main(PASS, MAKE, NEVER), LESS, 2, id="lacks one of the present"),
    ],
)
def test_an_altered_one_by_whichever_it_comes_nearer_to(
    policies: tuple[Policy, ...], present: tuple[Policy, ...], by: int
) -> None:
    assert measured_by(second(present), *policies) == (None, by)


def test_an_altered_one_that_was_never_proved_by_the_present_one() -> None:
    lacking = main(READ, PASS, MAKE, NEVER)
    assert measured_by(second(MORE, proved=None), *lacking) == (None, 2)
    assert measured_by(second(MORE, proved=9), *lacking) == (None, 2)
    assert measured_by(replace(second(MORE), others=()), *lacking) == (None, 2)


def test_one_that_has_all_of_a_version_is_never_measured_by_one_of_which_it_lacks_some() -> None:
    present = main(READ, RUN, PASS, MAKE, NEVER, NEW, allow("sqs:SendMessage"))
    half_way = main(READ, RUN, PASS, MAKE, NEVER, NEW, ANY)
    assert measured_by(second(present), *half_way) == (None, 1)
