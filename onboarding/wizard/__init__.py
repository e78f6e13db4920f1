"""The six steps a customer walks, as data."""

from onboarding.models import Installation
from onboarding.wizard.flow import Flow, Page
from onboarding.wizard.step import Answer, Step, StepForm
from onboarding.wizard.steps import STEPS

__all__ = ["STEPS", "Answer", "Flow", "Page", "Step", "StepForm", "flow", "question_fields"]


def flow(installation: Installation) -> Flow:
    return Flow(installation, STEPS)


def question_fields() -> dict[str, str]:
    """Every field a customer answers, with its label: what support may want changed."""
    return {
        name: str(field.label or name)
        for step in STEPS
        if step.form and not step.submits
        for name, field in step.form.base_fields.items()
    }
