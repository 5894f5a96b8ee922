from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.presenters.palette_rows import MOST_COMPARED, Kind, PaletteListModel, PaletteRole, PaletteRow, kind_word

KEYS = st.lists(st.tuples(st.sampled_from("abcdefghij"), st.integers(0, 2)), unique_by=lambda each: each[0])


def row(key: str, number: int = 0) -> PaletteRow:
    return PaletteRow(kind=Kind.COMMAND, key=key, title=f"{key}{number}")


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=6))
def test_any_rows_become_any_others_by_ranges(contents: list[list[tuple[str, int]]]) -> None:
    """The model shows what it was told and keeps to Qt's rules, whatever was there before; it never resets."""
    model = PaletteListModel()
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for content in contents:
        wanted = [row(*each) for each in content]
        model.show_rows(wanted)
        assert list(model.rows()) == wanted
        assert [model.index(at).data() for at in range(model.rowCount())] == [each.title for each in wanted]
    assert resets == []
    del tester


def test_a_row_that_stays_is_not_taken_away(qtbot: QtBot) -> None:
    """What is there before and after keeps its place in a view, though others go and come around it."""
    model = PaletteListModel()
    model.show_rows([row("a"), row("b"), row("c")])
    seen: list[str] = []
    model.rowsRemoved.connect(lambda _parent, first, last: seen.append(f"-{first}-{last}"))
    model.rowsInserted.connect(lambda _parent, first, last: seen.append(f"+{first}-{last}"))
    model.show_rows([row("b"), row("x"), row("c"), row("y")])
    assert sorted(seen) == ["+2-2", "+3-3", "-0-0"]


def test_a_page_comes_behind_what_is_there(qtbot: QtBot) -> None:
    """However many rows there are, those that were shown stay and the new ones are put in at once."""
    model = PaletteListModel()
    rows = [row(str(number)) for number in range(MOST_COMPARED)]
    model.show_rows(rows[:-50])
    removed: list[int] = []
    model.rowsRemoved.connect(lambda *_range: removed.append(1))
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.show_rows(rows)
    assert inserted.args[1:] == [MOST_COMPARED - 50, MOST_COMPARED - 1]
    assert removed == []


def test_very_many_rows_in_another_order_are_put_in_whole(qtbot: QtBot) -> None:
    """They are not compared one with the other, which takes long; the first ones that are the same stay."""
    model = PaletteListModel()
    rows = [row(str(number)) for number in range(MOST_COMPARED)]
    model.show_rows(rows)
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))
    other = [rows[0], *rows[:0:-1]]
    model.show_rows(other)
    assert list(model.rows()) == other
    assert removed == [(1, MOST_COMPARED - 1)]


def test_a_row_that_reads_differently_is_told(qtbot: QtBot) -> None:
    """The same thing with other marks is painted anew, and nothing else is."""
    model = PaletteListModel()
    model.show_rows([row("a"), row("b"), row("c")])
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show_rows([row("a"), row("b", 1), row("c")])
    first, last = changed.args[:2]
    assert (first.row(), last.row()) == (1, 1)


def test_more_is_wanted_once(qtbot: QtBot) -> None:
    """The view asks for the next page, and not again until it has come."""
    model = PaletteListModel()
    model.show_rows([row("a")], has_more=True)
    assert model.canFetchMore(QModelIndex())
    with qtbot.waitSignal(model.more_wanted):
        model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    model.show_rows([row("a"), row("b")], has_more=True)
    assert model.canFetchMore(QModelIndex())


def test_a_screen_reader_hears_the_whole_row() -> None:
    """Title, second line, kind and keys are read in this order."""
    model = PaletteListModel()
    model.show_rows(
        [PaletteRow(kind=Kind.COMMAND, key="k", title="Find", detail="Marks", side="Command", shortcut="Ctrl+F")]
    )
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Find, Marks, Command, Ctrl+F"
    assert index.data(PaletteRole.ROW).key == "k"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_of_sessions_and_messages_the_date_says_enough() -> None:
    """Every other kind has a word."""
    assert [kind for kind in Kind if not kind_word(kind)] == [Kind.SESSION, Kind.MESSAGE]
