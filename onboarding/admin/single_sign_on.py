"""Single sign-on of Organizations, their mail domains, and GitHub and Google for everybody."""

from typing import Any, ClassVar

import allauth.socialaccount.admin  # noqa: F401  (registers what is taken out below)
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from onboarding.admin.reading import Reading, may
from onboarding.forms.domains import DomainForm
from onboarding.forms.providers import EverybodysForm
from onboarding.forms.single_sign_on import KINDS, NewConnectionForm, OidcForm, SamlForm
from onboarding.models import Domain, SharedProvider, SsoConnection
from onboarding.notifications import absolute

FORMS: dict[str, type[forms.ModelForm]] = {"openid_connect": OidcForm, "saml": SamlForm}
FROM_CUSTOMER = {
    "openid_connect": ("server_url", "client_id", "client_secret"),
    "saml": ("present", "metadata"),
}

for each in (SocialApp, SocialAccount, SocialToken):  # they show secrets, and let identities move
    admin.site.unregister(each)


class SupportAdmin(Reading, admin.ModelAdmin):
    """Support adds and changes; each time Django's log says who and what. Nothing is deleted."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ("css/components.css", "css/desk.css")}  # noqa: RUF012  (Django's own shape)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, self.right_to("add"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, self.right_to("change"))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Domain)
class DomainAdmin(SupportAdmin):
    form = DomainForm
    list_display = ("name", "organization", "is_confirmed")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")
    autocomplete_fields = ("organization",)

    @admin.display(description="confirmed", boolean=True, ordering="verified_at")
    def is_confirmed(self, domain: Domain) -> bool:
        return domain.verified_at is not None

    def get_readonly_fields(
        self, request: HttpRequest, obj: Domain | None = None
    ) -> tuple[str, ...]:
        return ("organization",) if obj else ()


@admin.register(SsoConnection)
class SsoConnectionAdmin(SupportAdmin):
    list_display = ("__str__", "kind", "is_enabled")
    list_select_related = ("app", "organization")
    search_fields = ("app__name", "organization__name")
    ordering = ("organization__name", "pk")
    autocomplete_fields = ("organization",)

    @admin.display(description="kind")
    def kind(self, connection: SsoConnection) -> str:
        return KINDS[connection.app.provider]

    @admin.display(description="to type at the provider")
    def addresses(self, connection: SsoConnection) -> str:
        own = connection.app.provider_id
        context = {
            "kind": connection.app.provider,
            "callback": absolute("openid_connect_callback", own),
            "acs": absolute("saml_acs", own),
            "metadata": absolute("saml_metadata", own),
        }
        return render_to_string("admin/onboarding/ssoconnection/addresses.html", context)

    @admin.display(description="the provider so far")
    def present(self, connection: SsoConnection) -> str:
        idp = connection.app.settings.get("idp") or {}
        return f"{idp['entity_id']} · {idp['sso_url']}" if idp else "Nothing yet."

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = FORMS[obj.app.provider] if obj else NewConnectionForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: SsoConnection | None = None
    ) -> tuple[str, ...]:
        return ("organization", "kind", "addresses", "present") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: SsoConnection | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("organization", "kind", "name")})]
        return [
            (None, {"fields": ("organization", "kind", "name", "is_enabled")}),
            ("For the customer", {"fields": ("addresses",)}),
            ("From the customer", {"fields": FROM_CUSTOMER[obj.app.provider]}),
        ]

    def response_add(
        self, request: HttpRequest, obj: SsoConnection, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its page: there are the addresses, and what is left to fill in."""
        return redirect("admin:onboarding_ssoconnection_change", obj.pk)


@admin.register(SharedProvider)
class EverybodysAdmin(SupportAdmin):
    """Those that the settings do not configure."""

    form = EverybodysForm
    list_display = ("name", "client_id")
    fields = ("which", "client_id", "client_secret", "addresses")
    readonly_fields: ClassVar = ("addresses",)
    ordering = ("name",)

    @admin.display(description="to type at the provider")
    def addresses(self, app: SharedProvider) -> str:
        context = {
            "kind": "everybodys",
            "github": absolute("github_callback"),
            "google": absolute("openid_connect_callback", "google"),
        }
        return render_to_string("admin/onboarding/ssoconnection/addresses.html", context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharedProvider]:
        return super().get_queryset(request).filter(sso_connection=None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The button goes from the sign-in page; whoever used it still has their address."""
        return may(request, self.right_to("delete"))
