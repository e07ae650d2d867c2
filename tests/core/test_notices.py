"""What others say is registered when somebody asks first."""

import threading
from concurrent.futures import ThreadPoolExecutor

from core import notices
from core.notices import Providers


def test_whoever_asks_first_hears_everybody_even_while_they_are_loaded() -> None:
    greetings: Providers[[str], str] = Providers()
    loading, may_end = threading.Event(), threading.Event()

    def register() -> None:
        loading.set()
        may_end.wait(5)
        greetings.register(lambda name: f"Good evening, {name}")
        greetings.register(lambda _name: None)

    notices.when_asked(register)
    with ThreadPoolExecutor() as people:
        first = people.submit(greetings.ask, "Ann")
        assert loading.wait(5)
        second = people.submit(greetings.ask, "Ben")
        may_end.set()

        assert first.result(5) == ["Good evening, Ann"]
        assert second.result(5) == ["Good evening, Ben"]
    assert greetings.ask("Cleo") == ["Good evening, Cleo"]
