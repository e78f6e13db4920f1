"""One view for all steps."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onboarding.jobs.turn import review_takes
from onboarding.models import IllegalMove, Installation
from onboarding.services import installations
from onboarding.views import live as live_part
from onboarding.views.reach import SignedInRequest, reached
from onboarding.wizard import Flow, Page, StepForm, flow


@reached
def step(request: SignedInRequest, installation: Installation, slug: str) -> HttpResponse:
    whole, page = _page(installation, slug)
    if request.method != "POST" or page.step.form is None:
        form = _stored_form(page, installation)
        return _show(request, installation, whole, page, form)
    if not installation.is_editable:
        messages.info(request, "Support has these answers now, so they can no longer be changed.")
        return redirect("status", installation.pk)
    # Half-way may be left empty what may not be submitted empty.
    later = request.POST.get("then") == "later"
    form = page.step.form(installation, request.POST, partial=later)
    return _save(request, installation, whole, page, form)


def show_step(
    request: SignedInRequest, installation: Installation, slug: str, **extra: Any
) -> HttpResponse:
    """The page of a step as another view wants it shown: with a form of its own on it."""
    whole, page = _page(installation, slug)
    form = _stored_form(page, installation)
    return _show(request, installation, whole, page, form, extra=extra)


@reached
@require_POST
def preview(request: SignedInRequest, installation: Installation, slug: str) -> HttpResponse:
    """What the answers typed so far would mean. Saves nothing."""
    _, page = _page(installation, slug)
    try:
        template = get_template(page.step.preview_template)
    except TemplateDoesNotExist:
        raise Http404 from None
    if page.step.form is None:
        raise Http404
    form = page.step.form(installation, request.POST, partial=True)
    form.is_valid()
    context = {"form": form, "installation": installation, "page": page}
    return HttpResponse(template.render(context, request))


@reached
@require_safe
def live(request: SignedInRequest, installation: Installation, slug: str) -> HttpResponse:
    """The part of the page that follows the workers, and the rail beside it."""
    whole, page = _page(installation, slug)
    if not page.step.live:
        raise Http404
    context = _context(request, installation, whole, page, None)
    rail = render_to_string("onboarding/parts/rail.html", context | {"oob": True}, request)
    return live_part.answer(request, _live(request, context), rail)


def _page(installation: Installation, slug: str) -> tuple[Flow, Page]:
    whole = flow(installation)
    page = whole.page(slug)
    if page is None:
        raise Http404
    return whole, page


def _stored_form(page: Page, installation: Installation) -> StepForm | None:
    """Unbound, so that nobody is told off before typing; warnings come from what is stored."""
    if page.step.form is None:
        return None
    form = page.step.form(installation)
    if not page.step.submits:
        stored = page.step.form.stored(installation)
        stored.is_valid()
        form.warnings = stored.warnings
    return form


def _save(
    request: SignedInRequest, installation: Installation, whole: Flow, page: Page, form: StepForm
) -> HttpResponse:
    rows = form.rows_changed()
    if rows is not None:
        return _show(request, installation, whole, page, rows)
    if page.step.submits:
        return _submit(request, installation, page)
    if not form.is_valid():
        return _show(request, installation, whole, page, form)
    try:
        saved = installations.save_step(
            installation, page.step, form, by=request.user, version=_version(request.POST)
        )
    except installations.EditedMeanwhile:
        return _conflict(request, installation, whole, page, form)
    except IntegrityError:
        # Somebody took the name in the same moment: judged again, the form says so.
        again = type(form)(installation, request.POST, partial=form.partial)
        again.is_valid()
        return _show(request, installation, whole, page, again)
    if form.partial:
        messages.success(request, "Saved. Come back whenever you like; nothing is lost.")
        return redirect("home")
    return redirect("step", installation.pk, flow(saved).after(page).step.slug)


def _submit(request: SignedInRequest, installation: Installation, page: Page) -> HttpResponse:
    try:
        installations.submit(installation, by=request.user)
    except installations.NotAnswered as error:
        titles = ", ".join(other.step.title for other in error.missing)
        messages.error(request, f"Not submitted yet. Still to do: {titles}.")
        return redirect("step", installation.pk, page.step.slug)
    except IllegalMove:
        # Somebody else submitted it a moment ago; the status page says so.
        return redirect("status", installation.pk)
    except PermissionError:
        messages.error(request, "Ask an Organization Owner to submit. Everything is saved.")
        return redirect("step", installation.pk, page.step.slug)
    return redirect("status", installation.pk)


def _conflict(
    request: SignedInRequest, installation: Installation, whole: Flow, page: Page, form: StepForm
) -> HttpResponse:
    """Tell the later of two people what the earlier one saved; saving again keeps theirs."""
    theirs = {answer.field: answer for answer in page.answers}
    differences = [
        (theirs[name].label, theirs[name].value or "nothing", form[name].value())
        for name in form.changed_data
        if name in theirs
    ]
    return _show(request, installation, whole, page, form, differences, status=409)


def _version(posted: QueryDict) -> int:
    """The version the page was made from; a number that fits nothing when it is not one."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _context(
    request: SignedInRequest,
    installation: Installation,
    whole: Flow,
    page: Page,
    form: StepForm | None,
) -> dict[str, Any]:
    if form is not None:
        for wish in page.change_requests:
            form.wanted.setdefault(wish.field, []).append(wish)
    return {
        "installation": installation,
        "flow": whole,
        "page": page,
        "form": form,
        "version": installation.version,
        "needed": whole.needed_by(page),
        "next_page": whole.after(page),
        "can_edit": installation.is_editable,
        "is_owner": installation.organization.is_owned_by(request.user),
        "review_takes": review_takes(),
        **page.step.context(installation),
    }


def _live(request: SignedInRequest, context: dict[str, Any]) -> live_part.Live:
    installation, page = context["installation"], context["page"]
    operations = live_part.latest(installation)
    context |= {"running": live_part.running(operations), **live_part.work(operations)}
    return live_part.fragment(
        request,
        page.step.live_template,
        context,
        url=reverse("live", args=[installation.pk, page.step.slug]),
        every=live_part.pace(installation, operations),
    )


def _show(
    request: SignedInRequest,
    installation: Installation,
    whole: Flow,
    page: Page,
    form: StepForm | None,
    conflict: list[tuple[str, str, Any]] | None = None,
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    context = _context(request, installation, whole, page, form)
    context |= {"conflict": conflict} | (extra or {})
    if page.step.live:
        context["live"] = _live(request, context).html
    return render(request, page.step.template, context, status=status)
