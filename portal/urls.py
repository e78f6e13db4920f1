"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import mail

urlpatterns = [
    path("", include("onboarding.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.MAIL_PROVIDER and settings.ANYMAIL.get("WEBHOOK_SECRET"):
    # Without the secret anybody could say that a mail came back.
    urlpatterns.append(path("anymail/", include(mail.webhooks(settings.MAIL_PROVIDER))))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.demo.urls")))

handler403 = "onboarding.views.errors.forbidden"
handler404 = "onboarding.views.errors.not_found"
handler500 = "onboarding.views.errors.server_error"
