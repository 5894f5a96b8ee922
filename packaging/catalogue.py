"""Keep the catalogues in `resources/translations/` true to the sources, and each `.mo` true to the `.po` beside it.

Run by `python3 packaging/dev.py translate`, in the environment, because Babel reads and writes the files. The result is
stable: no dates, no line numbers, so that only changed sentences show in a diff.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "resources" / "translations"
# Babel writes the time of writing into the header; one fixed day keeps the bytes stable.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")
_KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_HEADER = "# Sobremesa in another language; `python3 packaging/dev.py translate` keeps it complete."


def collect(sources: Path) -> Catalog:
    """Return every sentence that the sources translate."""
    template = Catalog()
    for name, _line, message, _comments, context in extract_from_dir(
        sources, method_map=[("**.py", "python")], keywords=_KEYWORDS
    ):
        template.add(message, locations=[(f"{sources.name}/{name}", 0)], context=context)
    return template


def read(path: Path) -> Catalog:
    """Return a catalogue of translations."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the sentences without a translation in any of their forms, or with a doubtful one."""
    missing = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def broken_placeholders(catalogue: Catalog) -> list[str]:
    """Return the sentences whose translation names other values in braces than they do.

    A singular may leave out the number; nothing may be invented, and the last form holds everything.
    """
    broken = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = {name for text in ids for name in _PLACEHOLDER.findall(text)}
        found = [set(_PLACEHOLDER.findall(form)) for form in forms if form]
        if message.id and found and (any(names - wanted for names in found) or found[-1] != wanted):
            broken.append(ids[0])
    return broken


def merged(old: Catalog, template: Catalog) -> Catalog:
    """Return the sentences of `template` in its order with the translations of `old`."""
    new = Catalog(locale=old.locale)
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        string = known.string if known is not None else None
        locations = sorted({(name, 0) for name, _line in message.locations})
        new.add(message.id, string, locations, [f for f in message.flags if f != "fuzzy"], context=message.context)
    return new


def po_text(catalogue: Catalog) -> str:
    """Return a catalogue as the text of a `.po` file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=True, include_lineno=False, sort_output=False)
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    lines = [_HEADER, 'msgid ""', 'msgstr ""', f'"Language: {catalogue.locale}\\n"']
    lines += ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    lines += ['"Content-Transfer-Encoding: 8bit\\n"', f'"Plural-Forms: {plural}\\n"', "", ""]
    return "\n".join(lines) + buffer.getvalue().decode()


def mo_bytes(po: str) -> bytes:
    """Return the compiled form of a `.po` text."""
    buffer = io.BytesIO()
    catalogue = read_po(io.BytesIO(po.encode()))
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "Sobremesa", "1", ""
    catalogue.last_translator = catalogue.language_team = "The Sobremesa authors"
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def main(arguments: list[str]) -> int:
    """Update or check every language, and return 1 where a sentence is missing or a file is stale."""
    check = "--check" in arguments
    template = collect(ROOT / "desktop")
    wrong = 0
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/sobremesa.po")):
        catalogue = merged(read(path), template)
        text = po_text(catalogue)
        compiled = path.with_suffix(".mo")
        stale = path.read_text(encoding="utf-8") != text or not _holds(compiled, mo_bytes(text))
        if not check and stale:
            path.write_text(text, encoding="utf-8")
            compiled.write_bytes(mo_bytes(text))
        missing = untranslated(catalogue)
        for sentence in missing:
            print(f"{catalogue.locale}: {sentence!r}")
        print(f"{catalogue.locale}: {len(list(catalogue)) - len(missing)} sentences translated, {len(missing)} missing")
        wrong += len(missing) + (1 if check and stale else 0)
        if check and stale:
            print(f"{path.relative_to(ROOT)} is not up to date: python3 packaging/dev.py translate")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
