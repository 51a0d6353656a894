#!/usr/bin/env python
"""Django's command line. `manage.py runserver` is for development and turns DEBUG on unless told otherwise."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    if "runserver" in sys.argv[1:2]:
        os.environ.setdefault("DEBUG", "1")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, connection
    from django.db.migrations.exceptions import InconsistentMigrationHistory

    try:
        execute_from_command_line(sys.argv)
    except InconsistentMigrationHistory:
        from ops.schema import EarlierVersionError

        sys.exit(f"database: {EarlierVersionError(connection)}")
    except OperationalError as error:  # most of all a wrong DATABASE_URL: one line, as for any other setting
        sys.exit(f"database: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main()
