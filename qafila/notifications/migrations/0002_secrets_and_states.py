"""Secret messages, when the next attempt is due, and the states a message may be in."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.AddField("message", "is_secret", models.BooleanField(default=False)),
        migrations.AddField("message", "next_attempt_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "message", models.Index(fields=["entity", "entity_id"], name="messages_of_one_thing")
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed"]), name="message_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            "message", models.CheckConstraint(condition=Q(attempts__gte=0), name="message_attempts_not_negative")
        ),
    ]
