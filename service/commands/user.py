"""kayuh user: who may come in where the desk is open to other machines."""

from __future__ import annotations

import sys

import click

from service.commands.common import database_option, existing, made, told
from service.store import CONSOLE, ROLES, people
from service.store.models import User
from solver.commands import common
from solver.words import say


@click.group()
def user() -> None:
    """Who may sign in: add, list, password, close, open; token and revoke for scripts.

    Example: kayuh user add "Ibu Rahma" --role planner
    """


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--agency", metavar="CODE", default="", help="The agency that the person is of.")
@click.option("--district", metavar="NAME", default="", help="The kecamatan, for that role.")
@database_option
@common.common
@told
def add(
    name: str,
    role: str,
    agency: str,
    district: str,
    database: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Add an account; the password is typed, or read from standard input.

    Example: kayuh user add budi --role agency --agency PUPR
    """
    kept = people.sealed(name, _password(lang))
    scope = district if role == "kecamatan" else agency
    with made(database) as store, store.write(CONSOLE) as tx:
        added = people.add(tx, name, role, kept, scope)
    if as_json:
        common.emit(_document(added))
    else:
        click.echo(say("user.added", lang, {"name": added.name, "role": role}))
    return common.DONE


@user.command("list")
@database_option
@common.common
@told
def list_users(database: str | None, lang: str, as_json: bool) -> int:
    """List the accounts with the tokens of each.

    Example: kayuh user list
    """
    with existing(database) as store, store.session() as tx:
        users = people.listed(tx)
        tokens = {u.key: people.tokens(tx, u.name) for u in users}
    if as_json:
        common.emit(
            [
                _document(u)
                | {
                    "tokens": [
                        {"id": t.id, "label": t.label, "expires": t.expires} for t in tokens[u.key]
                    ]
                }
                for u in users
            ]
        )
        return common.DONE
    for u in users:
        state = "" if u.active else f"  ({say('user.is_closed', lang)})"
        click.echo("  ".join(part for part in (u.name, u.role, u.scope) if part) + state)
        for token in tokens[u.key]:
            click.echo("    " + "  ".join(p for p in (token.id, token.label, token.expires) if p))
    if not users:
        click.echo(say("user.none", lang))
    return common.DONE


@user.command()
@click.argument("name")
@database_option
@common.common
@told
def password(name: str, database: str | None, lang: str, as_json: bool) -> int:
    """Change a password; it is typed, or read from standard input.

    Example: kayuh user password budi
    """
    with existing(database) as store:
        with store.session() as tx:
            shown = people.user_of(tx, name).name
        kept = people.sealed(name, _password(lang))
        with store.write(CONSOLE) as tx:
            people.set_password(tx, name, kept)
    return _done("password_changed", shown, lang, as_json=as_json)


@user.command()
@click.argument("name")
@database_option
@common.common
@told
def close(name: str, database: str | None, lang: str, as_json: bool) -> int:
    """Close an account: whoever is signed in by it is out at once.

    Example: kayuh user close budi
    """
    with existing(database) as store, store.write(CONSOLE) as tx:
        shown = people.set_active(tx, name, active=False).name
    return _done("closed", shown, lang, as_json=as_json)


@user.command("open")
@click.argument("name")
@database_option
@common.common
@told
def open_account(name: str, database: str | None, lang: str, as_json: bool) -> int:
    """Open a closed account again.

    Example: kayuh user open budi
    """
    with existing(database) as store, store.write(CONSOLE) as tx:
        shown = people.set_active(tx, name, active=True).name
    return _done("opened", shown, lang, as_json=as_json)


@user.command()
@click.argument("name")
@click.option("--label", default="", help="What the token is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is valid.")
@database_option
@common.common
@told
def token(
    name: str, label: str, days: int | None, database: str | None, lang: str, as_json: bool
) -> int:
    """Make a token for scripts; it is shown this once.

    Example: kayuh user token budi --label laporan --days 30
    """
    with existing(database) as store, store.write(CONSOLE) as tx:
        made_token = people.add_token(tx, name, label, days)
    if as_json:
        common.emit({"token": made_token})
    else:
        click.echo(say("user.token_added", lang), err=True)
        click.echo(made_token)
    return common.DONE


@user.command()
@click.argument("id", metavar="ID")
@database_option
@common.common
@told
def revoke(id: str, database: str | None, lang: str, as_json: bool) -> int:  # noqa: A002
    """Take a token back; kayuh user list shows its ID.

    Example: kayuh user revoke 7f3a91c2
    """
    with existing(database) as store, store.write(CONSOLE) as tx:
        people.remove_token(tx, id)
    if as_json:
        common.emit({"revoked": id})
    else:
        click.echo(say("user.token_removed", lang, {"id": id}))
    return common.DONE


def _password(lang: str) -> str:
    """Typed twice at a terminal, else the first line of standard input; never an argument."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    again = say("user.ask_again", lang)
    asked: str = click.prompt(
        say("user.ask_password", lang), hide_input=True, confirmation_prompt=again, err=True
    )
    return asked


def _done(code: str, name: str, lang: str, *, as_json: bool) -> int:
    if as_json:
        common.emit({"name": name})
    else:
        click.echo(say(f"user.{code}", lang, {"name": name}))
    return common.DONE


def _document(account: User) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role,
        "scope": account.scope,
        "active": account.active,
    }
