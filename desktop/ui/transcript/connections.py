"""What the collaborators of the transcript's view tell each other, and what the view passes on, by sender."""

from typing import TYPE_CHECKING

from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.transcript.paging import Paging
from desktop.ui.transcript.reader import Reader
from desktop.ui.transcript.walk import Walk
from desktop.ui.transcript.watch import ModelWatch

if TYPE_CHECKING:
    from desktop.ui.transcript.view import TranscriptView


def connect_reader(reader: Reader, view: "TranscriptView") -> None:
    """Connect what the reader's hands do."""
    reader.copy_wanted.connect(view.taking.copy_message)
    reader.quote_wanted.connect(view.taking.quote)
    reader.retry_requested.connect(view.retry_requested)
    reader.continue_requested.connect(view.continue_requested)
    reader.stop_retry_requested.connect(view.stop_retry_requested)
    reader.try_now_requested.connect(view.try_now_requested)
    reader.settings_requested.connect(view.settings_requested)
    reader.models_requested.connect(view.models_requested)
    reader.version_requested.connect(view.version_requested)
    reader.save_code_requested.connect(view.save_code_requested)


def connect_walk(walk: Walk, view: "TranscriptView", *, reader: Reader, watch: ModelWatch) -> None:
    """Connect who walks with the keyboard."""
    walk.left.connect(view.left)
    walk.typed.connect(view.typed)
    walk.moved.connect(reader.stand_on)
    watch.reset.connect(walk.forget)


def connect_paging(paging: Paging, view: "TranscriptView", *, model: TranscriptListModel) -> None:
    """Connect what is lacking around the viewport."""
    paging.older_wanted.connect(view.older_wanted)
    paging.newer_wanted.connect(view.newer_wanted)
    paging.end_wanted.connect(view.end_wanted)
    paging.page_wanted.connect(view.page_wanted)
    paging.far_rows.connect(view.far_rows)
    model.modelReset.connect(paging.forget)
    model.rowsInserted.connect(paging.forget)
    model.reach_changed.connect(paging.forget)
