"""AWS's answers on the wire: errors in each protocol, and the request id in every one."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from portal.demo.simulator.wire import Fault

_REQUEST_ID = re.compile(rb"(<[Rr]equestI[dD]>)[^<]*(</[Rr]equestI[dD]>)")
_ERROR_CODE = re.compile(r'<Code>([^<]+)</Code>|"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"')


def refusal(flavour: str, fault: Fault, request_id: str) -> Response:
    """The fault in the words of the service's protocol."""
    if flavour in ("json", "rest-json"):
        body = json.dumps({"__type": fault.code, "message": fault.message})
        response = Response(body, fault.status, content_type="application/x-amz-json-1.1")
        response.headers["x-amzn-ErrorType"] = fault.code
        return response
    code, message = escape(fault.code), escape(fault.message)
    kind = "Sender" if fault.status < 500 else "Receiver"
    bodies = {
        "ec2": f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        f"</Errors><RequestID>{request_id}</RequestID></Response>",
        "rest-xml": f"<Error><Code>{code}</Code><Message>{message}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>",
        "query": f"<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code>"
        f"<Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
    }
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{bodies[flavour]}'
    return Response(text, fault.status, content_type="text/xml")


def json_answer(body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/x-amz-json-1.1")


def query_answer(action: str, inner: str, namespace: str, request_id: str) -> Response:
    """`inner` is XML, its texts already escaped."""
    body = (
        f'<{action}Response xmlns="{namespace}"><{action}Result>{inner}</{action}Result>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    )
    return Response(body, content_type="text/xml")


def error_code(response: Response) -> str:
    """AWS's code in an answer that refuses; its HTTP status when it holds none."""
    found = _ERROR_CODE.search(response.get_data(as_text=True))
    return (found[1] or found[2]) if found else str(response.status_code)


def stamped(response: Response, request_id: str) -> Response:
    """One request id in header and body, unlike moto, whose header and body may differ."""
    response.headers["x-amzn-RequestId"] = request_id
    if "xml" in (response.content_type or ""):
        identifier = request_id.encode("ascii")
        response.set_data(
            _REQUEST_ID.sub(lambda found: found[1] + identifier + found[2], response.get_data())
        )
    return response
