"""Which articles a model that knows only English is asked about."""

import pytest

from pipeline import compose, ways
from pipeline.step import Verdict, step
from schemas.exchange import Failure, Outcome
from schemas.way import Way
from tests.samples import HOSTED, TEXT, article


def begun(text: str, way: Way) -> Verdict:
    """The verdict before any reply: what to ask first, or why nothing is asked."""
    return step(compose.Plan(article(text), way), way, {})


@pytest.mark.parametrize(
    "text",
    [
        (
            "Udenrigsministeren mødte mandag sin norske kollega i Bergen for at drøfte fiskeri og "
            "havne, og de vil have en ny aftale at se til før sommeren, sagde ministeriet."
        ),
        (
            "De minister was maandag in Accra, sprak met zijn collega over visserij en had daarna "
            "een gesprek met de president, zei een woordvoerder van het ministerie in Den Haag."
        ),
        (
            "Der Außenminister traf am Montag seinen Amtskollegen in Wien, um über Getreide und "
            "über die Lage am Fluss zu sprechen, wie das Ministerium nach dem Treffen sagte."
        ),
        (
            "El ministro de Exteriores se reunió el lunes en Quito con su homólogo para hablar de "
            "la pesca y de los puertos, según informó la cancillería en un comunicado de prensa."
        ),
        (
            "Le ministre a rencontré lundi son homologue à Dakar pour parler des céréales et de "
            "la situation au Sahel, a indiqué le ministère dans un communiqué publié hier."
        ),
        "외교부 장관은 월요일 오슬로에서 노르웨이 장관과 회담을 갖고 곡물을 논의했다고 밝혔다.",
        "외무상은 만났다.",
        (
            "Министр встретился в понедельник с коллегой и обсудил поставки зерна и положение "
            "на границе, сообщили в министерстве по итогам переговоров, которые прошли в столице."
        ),
    ],
)
def test_a_model_that_was_taught_english_alone_is_not_asked_about_other_languages(text: str):
    verdict = begun(text, ways.EMBEDDED)
    assert isinstance(verdict, Failure)
    assert verdict.outcome is Outcome.UNREADABLE
    assert "not in English" in verdict.reason
    assert isinstance(begun(text, HOSTED), tuple)  # another model is


def test_english_is_asked_about_however_short_or_full_of_names():
    names = "Foreign Minister Đặng Văn Hùng and Ambassador Łukasz Żółkiewski met. " * 4
    for text in (TEXT, "Envoys met.", names):
        assert isinstance(begun(text, ways.EMBEDDED), tuple)
