"""Answers that cite something and were never checked are found by the search."""

from django.db import migrations

from chat.search.facts import UNCHECKED, has_fact

# A fact is kept for a question with its answers, and for the title of their conversation.
STATEMENT = """
INSERT INTO search_fact (name, about)
SELECT DISTINCT {name}, {about} FROM search_document AS answered
JOIN search_document AS title ON title.kind = 'title' AND title.object_id = answered.conversation_id
WHERE answered.kind = 'answer' AND answered.about IS NOT NULL AND (
    EXISTS (SELECT 1 FROM chat_source AS source WHERE source.answer_id = answered.object_id AND source.cited)
    OR EXISTS (SELECT 1 FROM chat_answerpassage AS passage WHERE passage.answer_id = answered.object_id AND passage.cited)
) ON CONFLICT DO NOTHING
"""


def note(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if "search_fact" not in connection.introspection.table_names(cursor):
            return  # an index that is made later knows it from the start
        for about in ("answered.about", "title.id"):
            cursor.execute(STATEMENT.format(name=has_fact(UNCHECKED), about=about))


class Migration(migrations.Migration):
    dependencies = [("chat", "0035_verified_answers")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
