"""The evidence pack of an installation: a page that says what is in it, and the two files.

Any Member may have it: it holds nothing that the pages do not show them. That somebody took it is
written down, so the files are asked for by POST.
"""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onboarding.models import Installation
from onboarding.services import evidence_file
from onboarding.views.reach import SignedInRequest, reached


@reached
@require_safe
def show(request: SignedInRequest, installation: Installation) -> HttpResponse:
    return render(request, "onboarding/evidence.html", {"installation": installation})


@require_POST
@reached
def as_json(request: SignedInRequest, installation: Installation) -> StreamingHttpResponse:
    return _file(request, installation, "json")


@require_POST
@reached
def as_pdf(request: SignedInRequest, installation: Installation) -> StreamingHttpResponse:
    return _file(request, installation, "pdf")


def _file(request: SignedInRequest, installation: Installation, kind: str) -> StreamingHttpResponse:
    file = evidence_file.take(installation, kind, by=request.user)
    return StreamingHttpResponse(file.pieces, content_type=file.content_type, headers=file.headers)
