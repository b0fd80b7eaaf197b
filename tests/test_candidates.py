"""Who could be named: generous with people, one wording a party."""

import pytest

from pipeline.compose import candidates


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Zambian Foreign Minister Chanda Mwila met him.", "Chanda Mwila"),
        ("Gen. Lars de Vries, chief of staff, spoke.", "Lars de Vries"),
        ("The visitor was Luiz Antônio Lobo da Costa of Brazil.", "Luiz Antônio Lobo da Costa"),
        ("Seo Ha-neul's talks with Noor al-Harbi ended.", "Seo Ha-neul"),
        ("Seo Ha-neul's talks with Noor al-Harbi ended.", "Noor al-Harbi"),
        ("President Sugiharto arrived.", "Sugiharto"),
        ("They met Barbara King on Monday.", "Barbara King"),
        ("Sunday Bello will host Robert F. Oyelaran Jr. in May.", "Sunday Bello"),
        ("He called James O’Dowd in Cork.", "James O’Dowd"),
        ("He said that Commerce Minister He Yunlong had left.", "He Yunlong"),
        ("Health Minister 'Ana Fifita-Moala of Tonga spoke.", "'Ana Fifita-Moala"),
        ("Under Secretary for Arms Control Rosa Quint came.", "Rosa Quint"),
        ("Vice Minister Ri In Su saw Ho A Kon.", "Ri In Su"),
        ("Vice Minister Ri In Su saw Ho A Kon.", "Ho A Kon"),
        ("Vice Minister Luu Thi Van and Debu Das spoke.", "Luu Thi Van"),
        ("Vice Minister Luu Thi Van and Debu Das spoke.", "Debu Das"),
        ("Kipkemoi arap Sang received Peace Adzovie.", "Kipkemoi arap Sang"),
        ("Kipkemoi arap Sang received Peace Adzovie.", "Peace Adzovie"),
    ],
)
def test_a_persons_name_is_a_candidate_as_printed(sentence, name):
    assert name in candidates.people([sentence])


def test_a_surname_alone_is_out_once_the_full_name_stands_in_the_text():
    names = candidates.people(["Minister Berg left.", "Ida Berg came back."])
    assert "Ida Berg" in names
    assert "Berg" not in names


def test_an_institution_is_no_name_nor_part_of_one():
    text = "At the Lodge Centre, Trade Office head and MP Lars Holm heard The Nobel Institute."
    assert candidates.people([text]) == ("Lodge", "Lars Holm", "Nobel")


def test_a_name_neither_opens_with_a_little_word_nor_is_a_headline_in_capitals():
    names = candidates.people(["In Kwon Su's view Bello To See Ola Berg In June In Rome."])
    assert not any(name.startswith("In ") for name in names)
    assert "Bello To See Ola Berg" not in names


def test_titles_weekdays_and_small_words_are_no_names():
    names = candidates.people(["On Monday the Foreign Minister of the United States said so."])
    assert names == ()


def test_a_party_has_one_wording_and_prefers_its_noun():
    text = "Norwegian envoys met Zambian ministers in Lusaka; Norway and the UN paid."
    assert candidates.parties(text) == ("Norway", "Zambian", "UN")


def test_a_decoder_may_write_every_noun_of_a_party():
    text = "S. Korea to host talks\nSouth Korea and the ROK navy invited Norwegian envoys."
    assert candidates.party_wordings(text) == ("S. Korea", "Norwegian", "South Korea", "ROK")


def test_no_country_city_or_abbreviation_is_a_person():
    text = "In SEOUL, ROK-U.S. talks on the NPT drew South Korea-U.S. envoys from Oslo and the U.N."
    assert candidates.people([text]) == ()
    assert "Jordan Washington" in candidates.people(["Envoy Jordan Washington came."])


def test_a_part_of_a_longer_name_of_a_state_is_no_person():
    text = "Papua New Guinea's Peni Kaupa flew to Tobago, in Trinidad and Tobago."
    assert candidates.people([text]) == ("Peni Kaupa", "Tobago")
    assert candidates.people(["Papua New Guinea and Trinidad and Tobago trade."]) == ()
