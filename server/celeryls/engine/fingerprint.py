"""What makes a finding the same finding after lines were moved."""

import hashlib
from collections import Counter

from celeryls.engine.check import Diagnostic
from celeryls.text import lines_of


class Fingerprints:
    """Names the findings of a run, in their order: equal ones are numbered."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, name: str, text: str, item: Diagnostic) -> str:
        """A short hexadecimal name.

        It is made of the file's name, the rule and the words of the line that is underlined,
        so that neither other lines nor indentation count, nor how a message is put.
        """
        lines = lines_of(text)
        line = lines.line_text(lines.line_at(item.finding.span.start))
        key = "\0".join((name, item.rule.code, " ".join(line.split())))
        self._seen[key] += 1
        digest = hashlib.sha256(f"{key}\0{self._seen[key]}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]
