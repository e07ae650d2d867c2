"""The services that answer and draw, by the operator's settings and by the key that was saved in the interface."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from chat.catalog import providers
from chat.catalog.document_ways import agent_file_intake
from chat.catalog.gateway import smaller_copy
from chat.connection import stored_key
from upstream.client import open_client
from upstream.errors import UnreadableKey
from upstream.gateway_client import open_gateway
from upstream.images.client import open_image_service
from upstream.registry import Services


def connect_services() -> Services:
    """What answers by the operator's settings and the key in force; the demo where nothing is connected."""
    offline = providers.is_demo()
    documents_url = f"{settings.SITE_URL}/docs"
    client = open_client(
        base_url=settings.PERPLEXITY_BASE_URL,
        chat_path=settings.PERPLEXITY_CHAT_PATH,
        agent_path=settings.PERPLEXITY_AGENT_PATH,
        api_key=stored_key.api_key(),
        read_timeout=settings.PERPLEXITY_READ_TIMEOUT,
        demo=_demo(documents_url) if offline else None,
    )
    gateway = open_gateway(
        base_url=settings.GATEWAY_BASE_URL,
        api_key=settings.GATEWAY_API_KEY,
        demo=import_string(settings.DEMO_GATEWAY)(documents_url=documents_url) if offline else None,
    )
    images = open_image_service(
        base_url=settings.IMAGES_BASE_URL,
        api_key=settings.IMAGES_API_KEY,
        response_format=settings.IMAGES_RESPONSE_FORMAT,
        at_once=settings.IMAGES_AT_ONCE,
        demo=import_string(settings.DEMO_IMAGES)() if offline else None,
    )
    has_own = providers.is_perplexity_connected() or offline
    unreadable = stored_key.needs_reentry()
    return Services(
        client=client if has_own and not unreadable else None,
        no_client=UnreadableKey() if unreadable else None,
        gateway=gateway,
        images=images,
        smaller=smaller_copy,
        files=agent_file_intake(),
    )


def _demo(documents_url: str) -> Any:
    """Perplexity's own services as the demo has them."""
    return import_string(settings.DEMO_UPSTREAM)(documents_url=documents_url, sonar=settings.DEMO_SONAR)
