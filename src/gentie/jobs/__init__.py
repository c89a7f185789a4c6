"""What happens without anybody asking: messages of the outbox, and tasks that come again.

`runner` hands each due message to the handler of its topic, `recurring` repeats tasks. Handlers
and tasks are made in `gentie.main`; each does its work through an act, or beside the database and
then through one. Delivery is at least once, so every handler is idempotent.
"""
