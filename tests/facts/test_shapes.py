"""What is asked to be kept of an answer, and what is kept of what comes back, are the same."""

import re
from typing import Any

import jmespath  # type: ignore[import-untyped]  # boto3 brings it, without types
import pytest

from onboarding.facts.preflight_questions import Question, questions
from onboarding.facts.shapes import Flag, Many, Maybe, Name, Shape, Text, Unfit, Whole, kept, query

SAMPLES = {
    r"[0-9]{12}": "210987654321",
    r"o-[a-z0-9]{10,32}": "o-abcdefghij",
    r"L-[0-9A-F]{8}": "L-1216C47A",
    "Name": "Name",
}
GUESSES = (
    "running", "us-east-1", "us-east-1a", "m5.xlarge", "10.0.0.0/16", "vpc-0a1b2c3d",
    "subnet-0a1b2c3d", "igw-0a1b2c3d", "i-0a1b2c3d", *SAMPLES.values(),
)  # fmt: skip


def sample(shape: Shape) -> Any:
    """Something that fits."""
    match shape:
        case Text():
            return next(each for each in GUESSES if fits(shape, each))
        case Name():
            return "Lager Süd"
        case Whole():
            return 2
        case Flag():
            return True
        case Maybe():
            return sample(shape.shape)
        case Many():
            wanted = dict(re.findall(r"(\w+)=='([^']+)'", shape.only))
            item = sample(shape.item)
            return [item | wanted if wanted else item]
    return {name: sample(inner) for name, inner in shape.items()}


def fits(shape: Shape, value: Any) -> bool:
    try:
        kept(shape, value)
    except Unfit:
        return False
    return True


def with_more(value: Any) -> Any:
    """What AWS says besides."""
    if isinstance(value, dict):
        return {name: with_more(inner) for name, inner in value.items()} | {"Secret": "s3cr3t"}
    return [with_more(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("question", questions("ap-east-1", "m5.xlarge"), ids=lambda one: one.name)
def test_the_cli_keeps_what_the_portal_reads_and_no_more(question: Question) -> None:
    answer = sample(question.shape)
    said_by_cli = jmespath.search(query(question.shape), with_more(answer))
    assert said_by_cli == answer
    assert kept(question.shape, said_by_cli) == answer


@pytest.mark.parametrize("question", questions("ap-east-1", "m5.xlarge"), ids=lambda one: one.name)
def test_an_empty_answer_is_kept_as_far_as_aws_may_leave_things_out(question: Question) -> None:
    """The query turns what is missing into null: it is gone afterwards, or the answer is refused."""
    said = jmespath.search(query(question.shape), {})
    assert set(said) == set(question.shape)
    assert not fits(question.shape, said)


def test_only_the_tag_that_is_asked_for_is_kept() -> None:
    tags = Many({"Key": Text("Name"), "Value": Name()}, 1, "Key=='Name'")
    answer = {"Tags": [{"Key": "Owner", "Value": "eve"}, {"Key": "Name", "Value": "warehouse"}]}
    said = jmespath.search(query({"Tags": tags}), answer)
    assert said == {"Tags": [{"Key": "Name", "Value": "warehouse"}]}


@pytest.mark.parametrize("value", [True, "5", 5.5, -1, 10, float("inf"), float("nan"), None, [5]])
def test_a_whole_number_is_one_and_in_its_bounds(value: Any) -> None:
    assert not fits(Whole(9), value)


def test_five_point_nought_is_five() -> None:
    assert kept(Whole(9), 5.0) == 5
    assert type(kept(Whole(9), 5.0)) is int


@pytest.mark.parametrize("value", [1, 0, "true", None])
def test_a_flag_is_true_or_false(value: Any) -> None:
    assert not fits(Flag(), value)


def test_a_refusal_says_where_and_not_what() -> None:
    with pytest.raises(Unfit) as refused:
        kept({"Vpcs": Many({"VpcId": Text("vpc-[0-9]")})}, {"Vpcs": [{"VpcId": "s3cr3t"}]})
    assert str(refused.value) == "answer.Vpcs[].VpcId"
