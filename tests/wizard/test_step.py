"""A step is data. The engine, tried with a toy step."""

from typing import Any, ClassVar

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from onboarding.models import Installation
from onboarding.wizard import STEPS, Answer, Step, StepForm, question_fields
from tests.factories import make_installation

pytestmark = pytest.mark.django_db


class ToyForm(StepForm):
    class Meta(StepForm.Meta):
        fields: ClassVar[list[str]] = ["cluster_name", "max_nodes", "domains_allowed"]

    def clean_max_nodes(self) -> int:
        nodes: int | None = self.cleaned_data["max_nodes"]
        if nodes and nodes > 50:
            self.warn("max_nodes", "That is a lot.")
        return nodes  # type: ignore[return-value]  # left empty half-way, it keeps what is stored


TOY = Step(slug="toy", title="Toy", subtitle="For tests", form=ToyForm)
TYPED: dict[str, Any] = {"cluster_name": "etl", "max_nodes": "60", "domains_allowed": "on"}


@pytest.fixture
def installation() -> Installation:
    return make_installation(cluster_name="before", max_nodes=7)


def test_complete_means_that_the_form_accepts_what_is_stored(installation: Installation) -> None:
    assert TOY.is_complete(installation)
    installation.max_nodes = -1
    assert not TOY.is_complete(installation)


def test_a_step_may_ask_its_own_question_instead(installation: Installation) -> None:
    own = Step(slug="own", title="Own", subtitle="", complete=lambda one: one.max_nodes == 7)
    assert own.is_complete(installation)
    installation.max_nodes = 8
    assert not own.is_complete(installation)
    assert not Step(slug="bare", title="Bare", subtitle="").is_complete(installation)


def test_judging_what_was_typed_leaves_the_installation_alone(installation: Installation) -> None:
    form = ToyForm(installation, TYPED | {"max_nodes": "x"})
    assert not form.is_valid()
    assert form.instance.cluster_name == "etl"
    assert (installation.cluster_name, installation.max_nodes) == ("before", 7)


def test_saving_stores_this_slice_alone(installation: Installation) -> None:
    form = ToyForm(installation, TYPED)
    assert form.is_valid()
    Installation.objects.filter(pk=installation.pk).update(status="submitted", region="eu-west-1")
    form.save()
    stored = Installation.objects.get(pk=installation.pk)
    assert (stored.cluster_name, stored.max_nodes, stored.domains_allowed) == ("etl", 60, True)
    assert (stored.status, stored.region) == ("submitted", "eu-west-1")


def test_half_way_what_is_left_empty_keeps_its_value_and_the_rest_is_judged(
    installation: Installation,
) -> None:
    half = ToyForm(installation, {"cluster_name": "etl", "max_nodes": ""}, partial=True)
    assert half.is_valid()
    half.save()
    stored = Installation.objects.get(pk=installation.pk)
    assert (stored.cluster_name, stored.max_nodes) == ("etl", 7)
    wrong = ToyForm(installation, {"max_nodes": "x"}, partial=True)
    assert "max_nodes" in wrong.errors


def test_a_warning_does_not_stop_anything(installation: Installation) -> None:
    form = ToyForm(installation, TYPED)
    assert form.is_valid()
    assert form.warnings == {"max_nodes": ["That is a lot."]}


def test_answers_read_as_people_say_them(installation: Installation) -> None:
    answers = {answer.field: answer.value for answer in TOY.answers(installation)}
    assert answers == {"cluster_name": "before", "max_nodes": "7", "domains_allowed": "Not yet"}
    told = Step(slug="x", title="X", subtitle="", lines=lambda one: [Answer("a", "A", str(one))])
    assert told.answers(installation) == [Answer("a", "A", "before")]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_every_step_has_its_page_and_module_of_the_same_name(step: Step) -> None:
    names = [step.template, *([step.live_template] if step.live else [])]
    for name in names:
        assert get_template(name)
    if not step.live:
        with pytest.raises(TemplateDoesNotExist):
            get_template(step.live_template)
    if step.form is not None:
        assert step.form.__module__ == f"onboarding.wizard.steps.{step.slug}"


def test_no_two_steps_ask_the_same_and_every_question_has_a_label() -> None:
    asked = [name for step in STEPS if step.form for name in step.form.base_fields]
    assert len(asked) == len(set(asked))
    assert set(question_fields()) == set(asked)
    assert all(question_fields().values())
