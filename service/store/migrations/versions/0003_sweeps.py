"""What came of the runs of sweeps, by the keys of their tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sweep_run",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("result", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sweep_run"),
        sa.ForeignKeyConstraint(["result"], ["snapshot.digest"], name="fk_sweep_run_result"),
    )


def downgrade() -> None:
    """Take it away; what it named stays, and can be computed again."""
    op.drop_table("sweep_run")
