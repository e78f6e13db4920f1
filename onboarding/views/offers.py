"""What a check offers, taken up: one click, and only what the stored result says."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from onboarding.aws.check import OfferKind
from onboarding.models import Installation
from onboarding.services import installations, offers, quotas, regions
from onboarding.views.reach import SignedInRequest, reached

CHANGED = "This has changed since the page was made. Here is how it stands now."


@require_POST
@reached
def accept(request: SignedInRequest, installation: Installation, code: str) -> HttpResponse:
    """Do what the result of the check `code` offers now; of the form only the button counts."""
    page = reverse("step", args=[installation.pk, "checks"])
    result = installation.check_results.filter(code=code).first()
    offer = result.offer_to(installation) if result else None
    if result is None or offer is None:
        messages.info(request, CHANGED)
        return redirect(page)
    data = offer["data"]
    match offer["kind"]:
        case OfferKind.ASK_QUOTA:
            quotas.ask(
                installation,
                service=data["service"],
                code=data["code"],
                desired=int(data["desired"]),
                name=data.get("name") or result.title,
                by=request.user,
            )
        case OfferKind.ENABLE_REGION:
            regions.enable(installation, region=data["region"], by=request.user)
        case OfferKind.ANSWER:
            return _change_answer(request, installation, data)
    return redirect(f"{page}#result-{code}")


def _change_answer(
    request: SignedInRequest, installation: Installation, data: dict[str, Any]
) -> HttpResponse:
    try:
        offers.change_answer(
            installation, field=data["field"], value=data["value"], by=request.user
        )
    except installations.EditedMeanwhile:
        messages.info(request, CHANGED)
    except offers.DoesNotFit as error:
        messages.error(request, f"Not changed: {error}")
        return redirect("step", installation.pk, error.page.step.slug)
    else:
        messages.success(request, "Changed. The checks run again with the new answer.")
    return redirect("step", installation.pk, "checks")
