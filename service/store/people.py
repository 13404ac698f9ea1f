"""Who may come in: accounts, sign-in, guests by room code, and tokens for scripts.

Passwords are kept as scrypt hashes, tokens as their sha256: the database holds nothing that opens a
door. A token is 256 random bits, so a plain hash of it is enough.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from werkzeug.security import check_password_hash, generate_password_hash

from service.store.actor import CONSOLE, LOCAL, ROLES, SYSTEM, Actor
from service.store.errors import ForbiddenError, InvalidError, NotNowError, UnknownError
from service.store.events import record
from service.store.models import Desk, DeskSession, Login, Token, User
from service.store.store import Store, Tx, now, stamp
from service.store.text import plain
from service.store.throttle import count_try, forget

METHOD = "scrypt:131072:8:1"
"""128 MB and half a second for one guess."""
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_NAME = 60
SIGNED_IN_FOR = timedelta(hours=12)
_SCOPED = {"agency": "agency", "kecamatan": "district"}
RESERVED = (LOCAL.name, SYSTEM.name, CONSOLE.name)
"""What the log calls those who have no account."""
GUESTS = ("agency", "kecamatan", "planner", "observer")
_hashing = threading.BoundedSemaphore(2)
"""Each hash takes 128 MB; thirty at once would take the machine."""


def key_of(name: str) -> str:
    """The name without regard to case and to how letters are composed."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:100]


def sealed(name: str, password: str) -> str:
    """What is kept of an account's new password; InvalidError where it is too easy to guess.

    It takes half a second, so make it before a transaction begins.
    """
    facts = {"least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD}
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidError("password_length", {"field": "password"}, **facts)
    if key_of(password) == key_of(name):
        raise InvalidError("password_is_name", {"field": "password"})
    plain(password, "password", LONGEST_PASSWORD)
    with _hashing:
        return generate_password_hash(unicodedata.normalize("NFC", password), METHOD)


def add(tx: Tx, name: str, role: str, kept: str, scope: str = "") -> User:
    """A new account with a sealed password. `scope`: agency or district, where the role has one."""
    shown = plain(name, "name", LONGEST_NAME)
    key = key_of(shown)
    _check_name(key)
    _check_role(role, scope)
    if tx.get(User, key) is not None:
        raise NotNowError("user_there", {"name": shown}, name=shown)
    body = {"name": shown, "role": role, "scope": scope}
    user = User(key=key, name=shown, role=role, scope=scope, active=True)
    user.password = kept
    user.rev = record(tx, "user.added", body).seq
    tx.add(user)
    tx.flush()
    return user


def listed(tx: Tx) -> Sequence[User]:
    """Every account, by name."""
    return tx.scalars(select(User).order_by(User.key)).all()


def user_of(tx: Tx, name: str) -> User:
    """The account of that name; UnknownError where there is none."""
    user = tx.get(User, key_of(name))
    if user is None:
        raise UnknownError("no_user", {"name": name}, name=name[:LONGEST_NAME])
    return user


def set_password(tx: Tx, name: str, kept: str) -> None:
    """A new sealed password; whoever is signed in by the old one is out, its tokens as well."""
    user = user_of(tx, name)
    user.password = kept
    _put_out(tx, user)
    user.rev = record(tx, "user.password", {"name": user.name}).seq
    tx.flush()


def set_active(tx: Tx, name: str, *, active: bool) -> User:
    """Close an account, or open it again; the log goes on telling what it did."""
    user = user_of(tx, name)
    user.active = active
    _put_out(tx, user)
    kind = "user.opened" if active else "user.closed"
    user.rev = record(tx, kind, {"name": user.name}).seq
    tx.flush()
    return user


def sign_in(store: Store, name: str, password: str, address: str) -> str:
    """The token of a new login; ForbiddenError where name and password do not fit, or too often.

    Neither says which of the two was wrong, nor does the time it takes.
    """
    key = key_of(name)
    with store.write() as tx:
        attempt = count_try(tx, key, address)
        user = tx.get(User, key)
        kept = user.password if user is not None and user.active else None
    fits = _fits(kept, password)
    with store.write() as tx:
        user = tx.get(User, key)
        if user is None or not user.active or user.password != kept or not fits:
            raise ForbiddenError("wrong_sign_in")
        forget(tx, attempt)
        # A token made before this moment is worth nothing after it: a new one for each sign-in.
        actor = Actor(user.name, user.role, user.scope)
        return _log_in(tx, actor, account=user.key, admitted=True)


def sign_out(tx: Tx, token: str) -> None:
    """Forget a login."""
    tx.execute(delete(Login).where(Login.token == hash_of(token)))


def join(store: Store, code: str, name: str, role: str, address: str, district: str = "") -> str:
    """The token of a guest who names a room's code; it opens nothing until they are admitted.

    A guest is of that desk only; a kecamatan says which one it is.
    """
    shown = plain(name, "name", LONGEST_NAME)
    _check_name(key_of(shown))
    if role not in GUESTS:
        raise InvalidError("bad_code", {"field": "role"}, value=role, codes=list(GUESTS))
    with store.write() as tx:
        attempt = count_try(tx, "", address)
    with store.write() as tx:
        room = tx.scalar(select(DeskSession).where(DeskSession.code == code.strip().upper()))
        if room is None:
            raise ForbiddenError("wrong_room_code")
        forget(tx, attempt)
        if tx.get(User, key_of(shown)) is not None:
            # In the log a guest must not pass for somebody with an account.
            raise InvalidError("name_of_account", {"field": "name"}, name=shown)
        scope = district if role == "kecamatan" else tx.get_one(Desk, room.desk).agency
        _check_role(role, scope)
        guest = Actor(shown, role, scope)
        return _log_in(tx, guest, desk=room.desk, version=room.version, admitted=False)


def guests(tx: Tx, desk: str) -> Sequence[Login]:
    """Who has joined the desk's open session, those not yet admitted first."""
    wanted = (
        select(Login)
        .join(DeskSession, DeskSession.desk == Login.desk)
        .where(DeskSession.version == Login.version, DeskSession.code.is_not(None))
        .where(Login.desk == desk, Login.expires > now())
        .order_by(Login.admitted, Login.name)
    )
    return tx.scalars(wanted).all()


def admit(tx: Tx, desk: str, guest: str) -> Login:
    """Let a waiting guest in, as the name and role that they gave."""
    login = _guest(tx, desk, guest)
    login.admitted = True
    body = {"name": login.name, "role": login.role, "scope": login.scope}
    record(tx, "guest.admitted", body, desk)
    tx.flush()
    return login


def turn_away(tx: Tx, desk: str, guest: str) -> None:
    """Let a guest no longer in."""
    login = _guest(tx, desk, guest)
    tx.delete(login)
    record(tx, "guest.turned_away", {"name": login.name, "role": login.role}, desk)
    tx.flush()


def add_token(tx: Tx, name: str, label: str, days: int | None = None) -> str:
    """A token for scripts under the rights of an account; it is shown this once."""
    user = user_of(tx, name)
    token = secrets.token_urlsafe(32)
    expires = None if days is None else stamp(datetime.now(UTC) + timedelta(days=days))
    row = Token(token=hash_of(token), id=secrets.token_hex(4), account=user.key, expires=expires)
    row.label = plain(label, "label", LONGEST_NAME)
    tx.add(row)
    body = {"name": user.name, "id": row.id, "label": row.label, "expires": expires}
    record(tx, "token.added", body)
    tx.flush()
    return token


def tokens(tx: Tx, name: str) -> Sequence[Token]:
    """The tokens of an account; what opens the door is not among what is kept."""
    user = user_of(tx, name)
    return tx.scalars(select(Token).where(Token.account == user.key).order_by(Token.id)).all()


def remove_token(tx: Tx, id: str) -> None:  # noqa: A002
    """Take a token back."""
    row = tx.scalar(select(Token).where(Token.id == id))
    if row is None:
        raise UnknownError("no_token", {"id": id}, id=id[:LONGEST_NAME])
    tx.delete(row)
    record(tx, "token.removed", {"id": row.id, "label": row.label})
    tx.flush()


def who_is_signed_in(tx: Tx, token: str) -> Actor | None:
    """Who holds a login's token: an open account, or an admitted guest of a session still open."""
    login = login_of(tx, token)
    if login is None or not login.admitted:
        return None
    if login.account is not None:
        return _actor_of_account(tx, login.account)
    return Actor(login.name, login.role, login.scope)


def who_has_token(tx: Tx, token: str) -> Actor | None:
    """Whose token for scripts it is."""
    row = tx.get(Token, hash_of(token))
    if row is None or (row.expires is not None and row.expires <= now()):
        return None
    return _actor_of_account(tx, row.account)


def login_of(tx: Tx, token: str) -> Login | None:
    """The login of a token, while it lasts; a guest's ends with the session that they joined."""
    login = tx.get(Login, hash_of(token))
    if login is None or login.expires <= now():
        return None
    if login.desk is not None:
        room = tx.get(DeskSession, (login.desk, login.version))
        if room is None or room.code is None:
            return None
    return login


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _actor_of_account(tx: Tx, key: str) -> Actor | None:
    user = tx.get(User, key)
    return Actor(user.name, user.role, user.scope) if user is not None and user.active else None


def _check_name(key: str) -> None:
    if not key:
        raise InvalidError("name_missing", {"field": "name"})
    if key in RESERVED:
        raise InvalidError("name_reserved", {"field": "name"})


def _check_role(role: str, scope: str) -> None:
    if role not in ROLES:
        raise InvalidError("bad_code", {"field": "role"}, value=role, codes=list(ROLES))
    plain(scope, "scope", 200)
    if role in _SCOPED and not scope:
        raise InvalidError(f"{_SCOPED[role]}_missing", {"field": "scope"})


def _fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; without one it takes as long to say no."""
    given = unicodedata.normalize("NFC", password)[:LONGEST_PASSWORD]
    with _hashing:
        if kept is None:
            generate_password_hash("nobody", METHOD)
            return False
        return check_password_hash(kept, given)


def _log_in(
    tx: Tx,
    actor: Actor,
    *,
    admitted: bool,
    account: str | None = None,
    desk: str | None = None,
    version: int | None = None,
) -> str:
    tx.execute(delete(Login).where(Login.expires <= now()))
    token = secrets.token_urlsafe(32)
    tx.add(
        Login(
            token=hash_of(token),
            account=account,
            guest=None if account else secrets.token_hex(8),
            name=actor.name,
            role=actor.role,
            scope=actor.scope,
            desk=desk,
            version=version,
            admitted=admitted,
            expires=stamp(datetime.now(UTC) + SIGNED_IN_FOR),
        )
    )
    tx.flush()
    return token


def _guest(tx: Tx, desk: str, guest: str) -> Login:
    login = tx.scalar(select(Login).where(Login.guest == guest, Login.desk == desk))
    if login is None:
        raise UnknownError("no_guest", {"guest": guest})
    return login


def _put_out(tx: Tx, user: User) -> None:
    tx.execute(delete(Login).where(Login.account == user.key))
    tx.execute(delete(Token).where(Token.account == user.key))
