"""The file of tolerated differences: one line a case, `<record name> row=<n> <reason>`.

`row` counts the list in tests/corpus/qdrant/LOSSY.md.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from .compare import ERROR_TEXT

FILE = Path(__file__).parent / "qdrant" / "expected_differences"
ROWS = range(1, 32)
# Rows that excuse another text of a validation or format error; 18 excuses its position too.
TEXT_ROWS = {17, 18, 31}
POSITION_ROW = 18
_LINE = re.compile(r"(?P<record>\S+) row=(?P<row>\d+) (?P<reason>\S.*)")


@dataclass(frozen=True)
class Entry:
    record: str
    row: int
    reason: str

    def objection(self, differences):
        """Why this entry cannot excuse these differences; None if it can."""
        texts = [d for d in differences if d.where == ERROR_TEXT]
        only_texts = len(texts) == len(differences)
        if only_texts and all(d.is_position_only for d in texts):
            return None if self.row == POSITION_ROW else f"another position is row {POSITION_ROW}, not row {self.row}"
        checked = ("Validation error", "Format error")
        if only_texts and any(d.expected.startswith(checked) for d in texts) and self.row not in TEXT_ROWS:
            return f"another validation text is one of rows {sorted(TEXT_ROWS)}, not row {self.row}"
        return None


def parse(text, source="expected_differences"):
    entries = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if not match:
            raise ValueError(f"{source}:{number}: not `<record name> row=<n> <reason>`: {line}")
        entry = Entry(match["record"], int(match["row"]), match["reason"])
        if entry.row not in ROWS:
            raise ValueError(f"{source}:{number}: there is no row {entry.row}")
        if entry.record in entries:
            raise ValueError(f"{source}:{number}: {entry.record} stands twice")
        entries[entry.record] = entry
    return entries


def load(path=FILE):
    return parse(path.read_text(encoding="utf-8"), str(path))
