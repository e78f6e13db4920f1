"""The addresses of the customer's side."""

from django.urls import path

from onboarding.views import (
    access,
    calls,
    downloads,
    external_id,
    health,
    home,
    monitoring,
    offers,
    status,
    wizard,
)
from onboarding.views import organizations as organization_views
from onboarding.views import preflight as preflight_views

INSTALLATION = "installations/<uuid:pk>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("organizations/new/", organization_views.new, name="organization_new"),
    path("organizations/<uuid:pk>/", organization_views.show, name="organization"),
    path("organizations/<uuid:pk>/external-id/", external_id.show, name="external_id"),
    path("installations/new/", home.new, name="installation_new"),
    path(INSTALLATION, status.show, name="status"),
    path(f"{INSTALLATION}live/", status.live, name="status_live"),
    path(f"{INSTALLATION}confirm/", status.confirm, name="confirm"),
    path(f"{INSTALLATION}cancel/", status.cancel, name="cancel"),
    path(f"{INSTALLATION}steps/<slug:slug>/", wizard.step, name="step"),
    path(f"{INSTALLATION}steps/<slug:slug>/preview/", wizard.preview, name="preview"),
    path(f"{INSTALLATION}steps/<slug:slug>/live/", wizard.live, name="live"),
    path(f"{INSTALLATION}console/", access.console, name="console"),
    path(f"{INSTALLATION}script/", access.script, name="script"),
    path(f"{INSTALLATION}terraform/", access.module, name="terraform"),
    path(f"{INSTALLATION}role/look/", access.look, name="look_for_role"),
    path(f"{INSTALLATION}role/create/", access.create_role, name="create_role"),
    path(f"{INSTALLATION}monitoring/", monitoring.show, name="monitoring"),
    path(f"{INSTALLATION}monitoring/live/", monitoring.live, name="monitoring_live"),
    path(f"{INSTALLATION}monitoring/create/", monitoring.create, name="monitoring_create"),
    path(f"{INSTALLATION}preflight/", preflight_views.show, name="preflight"),
    path(f"{INSTALLATION}preflight/script/", preflight_views.script, name="preflight_script"),
    path(f"{INSTALLATION}checks/run/", access.check_account, name="check_account"),
    path(f"{INSTALLATION}checks/<slug:code>/offer/", offers.accept, name="offer"),
    path(f"{INSTALLATION}calls/", calls.show, name="calls"),
    path(f"{INSTALLATION}calls/calls.csv", calls.as_csv, name="calls_csv"),
    path(f"{INSTALLATION}calls/calls.json", calls.as_json, name="calls_json"),
    path("downloads/astro-role.yaml", downloads.role_template, name="role_template"),
    path("downloads/create-astro-role.sh", downloads.role_script, name="role_script"),
    path("downloads/astro-role.tf", downloads.role_module, name="role_module"),
    path("downloads/astro-role-monitoring.yaml", monitoring.template, name="monitoring_template"),
    path("downloads/watch-astro-role.sh", monitoring.script, name="monitoring_script"),
    path("permissions/", downloads.permissions, name="permissions"),
]
