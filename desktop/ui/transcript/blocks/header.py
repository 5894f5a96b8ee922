"""The small line above an answer: which model, whose, and what it is doing."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.domain.authors import author_of
from desktop.domain.models import GUIDE
from desktop.i18n import _
from desktop.presenters.transcript_item import RunPhase, TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.origins import origin_of
from desktop.ui.transcript.parts import Part

_NAME_CHARS = 100


def names_of(item: TranscriptItem) -> tuple[str, str]:
    """Return the model's name and its provider's."""
    message = item.message
    provider, slash, _name = message.model.partition("/")
    if provider == GUIDE:
        return author_of(message), _("offline, from the manual")
    return author_of(message), (item.provider_name or provider) if slash else ""


def answered_by(item: TranscriptItem) -> str:
    """Return the model that answered, as its provider named it, where that is not the name that was asked for."""
    asked, answered = item.message.model, item.message.metadata.get("answered_model")
    if not isinstance(answered, str) or asked.partition("/")[0] == GUIDE:
        return ""
    answered = " ".join(answered.split())[:_NAME_CHARS]
    # Some name a model with its maker before it, or without, whichever way they were asked.
    return "" if answered.rpartition("/")[2] == asked.rpartition("/")[2] else answered


def state_of(item: TranscriptItem) -> tuple[str, str]:
    """Return what a living answer is doing, and the colour to say it in."""
    if not item.is_live:
        return "", ""
    state = item.state
    if state is None:
        return (_("writing"), "accent") if item.has_text else (_("waiting"), "muted")
    match state.phase:
        case RunPhase.LOADING:
            return _("getting ready, goes out by itself"), "muted"
        case RunPhase.SENT if state.seconds:
            return _("still waiting · {seconds} s").format(seconds=state.seconds), "warn"
        case RunPhase.SENT:
            return _("waiting for the first word"), "muted"
        case RunPhase.WAITING:
            return _("waiting {seconds} s").format(seconds=state.seconds), "warn"
        case RunPhase.THINKING | RunPhase.WRITING:
            word = _("thinking") if state.phase is RunPhase.THINKING else _("writing")
            if state.tokens_per_s < 1:
                return word, "accent"
            return _("{doing} · {rate} tok/s").format(doing=word, rate=round(state.tokens_per_s)), "accent"


def _answered(item: TranscriptItem) -> str:
    name = answered_by(item)
    return _("answered by {model}").format(model=name) if name else ""


class HeaderBlock(BlockWidget):
    """Model, provider, who answered in its stead, and state in one line."""

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        name, provider = names_of(item)
        state, _colour = state_of(item)
        self.setAccessibleName(
            ", ".join(filter(None, (name, provider, _answered(item), origin_of(item.message), state)))
        )
        return self.style_.px(20)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        if self.item is None:
            return
        style = self.style_
        name, provider = names_of(self.item)
        state, colour = state_of(self.item)
        x = rect.left()
        answered, origin = _answered(self.item), origin_of(self.item.message)
        pieces = (
            (name, style.small_bold, "ink"),
            (provider, style.small, "muted"),
            (answered and f"· {answered}", style.small, "muted"),
            (origin and f"· {origin}", style.small, "muted"),
        )
        for text, face, token in pieces:
            room = rect.right() - x
            if not text or room < style.px(24):
                continue
            elided = face.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setFont(face.font)
            painter.setPen(style.colour(token))
            painter.drawText(QRectF(x, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, elided)
            x += face.metrics.horizontalAdvance(elided) + style.px(8)
        if state and rect.right() - x > style.px(40):
            radius = style.px(5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour(colour))
            painter.drawEllipse(QPointF(x + radius + 1, rect.center().y()), radius, radius)
            painter.setFont(style.small.font)
            painter.setPen(style.colour(colour))
            box = QRectF(x + 2 * radius + style.px(6), rect.top(), rect.right() - x, rect.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, state)
