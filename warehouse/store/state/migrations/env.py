"""How alembic reaches the state: over the connection that opened it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
