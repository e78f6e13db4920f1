"""For load balancers: is the process alive, and can it do its work?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from onboarding.jobs import reconcile

MOST_AGE_SECONDS = 90
"""Three periods of the reconciler."""


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database is away or nobody does the work that is due."""
    try:
        connection.ensure_connection()
        age = reconcile.age_seconds()
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    fine = age is not None and age <= MOST_AGE_SECONDS
    return JsonResponse({"ok": fine}, status=200 if fine else 503)
