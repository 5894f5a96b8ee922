"""Connects the composer's meter; built behind the first paint, since nothing is counted before there is something."""

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.meter import MeterPresenter, MeterReading
from desktop.ui.composer.composer import Composer


def connect_meter(*, bridge: Bridge, chat: ChatPresenter, composer: Composer, model: str) -> MeterPresenter:
    """Let the meter follow the open session, its model, and what is being written; `model` is the one at the start."""
    presenter = MeterPresenter(bridge=bridge, read=composer.text, parent=composer)
    meter = composer.meter

    def show(reading: MeterReading) -> None:
        meter.show_reading(reading.text, reading.share, warns=reading.warns, tooltip=reading.tooltip)

    presenter.changed.connect(show)
    presenter.choices_changed.connect(meter.set_choices)
    meter.allowed.connect(presenter.allow)
    composer.edited.connect(presenter.edited)
    chat.meter_changed.disconnect(composer.set_meter)  # it stood in until here
    chat.meter_changed.connect(lambda _text: presenter.refresh())
    chat.taken.connect(presenter.sent)
    chat.refused.connect(presenter.not_sent)
    chat.session_changed.connect(presenter.set_session)
    chat.model_changed.connect(presenter.set_model)
    presenter.set_model(model)
    presenter.set_session(chat.session_id)
    return presenter
