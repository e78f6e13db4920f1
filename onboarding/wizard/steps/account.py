"""Step 1: which AWS account, and what must be in place around it."""

from typing import Any, ClassVar

from django import forms

from onboarding.facts import STATUS_PAGE_URL, allow_list
from onboarding.forms.fields import AccountIdField
from onboarding.models import Installation
from onboarding.templatetags.portal import account_id
from onboarding.wizard.step import Answer, Step, StepForm


class TickedField(forms.BooleanField):
    """A box that must be ticked for the step to be complete."""

    def __init__(self, missing: str, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": missing}, **kwargs)


class AccountForm(StepForm):
    class Meta(StepForm.Meta):
        fields: ClassVar[list[str]] = [
            "aws_account_id",
            "account_is_dedicated",
            "status_page_subscribed",
            "domains_allowed",
        ]

    aws_account_id = AccountIdField(
        help_text="12 digits. In the AWS console, open the menu at the top right: they stand "
        "under the account’s name."
    )
    account_is_dedicated = TickedField(
        "Tick this once the account is dedicated to Astro.",
        label="This account is dedicated to Astro, and nothing else runs in it",
        help_text="For security, Astro cannot be installed beside other workloads. Step 5 looks "
        "whether the account is empty.",
    )
    status_page_subscribed = TickedField(
        "Tick this once somebody on your side is subscribed.",
        label="We are subscribed to the Astro status page",
        help_text="It tells you of incidents and planned maintenance.",
    )
    domains_allowed = TickedField(
        "Tick this once the eight domains are allowed.",
        label="Our people and our CI/CD can reach the eight domains",
        help_text="Where nothing is blocked, there is nothing to do.",
    )


def context(installation: Installation) -> dict[str, Any]:
    return {
        "domains": "\n".join(allow_list(installation.organization.short_name)),
        "status_page_url": STATUS_PAGE_URL,
    }


def lines(installation: Installation) -> list[Answer]:
    titles = {
        "account_is_dedicated": "Dedicated account",
        "status_page_subscribed": "Subscribed to the status page",
        "domains_allowed": "Domains allowed",
    }
    return [
        Answer(answer.field, titles.get(answer.field, answer.label), account_id(answer.value))
        for answer in AccountForm.stored(installation).answers()
    ]


STEP = Step(
    slug="account",
    title="Your AWS account",
    subtitle="Prerequisites",
    form=AccountForm,
    context=context,
    lines=lines,
)
