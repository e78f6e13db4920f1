"""A SAML provider of pysaml2's, as a web server: `python pysaml2_provider.py FOLDER`.

Run by the interpreter of an environment of its own, so it imports nothing of ours. FOLDER holds
`settings.json` and the portal's metadata, as the portal publishes them.
"""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

FORM = """<!doctype html><title>Sign in at the company</title>
<form method="post" action="/sso">
<input type="hidden" name="SAMLRequest" value="{request}">
<input name="username" aria-label="User name"><input name="password" aria-label="Password">
<button type="submit">Sign in</button></form>"""


def make_keys(folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=2))
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))


def make_provider(folder: Path, url: str) -> Server:
    service = {
        "endpoints": {"single_sign_on_service": [(f"{url}/sso", BINDING_HTTP_REDIRECT)]},
        "name_id_format": [NAMEID_FORMAT_PERSISTENT],
        "want_authn_requests_signed": False,
        "sign_assertion": True,
    }
    config = {
        "entityid": f"{url}/metadata",
        "service": {"idp": service},
        "key_file": str(folder / "key.pem"),
        "cert_file": str(folder / "certificate.pem"),
        "crypto_backend": "XMLSecurity",  # in Python: no program to install
        "metadata": {"local": [str(folder / "portal.xml")]},
    }
    return Server(config=IdPConfig().load(config))


class Site:
    def __init__(self, provider: Server, users: dict[str, dict[str, str]]) -> None:
        self.provider, self.users = provider, users

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        form = {k: v[0] for k, v in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
        query = {k: v[0] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        if environ["PATH_INFO"] == "/metadata":
            page, kind = str(entity_descriptor(self.provider.config)), "application/xml"
        elif environ["REQUEST_METHOD"] == "POST":
            page, kind = self.answer(form), "text/html; charset=utf-8"
        else:
            page, kind = FORM.format(request=query.get("SAMLRequest", "")), "text/html"
        start_response("200 OK", [("Content-Type", kind)])
        return [page.encode()]

    def answer(self, form: dict[str, str]) -> str:
        """The page that carries the assertion to the portal; for who gave the right password."""
        user = self.users[form["username"]]
        if user["password"] != form.get("password"):
            return "Wrong password."
        asked = self.provider.parse_authn_request(form["SAMLRequest"], BINDING_HTTP_REDIRECT)
        args = self.provider.response_args(asked.message)
        answer = self.provider.create_authn_response(
            {"mail": [user["email"]]},
            userid=form["username"],
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=user["lasting"]),
            authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": ""},
            sign_assertion=True,
            sign_response=False,
            sign_alg=SIG_RSA_SHA256,  # its own choice would be SHA-1
            digest_alg=DIGEST_SHA256,
            **{name: args[name] for name in ("in_response_to", "destination", "sp_entity_id")},
        )
        sent = self.provider.apply_binding(
            BINDING_HTTP_POST, str(answer), args["destination"], response=True
        )
        return str(sent["data"])


def main(folder: Path) -> None:
    settings = json.loads((folder / "settings.json").read_text())
    make_keys(folder)
    site = Site(make_provider(folder, settings["url"]), settings["users"])
    make_server(settings["host"], settings["port"], site).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
