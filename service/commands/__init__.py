"""The commands of the service, to be gathered under `kayuh` (service/cli.py)."""

from __future__ import annotations

from service.commands.log import backup_command, restore_command, verify_log
from service.commands.serve import serve
from service.commands.user import user

COMMANDS = (serve, user, backup_command, restore_command, verify_log)

__all__ = ["COMMANDS"]
