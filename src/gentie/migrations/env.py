"""Run by Alembic on a connection that `steps` hands over. Not imported."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
)
context.run_migrations()
