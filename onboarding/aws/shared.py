"""An account as one run of its checks sees it: what several of them ask is asked once."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any

from onboarding.aws.account import Account
from onboarding.aws.calls import Call
from onboarding.aws.errors import AwsError
from onboarding.aws.recording import collect, collecting


class Shared(Account):
    """Answers each question for as long as the run lasts, also while the call is under way.

    A refusal is an answer too. Every check that was given an answer has the request ids of the
    calls behind it. Answers are shared, so nobody changes them.
    """

    def __init__(self, account: Account) -> None:
        self.account_id = account.account_id
        self.region = account.region
        self._account = account
        self._asked: dict[str, Future[tuple[Any, AwsError | None, list[Call]]]] = {}
        self._asking = Lock()

    def client(self, service: str, region: str | None = None) -> Any:
        return self._account.client(service, region)

    def ask(self, service: str, method: str, region: str | None = None, **params: Any) -> Any:
        question = f"{service} {method} {region or self.region} {params}"
        return self._once(question, lambda: self._account.ask(service, method, region, **params))

    def ask_all(
        self, service: str, method: str, key: str, region: str | None = None, **params: Any
    ) -> list[Any]:
        question = f"{service} {method} {key} {region or self.region} {params}"
        found: list[Any] = self._once(
            question, lambda: self._account.ask_all(service, method, key, region, **params)
        )
        return found

    def _once(self, question: str, ask: Callable[[], Any]) -> Any:
        with self._asking:
            is_first = question not in self._asked
            coming = self._asked.setdefault(question, Future())
        if is_first:
            self._settle(coming, ask)
        answer, refusal, calls = coming.result()
        collect(calls)
        if refusal:
            raise refusal
        return answer

    @staticmethod
    def _settle(coming: "Future[Any]", ask: Callable[[], Any]) -> None:
        try:
            with collecting() as calls:
                try:
                    coming.set_result((ask(), None, calls))
                except AwsError as error:
                    coming.set_result((None, error, calls))
        except BaseException as error:  # whoever waits must not wait for ever
            coming.set_exception(error)
            raise
