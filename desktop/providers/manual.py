"""The user's manual as something that can be searched: its sections and a small BM25 over their words.

The manual has about sixty short sections, so that an index built in memory takes a few milliseconds and needs neither
a database nor a library. The formula is Okapi BM25 (Robertson and Zaragoza, 2009) over weighted fields.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.providers.guide_words import Words

_SATURATION = 1.4
_LENGTH_WEIGHT = 0.4
_NAME_WEIGHT = 4.0
_CHAPTER_WEIGHT = 2.0
_ALSO_WEIGHT = 2.0
_MISSPELT_WEIGHT = 0.7
_LIKENESS = 0.84

_ALSO = re.compile(r"<!-- also: (.*?) -->\n?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the manual; `also` are words by which people may ask for it."""

    number: int
    chapter: str
    name: str
    text: str
    also: str = ""

    @property
    def reference(self) -> str:
        """How the section is named in an answer."""
        return f"{self.chapter} › {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that answers a query; `coverage` is the part of the query's weight it holds, 0 to 1."""

    section: Section
    score: float
    coverage: float


def parse_chapter(source: str, first_number: int = 0) -> list[Section]:
    """Return the sections of one chapter in Markdown: `#` names the chapter, `##` a section."""
    chapter, names, bodies, fenced = "", [], [], False
    for line in source.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and line.startswith("# "):
            chapter = line[2:].strip()
        elif not fenced and line.startswith("## "):
            names.append(line[3:].strip())
            bodies.append("")
        elif bodies:
            bodies[-1] += line + "\n"
    sections = []
    for offset, (name, body) in enumerate(zip(names, bodies, strict=True)):
        also = " ".join(_ALSO.findall(body))
        text = _ALSO.sub("", body).strip()
        sections.append(Section(number=first_number + offset, chapter=chapter, name=name, text=text, also=also))
    return sections


def read_manual(folder: Path) -> list[Section]:
    """Return all sections of the chapters in `folder`, in the order of the file names."""
    sections: list[Section] = []
    for path in sorted(folder.glob("*.md")):
        sections += parse_chapter(path.read_text(encoding="utf-8"), len(sections))
    return sections


class Manual:
    """A searchable manual in one language."""

    def __init__(self, *, sections: Sequence[Section], words: Words) -> None:
        self.sections = tuple(sections)
        self.chapters = tuple(dict.fromkeys(section.chapter for section in sections))
        self._counts = [self._weigh(section, words) for section in sections]
        lengths = [sum(counts.values()) for counts in self._counts]
        average = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length / average for length in lengths]
        found_in = Counter(term for counts in self._counts for term in counts)
        self._rarity = {
            term: math.log(1 + (len(lengths) - number + 0.5) / (number + 0.5)) for term, number in found_in.items()
        }
        self._unknown_rarity = math.log(2 * len(lengths) + 2)

    @staticmethod
    def _weigh(section: Section, words: Words) -> dict[str, float]:
        """Count the terms of a section, those of its name and its other names more than those of its text."""
        counts: dict[str, float] = {}
        for text, weight in (
            (section.text, 1.0),
            (section.name, _NAME_WEIGHT),
            (section.chapter, _CHAPTER_WEIGHT),
            (section.also, _ALSO_WEIGHT),
        ):
            for term in words.terms(text):
                counts[term] = counts.get(term, 0.0) + weight
        return counts

    def find(self, reference: str) -> Section | None:
        """Return the section of that reference."""
        return next((section for section in self.sections if section.reference == reference), None)

    def search(self, query: Mapping[str, float], nearer: Mapping[int, float] | None = None) -> list[Hit]:
        """Return the sections that hold terms of `query` (term to weight), best first.

        `nearer` multiplies the score of single sections, by number: what was spoken about before is nearer.
        """
        known = self._spelt(query)
        missing = sum(query.values()) - sum(known.values())
        total = sum(weight * self._rarity[term] for term, weight in known.items()) + missing * self._unknown_rarity
        hits = []
        for section, counts, norm in zip(self.sections, self._counts, self._norms, strict=True):
            score = covered = 0.0
            for term, weight in known.items():
                count = counts.get(term, 0.0)
                if count:
                    value = weight * self._rarity[term]
                    score += value * count * (_SATURATION + 1) / (count + _SATURATION * norm)
                    covered += value
            if score:
                score *= (nearer or {}).get(section.number, 1.0)
                hits.append(Hit(section=section, score=score, coverage=covered / total))
        return sorted(hits, key=lambda hit: (-hit.score, hit.section.number))

    def _spelt(self, query: Mapping[str, float]) -> dict[str, float]:
        """Return the query in words that occur in the manual: a misspelt one becomes the nearest, at less weight."""
        known: dict[str, float] = {}
        for term, weight in query.items():
            if term in self._rarity:
                known[term] = known.get(term, 0.0) + weight
            elif len(term) >= 4:
                for near in difflib.get_close_matches(term[:40], self._rarity, n=1, cutoff=_LIKENESS):
                    known[near] = known.get(near, 0.0) + weight * _MISSPELT_WEIGHT
        return known
