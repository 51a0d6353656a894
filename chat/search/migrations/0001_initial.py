"""The index and, in SQLite, the FTS5 table over it, which triggers keep: so the rest is plain ORM on both databases."""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import chat.search.models

INDEX = {
    "sqlite": [
        # unicode61 would cut words at vowel signs and fold accents in its own way; ours are made by chat.search.words.
        """CREATE VIRTUAL TABLE search_index USING fts5(terms, content='search_entry', content_rowid='message_id',
           tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")""",
        """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
           INSERT INTO search_index(rowid, terms) VALUES (new.message_id, new.terms); END""",
        """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
           INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.message_id, old.terms); END""",
        """CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
           INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.message_id, old.terms);
           INSERT INTO search_index(rowid, terms) VALUES (new.message_id, new.terms); END""",
        # Merges are ours, in small steps: its own held the lock for up to 125 ms.
        "INSERT INTO search_index(search_index, rank) VALUES('automerge', 0)",
    ],
    "postgresql": ["CREATE INDEX search_entry_terms ON search_entry USING gin (terms) WITH (fastupdate = off)"],
}
NO_INDEX = {
    "sqlite": [
        *(f"DROP TRIGGER search_entry_{event}" for event in ("added", "removed", "changed")),
        "DROP TABLE search_index",
    ],
    "postgresql": ["DROP INDEX search_entry_terms"],
}


def each(statements: dict[str, list[str]]) -> Callable[[Any, Any], None]:
    def run(apps: Any, editor: Any) -> None:
        for statement in statements[editor.connection.vendor]:
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    initial = True
    dependencies = [("chat", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="chat.message",
                    ),
                ),
                ("terms", chat.search.models.TermsField()),
            ],
            options={"db_table": "search_entry"},
        ),
        migrations.RunPython(each(INDEX), each(NO_INDEX)),
    ]
