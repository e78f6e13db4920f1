"""The bucket in which the trail keeps its files. Everything asks for the account as its owner.

Bucket names are the world's: one that somebody else took must not get this account's logs.
"""

import json
from typing import Any

from onboarding.aws.actions.iam import document_text
from onboarding.aws.actions.monitoring.part import Part

NO_BUCKET = "NoSuchBucket"


class _OfBucket(Part):
    @property
    def name(self) -> str:
        return self.spec.bucket

    @property
    def _bucket(self) -> dict[str, str]:
        return {"Bucket": self.spec.bucket, "ExpectedBucketOwner": self.account.account_id}


class Bucket(_OfBucket):
    kind = "bucket"
    action = "s3:CreateBucket"

    def found(self) -> Any:
        return self.ask_for("s3", "get_bucket_location", NO_BUCKET, **self._bucket) or None

    def make(self) -> None:
        owner_only = {"ObjectOwnership": "BucketOwnerEnforced"}
        self.ask("s3", "create_bucket", Bucket=self.name, **owner_only)


class BlockedPublicAccess(_OfBucket):
    kind = "block of public access to the bucket"
    action = "s3:PutBucketPublicAccessBlock"

    @property
    def wanted(self) -> Any:
        return self.spec.block_public

    def found(self) -> Any:
        none = "NoSuchPublicAccessBlockConfiguration"
        answer = self.ask_for("s3", "get_public_access_block", NO_BUCKET, none, **self._bucket)
        return answer.get("PublicAccessBlockConfiguration")

    def make(self) -> None:
        block = {"PublicAccessBlockConfiguration": self.wanted}
        self.ask("s3", "put_public_access_block", **self._bucket, **block)


class Encryption(_OfBucket):
    kind = "encryption of the bucket"
    action = "s3:PutEncryptionConfiguration"

    def found(self) -> Any:
        none = "ServerSideEncryptionConfigurationNotFoundError"
        answer = self.ask_for("s3", "get_bucket_encryption", NO_BUCKET, none, **self._bucket)
        return answer.get("ServerSideEncryptionConfiguration")

    def make(self) -> None:
        by_s3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        rules = {"ServerSideEncryptionConfiguration": {"Rules": [by_s3]}}
        self.ask("s3", "put_bucket_encryption", **self._bucket, **rules)


class BucketPolicy(_OfBucket):
    kind = "policy of the bucket"
    action = "s3:PutBucketPolicy"

    @property
    def wanted(self) -> Any:
        return self.spec.bucket_policy

    def found(self) -> Any:
        answer = self.ask_for(
            "s3", "get_bucket_policy", NO_BUCKET, "NoSuchBucketPolicy", **self._bucket
        )
        return json.loads(answer["Policy"]) if answer else None

    def make(self) -> None:
        self.ask("s3", "put_bucket_policy", **self._bucket, Policy=document_text(self.wanted))
