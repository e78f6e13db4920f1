"""The conversation at the desk: what was said, in the dossier and on a page of its own."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from onboarding.admin.evidence import EvidenceAdmin
from onboarding.admin.reading import is_support, opened
from onboarding.forms.conversation import MessageForm
from onboarding.models import Installation, Message, User
from onboarding.services import conversation
from onboarding.services.conversation_lines import A_PAGE, LATEST, moment, read, wished
from onboarding.wizard import question_fields

HANDLE = "onboarding.handle_installation"
PAGE = "admin/onboarding/installation/conversation.html"


def talk(
    installation: Installation,
    by: User,
    *,
    most: int = LATEST,
    before: str = "",
    form: MessageForm | None = None,
) -> dict[str, Any]:
    """What `dossier_conversation.html` shows, in two queries and those of the permission."""
    return {
        "installation": installation,
        "conversation": read(
            installation, by=by, side=Message.Side.SUPPORT, most=most, before=moment(before)
        ),
        "message_form": form or MessageForm(question_fields(), about=wished(installation)),
        "can_answer": by.has_perm(HANDLE),
    }


@admin.register(Message)
class MessageAdmin(EvidenceAdmin):
    fields = ("at", "installation", "side", "by", "field", "text")
    list_display = ("at", "installation", "side", "by", "text")
    list_select_related: ClassVar = ["installation", "by"]
    list_filter = ("side",)
    ordering = ("-at", "-pk")

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=name)

        return [
            page("about/<uuid:pk>/", self.talk, "onboarding_message_talk"),
            page("about/<uuid:pk>/seen/", self.seen, "onboarding_message_seen"),
            *super().get_urls(),
        ]

    def talk(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Read all of it, and write to the customer."""
        installation = self.of(request, pk)
        if installation is None:
            return self.missing(request)
        data = request.POST if request.method == "POST" else None
        form = MessageForm(question_fields(), data, about=wished(installation))
        if data is not None and form.is_valid() and self.written(request, installation, form):
            messages.success(request, "Sent. The customer gets an e-mail.")
            return redirect(dossier_of(pk))
        before = request.GET.get("before", "")
        context = talk(installation, self.user(request), most=A_PAGE, before=before, form=form)
        more = {"title": f"Messages: {installation}", "has_permission": True, "is_all": True}
        return render(request, PAGE, context | more)

    def seen(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Read by whoever presses it; for colleagues it stays new."""
        installation = self.of(request, pk)
        if installation is None:
            return self.missing(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        until = conversation.message_named(request.POST.get("until", ""), installation)
        if until:
            conversation.see(installation, until=until, by=self.user(request))
        return redirect(dossier_of(pk))

    def written(self, request: HttpRequest, installation: Installation, form: MessageForm) -> bool:
        by = self.user(request)
        try:
            conversation.write_to_customer(installation, **form.cleaned_data, by=by)
        except PermissionError as error:
            raise PermissionDenied from error
        except conversation.NotWritten as told:
            form.add_error(None, str(told))
            return False
        return True

    def of(self, request: HttpRequest, pk: UUID) -> Installation | None:
        if not is_support(request) or not self.has_view_permission(request):
            raise PermissionDenied
        found: Installation | None = Installation.objects.with_everything().filter(pk=pk).first()
        if found:
            opened(request, found)
        return found

    def user(self, request: HttpRequest) -> User:
        assert isinstance(request.user, User)  # noqa: S101  (the admin lets nobody else through)
        return request.user

    def missing(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, "There is no such page. Choose an installation from the list.")
        return redirect("admin:onboarding_installation_changelist")


def dossier_of(pk: UUID) -> str:
    return reverse("admin:onboarding_installation_change", args=[pk]) + "#messages"
