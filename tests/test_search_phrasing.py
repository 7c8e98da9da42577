"""How answers name things."""

from __future__ import annotations

from search.phrasing import name_entity
from tests.asked_city import City


def test_a_number_of_several_documents_is_listed_with_each_of_them() -> None:
    city = City()
    titles = ("道路目录", "桥梁目录")
    city.policy("both", titles[0], "甲府发〔2014〕81号", kind="文号", titles=titles)
    city.policy("one", titles[0], "甲府发〔2014〕82号", kind="文号", aliases=titles[1:])
    named = [name_entity(city.entities[key]) for key in ("both", "one")]
    assert named == ["《道路目录》、《桥梁目录》（甲府发〔2014〕81号）", "《道路目录》（甲府发〔2014〕82号）"]
