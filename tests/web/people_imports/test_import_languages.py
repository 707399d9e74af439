"""What the engine says of a sheet, in the language of whoever uploaded it."""

import pytest
from django.utils.translation import override
from sheet_tools import as_csv, checked

HEADER = ["Correo", "Contratos", "Plazas", "Etapa"]
MAPPING = {"email": ["Correo"], "offer:contracts": ["Contratos"], "capacity": ["Plazas"], "stage": ["Etapa"]}


def found(town, now, rows, mapping=MAPPING):
    # As a worker does it: in the language of whoever uploaded the sheet.
    with override(town.ada.language):
        return checked(town, now, as_csv(rows, HEADER), "mentors", mapping).report


@pytest.fixture
def spanish(town):
    town.ada.language = "es"
    town.ada.save()
    return town


def test_faults_of_cells_are_said_in_the_language_of_whoever_uploaded(spanish, now):
    report = found(spanish, now, [["nia@example.org", "algo", "3-4", "pgy33"], ["oli@example.org", "4", "2", ""]])
    said = {(fault[0], fault[1]): fault[3:] for fault in report["faults"]}
    assert said[2, "Contratos"][0] == "'algo' no es un nivel."
    assert said[2, "Plazas"][0] == "'3-4' no es una cantidad."
    assert said[2, "Etapa"][0].startswith("'pgy33' no es un valor de etapa")
    assert said[2, "Etapa"][1].startswith("¿Quiso decir")
    assert said[3, "Contratos"] == ["Un nivel es 0, 1, 2 o 3, no 4.", "0 es nada, 3 es mucho."]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_hint_speaks_of_files(town, now, language):
    town.ada.language = language
    town.ada.save()
    mapping = {"email": ["Correo"], "offers": ["Contratos"], "capacity": ["Plazas"], "stage": ["Etapa"]}
    rows = [["nia@example.org", "zzzz; qqqq: yyyy; contrax", "muchas", "pgy33"]]
    report = found(town, now, rows, mapping)
    assert len(report["faults"]) == 3
    for fault in report["faults"]:
        assert not any(mark in "".join(fault[3:]) for mark in ("[", "=", "values")), fault


def test_how_a_number_was_read_is_told_in_the_language_of_whoever_uploaded(spanish, now):
    report = found(spanish, now, [["nia@example.org", "3", "up to 3", ""]])
    assert report["faults"] == []
    assert any(text.startswith("columna 'Plazas': 'up to 3' ") and "(en 1 celda)" in text for text in report["notices"])
