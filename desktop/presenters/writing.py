"""Which answers are being written, in all sessions, and which of them do not reach the disk."""

from desktop.domain.runs import RunEnded, RunSaving, RunStarted, RunUpdate


class Writing:
    """Learns from reports (`note`); `len()` counts the answers that are being written."""

    def __init__(self) -> None:
        self._sessions: dict[int, str] = {}
        self._unsaved: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def note(self, update: RunUpdate) -> None:
        """Take up a report of a run."""
        match update:
            case RunStarted():
                self._sessions[update.message_id] = update.session_id
            case RunEnded():
                self._sessions.pop(update.message_id, None)
                self._unsaved.pop(update.message_id, None)
            case RunSaving(saved=False):
                self._unsaved[update.message_id] = update.reason
            case RunSaving():
                self._unsaved.pop(update.message_id, None)

    def answers(self, session_id: str) -> tuple[int, ...]:
        """Return the answers that are being written in a session."""
        return tuple(message_id for message_id, session in self._sessions.items() if session == session_id)

    @property
    def unsaved(self) -> str:
        """Why the text of an answer does not reach the disk at the moment; "" when all does."""
        return next((reason for reason in self._unsaved.values() if reason), "")
