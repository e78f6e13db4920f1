from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"
    verbose_name = "Onboarding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anymail.signals import tracking
        from django.db.models.signals import post_migrate, post_save, pre_migrate

        from onboarding.jobs import bounces, edition
        from onboarding.models import Event, groups, triggers
        from onboarding.services import webhooks
        from onboarding.views import sign_in_events  # noqa: F401  (connects its receivers)

        post_save.connect(webhooks.hear, sender=Event, dispatch_uid="webhooks")
        pre_migrate.connect(triggers.take_out, sender=self, dispatch_uid="triggers")
        tracking.connect(bounces.hear, dispatch_uid="bounces")
        post_migrate.connect(triggers.make, sender=self, dispatch_uid="triggers")
        post_migrate.connect(groups.settle, sender=self, dispatch_uid="groups")
        post_migrate.connect(edition.record_first, sender=self, dispatch_uid="first edition")
