"""Writing to support, and everything that was said."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onboarding.forms.conversation import MessageForm
from onboarding.models import Installation, Message
from onboarding.services import conversation
from onboarding.services.conversation_lines import A_PAGE, moment, read, wished
from onboarding.views.reach import SignedInRequest, reached
from onboarding.wizard import STEPS, question_fields

SLUGS = {step.slug for step in STEPS}


@reached
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """A page of what was said, newest last, and a box to write into. Reading marks nothing."""
    data = request.POST if request.method == "POST" else None
    form = MessageForm(question_fields(), data, about=wished(installation))
    if data is not None and form.is_valid() and _written(request, installation, form):
        return _sent(request, installation)
    if data is not None and request.htmx:  # type: ignore[attr-defined]
        return _answer_box(request, form)
    context = {
        "installation": installation,
        "form": form,
        "conversation": read(
            installation,
            by=request.user,
            side=Message.Side.CUSTOMER,
            most=A_PAGE,
            before=moment(request.GET.get("before", "")),
        ),
    }
    return render(request, "onboarding/conversation.html", context)


@require_POST
@reached
def seen(request: SignedInRequest, installation: Installation) -> HttpResponse:
    """What was on the page is read. What came meanwhile stays new."""
    until = conversation.message_named(request.POST.get("until", ""), installation)
    if until:
        conversation.see(installation, until=until, by=request.user)
    return redirect(_back(request, installation))


def _written(request: SignedInRequest, installation: Installation, form: MessageForm) -> bool:
    try:
        conversation.write_to_support(installation, **form.cleaned_data, by=request.user)
    except conversation.NotWritten as told:
        form.add_error(None, str(told))
        return False
    except PermissionError as error:
        raise PermissionDenied from error
    return True


def _sent(request: SignedInRequest, installation: Installation) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _answer_box(request, None)
    return redirect(_back(request, installation))


def _answer_box(request: SignedInRequest, form: MessageForm | None) -> HttpResponse:
    """The box below a wanted change: sent, or with what is wrong and what was typed."""
    wish = request.POST.get("wish", "")
    wrong = [error for errors in form.errors.values() for error in errors] if form else []
    context = {
        "number": wish if wish.isascii() and wish.isdigit() else "",
        "wrong": wrong,
        "is_sent": form is None,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "onboarding/parts/answer_box.html", context)


def _back(request: SignedInRequest, installation: Installation) -> str:
    """Where it was written: the status page, a step, or this page. Never what a form names freely."""
    back = request.POST.get("back", "")
    if back in SLUGS:
        return reverse("step", args=[installation.pk, back])
    name = "status" if back == "status" else "conversation"
    return f"{reverse(name, args=[installation.pk])}#messages"
