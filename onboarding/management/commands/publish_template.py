"""`manage.py publish_template`: put the role's template into S3, for ROLE_TEMPLATE_URL."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.aws.actions.publish_template import publish_template
from onboarding.aws.errors import AwsError
from onboarding.jobs import edition as editions
from onboarding.policy import cloudformation


class Command(BaseCommand):
    help = (
        "Publish the CloudFormation template of the role in an S3 bucket that everybody may read, "
        "under a name with its version and checksum. What is published is never overwritten. "
        "Uses your own AWS credentials, with s3:PutObject and s3:GetObject."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bucket", required=True, help="the bucket's name, without dots")
        parser.add_argument("--region", required=True, help="the bucket's Region")
        parser.add_argument("--prefix", default="", help="a folder in it, ending in a slash")
        parser.add_argument(
            "--number",
            type=int,
            help="the version; without it the one in effect. Publish the next one before it takes "
            "effect: from then on the portal's links lead to it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["number"]
        try:
            edition = editions.in_effect() if number is None else editions.of(number)
            published = publish_template(
                cloudformation.template(edition),
                name=cloudformation.published_name(edition),
                bucket=options["bucket"],
                region=options["region"],
                prefix=options["prefix"],
            )
        except (AwsError, ValueError, editions.NoEdition) as error:
            raise CommandError(str(error)) from None
        self.stderr.write(
            f"{edition.line}: "
            f"{'published' if published.is_new else 'published before, and the same'}."
        )
        self.stdout.write(f"ROLE_TEMPLATE_URL={published.url}")
