"""JUnit's XML, which most CI systems show as test results."""

import re
from itertools import groupby
from xml.etree import ElementTree

from celeryls import DOCS_URL
from celeryls.cli.formats import Found, Report, in_repository, region

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def render(report: Report) -> str:
    """A suite for each file with findings, a failed test for each of those; else one passed."""
    failures = str(len(report.found))
    tests = str(max(1, len(report.found)))
    root = ElementTree.Element(
        "testsuites", name="celeryls", tests=tests, failures=failures, errors="0"
    )
    for path, group in groupby(report.found, key=lambda one: in_repository(one.path)):
        found = list(group)
        suite = _suite(root, path, len(found))
        for one in found:
            _case(suite, path, one)
    if not report.found:
        ElementTree.SubElement(_suite(root, "celeryls", 0), "testcase", name="no problems found")
    ElementTree.indent(root)
    # In ASCII it is right whatever encoding it is written to a file in.
    written: bytes = ElementTree.tostring(root, encoding="us-ascii")
    return written.decode("ascii")


def _suite(root: ElementTree.Element, name: str, failures: int) -> ElementTree.Element:
    tests = str(max(1, failures))
    return ElementTree.SubElement(
        root, "testsuite", name=_text(name), tests=tests, failures=str(failures), errors="0"
    )


def _case(suite: ElementTree.Element, path: str, one: Found) -> None:
    item = one.item
    place = region(one.lines, item.finding.span)
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=f"{item.rule.code} {item.rule.name} (line {place.line}, column {place.column})",
        classname=_text(path.removesuffix(".py").replace("/", ".")),
        file=_text(path),
        line=str(place.line),
    )
    failure = ElementTree.SubElement(
        case, "failure", type=item.severity, message=_text(item.finding.message)
    )
    failure.text = _text(
        f"{path}:{place.line}:{place.column}: {item.finding.message}\n"
        f"{DOCS_URL}/rules/{item.rule.name}/"
    )


def _text(value: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", value)
