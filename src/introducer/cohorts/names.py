"""Lists from which names of people and places are put together. Nobody in particular is meant.

Given and family names are drawn apart from each other and from everything else about a person,
so that nothing can be read from a name.
"""

from __future__ import annotations

import unicodedata

__all__ = ["FAMILY", "GIVEN", "KINDS_OF_PLACE", "PLACES", "mailbox"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words(
    """Aaliyah Abena Adaeze Ahmed Aiko Akira Alejandra Amara Anahí Andre Anika Anneke Arjun Astrid Ayesha Beatriz Bilal
    Bjørn Bronwen Camila Caoimhe Chidi Chloé Daniela Darius Deepa Dmitri Ebony Eero Eitan Elif Emeka Esther Fatima
    Felix Femi Giulia Grace Hana Hassan Henrik Hiro Ifeoma Imani Ines Isaac Ivana Jamal Javier Jin Joaquín Jonas Kamala
    Keiko Kofi Kwame Lakshmi Lars Layla Leilani Linh Lucía Luka Mahmoud Malia Marcus Mateo Mei Miriam Nadia Naomi
    Nikhil Noor Oksana Olumide Omar Paolo Priya Quinn Rafael Rania Ravi Rosa Sahana Samir Sefa Seung Shira Sofía
    Tadesse Tala Tamsin Tariq Thuy Tomás Uma Valentina Victor Wanjiru Wei Xochitl Yara Yusuf Zahra Zanele"""
)

FAMILY = _words(
    """Abara Acheampong Adeyemi Agarwal Almeida Andrade Aoki Aydin Bailey Banerjee Barzani Begay Bergström Bianchi
    Boateng Brennan Castellanos Chaudhry Chowdhury Costa Cruz Dao Darwish Delgado Desta Dimitrov Dubois Eze Farah
    Fernandes Ferreira Fofana Fraser Gebre Ghosh Goldfarb González Grant Gupta Haddad Hakimi Halvorsen Harjo Hayashi
    Hossain Huang Ibarra Ilunga Iyer Jansen Jimenez Kahananui Kamau Kaplan Karimi Kealoha Keita Khoury Kim Kovács
    Kuznetsova Lam Larsen Levin Lindqvist Lopes Mahlangu Maldonado Mbeki Mehta Mensah Moreau Morgan Mwangi Nakamura
    Nasser Ndiaye Nguyen Nowak Núñez Obi Okafor Oliveira Ortega Osei Pak Papadakis Park Patel Pereira Petrov Quispe
    Rahman Ramos Reyes Rinaldi Romero Rosen Sadiq Sandhu Santos Sato Schwartz Shah Silva Solberg Soto Suleiman Takahashi
    Tanaka Tekle Teo Thapa Tran Tsosie Vasquez Virtanen Wójcik Wu Yamada Yazzie Yilmaz Zhang Zulu"""
)

PLACES = _words(
    """Alder Amber Ash Aspen Beacon Birch Blue Briar Bright Cedar Chestnut Clear Copper Coral Crescent Cypress Dogwood
    Eagle Elm Fair Fern Flint Fox Garnet Granite Green Harbor Hawthorn Hazel Heron Hickory Iron Ivy Juniper Lake Larch
    Laurel Linden Magnolia Maple Meadow Mesa Mill Moss Oak Olive Orchard Palm Pine Poplar Prairie Quarry Red Ridge
    River Rowan Sage Sand Silver Spruce Stone Summit Sycamore Tamarack Thorn Valley Walnut Willow"""
)

KINDS_OF_PLACE = _words("Bay Bluff Bridge Creek Falls Field Ford Grove Haven Hill Hollow Point Springs Vale View")


def mailbox(name: str, number: int) -> str:
    """Return an address for a made-up person: in plain letters, at a domain that belongs to nobody."""
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o")).encode("ascii", "ignore").decode()
    return f"{plain.casefold().replace(' ', '.')}.{number}@example.org"
