"""Put the role's template where AWS's console reads it: in an S3 bucket of Astro's own.

The one action here that touches no customer's account: it runs with the credentials of whoever
publishes, as boto3 finds them. A published file is never overwritten.
"""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import boto3

from onboarding.aws.calls import Identity, Recorder, forget
from onboarding.aws.clients import Opener, SessionFactory
from onboarding.aws.errors import AwsError, translated

BUCKET_PATTERN = "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
"""S3's rule for bucket names, without dots: a name with dots fits no certificate of S3's."""
PREFIX_PATTERN = "([A-Za-z0-9_-]+/){0,8}"
REGION_PATTERN = "[a-z]{2}(-[a-z]+)+-[0-9]"

_THERE_ALREADY = ("PreconditionFailed", "ConditionalRequestConflict")
"""S3 API, PutObject with `If-None-Match: *`: the key exists, or is written at this moment."""


@dataclass(frozen=True)
class Published:
    url: str
    """Virtual-hosted, which is the only form that CloudFormation's console takes for every Region."""
    is_new: bool
    """False: the very same bytes were there already."""


class OtherContent(AwsError):
    """Something else is published under this name. It was left as it is."""


def publish_template(
    text: str,
    *,
    name: str,
    bucket: str,
    region: str,
    prefix: str = "",
    record: Recorder = forget,
    session: SessionFactory = boto3.Session,
) -> Published:
    """Upload `text` unless it is there already.

    Raises ValueError for a bucket, Region or prefix that has not the right shape, `OtherContent`,
    and the other members of `AwsError` as they come.
    """
    _refuse_unfit(bucket, region, prefix)
    shelf = _Shelf(bucket, region, record, session)
    key, body = prefix + name, text.encode("ascii")
    is_new = shelf.put(key, body)
    if not is_new and shelf.get(key) != body:
        raise OtherContent(
            f"{key} is published in {bucket} with other content. It was left as it is; "
            "a changed template needs a new version.",
            action="s3:PutObject",
            region=region,
            identity=Identity.PORTAL,
        )
    return Published(f"https://{bucket}.s3.{region}.amazonaws.com/{key}", is_new)


def _refuse_unfit(bucket: str, region: str, prefix: str) -> None:
    if not re.fullmatch(BUCKET_PATTERN, bucket):
        raise ValueError(
            "Give a bucket name of 3 to 63 lower-case letters, digits and hyphens, without dots."
        )
    if not re.fullmatch(REGION_PATTERN, region):
        raise ValueError("Give the code of the bucket's Region, such as us-east-1.")
    if not re.fullmatch(PREFIX_PATTERN, prefix):
        raise ValueError(
            "Give a prefix of letters, digits, hyphens and underscores that ends in a slash."
        )


class _Shelf:
    """The bucket. Every failure is an `AwsError`."""

    def __init__(self, bucket: str, region: str, record: Recorder, session: SessionFactory) -> None:
        self.bucket = bucket
        self.region = region
        self._s3 = Opener(session, "", record, identity=Identity.PORTAL).open("s3", region)

    def put(self, key: str, body: bytes) -> bool:
        """False when there is something under that key, whatever it is."""
        digest = base64.b64encode(sha256(body).digest()).decode("ascii")
        try:
            with self._translated("PutObject"):
                self._s3.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    ContentType="application/yaml; charset=utf-8",
                    ChecksumSHA256=digest,  # S3 refuses what arrives otherwise
                    IfNoneMatch="*",
                )
        except AwsError as error:
            if error.code not in _THERE_ALREADY:
                raise
            return False
        return True

    def get(self, key: str) -> bytes:
        with self._translated("GetObject"):
            content: bytes = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return content

    def _translated(self, action: str) -> Any:
        return translated(
            service="s3",
            action=action,
            account_id="",
            region=self.region,
            identity=Identity.PORTAL,
        )
