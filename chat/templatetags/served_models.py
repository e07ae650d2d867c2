"""Which model a question really went to, and who makes it."""

from django import template
from django.utils.translation import gettext as _

from chat.models import Answer
from upstream.catalog.agent_models import label_of, maker_of

register = template.Library()


@register.filter
def served_model(answer: Answer) -> str:
    """The model that answered, where that is another one than the one that was asked."""
    is_known = answer.provider != "agent" or "/" in answer.resolved_model
    return answer.resolved_model if is_known and answer.resolved_model != answer.model else ""


@register.filter
def served_model_label(answer: Answer) -> str:
    """The same by the name that readers know it by; as the service called it where nobody knows another name."""
    served = served_model(answer)
    return label_of(served) if answer.provider == "agent" and "/" in served else served


@register.filter
def where_it_went(answer: Answer) -> str:
    """Who got the question to read beside the service that it was sent to; empty where only that one did, or none."""
    if answer.provider != "agent" or not answer.started_at:
        return ""
    if answer.request.get("demo"):
        return _("This server only; the demo answered")
    model = answer.resolved_model if "/" in answer.resolved_model else answer.model
    maker, slash, _name = model.partition("/")
    if not slash:
        return _("Perplexity; the model isn’t known because the answer didn’t finish")
    if maker == "perplexity":
        return _("%(model)s, run by Perplexity") % {"model": model}
    return _("%(model)s (%(maker)s), through Perplexity") % {
        "model": model,
        "maker": maker_of(model),
    }
