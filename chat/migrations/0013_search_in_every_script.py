"""Had the search index hold the words of every script. The next migration makes the same index anew, so this one leaves
it to that: a large store is indexed once."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("chat", "0012_sent_by_its_process")]

    operations = []
