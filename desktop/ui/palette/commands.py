"""Every command of the menus as a row of the palette, with a sentence about what it does.

A command that cannot be done at the moment is left out: a row that does nothing helps nobody.
"""

from collections.abc import Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop.i18n import _
from desktop.presenters.palette_entries import Command


def commands(bar: QMenuBar) -> tuple[Command, ...]:
    """Return the commands that can be done now, in the order of the menus."""
    helps = _helps()
    found: dict[str, Command] = {}
    for path, action in _walk(bar, ()):
        name = action.objectName()
        if name and name != "palette" and action.isEnabled() and name not in found:
            found[name] = Command(
                name=name,
                path=path,
                text=_plain(action.text()),
                help=action.statusTip() or helps.get(name, ""),
                shortcut=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            )
    return tuple(found.values())


def _walk(menu: QMenuBar | QMenu, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], QAction]]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            if action.isVisible() and action.isEnabled():
                yield from _walk(below, (*path, _plain(action.text())))
        elif not action.isSeparator() and action.isVisible():
            yield path, action


def _plain(text: str) -> str:
    """Return the text of a command without the mark of its letter."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _helps() -> dict[str, str]:
    """Return what each command does, by its object name, in the language in use."""
    return {
        "newSession": _("Begins a conversation"),
        "exportMarkdown": _("Writes the session to a file that any editor opens"),
        "trash": _("What was deleted, to be taken back"),
        "quit": _("Ends the program; answers can be finished first"),
        "undo": _("Takes back what was done last"),
        "redo": _("Does again what was taken back"),
        "cut": _("Moves what is selected into the clipboard"),
        "copy": _("Copies what is selected"),
        "paste": _("Puts in what is in the clipboard"),
        "selectAll": _("Selects the whole text, or the whole conversation"),
        "findInSession": _("Marks words in the open session and steps from one to the next"),
        "findNext": _("Goes to the next match in the open session"),
        "findPrevious": _("Goes to the match before"),
        "searchSessions": _("Finds words in every message and every title"),
        "settings": _("Providers, models, appearance and connection"),
        "zoomIn": _("Makes the conversation's text bigger"),
        "zoomOut": _("Makes the conversation's text smaller"),
        "zoomReset": _("Gives the conversation's text its normal size"),
        "showSidebar": _("Shows or hides the list of sessions"),
        "fullScreen": _("Fills the screen, or leaves it"),
        "focusComposer": _("Gives the keyboard to the message box"),
        "focusSessions": _("Gives the keyboard to the list of sessions"),
        "themeSystem": _("Follows the light or dark of the system"),
        "themeLight": _("Dark letters on a light ground"),
        "themeDark": _("Light letters on a dark ground"),
        "stop": _("Ends the answer that is being written; its text stays"),
        "renameSession": _("Gives the session another title"),
        "deleteSession": _("Puts the session into the trash; it can be taken back"),
        "nextSession": _("Opens the session below in the list"),
        "previousSession": _("Opens the session above in the list"),
        "nextMessage": _("Goes to the message below"),
        "previousMessage": _("Goes to the message above"),
        "branches": _("Shows all versions of the session as a tree"),
        "statistics": _("Shows what was said and what it cost"),
        "contextInspector": _("Shows the exact messages, tokens and price of the next request"),
        "chooseModel": _("Lists the models that can answer the next message"),
        "prompts": _("Texts that are kept to be put into messages"),
        "savePrompt": _("Keeps what is written in the message box, under a name"),
        "profiles": _("Spaces for several people, or for work and home"),
        "lockWindow": _("Covers the window until the passphrase is typed"),
        "newFolder": _("Makes a folder for sessions"),
        "filterSessions": _("Shows the sessions whose title or tags hold some letters"),
        "sortByActivity": _("The session that went on last stands first"),
        "sortByCreation": _("The session that began last stands first"),
        "sortByTitle": _("Sessions stand by the alphabet"),
        "showArchive": _("Shows the sessions that were put away"),
        "pinSession": _("Keeps the session above all others, or no longer"),
        "resolveSession": _("Marks the session as done, or takes the mark away"),
        "tagSession": _("Marks the session with words to find it by"),
        "archiveSession": _("Puts the session away, or brings it back; it is still found"),
        "manual": _("How everything works, without a network"),
        "keyboardShortcuts": _("Shows all keys"),
        "dataFolder": _("Shows the folder with the conversations"),
        "about": _("Shows the version and the licences"),
    }
