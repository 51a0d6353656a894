from django.conf import settings
from django.db import migrations, models

# PostgreSQL looks at a table that is only inserted into after a fifth of it is new. Until then the newest messages, which
# unread numbers count, are read from the table and not from the index alone.
VACUUM = (
    "ALTER TABLE chat_message SET (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02)"
)
NO_VACUUM = "ALTER TABLE chat_message RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor)"


def on_postgresql(statement):
    def execute(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0002_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(on_postgresql(VACUUM), on_postgresql(NO_VACUUM)),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["room", "seq", "author_id", "deleted_at"],
                name="message_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="room",
            index=models.Index(fields=["kind", "active_at"], name="room_of_kind_by_activity"),
        ),
    ]
