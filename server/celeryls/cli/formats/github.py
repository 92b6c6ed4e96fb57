"""Workflow commands of GitHub Actions, which become annotations of the changed lines."""

from celeryls.cli.formats import Found, Report, in_repository, region

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice", "hint": "notice"}


def render(report: Report) -> str:
    """A command for each finding, one a line."""
    return "\n".join(map(_command, report.found))


def _command(one: Found) -> str:
    item = one.item
    place = region(one.lines, item.finding.span)
    # GitHub wants columns only where they are of one line.
    columns = {"col": place.column, "endColumn": place.end_column}
    properties = {
        "title": f"{item.rule.code} {item.rule.name}",
        "file": in_repository(one.path),
        "line": place.line,
        "endLine": place.end_line,
        **(columns if place.line == place.end_line else {}),
    }
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[item.severity]} {listed}::{_data(item.finding.message)}"


def _data(value: object) -> str:
    """Escaped as the toolkit of GitHub's own actions does it."""
    return str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
