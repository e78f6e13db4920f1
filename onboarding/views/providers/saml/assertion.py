"""What an assertion must say besides what python3-saml holds it to (SAML 2.0 Profiles, 4.1.4.2).

python3-saml lets an assertion leave out whom it is for and what it answers, and believes the
response around it instead. The response need not be signed; the assertion is.
"""

from typing import Any

from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml2
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

SUBJECT = "//saml:Assertion/saml:Subject/saml:SubjectConfirmation"
AUDIENCE = "//saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience"


class NotForUs(ValueError):
    """The assertion may have been made for somebody else, or answers nothing."""


def check(auth: Any) -> None:
    """Raises `NotForUs` unless the one, signed assertion names us, our address and our question.

    `auth` has processed the response: there is one assertion in it, and its signature is good.
    """
    us = auth.get_settings().get_sp_data()
    document = Xml.to_etree(auth.get_last_response_xml())
    wanted = {
        "Recipient": us["assertionConsumerService"]["url"],
        "InResponseTo": auth.get_last_response_in_response_to(),
    }
    audiences = {Xml.element_text(each) for each in Xml.query(document, AUDIENCE)}
    if us["entityId"] not in audiences:
        raise NotForUs("The assertion names no audience.")
    if not wanted["InResponseTo"]:
        raise NotForUs("The assertion answers no question.")
    bearers = [
        data
        for each in Xml.query(document, SUBJECT)
        if each.get("Method") == Saml2.CM_BEARER
        for data in each.findall("saml:SubjectConfirmationData", namespaces=Saml2.NSMAP)
    ]
    if not any(
        data.get("NotOnOrAfter") and all(data.get(name) == wanted[name] for name in wanted)
        for data in bearers
    ):
        raise NotForUs("The assertion is bound to no question of ours.")
