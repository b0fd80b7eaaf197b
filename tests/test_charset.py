"""Encodings: what newsrooms use is recognised, and UTF-8 with a few broken bytes stays UTF-8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.read.charset import declared
from pipeline.read.decode import decode

SAID = {
    "cp949": (
        "양국 외교장관은 화요일 서울에서 회담을 열고 경제 협력과 지역 정세에 "
        "대해 논의했다. 다음 회담은 내년 봄에 열린다."
    ),
    "cp932": (
        "両国の外相は火曜日に東京で会談し、経済協力と地域情勢"
        "について話し合った。次回の会談は来年の春に行われる。"
    ),
    "euc_jp": (
        "両国の外相は火曜日に東京で会談し、経済協力と地域情勢"
        "について話し合った。次回の会談は来年の春に行われる。"
    ),
    "gb18030": (
        "两国外长星期二在北京举行会谈，就经济合作和地区局势交换了意见。下一次会谈将于明年春天举行。"
    ),
    "big5": (
        "兩國外長星期二在臺北舉行會談，就經濟合作和地區局勢交換了意見。下一次會談將於明年春天舉行。"
    ),
    "cp1251": (
        "Министры иностранных дел двух стран встретились во вторник "
        "в Москве. «Мы договорились», — сказал министр."
    ),
    "koi8-r": (
        "Министры иностранных дел двух стран встретились во "
        "вторник в Москве и обсудили сотрудничество."
    ),
    "iso8859-5": (
        "Министры иностранных дел двух стран встретились во "
        "вторник в Москве и обсудили сотрудничество."
    ),
    "cp1256": (
        "التقى وزيرا خارجية البلدين يوم الثلاثاء في القاهرة "
        "وبحثا التعاون الاقتصادي والأوضاع في المنطقة."
    ),
    "cp1252": (
        "Les ministres se sont rencontrés à Genève. « Nous sommes "
        "d’accord », a déclaré la ministre à la réunion."
    ),
    "iso8859-2": (
        "Ministrowie spotkali się we wtorek w Łodzi i omówili współpracę "
        "gospodarczą. Następne spotkanie odbędzie się wiosną."
    ),
    "cp1250": (
        "Ministrowie spotkali się we wtorek w Łodzi. „Osiągnęliśmy "
        "porozumienie w większości spraw” – powiedziała."
    ),
    "cp1253": (
        "Οι υπουργοί Εξωτερικών των δύο χωρών συναντήθηκαν την "
        "Τρίτη στην Αθήνα και συζήτησαν τη συνεργασία."
    ),
    "cp1255": (
        "שרי החוץ של שתי המדינות נפגשו ביום שלישי בירושלים ודנו בשיתוף הפעולה הכלכלי ובמצב באזור."
    ),
    "cp1254": (
        "İki ülkenin dışişleri bakanları salı günü görüştü ve iş "
        "birliğini ele aldı. Şehirde güvenlik önlemleri artırıldı."
    ),
}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("times", [1, 6])
def test_the_encodings_of_newsrooms_are_recognised(name: str, times: int) -> None:
    text = SAID[name] * times
    assert decode(text.encode(name)) == text


NEIGHBOURS = {
    "es": (
        "El ministro de Asuntos Exteriores español se reunió el martes en Madrid con su homólogo. "
        "Según el comunicado, ambos países acordaron continuar las negociaciones el próximo año."
    ),
    "fr": (
        "Le ministre des Affaires étrangères a rencontré mardi à Genève son homologue. « Les deux "
        "délégations ont évoqué la coopération », a déclaré une porte-parole du ministère."
    ),
    "it": (
        "Il ministro degli Esteri ha incontrato martedì a Roma il suo omologo. La cooperazione è "
        "già stata discussa, così ha detto il portavoce. La città ospiterà più incontri."
    ),
    "de": (
        "Der Außenminister traf am Dienstag in München seinen französischen Amtskollegen; beide "
        "Länder möchten die Gespräche fortführen, erklärte das Büro des Ministers für Europa."
    ),
    "pt": (
        "O ministro das Relações Exteriores reuniu-se na terça-feira em Brasília com o seu "
        "homólogo. A cooperação econômica e a situação na região não foram discutidas em público."
    ),
    "hu": (
        "A külügyminiszter kedden Budapesten találkozott kollégájával. A két fél áttekintette "
        "az együttműködés kérdéseit, és a következő találkozót jövőre tartják meg."
    ),
    "cs": (
        "Ministr zahraničí se v úterý v Praze sešel se svým protějškem. Obě strany hovořily "
        "o hospodářské spolupráci a příští jednání se uskuteční v květnu."
    ),
    "pl": SAID["cp1250"],
    "ro": (
        "Ministrul de externe s-a întâlnit marţi la Bucureşti cu omologul său. Cele două părţi au "
        "discutat despre cooperarea economică şi despre situaţia din regiune."
    ),
}


@pytest.mark.parametrize("language", NEIGHBOURS)
@pytest.mark.parametrize("times", [1, 4, 40])
def test_western_and_central_europe_are_told_apart(language: str, times: int) -> None:
    text = NEIGHBOURS[language] * times
    name = "cp1250" if language in ("hu", "cs", "pl", "ro") else "cp1252"
    assert decode(text.encode(name)) == text


@pytest.mark.parametrize("name", SAID)
def test_a_declared_encoding_needs_no_guess(name: str) -> None:
    text = SAID[name][:12]
    assert decode(text.encode(name), name) == text


def test_a_few_quotes_are_those_of_windows() -> None:
    assert decode("The “talks” — they’re on.".encode("cp1252")) == "The “talks” — they’re on."


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_every_kind_of_unicode_is_recognised(name: str) -> None:
    text = "They met in Köln, and agreed.\n"
    assert decode(text.encode(name)) == text


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x80\x80"])
@pytest.mark.parametrize("label", [None, "cp1252", "cp949"])
def test_broken_bytes_do_not_turn_utf8_into_nonsense(broken: bytes, label: str | None) -> None:
    text = SAID["cp949"] * 3
    data = text.encode()[:90] + broken + text.encode()[90:]
    assert decode(data).replace("\ufffd", "") == text
    if label == "cp1252":  # a page that lies
        assert decode(text.encode(), label) == text


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<meta charset="EUC-KR">', "cp949"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=ISO-8859-1'>", "cp1252"),
        (b"<?xml version='1.0' encoding='windows-1251'?>", "cp1251"),
        (b'<meta charset="gb2312">', "gb18030"),
        (b'<meta charset="x-sjis">', "cp932"),
        (b'<meta charset="utf-7">', None),
        (b'<meta charset="rot13">', None),
        (b'<meta charset="unicode_escape">', None),
        (b'<meta charset="no such">', None),
        (b"nothing", None),
    ],
)
def test_a_label_means_what_browsers_take_it_for(head: bytes, name: str | None) -> None:
    assert declared(head) == name


def test_an_encoding_that_hides_in_ascii_is_read_where_it_is_declared() -> None:
    assert decode("会談".encode("iso2022_jp"), "iso2022_jp") == "会談"


def test_colours_of_a_terminal_are_text_and_other_controls_are_not() -> None:
    assert decode(b"\x1b[31mThey met.\x1b[0m") == "\x1b[31mThey met.\x1b[0m"
    with pytest.raises(ReadError, match="binary"):
        decode(bytes(range(1, 9)) * 20)


@given(st.binary(max_size=300), st.sampled_from([None, *SAID]))
def test_any_bytes_are_text_or_told(data: bytes, name: str | None) -> None:
    try:
        text = decode(data, name)
    except ReadError:
        return
    assert "\0" not in text
    text.encode()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_is_always_itself(text: str) -> None:
    assert decode(text.encode(), "cp1251") == text.removeprefix("\ufeff")
