"""Values that a source has more than one of: which belongs to what the sentence speaks of."""

import pytest

from chat.sources.claims.facts import FactKind
from chat.sources.claims.judgements import Judgement, SourceText, State
from chat.sources.claims.judging import judge


def values_found(judgement: Judgement) -> set[bool]:
    return {judged.found for judged in judgement.facts if judged.fact.kind in (FactKind.FIGURE, FactKind.DATE)}


@pytest.mark.parametrize(
    ("language", "sentence", "source"),
    [
        ("en", "The library opened in 1954.", "The library opened in 1902. It was enlarged in 1954 and again in 1988."),
        (
            "en",
            "The tower is 80 metres high.",
            "The tower is 120 metres high; its spire adds another 14 metres. The nave is 80 metres long.",
        ),
        ("en", "The company sold 5,100 cars in Norway.", "The company sold 3,200 cars in Norway and 5,100 in Sweden."),
        (
            "en",
            "The ship left port on 14 May 1912.",
            "The ship left port on 3 May 1912. Eleven days later, on 14 May 1912, it sank off the cape.",
        ),
        ("en", "Tickets for children cost 18 euros.", "Tickets cost 18 euros for adults and 9 euros for children."),
        (
            "en",
            "He was elected president in 1865.",
            "He was born in 1809 in Hodgenville. He was elected president in 1860 and died in 1865.",
        ),
        (
            "en",
            "He died in 1860.",
            "He was born in 1809 in Hodgenville. He was elected president in 1860 and died in 1865.",
        ),
        (
            "en",
            "The senate approved the law by 212 votes.",
            "The law passed the lower house by 212 votes to 180. In the senate it was approved by 51 votes to 49.",
        ),
        (
            "en",
            "Profit was 611 million dollars.",
            "Profit before tax was 80 million dollars. Sales reached 611 million dollars.",
        ),
        (
            "en",
            "The mayor earns 70,000 euros a year.",
            "The mayor earns 90,000 euros a year. Her deputy is paid 70,000 euros.",
        ),
        (
            "en",
            "The film cost 85 million dollars to make.",
            "The film cost 12 million dollars to make. It took 85 million dollars at the box office.",
        ),
        ("en", "The clinic has 410 doctors.", "Beds: 320. The clinic has 95 doctors and 410 nurses."),
        (
            "de",
            "Das Schloss wurde 1762 erbaut.",
            "Das Schloss wurde 1698 erbaut. Nach einem Brand im Jahr 1762 wurde es neu errichtet.",
        ),
        (
            "de",
            "Der Gewinn lag bei 52 Millionen Euro.",
            "Der Umsatz lag bei 52 Millionen Euro, der Gewinn bei 4 Millionen Euro.",
        ),
        (
            "de",
            "Der Angeklagte wurde zu 7 Jahren Haft verurteilt.",
            "Der Angeklagte wurde zu 4 Jahren Haft verurteilt. Die Staatsanwaltschaft hatte 7 Jahre gefordert.",
        ),
        (
            "de",
            "Die Brücke ist 45 Meter lang.",
            "Die Brücke ist 310 Meter lang. Die Pfeiler ragen 45 Meter in die Höhe.",
        ),
        (
            "fr",
            "Le pont a été inauguré en 1949.",
            "Le pont a été inauguré en 1850. Détruit en 1944, il a été reconstruit en 1949.",
        ),
        ("fr", "Le billet coûte 90 euros.", "Le billet coûte 12 euros. L'abonnement annuel revient à 90 euros."),
        ("fr", "La tour mesure 61 mètres.", "La tour mesure 96 mètres, tandis que l'église voisine atteint 61 mètres."),
        ("es", "El puente se abrió en 1987.", "El puente se abrió en 1903 y fue restaurado en 1987."),
        (
            "es",
            "La obra costó 2 millones de euros.",
            "La obra costó 3 millones de euros. El ayuntamiento había previsto 2 millones.",
        ),
        ("pt", "A ponte foi inaugurada em 1998.", "A ponte foi inaugurada em 1962 e alargada em 1998."),
        ("pt", "O bilhete custa 40 euros.", "O bilhete custa 12 euros e o passe mensal 40 euros."),
        ("ja", "駅は1987年に開業した。", "駅は1925年に開業した。1987年に駅舎が建て替えられた。"),
        ("ja", "売上高は8億円だった。", "売上高は120億円、営業利益は8億円だった。"),
        ("ja", "塔の高さは120メートルである。", "塔の高さは55メートルで、橋の長さは120メートルである。"),
        ("zh", "该桥于1999年建成。", "该桥于1957年建成，1999年进行了大修。"),
        ("zh", "公司收入为8亿元。", "公司收入为120亿元，净利润为8亿元。"),
        (
            "en",
            "The reservoir holds 3 million litres.",
            "The reservoir holds 40 million litres. Daily use in the town is 3 million litres.",
        ),
        (
            "en",
            "The hall was opened in March 2011.",
            "Construction began in March 2011. The hall was opened to the public in June 2014.",
        ),
        ("en", "The rocket is 31 metres tall.", "The rocket is 54 metres tall. Its first stage is 31 metres tall."),
        ("en", "The fire killed 52 people.", "The fire killed 14 people and injured 52."),
        ("en", "The control group lost 5.1 kg.", "The patient group lost 5.1 kg, the control group 1.2 kg."),
        ("fr", "Il meurt en 1822.", "Né en 1802, il publie son premier recueil en 1822 et meurt en 1885."),
        ("pt", "A estrada tem 14 quilómetros.", "A estrada tem 62 quilómetros. O desvio tem 14 quilómetros."),
        ("ja", "橋の幅は340メートルである。", "橋の長さは340メートル、幅は18メートルである。"),
        ("ja", "大人の入場料は300円である。", "入場料は大人800円、子ども300円である。"),
    ],
)
def test_a_value_of_another_thing_is_not_found(language: str, sentence: str, source: str) -> None:
    assert values_found(judge(sentence, [SourceText(source)], language=language)) == {False}


@pytest.mark.parametrize(
    ("language", "sentence", "source"),
    [
        (
            "en",
            "The library's second enlargement took place in 1988.",
            "The library opened in 1902. It was enlarged in 1954 and again in 1988.",
        ),
        (
            "en",
            "The museum welcomed its first visitors in 1983.",
            "The museum was designed in 1926 by a local architect. Visitors were first admitted in 1983.",
        ),
        (
            "en",
            "In February unemployment was 4.6 percent.",
            "Unemployment stood at 4.1 percent in March, after 4.6 percent in February.",
        ),
        (
            "en",
            "Unemployment fell to 4.1 percent in March.",
            "Unemployment stood at 4.1 percent in March, after 4.6 percent in February.",
        ),
        (
            "en",
            "The nave measures 80 metres.",
            "The tower is 120 metres high; its spire adds another 14 metres. The nave is 80 metres long.",
        ),
        (
            "en",
            "The spire is 14 metres tall.",
            "The tower is 120 metres high; its spire adds another 14 metres. The nave is 80 metres long.",
        ),
        ("en", "In Sweden the company sold 5,100 cars.", "The company sold 3,200 cars in Norway and 5,100 in Sweden."),
        (
            "en",
            "In the countryside rents went up by 2.1%.",
            "Rents rose by 5.2% in the capital, by 3.9% in other large cities and by 2.1% in the countryside.",
        ),
        (
            "en",
            "The ship went down on 14 May 1912.",
            "The ship left port on 3 May 1912. Eleven days later, on 14 May 1912, it sank off the cape.",
        ),
        (
            "en",
            "The senate approved the law with 51 votes.",
            "The law passed the lower house by 212 votes to 180. In the senate it was approved by 51 votes to 49.",
        ),
        ("en", "Children pay 9 euros.", "Tickets cost 18 euros for adults and 9 euros for children."),
        ("en", "A ticket for a child costs 9 euros.", "Tickets cost 18 euros for adults and 9 euros for children."),
        (
            "en",
            "The second part of the book appeared in 1615.",
            "The first edition was printed in 1605 and the second part followed in 1615.",
        ),
        (
            "en",
            "He died in 1865.",
            "He was born in 1809 in Hodgenville. He was elected president in 1860 and died in 1865.",
        ),
        (
            "en",
            "He became president after winning the election of 1860.",
            "He was born in 1809 in Hodgenville. He was elected president in 1860 and died in 1865.",
        ),
        (
            "en",
            "The protected area covers 97 square kilometres.",
            "The lake covers 42 square kilometres. With its wetlands, the protected area is 97 square kilometres.",
        ),
        (
            "en",
            "Profit after tax was 61 million dollars.",
            "Profit before tax was 80 million dollars. After tax, 61 million dollars remained.",
        ),
        (
            "en",
            "The drug was given to 180 patients.",
            "The trial involved 400 patients. Of these, 180 received the drug and 220 the placebo.",
        ),
        (
            "en",
            "The station's roof was renewed in 2004.",
            "The station opened in 1888; the line was electrified in 1931, and the roof was renewed in 2004.",
        ),
        ("en", "The old model weighed 1.6 kg.", "The new model weighs 1.2 kg, the old one 1.6 kg."),
        (
            "de",
            "Das Schloss brannte 1762 ab.",
            "Das Schloss wurde 1698 erbaut. Nach einem Brand im Jahr 1762 wurde es neu errichtet.",
        ),
        (
            "de",
            "Die Pfeiler der Brücke sind 45 Meter hoch.",
            "Die Brücke ist 310 Meter lang und 12 Meter breit. Die Pfeiler ragen 45 Meter in die Höhe.",
        ),
        ("de", "Die Zahl der Gäste stieg auf 245.000.", "Die Zahl der Gäste stieg von 210.000 auf 245.000."),
        (
            "de",
            "Der Gewinn betrug 4 Millionen Euro.",
            "Der Umsatz lag bei 52 Millionen Euro, der Gewinn bei 4 Millionen Euro.",
        ),
        ("de", "2020 kamen 3.000 Besucher.", "Im Jahr 2019 kamen 12.000 Besucher, 2020 waren es nur 3.000."),
        (
            "de",
            "31 Prozent der Befragten waren dagegen.",
            "Von den Befragten waren 58 Prozent dafür, 31 Prozent waren dagegen.",
        ),
        (
            "fr",
            "L'église voisine de la tour mesure 61 mètres.",
            "La tour mesure 96 mètres, tandis que l'église voisine atteint 61 mètres.",
        ),
        (
            "fr",
            "Le pont fut détruit en 1944.",
            "Le pont a été inauguré en 1850. Détruit en 1944, il a été reconstruit en 1949.",
        ),
        (
            "fr",
            "La reconstruction du pont date de 1949.",
            "Le pont a été inauguré en 1850. Détruit en 1944, il a été reconstruit en 1949.",
        ),
        (
            "fr",
            "À Dijon, le loyer moyen s'élève à 620 euros.",
            "Le loyer moyen est de 850 euros à Lyon et de 620 euros à Dijon.",
        ),
        ("es", "La restauración del puente terminó en 1987.", "El puente se abrió en 1903 y fue restaurado en 1987."),
        (
            "es",
            "La antena del edificio mide 12 metros.",
            "El edificio tiene 45 metros de altura y la antena otros 12 metros.",
        ),
        ("es", "El 35 % votó en contra.", "Votó a favor el 61 % y en contra el 35 %."),
        ("pt", "O alargamento da ponte foi feito em 1998.", "A ponte foi inaugurada em 1962 e alargada em 1998."),
        ("pt", "O passe mensal custa 40 euros.", "O bilhete custa 12 euros e o passe mensal 40 euros."),
        ("ja", "駅舎は1987年に新しくなった。", "駅は1925年に開業した。1987年に駅舎が建て替えられた。"),
        ("ja", "営業利益は8億円であった。", "売上高は120億円、営業利益は8億円だった。"),
        ("ja", "女性の参加者は410人だった。", "男性は320人、女性は410人が参加した。"),
        ("zh", "大桥在1999年大修。", "该桥于1957年建成，1999年进行了大修。"),
        ("zh", "公司净利润为8亿元。", "公司收入为120亿元，净利润为8亿元。"),
        ("en", "Okafor came third with 19 percent.", "Sanders took 41 percent, Ruiz 33 percent and Okafor 19 percent."),
        (
            "en",
            "At its opening it carried 9,000 vehicles a day.",
            "The bridge carries 60,000 vehicles a day. When it opened, it carried 9,000.",
        ),
        (
            "en",
            "By 2023, heat pumps had been fitted in 31,000 homes.",
            "Heat pumps were fitted in 12,000 homes in 2021. By 2023 the number had reached 31,000.",
        ),
        (
            "de",
            "Seit 1971 hat der Verein eine Frauenmannschaft.",
            "Der Verein wurde 1904 gegründet. Die Frauenmannschaft besteht seit 1971.",
        ),
        (
            "es",
            "Hace un año el embalse estaba al 61 %.",
            "El embalse está al 42 % de su capacidad; hace un año estaba al 61 %.",
        ),
        ("ja", "若者の失業率は4.1%である。", "失業率は2.6%だった。若者では4.1%に上る。"),
        ("zh", "新楼在1998年建成。", "主楼建于1930年，新楼于1998年落成。"),
    ],
)
def test_a_value_with_others_beside_it_is_found_where_it_belongs(language: str, sentence: str, source: str) -> None:
    assert values_found(judge(sentence, [SourceText(source)], language=language)) == {True}


@pytest.mark.parametrize(
    ("sentence", "source", "instead"),
    [
        (
            "The driver was fined 1,200 pounds.",
            "The driver was fined 850 pounds. Repairing the fence cost 1,200 pounds.",
            "850 pounds",
        ),
        (
            "The margin widened to 16.9%.",
            "Sales were flat. The margin widened to 18.3% from 16.9%.",
            "18.3%",
        ),
        (
            "In 2021 the bakery sold 11,500 loaves.",
            "In 2021 the bakery sold 9,000 loaves. In 2022 it sold 11,500 loaves.",
            "9,000",
        ),
    ],
)
def test_what_the_source_says_in_the_place_of_a_value_is_told(sentence: str, source: str, instead: str) -> None:
    judgement = judge(sentence, [SourceText(source)], language="en")
    (wrong,) = [judged for judged in judgement.facts if not judged.found]

    assert wrong.elsewhere
    assert wrong.near == instead
    assert judgement.state == (State.PARTLY if len(judgement.facts) > 1 else State.MISSING)


def test_a_value_of_another_thing_may_stand_in_the_other_text_of_a_source() -> None:
    source = "The driver was fined 850 pounds. Repairing the fence cost 1,200 pounds."
    judgement = judge("The driver was fined 1,200 pounds.", [SourceText(source), SourceText("The driver went on.")])

    assert judgement.state == State.MISSING
    assert judgement.facts[0].near == "850 pounds"


def test_where_the_words_fit_alike_a_value_is_found() -> None:
    source = "The fine for the driver was 850 pounds, and the fine for the owner of the van was 1,200 pounds."

    assert judge("A fine was 1,200 pounds.", [SourceText(source)], language="en").state == State.FOUND
    assert judge("Repairs and fines came to 1,200 pounds.", [SourceText(source)], language="en").state == State.FOUND
