"""`python -m celeryls`."""

from celeryls.cli import main

main()
