"""Where the link in a reminder leads: stop them, or have them again. Reading changes nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from onboarding.models import Installation
from onboarding.services import reminders
from onboarding.views.reach import SignedInRequest, reached


@reached
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    if request.method == "POST":
        return _change(request, installation)
    stopped = installation.reminder_stops.filter(user=request.user).exists()
    context = {"installation": installation, "stopped": stopped}
    return render(request, "onboarding/reminders.html", context)


def _change(request: SignedInRequest, installation: Installation) -> HttpResponse:
    then = request.POST.get("then")
    if then == "stop":
        reminders.stop(installation, by=request.user)
        messages.success(request, "We remind you no more about this installation.")
    elif then == "start":
        reminders.start_again(installation, by=request.user)
        messages.success(request, "We remind you again when this installation waits for you.")
    return redirect("reminders", installation.pk)
