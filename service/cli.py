"""The command `kayuh`: what the solver offers, and what the service adds."""

from __future__ import annotations

import click

from service import commands
from solver.commands import COMMANDS


@click.group()
@click.version_option(package_name="kayuh")
def main() -> None:
    """Kayuh recommends which ranked proposals fit the ceilings; people decide."""


for command in (*COMMANDS, *commands.COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()
