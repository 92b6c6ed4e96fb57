"""`celeryls server`."""

import click

from celeryls.cli.failure import Failure


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over standard input and output (default).")
@click.option("--tcp", metavar="[HOST:]PORT", help="Listen on a port; the host is 127.0.0.1.")
def command(*, stdio: bool, tcp: str | None) -> None:
    """Run the language server."""
    if stdio and tcp:
        raise Failure("--stdio and --tcp exclude each other")
    address = None if tcp is None else _address(tcp)
    # Costs a third of a second, which no other command should pay.
    from celeryls.lsp.server import serve_stdio, serve_tcp

    if address is None:
        serve_stdio()
    else:
        serve_tcp(*address)


def _address(tcp: str) -> tuple[str, int]:
    host, _, port = tcp.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Failure(f"--tcp takes HOST:PORT or PORT, not {tcp!r}")
    return host.strip("[]") or "127.0.0.1", int(port)
