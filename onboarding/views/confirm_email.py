"""Confirming an e-mail address by the link in a mail."""

from typing import Any

from allauth.account.views import ConfirmEmailView
from django.http import Http404, HttpRequest, HttpResponse


class ConfirmEmail(ConfirmEmailView):
    """The link shows the page, and the button on it confirms.

    allauth signs out whoever else is signed in as soon as the link is opened: anybody could sign
    somebody out by sending them one. Here the button does so.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
        except Http404:
            self.object = None
        response: HttpResponse = self.render_to_response(self.get_context_data())
        return response
