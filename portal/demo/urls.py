"""Pages that exist in the demo alone."""

from django.urls import path

from portal.demo import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.mail, name="mailbox_mail"),
    path("mailbox/<str:name>/html/", views.mail_html, name="mailbox_html"),
]
