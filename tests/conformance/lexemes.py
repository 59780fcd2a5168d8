"""JSON whose numbers stay as they were spelled."""

import json


class Number(str):
    """The spelling of a JSON number."""

    @property
    def is_integer(self):
        return not any(c in self for c in ".eE")

    def same_value(self, other):
        """Same kind and same value: `1` is not `1.0`, `-0.0` is not `0.0`, `1e-7` is `1e-07`."""
        if self.is_integer != other.is_integer:
            return False
        if self.is_integer:
            return int(self) == int(other) and self.startswith("-") == other.startswith("-")
        return float(self) == float(other) and self.startswith("-") == other.startswith("-")


class DuplicateKey(ValueError):
    """An object that says the same key twice."""


def _object(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise DuplicateKey(f"a key is printed twice in {[key for key, _ in pairs]}")
    return result


def _constant(text):
    raise ValueError(f"{text} is not JSON")


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_constant, object_pairs_hook=_object)


def spell(value):
    """Compact text for people and for sorting; numbers as spelled."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{spell(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spell(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)
