"""Values of properties: how they are judged when written, kept, and told."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from datetime import datetime
from typing import TYPE_CHECKING, Any

import phonenumbers

from .faults import Invalid

if TYPE_CHECKING:
    from .definitions import Property

UUID = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
KINDS = {"int": "integer", "string": "text"}
LISTS = {"text": "text_values", "string": "text_values", "date": "date_values", "uuid": "uuid_values"}


def float32(number: float) -> float:
    return struct.unpack("<f", struct.pack("<f", number))[0]


def instant(text: str) -> float:
    """Seconds of a time as RFC 3339 writes it."""
    if not RFC3339.fullmatch(text):
        raise ValueError(text)
    fraction = re.search(r"\.(\d+)", text)
    whole = datetime.fromisoformat(re.sub(r"\.\d+", "", text).upper().replace("Z", "+00:00"))
    return whole.timestamp() + (float("0." + fraction[1]) if fraction else 0.0)


def checked(prop: Property, value: Any, collection: str) -> Any:
    """The value as it is kept. Raises Invalid with the server's text."""
    try:
        if not prop.is_list:
            return _one(prop, prop.type, value)
        if not isinstance(value, list):
            raise Invalid(f"not an array, but {_go_type(value)}")
        return [_one(prop, prop.element, item) for item in value]
    except Invalid as reason:
        kind = KINDS.get(prop.element, prop.element) + (" array" if prop.is_list else "")
        raise Invalid(f"invalid {kind} property '{prop.name}' on class '{collection}': {reason}") from None


def _one(prop: Property, kind: str, value: Any) -> Any:
    if kind in ("int", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            wanted = "an integer" if kind == "int" else "a float"
            raise Invalid(f"requires {wanted}, the given value is '{_go(value)}'")
        if kind == "int":
            if value != int(value):
                raise Invalid(f"requires an integer, the given value is '{_go(value)}'")
            return int(value)
        return float(value)
    if kind == "boolean":
        if not isinstance(value, bool):
            raise Invalid(f"not a bool, but {_go_type(value)}")
        return value
    if kind == "object":
        if not isinstance(value, dict):
            raise Invalid(f"object must be a map, but got {_go_type(value)}")
        return {
            key: None if item is None else checked(prop.nested[key], item, prop.name)
            for key, item in value.items()
            if key in prop.nested
        }
    if kind == "geoCoordinates":
        for axis in ("longitude", "latitude"):
            if axis not in value:
                raise Invalid(f"geoCoordinates is missing required field '{axis}'")
        return {axis: float32(value[axis]) for axis in ("latitude", "longitude")}
    if kind == "phoneNumber":
        return _phone(value)
    if not isinstance(value, str):
        raise Invalid(f"not a string, but {_go_type(value)}")
    if kind == "date" and not RFC3339.fullmatch(value):
        raise Invalid(f"requires a string with a RFC3339 formatted date, but the given value is '{value}'")
    if kind == "uuid":
        if not UUID.fullmatch(value):
            raise Invalid(f"requires a string of UUID format, but the given value is '{value}'")
        return value.lower()
    if kind == "blob":
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            raise Invalid("not a valid blob base64 string") from None
    return value


def _phone(value: Any) -> dict[str, Any]:
    country = (value.get("defaultCountry") or "").upper()
    try:
        number = phonenumbers.parse(value["input"], country or None)
    except phonenumbers.NumberParseException:
        raise Invalid(
            "invalid phone number: invalid or missing defaultCountry - this field is optional if the specified number is in "
            "the international format, but required if the number is in national format, use ISO 3166-1 alpha-2"
        ) from None
    formats = phonenumbers.PhoneNumberFormat
    return {
        "input": value["input"],
        "default_country": country,
        "country_code": number.country_code,
        "national": number.national_number,
        "international_formatted": phonenumbers.format_number(number, formats.INTERNATIONAL),
        "national_formatted": phonenumbers.format_number(number, formats.NATIONAL),
        "valid": phonenumbers.is_valid_number(number),
    }


def _go_type(value: Any) -> str:
    names = {bool: "bool", str: "string", dict: "map[string]interface {}", list: "[]interface {}"}
    return names.get(type(value), "float64")


def _go(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def tell(prop: Property, value: Any, out: Any) -> None:
    """Fills a Value."""
    if value is None:
        out.null_value = 0
    elif prop.is_list:
        _tell_list(prop, value, out.list_value)
    elif prop.type in ("text", "string"):
        out.text_value = value
    elif prop.type == "object":
        tell_object(prop, value, out.object_value)
    elif prop.type == "geoCoordinates":
        out.geo_value.latitude, out.geo_value.longitude = value["latitude"], value["longitude"]
    elif prop.type == "phoneNumber":
        for name, part in value.items():
            setattr(out.phone_value, name, part)
    else:
        setattr(out, {"boolean": "bool"}.get(prop.type, prop.type) + "_value", value)


def tell_object(prop: Property, value: dict[str, Any], out: Any) -> None:
    out.SetInParent()
    for name, item in value.items():
        tell(prop.nested[name], item, out.fields[name])


def _tell_list(prop: Property, value: list[Any], out: Any) -> None:
    if prop.element in ("int", "number"):
        kind = out.int_values if prop.element == "int" else out.number_values
        kind.SetInParent()
        kind.values = struct.pack(f"<{len(value)}{'q' if prop.element == 'int' else 'd'}", *value)
    elif prop.element == "boolean":
        out.bool_values.SetInParent()
        out.bool_values.values.extend(value)
    elif prop.element == "object":
        out.object_values.SetInParent()
        for item in value:
            tell_object(prop, item, out.object_values.values.add())
    else:
        kind = getattr(out, LISTS[prop.element])
        kind.SetInParent()
        kind.values.extend(value)
