"""`celeryls rule`."""

import difflib

import click

from celeryls.cli.failure import Failure
from celeryls.rules.page import index, page
from celeryls.rules.registry import all_rules, find_rule


@click.command()
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Every rule's page.")
def command(code: str | None, *, everything: bool) -> None:
    """Explain a rule: CODE is its code (CEL101) or name (missing-acks-late)."""
    if everything:
        click.echo("\n\n".join(page(rule) for rule in all_rules()), nl=False)
        return
    if code is None:
        click.echo(index(all_rules()), nl=False)
        return
    rule = find_rule(code)
    if rule is None:
        known = [item for rule in all_rules() for item in (rule.code, rule.name)]
        near = difflib.get_close_matches(_digits(code), known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else "celeryls rule lists all"
        raise Failure(f'there is no rule "{code}"; {hint}')
    click.echo(page(rule), nl=False)


def _digits(code: str) -> str:
    """A code with digits for the letters that look like them."""
    looks_like = str.maketrans("OoIl", "0011")
    return code[:3] + code[3:].translate(looks_like) if code[:3].upper() == "CEL" else code
