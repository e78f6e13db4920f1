"""A customer's account as a pre-flight report tells of it. The same checks judge it."""

from typing import Any

from botocore.exceptions import ClientError

from onboarding.aws.account import Account
from onboarding.aws.calls import Identity
from onboarding.aws.errors import AwsError, NotReported, translate
from onboarding.facts.preflight import NO_ANSWER, NotAnswered, Preflight
from onboarding.facts.preflight_questions import Question, questions


class ReportedAccount(Account):
    """Answers from a report, by the interface of `Account`; nothing is asked of AWS.

    What AWS denied to the script is raised as the error it would have been, what the report does
    not hold as `NotReported`; its code is `NeverReported` for what the script does not even ask.
    """

    def __init__(self, report: Preflight) -> None:
        self.account_id = report.account_id
        self.region = report.region
        self.identity = Identity.REPORTED
        self._report = report
        self._questions = questions(report.region, report.node_type)

    def client(self, service: str, region: str | None = None) -> Any:
        raise self._missing(service, "*", region or self.region, code="NeverReported")

    def ask(self, service: str, method: str, region: str | None = None, **params: Any) -> Any:
        where = region or self.region
        for question in self._questions:
            if question.is_it(service, method, where, params):
                return self._answer(question, where)
        similar = any((each.service, each.method) == (service, method) for each in self._questions)
        code = "NotReported" if similar else "NeverReported"
        raise self._missing(service, method, where, code=code)

    def ask_all(
        self, service: str, method: str, key: str, region: str | None = None, **params: Any
    ) -> list[Any]:
        found: list[Any] = self.ask(service, method, region, **params).get(key, [])
        return found

    def _answer(self, question: Question, region: str) -> dict[str, Any]:
        if question.name in self._report.answers:
            return self._report.answers[question.name]
        error = self._report.errors.get(question.name)
        if error is None or error.code == NO_ANSWER:
            raise self._missing(question.service, question.method, region)
        raise self._refusal(question, error, region)

    def _refusal(self, question: Question, error: NotAnswered, region: str) -> AwsError:
        by = f": {error.denial}" if error.denial else ""
        said = f"AWS answered the script with {error.code}{by}."
        return translate(
            ClientError({"Error": {"Code": error.code, "Message": said}}, question.method),
            service=iam_service(question.service),
            action=api_name(question.method),
            account_id=self.account_id,
            region=region,
            identity=Identity.REPORTED,
        )

    def _missing(self, service: str, method: str, region: str, *, code: str = "") -> NotReported:
        return NotReported(
            "The report does not hold this answer.",
            code=code,
            action=f"{iam_service(service)}:{api_name(method)}",
            account_id=self.account_id,
            region=region,
        )


def iam_service(service: str) -> str:
    """As IAM writes it: `servicequotas`."""
    return service.replace("-", "")


def api_name(method: str) -> str:
    """`describe_vpcs` → `DescribeVpcs`."""
    words = (word.capitalize() for word in method.split("_"))
    return "".join(words).replace("Aws", "AWS").replace("Db", "DB")
