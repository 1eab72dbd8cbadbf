"""The description of the service: its address, what may be asked of it, and in which versions."""

from __future__ import annotations

from simulator.amadeus.catalogue import MESSAGES, REFUND_SCHEMA, SCHEMAS, Spoken, namespace
from simulator.amadeus.markup import escaped

_TARGET = "http://xml.amadeus.com/ws/1ASIWQAFSIM"


def wsdl(endpoint: str) -> bytes:
    """WSDL 1.1, document style: one operation a message, its elements declared in the namespaces of the versions."""
    operations = [(_operation(spoken), spoken) for spoken in MESSAGES]
    types = "".join(_schemas())
    messages = "".join(_messages(name, spoken) for name, spoken in operations)
    ports = "".join(
        f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}_In"/>'
        f'<wsdl:output message="tns:{name}_Out"/></wsdl:operation>'
        for name, _ in operations
    )
    bound = "".join(
        f'<wsdl:operation name="{name}"><soap:operation soapAction="{spoken.action}"/>'
        '<wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>'
        "</wsdl:operation>"
        for name, spoken in operations
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" '
        'xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:tns="{_TARGET}" targetNamespace="{_TARGET}"><wsdl:types>{types}</wsdl:types>{messages}'
        f'<wsdl:portType name="AmadeusWebServicesPT">{ports}</wsdl:portType>'
        '<wsdl:binding name="AmadeusWebServicesBinding" type="tns:AmadeusWebServicesPT">'
        f'<soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>{bound}</wsdl:binding>'
        '<wsdl:service name="AmadeusWebServices">'
        '<wsdl:port name="AmadeusWebServicesPort" binding="tns:AmadeusWebServicesBinding">'
        f'<soap:address location="{escaped(endpoint)}"/></wsdl:port></wsdl:service></wsdl:definitions>'
    ).encode()


def _operation(spoken: Spoken) -> str:
    """The operation is named without the AMA_ and RQ that its element has."""
    if spoken.asked.startswith("Ticket_"):
        return spoken.asked
    return spoken.operation


def _request_namespace(spoken: Spoken) -> str:
    if spoken.answered:
        return f"{SCHEMAS}{spoken.asked}_{spoken.version}"
    return f"{REFUND_SCHEMA}{spoken.version.partition('.')[0]}"


def _schemas() -> list[str]:
    declared: dict[str, list[str]] = {}
    for spoken in MESSAGES:
        for space, element in (
            (_request_namespace(spoken), spoken.operation),
            (namespace(spoken, spoken.version), spoken.reply),
        ):
            names = declared.setdefault(space, [])
            if element not in names:
                names.append(element)
    return [
        f'<xs:schema targetNamespace="{space}" elementFormDefault="qualified">'
        + "".join(f'<xs:element name="{name}" type="xs:anyType"/>' for name in names)
        + "</xs:schema>"
        for space, names in declared.items()
    ]


def _messages(name: str, spoken: Spoken) -> str:
    asked, told = _request_namespace(spoken), namespace(spoken, spoken.version)
    return (
        f'<wsdl:message name="{name}_In"><wsdl:part xmlns:m="{asked}" name="{name}" element="m:{spoken.operation}"/>'
        f'</wsdl:message><wsdl:message name="{name}_Out"><wsdl:part xmlns:m="{told}" name="{name}" '
        f'element="m:{spoken.reply}"/></wsdl:message>'
    )
