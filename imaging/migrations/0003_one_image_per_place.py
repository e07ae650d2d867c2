"""A response that was kept twice, since the reply to its commit was lost, left each further picture twice."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, Max


def give_each_its_own_place(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put what stands twice at one place of a response behind the others: nothing is lost."""
    images = apps.get_model("imaging", "GeneratedImage").objects.order_by()
    others = images.filter(first__isnull=False)
    twice = others.values("first", "position").annotate(rows=Count("pk")).filter(rows__gt=1)
    for first, position in list(twice.values_list("first", "position")):
        for image in others.filter(first=first, position=position).order_by("pk")[1:]:
            last = others.filter(first=first).aggregate(last=Max("position"))["last"]
            images.filter(pk=image.pk).update(position=last + 1)
    if editor.connection.vendor == "postgresql":
        # It alters no table with rows whose references are still to be checked, as those of a restore are.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("imaging", "0002_image_services")]

    operations = [
        migrations.RunPython(give_each_its_own_place, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="generatedimage",
            constraint=models.UniqueConstraint(
                fields=("first", "position"), name="one_image_per_place_in_a_response"
            ),
        ),
    ]
