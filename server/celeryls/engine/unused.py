"""Suppression comments that silence nothing (CEL000)."""

import re
from collections.abc import Collection, Iterator, Mapping

from celeryls.engine.suppression import Suppression
from celeryls.rules.base import Finding
from celeryls.rules.registry import all_rules, find_rule
from celeryls.text import Applicability, Edit, Fix, LineIndex, Span

CODE = "CEL000"
_PEERS = re.compile(r"cel0(?:0[1-9]|[1-9][0-9])$")
"""The codes of celery-audit."""


def unused(
    path: str,
    text: str,
    lines: LineIndex,
    used: Mapping[Suppression, Collection[str]],
    running: Collection[str],
) -> Iterator[Finding]:
    """A finding for each comment that silences less than it says.

    `used` has for each comment the words in it that silenced something (`""` for one without a
    list).  `running` are the codes of the rules that were run to their end.
    """
    for comment, words in used.items():
        if comment.listed is None:
            everything = {rule.code for rule in all_rules() if rule.enabled} <= {*running}
            if comment.own and not words and everything:
                yield _finding(path, text, lines, comment, comment.span, "nothing here", ())
            continue
        useless = [
            (word, span)
            for word, span in comment.listed
            if word not in words and _is_judged(word, comment, running)
        ]
        for word, span in useless:
            rule = find_rule(word)
            what = f'"{span.of(text)}", which is no rule' if rule is None else rule.code
            yield _finding(path, text, lines, comment, span, what, useless)


def _is_judged(word: str, comment: Suppression, running: Collection[str]) -> bool:
    rule = find_rule(word)
    if rule is None:
        return comment.own and not _PEERS.match(word)
    return rule.code in running and rule.code != CODE


def _finding(
    path: str,
    text: str,
    lines: LineIndex,
    comment: Suppression,
    span: Span,
    what: str,
    useless: Collection[tuple[str, Span]],
) -> Finding:
    gone = [place for _, place in useless]
    listed = [place for _, place in comment.listed or ()]
    edit = _without_some(comment, listed, gone) if len(gone) < len(listed) else None
    title = "Remove what silences nothing" if edit else "Remove the comment"
    fix = Fix.in_file(
        path, title, Applicability.SAFE, *(edit or (_without_all(text, lines, comment),))
    )
    message = f"the comment silences {what}: there is no such finding"
    if what.endswith("is no rule"):
        message = f"the comment silences {what}"
    elif not listed:
        message = "the comment silences nothing"
    return Finding(CODE, message, span, comment.span, comment.comment, (fix,))


def _without_some(
    comment: Suppression, listed: list[Span], gone: list[Span]
) -> tuple[Edit, ...] | None:
    """Take some names out of a list; each goes with the comma that belongs to it."""
    kept = [place for place in listed if place not in gone]
    edits = []
    for at, place in enumerate(listed):
        if place not in gone:
            continue
        if any(other.start > place.start for other in kept):
            edits.append(Edit(Span(place.start, listed[at + 1].start), ""))
        else:
            edits.append(Edit(Span(listed[at - 1].end, place.end), ""))
    return tuple(edits)


def _without_all(text: str, lines: LineIndex, comment: Suppression) -> Edit:
    """Take a directive out, and the comment with it if nothing else is in it."""
    whole, span = comment.comment, comment.span
    before, after = text[whole.start : span.start], text[span.end : whole.end]
    if before.strip(" \t#") or after.strip(" \t#"):
        if not before.strip(" \t"):  # what follows becomes the comment
            rest = after.lstrip()
            return Edit(
                Span(span.start, whole.end - len(rest)), "" if rest.startswith("#") else "# "
            )
        kept = before.rstrip()
        return Edit(Span(whole.start + len(kept), span.end), "")
    line = lines.line_at(whole.start)
    start = lines.line_start(line)
    if not text[start : whole.start].strip():
        return Edit(Span(start, lines.line_start(line + 1)), "")
    return Edit(Span(start + len(text[start : whole.start].rstrip()), whole.end), "")
