"""Part of the composition root: what the transcript's view asks for, and who does it. Loaded with the view."""

from functools import partial

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.export import ExportPresenter
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.picker.button import ModelPicker
from desktop.ui.theme import ThemeControl
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.window import MainWindow
from desktop.wiring.finding import Finding
from desktop.wiring.on_demand import OnDemand
from desktop.wiring.session_dialogs import SessionDialogs


def connect_transcript(
    view: TranscriptView,
    *,
    bridge: Bridge,
    chat: ChatPresenter,
    demand: OnDemand,
    dialogs: SessionDialogs,
    exporter: ExportPresenter,
    picker: ModelPicker,
    place: TranscriptPlace,
    theme: ThemeControl,
    transcript: TranscriptListModel,
    window: MainWindow,
) -> Finding:
    """Connect the view with what was there before it, and return what finds in it."""
    theme.changed.connect(view.set_theme)
    demand.zoom_changed.connect(view.set_zoom)
    chat.pages.arrived.connect(view.show_message)
    chat.taken.connect(view.follow)

    view.older_wanted.connect(chat.pages.load_older)
    view.newer_wanted.connect(chat.pages.load_newer)
    view.end_wanted.connect(chat.pages.load_end)
    view.page_wanted.connect(chat.pages.load_at)
    view.place_wanted.connect(chat.pages.go_to)
    view.far_rows.connect(transcript.trim)
    view.retry_requested.connect(dialogs.budget.retry)
    view.continue_requested.connect(dialogs.budget.resume)
    view.stop_retry_requested.connect(chat.stop_message)
    view.try_now_requested.connect(chat.try_now)
    view.settings_requested.connect(demand.open_providers)
    view.models_requested.connect(picker.open_list)
    view.version_requested.connect(chat.choose_version)
    view.link_activated.connect(lambda target: demand.ask_link(target, view.text_of_link(target)))
    view.save_code_requested.connect(partial(_ask_save_code, exporter, window))
    demand.connect_taking(view)
    return Finding(bridge=bridge, chat=chat, window=window, theme=theme, place=place, view=view)


def _ask_save_code(exporter: ExportPresenter, window: MainWindow, text: str, file_name: str) -> None:
    from desktop.ui.dialogs.export import SaveCodeDialog

    dialog = SaveCodeDialog(file_name=file_name, parent=window)
    dialog.chosen.connect(lambda path: exporter.save_code(text, path))
    dialog.open()
