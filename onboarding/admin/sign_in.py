"""The desk has no sign-in form of its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


@login_not_required
@secure_admin_login
def sign_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Strangers go to the portal's sign-in, customers are refused, support goes to the desk."""
    return redirect("admin:index")
