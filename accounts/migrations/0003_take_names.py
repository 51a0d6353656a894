"""The names of accounts that are there become theirs. Of two that look the same, the older account has it."""

from typing import Any

from django.db import migrations

from accounts.skeletons import skeleton, skeletons


def take_names(apps: Any, schema_editor: Any) -> None:
    users, names = apps.get_model("accounts", "User").objects, apps.get_model("accounts", "AccountName").objects
    for user in users.order_by("pk"):
        keys = skeletons(user.username)
        if not names.filter(pk__in=keys).exists():
            users.filter(pk=user.pk).update(skeleton=skeleton(user.username))
            for key in keys:
                names.create(pk=key, person=user)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_names"),
    ]

    operations = [
        migrations.RunPython(take_names, migrations.RunPython.noop),
    ]
