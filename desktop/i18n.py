"""Translation for every layer, so that a sentence reads the same in the window and on the command line.

The standard library's gettext does the work: it needs neither Qt nor a running application, so domain values and the
command line translate with the same catalogue (`resources/translations/<language>/LC_MESSAGES/sobremesa.mo`).
"""

import gettext
import locale
import os
from functools import lru_cache

from desktop.paths import resource

_DOMAIN = "sobremesa"
LANGUAGES = ("en", "es")


def system_language() -> str:
    """Return the language the system asks for, as one of `LANGUAGES`."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wished = os.environ.get(name, "").split(":")[0][:2].lower()
        if wished:
            return wished if wished in LANGUAGES else "en"
    wished = (locale.getlocale()[0] or "en")[:2].lower()
    return wished if wished in LANGUAGES else "en"


class _Catalogue:
    """The one language in use: a process shows one language at a time, as gettext itself does."""

    def __init__(self) -> None:
        self.language = "en"
        self.translations: gettext.NullTranslations = gettext.NullTranslations()


_current = _Catalogue()


def use_language(language: str) -> None:
    """Translate to `language` from now on; an unknown one falls back to English."""
    _current.language = language if language in LANGUAGES else "en"
    _current.translations = gettext.translation(
        _DOMAIN, localedir=resource("translations"), languages=[_current.language], fallback=True
    )
    _.cache_clear()


def language() -> str:
    """Return the language in use, as one of `LANGUAGES`."""
    return _current.language


@lru_cache(maxsize=4096)
def _(message: str) -> str:
    """Return `message` in the language in use."""
    return _current.translations.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of the message that fits `n`, in the language in use."""
    return _current.translations.ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """Return `message` in the language in use where it reads differently by what it is said of."""
    return _current.translations.pgettext(context, message)
