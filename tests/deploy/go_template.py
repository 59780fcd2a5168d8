"""As much of Go's templates, and of the functions Helm adds, as the chart uses. Anything else is an error.

    render({"a.yaml": "x: {{ .Values.x | quote }}", "_b.tpl": '{{ define "b" }}...{{ end }}'}, {"Values": {"x": 1}})
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

ACTION = re.compile(r"\{\{(-\s)?\s*(.*?)\s*(\s-)?\}\}", re.DOTALL)
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\(|\)|\||-?\d+|\$?(?:\.[A-Za-z_]\w*)+|\$|\.|[A-Za-z_]\w*)')

Node = tuple  # ("text", text), ("print", tokens), ("if" | "with" | "range", [(tokens or None, nodes), ...])


class TemplateError(Exception):
    pass


def to_yaml(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=False, width=10_000).removesuffix("...\n").rstrip("\n")


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        raise TemplateError("a value that is not there is printed")
    if isinstance(value, (dict, list)):
        raise TemplateError(f"{value!r} is printed as it is; toYaml is missing")
    return str(value)


def indent(width: int, text: str) -> str:
    return "\n".join(" " * width + line for line in text.split("\n"))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "toYaml": to_yaml,
    "nindent": lambda width, text: "\n" + indent(width, text),
    "quote": lambda value: '"' + text_of(value).replace("\\", "\\\\").replace('"', '\\"') + '"',
    "default": lambda otherwise, value: value or otherwise,
    "not": lambda value: not value,
    "trunc": lambda length, text: text[:length],
    "trimSuffix": lambda suffix, text: text.removesuffix(suffix),
    "printf": lambda form, *values: form % values,
    "sha256sum": lambda text: hashlib.sha256(text.encode()).hexdigest(),
}


def tokens_of(code: str) -> list[str]:
    found, place = [], 0
    while place < len(code):
        match = TOKEN.match(code, place)
        if match is None:
            raise TemplateError(f"cannot read {code[place:]!r}")
        found.append(match[1])
        place = match.end()
    return found


def pieces(text: str) -> Iterator[tuple[str, Any]]:
    """Text and actions in turn; the text trimmed as the actions beside it ask."""
    place, trim = 0, False
    for match in ACTION.finditer(text):
        before = text[place : match.start()]
        before = before.lstrip() if trim else before
        yield "text", before.rstrip() if match[1] else before
        if not match[2].startswith("/*"):
            yield "action", tokens_of(match[2])
        place, trim = match.end(), match[3] is not None
    yield "text", text[place:].lstrip() if trim else text[place:]


class Templates:
    def __init__(self, files: dict[str, str]) -> None:
        self.defined: dict[str, list[Node]] = {}
        self.root: Any = None
        self.files: dict[str, list[Node]] = {}
        for name, text in files.items():
            stream = pieces(text)
            self.files[name], end = self.parse(stream)
            if end is not None:
                raise TemplateError(f"{name}: {end} without a beginning")

    def parse(self, stream: Iterator[tuple[str, Any]]) -> tuple[list[Node], list[str] | None]:
        """Nodes up to an `end` or `else` of the surrounding block, and that."""
        nodes: list[Node] = []
        for kind, content in stream:
            if kind == "text":
                nodes.append(("text", content))
            elif content[0] in ("end", "else"):
                return nodes, content
            elif content[0] == "define":
                self.defined[content[1].strip('"')], _ = self.parse(stream)
            elif content[0] in ("if", "with", "range"):
                branches, condition = [], content[1:]
                while True:
                    body, end = self.parse(stream)
                    branches.append((condition, body))
                    if end is None:
                        raise TemplateError(f"{content[0]} without an end")
                    if end[0] == "end":
                        break
                    condition = end[2:] if end[1:2] == ["if"] else None
                nodes.append((content[0], branches))
            else:
                nodes.append(("print", content))
        return nodes, None

    def run(self, nodes: list[Node], dot: Any) -> str:
        out = []
        for kind, content in nodes:
            if kind == "text":
                out.append(content)
            elif kind == "print":
                out.append(text_of(self.pipeline(content, dot)))
            else:
                out.append(self.block(kind, content, dot))
        return "".join(out)

    def block(self, kind: str, branches: list, dot: Any) -> str:
        for condition, body in branches:
            value = True if condition is None else self.pipeline(condition, dot)
            if not value:
                continue
            if kind == "range" and condition is not None:
                return "".join(self.run(body, one) for one in value)
            return self.run(body, value if kind == "with" and condition is not None else dot)
        return ""

    def pipeline(self, tokens: list[str], dot: Any) -> Any:
        rest = list(tokens)
        value = self.commands(rest, dot)
        if rest:
            raise TemplateError(f"{' '.join(tokens)}: what is {' '.join(rest)}?")
        return value

    def commands(self, rest: list[str], dot: Any) -> Any:
        """The value of command | command ..., up to a closing parenthesis."""
        value = self.command(rest, dot, [])
        while rest and rest[0] == "|":
            rest.pop(0)
            value = self.command(rest, dot, [value])
        return value

    def command(self, rest: list[str], dot: Any, last: list[Any]) -> Any:
        name = rest[0] if re.fullmatch(r"[A-Za-z_]\w*", rest[0]) and rest[0] not in ("true", "false") else None
        if name is not None:
            rest.pop(0)
        terms = []
        while rest and rest[0] not in ("|", ")"):
            terms.append(self.term(rest, dot))
        if name is None:
            if len(terms) != 1 or last:
                raise TemplateError(f"not a function: {terms}")
            return terms[0]
        if name == "include":
            return self.run(self.defined[terms[0]], terms[1])
        if name not in FUNCTIONS:
            raise TemplateError(f"unknown function {name}")
        return FUNCTIONS[name](*terms, *last)

    def term(self, rest: list[str], dot: Any) -> Any:
        token = rest.pop(0)
        if token == "(":
            value = self.commands(rest, dot)
            if rest.pop(0) != ")":
                raise TemplateError("a parenthesis stays open")
            return value
        if token.startswith('"'):
            return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if token in ("true", "false"):
            return token == "true"
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        value = self.root if token.startswith("$") else dot
        for key in filter(None, token.lstrip("$").split(".")):
            value = value(rest.pop(0).strip('"')) if callable(value := value.get(key)) else value
        return value


def render(files: dict[str, str], root: dict[str, Any]) -> dict[str, str]:
    """Every file that is not only definitions (name with an underscore in front), with `root` as the dot."""
    templates = Templates(files)
    templates.root = root
    return {
        name: templates.run(nodes, root) for name, nodes in templates.files.items() if not name.startswith("_")
    }
