"""`manage.py reindex`: make the search index anew. What is in it can be found meanwhile."""

from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from chat.follower import catch_up, lag
from chat.models import Cursor
from chat.search.indexing import Indexer
from chat.search.models import Entry


class Command(BaseCommand):
    help = "Make the search index anew from the log. On SQLite nothing is stored for the first seconds of it."

    def handle(self, **options: Any) -> None:
        indexer = Indexer()
        if connection.vendor == "sqlite":  # in step with the table first: what follows takes out what stands there
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO search_index(search_index) VALUES('rebuild')")
        Cursor.objects.filter(follower=indexer.name).delete()
        self.stdout.write(f"{lag(indexer.name)} changes to index")
        catch_up([indexer], Event())
        self.stdout.write(f"{Entry.objects.count()} messages can be found")
