"""Where an installation stands: which steps are complete, and which comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.models import ChangeRequest, Installation
from onboarding.wizard.step import Answer, Step


@dataclass(frozen=True)
class Page:
    """One step, as this installation has it."""

    step: Step
    number: int
    is_complete: bool
    answers: tuple[Answer, ...]
    change_requests: tuple[ChangeRequest, ...]

    @property
    def is_wanted(self) -> bool:
        """Support asked for something here that is not done yet."""
        return bool(self.change_requests)


class Flow:
    """A snapshot, taken before any form is bound."""

    def __init__(self, installation: Installation, steps: Sequence[Step]) -> None:
        self.installation = installation
        wanted = [
            request for request in installation.change_requests.all() if not request.resolved_at
        ]
        self.pages: list[Page] = []
        for number, step in enumerate(steps, start=1):
            answers = tuple(step.answers(installation))
            names = {answer.field for answer in answers}
            self.pages.append(
                Page(
                    step,
                    number,
                    self._done_before(step) and step.is_complete(installation),
                    answers,
                    tuple(request for request in wanted if request.field in names),
                )
            )

    def _done_before(self, step: Step) -> bool:
        done = {page.step.slug for page in self.pages if page.is_complete}
        return set(step.needs) <= done

    def page(self, slug: str) -> Page | None:
        return next((page for page in self.pages if page.step.slug == slug), None)

    def after(self, page: Page) -> Page:
        """Where to go once `page` is saved: the next step that is not complete, else the last."""
        rest = self.pages[page.number :] + self.pages[: page.number - 1]
        return next((other for other in rest if not other.is_complete), self.pages[-1])

    def needed_by(self, page: Page) -> list[Page]:
        """The steps that `page` cannot do without and that are not complete."""
        return [
            other
            for other in self.pages
            if other.step.slug in page.step.needs and not other.is_complete
        ]

    @property
    def missing(self) -> list[Page]:
        """What stands between the customer and Submit."""
        return [page for page in self.pages if not page.is_complete and not page.step.submits]

    @property
    def is_answered(self) -> bool:
        return not self.missing

    @property
    def done(self) -> int:
        return sum(page.is_complete for page in self.pages)

    @property
    def current(self) -> Page:
        """The first step with something left to do."""
        return next((page for page in self.pages if not page.is_complete), self.pages[-1])
