"""Taking up what a check offers: an answer changed with one click."""

from typing import Any

from django.db import transaction

from onboarding.models import Installation, User
from onboarding.services.access import check_account
from onboarding.services.installations import save_step
from onboarding.wizard import Page, flow


class DoesNotFit(Exception):
    """The answers would no longer hold. Nothing was stored."""

    def __init__(self, page: Page, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.page = page
        """The step in which it is to be settled by hand."""


@transaction.atomic
def change_answer(installation: Installation, *, field: str, value: Any, by: User) -> Page:
    """Store one answer through the form of its step, and check the account again.

    Raises `DoesNotFit` where the form refuses it or another step would no longer be complete,
    `EditedMeanwhile` where somebody saved in the same moment; LookupError for no such answer.
    """
    before = flow(installation)
    page = _asking(before.pages, field)
    form_class = page.step.form
    if form_class is None:
        raise LookupError(field)
    data = form_class.stored_data(installation, form_class(installation)) | {field: value}
    form = form_class(installation, data, partial=not page.is_complete)
    if not form.is_valid():
        raise DoesNotFit(page, [str(text) for texts in form.errors.values() for text in texts])
    saved = save_step(installation, page.step, form, by=by, version=installation.version)
    for was, now in zip(before.pages, flow(saved).pages, strict=True):
        # Steps without a form rest on checks: those are run again.
        if was.step.form and not was.step.submits and was.is_complete and not now.is_complete:
            raise DoesNotFit(was, [f"“{was.step.title}” would no longer hold."])
    check_account(saved)
    return page


def _asking(pages: list[Page], field: str) -> Page:
    """The step that asks for `field`."""
    for page in pages:
        if page.step.form and not page.step.submits and field in page.step.form.base_fields:
            return page
    raise LookupError(field)
