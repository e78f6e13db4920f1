"""AWS's error codes, by what they mean for the caller."""

DENIED_CODES = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
)
UNAVAILABLE_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "TooManyRequestsException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "ServiceException",
        "ServiceFailure",
        "RequestTimeout",
        "RequestTimeoutException",
        "OperationInProgressException",
        "OperationAborted",
        "ConcurrentModification",
        "ConcurrentModificationException",
    }
)
EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
INVALID_CREDENTIAL_CODES = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "AuthFailure",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "InvalidAccessKeyId",
    }
)
# How EC2, query services and JSON services answer valid credentials in a Region that is off.
REGION_OFF_WITH_VALID_CREDENTIALS = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"}
)
REGION_OFF_CODES = frozenset({"RegionDisabledException"})
# In the Regions that are on for everybody it says that the account is not activated yet.
REGION_OFF_IN_OPT_IN_REGIONS = frozenset({"OptInRequired"})
CUSTOMERS_LIMIT_CODES = frozenset(
    {"LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException"}
)
CLOCK_CODES = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
