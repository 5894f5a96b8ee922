"""Part of the composition root: finding in the open session, and the map of it. Made when the transcript is there."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.find import FindPresenter
from desktop.ui.theme import ThemeControl
from desktop.ui.transcript.find_bar import FindBar
from desktop.ui.transcript.map import TranscriptMap
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.window import MainWindow


class Finding(QObject):
    """Connects the actions, the bar, the map and the transcript with `FindPresenter`; the bar is built when wanted."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        chat: ChatPresenter,
        window: MainWindow,
        theme: ThemeControl,
        place: TranscriptPlace,
        view: TranscriptView,
    ) -> None:
        super().__init__(view)
        self._window, self._theme, self._place, self._view = window, theme, place, view
        self.presenter = FindPresenter(bridge=bridge, parent=self)
        self.finder = view.make_finder()
        self.map = TranscriptMap(theme=theme.theme, view=view, shares=view.shares)
        self.bar: FindBar | None = None
        self._back: QWidget | None = None
        self._connect(chat)
        self.presenter.open_session(chat.session_id)

    def _connect(self, chat: ChatPresenter) -> None:
        presenter, finder, commands = self.presenter, self.finder, self._window.commands
        chat.session_changed.connect(presenter.open_session)
        commands.find_in_session.triggered.connect(self.open)
        commands.find_next.triggered.connect(lambda: self._step(1))
        commands.find_previous.triggered.connect(lambda: self._step(-1))
        presenter.needle_changed.connect(finder.look_for)
        presenter.go_wanted.connect(finder.go_to)
        presenter.path_changed.connect(self.map.set_path)
        presenter.hits_changed.connect(self._show_hits)
        presenter.state_changed.connect(lambda _state: self.map.set_current(presenter.current_depth))
        presenter.words_told.connect(self.map.show_words)
        finder.message_wanted.connect(self._view.show_message)
        self._view.laid_out.connect(finder.mark)
        self._view.laid_out.connect(self.map.look)
        self.map.go_wanted.connect(self._go_to_depth)
        self.map.words_wanted.connect(presenter.ask_words)
        self._theme.changed.connect(self.map.set_theme)

    @Slot()
    def open(self) -> None:
        """Show the bar, and give it the keyboard; Escape gives it back to whoever had it."""
        if self.bar is None:
            self.bar = self._make_bar()
        focus = QApplication.focusWidget()
        if focus is not None and not self.bar.isAncestorOf(focus):
            self._back = focus
        self._place.show_above(self.bar, shown=True)
        self.bar.begin()

    def _make_bar(self) -> FindBar:
        bar = FindBar(theme=self._theme.theme)
        bar.hide()
        self._place.add_above(bar)
        self._theme.changed.connect(bar.set_theme)
        self.presenter.state_changed.connect(bar.show_state)
        bar.looked_for.connect(self._look_for)
        bar.stepped.connect(self._step)
        bar.closed.connect(self.close)
        return bar

    @Slot()
    def close(self) -> None:
        """Hide the bar and all marks."""
        self.presenter.stop()
        if self.bar is not None:
            self._place.show_above(self.bar, shown=False)
        back, self._back = self._back, None
        if back is not None and Shiboken.isValid(back) and back.isVisible() and back.isEnabled():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._window.focus_composer()

    @Slot(str, bool)
    def _look_for(self, text: str, match_case: bool) -> None:
        finder = self.finder
        self.presenter.look_for(text, match_case=match_case, top=finder.top, part=finder.part)

    @Slot(int)
    def _step(self, by: int) -> None:
        if self.bar is None or self.bar.isHidden():
            self.open()
        else:
            self.presenter.step(by, top=self.finder.top, part=self.finder.part)

    @Slot()
    def _show_hits(self) -> None:
        self.map.set_hits([hit[0] for hit in self.presenter.hits()], self.presenter.current_depth)

    @Slot(int)
    def _go_to_depth(self, depth: int) -> None:
        if depth < len(self.presenter.path):
            self._view.show_message(self.presenter.path.ids[depth])
