"""Step 6: check the answers, and submit."""

from typing import ClassVar

from onboarding.models import Installation, Status
from onboarding.wizard.step import Answer, Step, StepForm


class ReviewForm(StepForm):
    class Meta(StepForm.Meta):
        fields: ClassVar[list[str]] = []


def is_submitted(installation: Installation) -> bool:
    return installation.status not in (Status.DRAFT, Status.CHANGES_REQUESTED)


def lines(installation: Installation) -> list[Answer]:
    return []


STEP = Step(
    slug="review",
    title="Check your answers",
    subtitle="Submit",
    form=ReviewForm,
    complete=is_submitted,
    lines=lines,
    needs=("account", "cluster", "network", "access", "checks"),
    submits=True,
)
