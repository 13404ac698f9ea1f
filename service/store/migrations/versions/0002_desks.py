"""Cities, desks and what they decide; people; and the solver's own log of a job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    with op.batch_alter_table("job") as job:
        job.add_column(sa.Column("log", sa.Text(), nullable=False, server_default=""))
    _cities()
    _decisions()
    _people()


def _cities() -> None:
    op.create_table(
        "city",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scenario", sa.String(64), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_city"),
        sa.ForeignKeyConstraint(["scenario"], ["snapshot.digest"], name="fk_city_scenario"),
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("agency", sa.String(100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        sa.ForeignKeyConstraint(["city"], ["city.id"], name="fk_desk_city"),
        sa.UniqueConstraint("city", "agency", name="uq_desk_city_agency"),
    )
    op.create_table(
        "desk_session",
        sa.Column("desk", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("code", sa.String(10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes", sa.String(64), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "version", name="pk_desk_session"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_desk_session_desk"),
        sa.ForeignKeyConstraint(["minutes"], ["snapshot.digest"], name="fk_desk_session_minutes"),
        sa.UniqueConstraint("code", name="uq_desk_session_code"),
    )


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("proposal", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(200), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("city", "proposal", name="pk_decision"),
        sa.ForeignKeyConstraint(["city"], ["city.id"], name="fk_decision_city"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_decision_desk"),
    )
    op.create_index("ix_decision_desk", "decision", ["desk"])
    op.create_table(
        "lock",
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("proposal", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("city", "proposal", name="pk_lock"),
        sa.ForeignKeyConstraint(["city"], ["city.id"], name="fk_lock_city"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_lock_desk"),
    )
    op.create_index("ix_lock_desk", "lock", ["desk"])
    op.create_table(
        "statement",
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("proposal", sa.String(200), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("district", sa.String(200), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("decision_rev", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("city", "proposal", "party", "district", name="pk_statement"),
        sa.ForeignKeyConstraint(
            ["city", "proposal"],
            ["decision.city", "decision.proposal"],
            name="fk_statement_city_proposal",
        ),
    )


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_account"),
    )
    op.create_table(
        "login",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("account", sa.String(100), nullable=True),
        sa.Column("guest", sa.String(32), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("desk", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_login"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_login_account"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_login_desk"),
        sa.UniqueConstraint("guest", name="uq_login_guest"),
    )
    op.create_index("ix_login_account", "login", ["account"])
    op.create_index("ix_login_desk", "login", ["desk"])
    op.create_table(
        "token",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("expires", sa.String(27), nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_token"),
        sa.ForeignKeyConstraint(["account"], ["account.key"], name="fk_token_account"),
        sa.UniqueConstraint("id", name="uq_token_id"),
    )
    op.create_index("ix_token_account", "token", ["account"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    for column in ("key", "address", "at"):
        op.create_index(f"ix_attempt_{column}", "attempt", [column])


def downgrade() -> None:
    """Take them away; the log keeps telling what was decided."""
    for table in (
        "attempt",
        "token",
        "login",
        "account",
        "statement",
        "lock",
        "decision",
        "desk_session",
        "desk",
        "city",
    ):
        op.drop_table(table)
    with op.batch_alter_table("job") as job:
        job.drop_column("log")
