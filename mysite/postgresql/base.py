"""Django's PostgreSQL with two bounds on each transaction, so that no process keeps a room locked for ever.

They are set in the transaction itself and end with it. A pooler such as PgBouncer in transaction mode refuses `options`
when a connection is opened, and gives each transaction another connection, so what was set earlier may be elsewhere.
"""

import atexit

from django.db import connections
from django.db.backends.postgresql import base

WITHIN = 5_000  # ms: to wait for a lock, and between two statements of a transaction
BOUNDS = f"SET LOCAL lock_timeout = {WITHIN}; SET LOCAL idle_in_transaction_session_timeout = {WITHIN}"


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        """Django's hook for the begin and end of `atomic`. The first statement after it begins the transaction."""
        super()._set_autocommit(autocommit)  # type: ignore[misc] # the stubs lack it
        if not autocommit:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(BOUNDS)


@atexit.register
def close_pools() -> None:
    """While their threads still run: later, each of them is waited for in vain for 5 s."""
    for connection in connections.all():
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
