"""A SAML provider in this process: it makes responses as a test says, good and bad."""

import base64
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml2
from onelogin.saml2.utils import OneLogin_Saml2_Utils

PERSISTENT, MAIL, TRANSIENT = (
    Saml2.NAMEID_PERSISTENT,
    Saml2.NAMEID_EMAIL_ADDRESS,
    Saml2.NAMEID_TRANSIENT,
)
SAML, SAMLP = Saml2.NS_SAML, Saml2.NS_SAMLP
SHA1, RSA_SHA1 = Saml2.SHA1, Saml2.RSA_SHA1

RESPONSE = """\
<samlp:Response xmlns:samlp="{samlp}" xmlns:saml="{saml}" ID="_r{number}" Version="2.0"
 IssueInstant="{now}" Destination="{destination}"{answers}>
<saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
{assertion}
</samlp:Response>"""
ASSERTION = """\
<saml:Assertion xmlns:saml="{saml}" ID="_a{number}" Version="2.0" IssueInstant="{now}">\
<saml:Issuer>{issuer}</saml:Issuer>\
<saml:Subject><saml:NameID Format="{name_format}">{name_id}</saml:NameID>\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData{confirmation}/></saml:SubjectConfirmation></saml:Subject>\
<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}">{audience}</saml:Conditions>\
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s{number}"><saml:AuthnContext>\
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
AUDIENCE = "<saml:AudienceRestriction><saml:Audience>{}</saml:Audience></saml:AudienceRestriction>"
ATTRIBUTE = (
    '<saml:Attribute Name="{}"><saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>'
)


@dataclass(frozen=True)
class Keys:
    private: str
    certificate: str


def make_keys() -> Keys:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=30))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signed = made.sign(key, hashes.SHA256())
    return Keys(private.decode(), signed.public_bytes(serialization.Encoding.PEM).decode())


KEYS, OTHER_KEYS = make_keys(), make_keys()
ENTITY, SSO_URL = "https://idp.example.com/saml", "https://idp.example.com/saml/sso"


@dataclass(frozen=True)
class Told:
    """What a response says. Fields of None are left out of it."""

    acs: str
    audience: str | None
    request: str | None
    """The ID of the question, in the response around the assertion."""
    bound_to: str | None
    """The same, in the assertion."""
    recipient: str | None
    issuer: str = ENTITY
    name_id: str = "8f7d0f1a-persistent"
    name_format: str = PERSISTENT
    attributes: dict[str, str] = field(default_factory=lambda: {"email": "ada@example.com"})
    begins: timedelta = timedelta(minutes=-1)
    ends: timedelta = timedelta(minutes=5)
    bound_until: timedelta | None = timedelta(minutes=5)
    signs: Keys | None = KEYS
    digest: str = Saml2.SHA256
    signature: str = Saml2.RSA_SHA256

    def but(self, **changes: Any) -> "Told":
        return replace(self, **changes)


def asked(url: str) -> dict[str, str]:
    """The question in a redirect to the provider: its ID, who asks, where to answer."""
    packed = parse_qs(urlsplit(url).query)["SAMLRequest"][0]
    root = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    issuer = root.find(f"{{{SAML}}}Issuer")
    policy = root.find(f"{{{SAMLP}}}NameIDPolicy")
    return {
        "id": root.get("ID"),
        "issuer": issuer.text,
        "acs": root.get("AssertionConsumerServiceURL"),
        "format": policy.get("Format"),
    }


def answer_to(url: str) -> Told:
    """A good answer to the question in `url`."""
    question = asked(url)
    return Told(
        acs=question["acs"],
        audience=question["issuer"],
        request=question["id"],
        bound_to=question["id"],
        recipient=question["acs"],
    )


def instant(delta: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + delta).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(told: Told) -> str:
    confirmation = {
        "InResponseTo": told.bound_to,
        "Recipient": told.recipient,
        "NotOnOrAfter": None if told.bound_until is None else instant(told.bound_until),
    }
    written = ASSERTION.format(
        saml=SAML,
        number=token_hex(8),
        now=instant(),
        issuer=told.issuer,
        name_format=told.name_format,
        name_id=told.name_id,
        confirmation="".join(f' {name}="{v}"' for name, v in confirmation.items() if v is not None),
        begins=instant(told.begins),
        ends=instant(told.ends),
        audience="" if told.audience is None else AUDIENCE.format(told.audience),
        attributes="".join(ATTRIBUTE.format(*pair) for pair in told.attributes.items()),
    )
    if told.signs is None:
        return written
    signed = OneLogin_Saml2_Utils.add_sign(
        written,
        told.signs.private,
        told.signs.certificate,
        sign_algorithm=told.signature,
        digest_algorithm=told.digest,
    )
    return str(signed.decode() if isinstance(signed, bytes) else signed)


def response(told: Told, inside: str | None = None) -> str:
    """The XML; `inside`: put in place of the assertion made from `told`."""
    return RESPONSE.format(
        samlp=SAMLP,
        saml=SAML,
        number=token_hex(8),
        now=instant(),
        destination=told.acs,
        answers="" if told.request is None else f' InResponseTo="{told.request}"',
        issuer=told.issuer,
        assertion=assertion(told) if inside is None else inside,
    )


def packed(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()
