"""Words of texts and how well texts match a query."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .faults import Fault

if TYPE_CHECKING:
    from .definitions import Property
    from .store import Collection, Object

STOPWORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to "
    "was will with".split()
)
K1, B = 1.2, 0.75
WORD = re.compile(r"[^\W_]+")
PATTERN = re.compile(r"(?:[^\W_]|[*?])+")


def words(prop: Property, value: Any) -> list[str]:
    """The words of a property's value, which may be a list."""
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [word for one in values for word in tokens(prop.tokenization, one)]


def tokens(tokenization: str, text: str, pattern: bool = False) -> list[str]:
    if tokenization == "field":
        return [text.strip()]
    if tokenization == "whitespace":
        return text.split()
    if tokenization == "lowercase":
        return text.lower().split()
    return (PATTERN if pattern else WORD).findall(text.lower())


def bm25(
    collection: Collection,
    everything: Iterable[Object],
    allowed: Iterable[Object],
    query: str,
    properties: Iterable[str],
    need: int | None,
    across: bool,
) -> dict[str, float]:
    """Scores of the allowed objects that have some of the words; `need` is how many, None all: in one property, or across
    all of them."""
    wanted = [word for word in dict.fromkeys(tokens("word", query)) if word not in STOPWORDS]
    boosts = _boosts(collection, properties)
    texts = {
        name: {one.id: words(collection.properties[name], one.properties.get(name)) for one in everything} for name in boosts
    }
    idf = {word: max((_idf(word, by_id) for by_id in texts.values()), default=0.0) for word in wanted}
    least = len(wanted) if need is None else need
    scores = {}
    for one in allowed:
        groups = [list(texts)] if across else [[name] for name in texts]
        enough = [
            name
            for group in groups
            for name in group
            if sum(any(word in texts[other][one.id] for other in group) for word in wanted) >= least
        ]
        score = sum(
            boosts[name] * idf[word] * _frequency(word, texts[name], one.id) for name in enough for word in wanted
        )
        if score > 0:
            scores[one.id] = score
    return dict(sorted(scores.items(), key=lambda item: -round(item[1], 6)))


def _boosts(collection: Collection, properties: Iterable[str]) -> dict[str, float]:
    given = {name: float(boost or 1) for name, _, boost in (one.partition("^") for one in properties)}
    for name in given:
        if name not in collection.properties or not collection.properties[name].searchable:
            raise Fault(
                f"Searching by property '{name}' requires inverted index. Is `indexSearchable` option of property '{name}' "
                "enabled? Set it to `true` or leave empty"
            )
    return given or {name: 1.0 for name, prop in collection.properties.items() if prop.searchable}


def _idf(word: str, by_id: dict[str, list[str]]) -> float:
    having = sum(word in text for text in by_id.values())
    return math.log(1 + (len(by_id) - having + 0.5) / (having + 0.5)) if having else 0.0


def _frequency(word: str, by_id: dict[str, list[str]], key: str) -> float:
    text = by_id[key]
    count = text.count(word)
    mean = sum(map(len, by_id.values())) / max(1, sum(bool(one) for one in by_id.values()))
    return count / (count + K1 * (1 - B + B * len(text) / mean)) if count else 0.0
