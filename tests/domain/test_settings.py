import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import WrongUse
from desktop.domain.settings import BY_NAME, SECTIONS, SETTINGS, Setting

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text() | st.integers())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_default_is_a_valid_value(setting: Setting) -> None:
    """What nobody has changed fits its own declaration."""
    assert setting.validated(setting.default) == setting.default


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
@given(value=ANYTHING)
def test_a_value_fits_or_is_refused_with_a_sentence(setting: Setting, value: Any) -> None:
    """Whatever stands in the file: a value of the declared type within its range, or a sentence that names it."""
    refusal = ""
    try:
        found = setting.validated(value)
    except WrongUse as error:
        found, refusal = setting.default, str(error)
    assert setting.name in refusal or not refusal
    assert type(found) is type(setting.default)
    if isinstance(found, int | float) and setting.minimum is not None and setting.maximum is not None:
        assert setting.minimum <= found <= setting.maximum or (setting.can_be_off and found == 0)
    if setting.choices:
        assert found in dict(setting.choices)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_stands_in_a_known_section_or_in_none(setting: Setting) -> None:
    """A setting of a section that does not exist would never be shown."""
    assert setting.section in {"", *(name for name, _label in SECTIONS)}
    assert setting.label


def test_names_are_unique() -> None:
    """A second declaration of a name would hide the first."""
    assert len(BY_NAME) == len(SETTINGS)


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, 2.1, True, "1", None])
def test_a_temperature_is_a_number_between_zero_and_two(value: object) -> None:
    """What is no number, or outside of the range, is refused."""
    with pytest.raises(WrongUse, match="temperature"):
        BY_NAME["temperature"].validated(value)


def test_a_whole_number_is_taken_for_a_fraction() -> None:
    """A file may say 1 where 1.0 is meant."""
    found = BY_NAME["temperature"].validated(1)
    assert (found, type(found)) == (1.0, float)


@pytest.mark.parametrize("value", [True, 3.0, "3", -1, 11])
def test_a_count_is_a_whole_number_in_its_range(value: object) -> None:
    """Neither a truth value nor a fraction counts tries."""
    with pytest.raises(WrongUse):
        BY_NAME["retries"].validated(value)


@pytest.mark.parametrize("value", [0, 10])
def test_the_ends_of_a_range_belong_to_it(value: int) -> None:
    """Minimum and maximum are inclusive."""
    assert BY_NAME["retries"].validated(value) == value


def test_a_refused_choice_names_those_that_are_allowed() -> None:
    """The sentence says what to write instead, the empty choice included."""
    with pytest.raises(WrongUse, match='"", en, es'):
        BY_NAME["language"].validated("tlh")


def test_a_list_of_names_becomes_unchangeable() -> None:
    """A list from a file is kept as a tuple, of strings alone."""
    assert BY_NAME["favourite_models"].validated(["a/b"]) == ("a/b",)
    with pytest.raises(WrongUse):
        BY_NAME["favourite_models"].validated(["a/b", 3])


def test_one_end_of_a_range_is_enough() -> None:
    """A setting may be bounded on one side alone."""
    assert Setting(name="n", default=1, label="N", minimum=1).validated(10**9) == 10**9
    with pytest.raises(WrongUse):
        Setting(name="n", default=1, label="N", maximum=5).validated(6)
