"""Where an installation stands. The engine, tried with toy steps."""

import pytest

from onboarding.models import Installation
from onboarding.wizard import STEPS, Answer, Flow, Step, flow, question_fields
from tests.factories import make_answered, make_installation, make_user

pytestmark = pytest.mark.django_db


def toy(slug: str, *, done: bool, needs: tuple[str, ...] = (), submits: bool = False) -> Step:
    return Step(
        slug=slug,
        title=slug.title(),
        subtitle="",
        complete=lambda _: done,
        lines=lambda _: [Answer(f"{slug}_field", slug, "x")],
        needs=needs,
        submits=submits,
    )


@pytest.fixture
def installation() -> Installation:
    return make_installation()


def walk(installation: Installation, done: str, needs: tuple[str, ...] = ()) -> Flow:
    """Steps a, b, c and the last, of which those in `done` are complete."""
    steps = [toy(slug, done=slug in done, needs=needs if slug == "c" else ()) for slug in "abc"]
    return Flow(installation, [*steps, toy("last", done=False, submits=True)])


def test_pages_keep_the_order_of_the_steps(installation: Installation) -> None:
    pages = walk(installation, "").pages
    assert [(page.number, page.step.slug) for page in pages] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (4, "last"),
    ]


@pytest.mark.parametrize(
    ("done", "saved", "then"),
    [
        ("", "a", "b"),
        ("ab", "a", "c"),
        ("bc", "b", "last"),  # the last is before a in the walk onwards
        ("abc", "c", "last"),
        ("abc", "a", "last"),
    ],
)
def test_after_a_step_comes_the_next_that_is_left(
    installation: Installation, done: str, saved: str, then: str
) -> None:
    whole = walk(installation, done)
    page = whole.page(saved)
    assert page is not None
    assert whole.after(page).step.slug == then


def test_a_step_skipped_is_come_back_to(installation: Installation) -> None:
    steps = [toy("a", done=False), toy("b", done=True), toy("c", done=True)]
    whole = Flow(installation, steps)
    assert whole.after(whole.pages[2]).step.slug == "a"
    assert whole.current.step.slug == "a"


def test_when_all_is_done_the_last_page_stays(installation: Installation) -> None:
    whole = Flow(installation, [toy("a", done=True), toy("b", done=True)])
    assert whole.after(whole.pages[0]).step.slug == "b"
    assert whole.current.step.slug == "b"
    assert whole.is_answered


def test_a_step_is_not_complete_before_those_it_needs(installation: Installation) -> None:
    whole = walk(installation, "bc", needs=("a", "b"))
    page = whole.page("c")
    assert page is not None
    assert not page.is_complete
    assert [other.step.slug for other in whole.needed_by(page)] == ["a"]
    assert walk(installation, "abc", needs=("a", "b")).done == 3


def test_what_is_missing_leaves_out_the_step_that_submits(installation: Installation) -> None:
    assert [page.step.slug for page in walk(installation, "b").missing] == ["a", "c"]
    assert walk(installation, "abc").is_answered


def test_a_step_that_is_none_has_no_page(installation: Installation) -> None:
    assert walk(installation, "").page("nothing") is None


def test_open_wishes_stand_at_the_page_that_asks_the_field(installation: Installation) -> None:
    agent = make_user(is_staff=True)
    installation.change_requests.create(field="b_field", text="Why?", by=agent)
    installation.change_requests.create(
        field="a_field", text="Done.", by=agent, resolved_at="2026-01-01T00:00Z"
    )
    whole = walk(Installation.objects.with_everything().get(pk=installation.pk), "")
    assert [page.step.slug for page in whole.pages if page.is_wanted] == ["b"]


def test_every_question_has_a_page_where_a_wish_for_it_shows() -> None:
    """Also with the public internet, when some questions are not shown among the answers."""
    installation, agent = make_answered(connectivity="peering"), make_user(is_staff=True)
    for field in question_fields():
        installation.change_requests.create(field=field, text="Why?", by=agent)
    whole = flow(Installation.objects.with_everything().get(pk=installation.pk))
    shown = {wish.field for page in whole.pages for wish in page.change_requests}
    assert shown == set(question_fields())


def test_what_is_answered_proved_and_checked_can_be_submitted() -> None:
    whole = flow(make_answered())
    assert whole.is_answered
    assert whole.current.step == STEPS[-1]


def test_a_new_installation_has_everything_before_it(installation: Installation) -> None:
    whole = flow(installation)
    assert whole.done == 0
    assert whole.current.step == STEPS[0]
    assert len(whole.missing) == len(STEPS) - 1


def test_every_need_is_a_step_that_comes_before() -> None:
    seen: set[str] = set()
    for step in STEPS:
        assert set(step.needs) <= seen
        seen.add(step.slug)
    assert [step.slug for step in STEPS if step.submits] == [STEPS[-1].slug]
