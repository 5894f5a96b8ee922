"""The offline guide: a provider that needs no key and no network, and answers from the manual by full-text retrieval.

It lets a person try the whole window before there is a key, and explains the window while doing so. It keeps no state:
each request carries the conversation, and what was quoted before is read from the answers in it. So it goes on after a
restart, in a fork and after another model has answered in between.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.domain.events import Finished, StreamEvent, TextDelta
from desktop.domain.messages import Role
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers.guide_words import LANGUAGES, Words, fold, language_of
from desktop.providers.manual import Hit, Manual, Section, read_manual

DEFAULT_PACE = 200.0

_ENOUGH_COVERAGE = 0.5
_RELATED_SCORE = 0.55
_MORE_SCORE = 0.6
_FORMER_WEIGHT = 0.5
_FORMER_TURNS = 3
_NEARER = 1.25
_NAMED = 1.5
_PIECE = re.compile(r"\s*\S{1,12}\s*")
_QUOTED = re.compile(r"\*([^*\n]+ › [^*\n]+)\*:$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What the guide reads from a request: the question, those before it, and the sections quoted so far."""

    question: str
    former: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    begun: str = field(default="")

    @property
    def is_first(self) -> bool:
        """Whether nothing was answered before."""
        return not self.quoted and not self.former


def read_conversation(messages: Sequence[ContextMessage]) -> Conversation:
    """Read a request's messages; where the last one is an answer, it is the begun one that shall go on."""
    said = [message for message in messages if message.role in (Role.USER, Role.ASSISTANT)]
    begun = said.pop().content if said and said[-1].role is Role.ASSISTANT else ""
    questions = [message.content for message in said if message.role is Role.USER]
    answers = [message.content for message in said if message.role is Role.ASSISTANT]
    return Conversation(
        question=questions[-1] if questions else "",
        former=tuple(questions[-1 - _FORMER_TURNS : -1]),
        quoted=tuple(reference for answer in answers for reference in _QUOTED.findall(answer)),
        begun=begun,
    )


class Answerer:
    """Writes the guide's answers in one language: a pure function of the conversation."""

    def __init__(self, *, manual: Manual, words: Words) -> None:
        self._manual = manual
        self._words = words

    def answer(self, conversation: Conversation) -> str:
        """Return the whole answer in Markdown; the first one of a session says what the guide is."""
        words = self._words
        question = fold(conversation.question).strip()
        if words.identity.search(question):
            return self._join(words.self_description, self._chapters(words.chapters))
        body = self._body(conversation, question)
        return self._join(words.introduction, body) if conversation.is_first else body

    def _body(self, conversation: Conversation, question: str) -> str:
        words = self._words
        if words.thanks.fullmatch(question):
            return words.welcome
        if words.greeting.fullmatch(question):
            return self._join(words.hello, self._chapters(words.chapters))
        if words.more.fullmatch(question) and conversation.former:
            return self._more(conversation)
        parts = [part for part in words.join.split(conversation.question) if words.terms(part) or self._is_about(part)]
        if len(parts) > 1 and not (conversation.former and words.follow_up.search(question)):
            return self._join(*dict.fromkeys(self._single(replace(conversation, question=part)) for part in parts[:3]))
        return self._single(conversation)

    def _is_about(self, question: str) -> bool:
        """Whether the question is what the program is."""
        return bool(self._words.about.search(fold(question))) and not self._words.terms(question)

    def _single(self, conversation: Conversation) -> str:
        """Answer one question."""
        words = self._words
        terms = words.terms(conversation.question)
        follows = bool(conversation.former) and (
            len(terms) < 2 or bool(words.follow_up.search(fold(conversation.question).strip()))
        )
        if self._manual.sections and self._is_about(conversation.question) and not (follows and conversation.quoted):
            first = self._manual.sections[0]
            return self._join(words.quoting.format(reference=first.reference), quote(first.text))
        if not terms and not (follows and conversation.quoted):
            return self._chapters(words.chapters)
        hits = self._search(conversation, terms, follows=follows)
        if not hits:
            return self._chapters(words.nothing)
        return self._quote(hits, conversation, terms)

    def _search(self, conversation: Conversation, terms: Sequence[str], *, follows: bool) -> list[Hit]:
        """Search by the question's terms and, for a follow-up, by those of the questions before, at less weight."""
        query = dict.fromkeys(terms, 1.0)
        question = fold(conversation.question)
        nearer = {section.number: _NAMED for section in self._manual.sections if fold(section.name) in question}
        alone = self._manual.search(query, nearer)
        if not follows:
            return self._good(alone)
        if terms and not self._good(alone):
            return []
        weight = _FORMER_WEIGHT
        for question in reversed(conversation.former):
            for term in self._words.terms(question):
                query.setdefault(term, weight)
            weight *= _FORMER_WEIGHT
        last = self._manual.find(conversation.quoted[-1]) if conversation.quoted else None
        return self._manual.search(query, nearer | ({last.number: _NEARER} if last else {}))

    @staticmethod
    def _good(hits: Sequence[Hit]) -> list[Hit]:
        """Keep the hits if the best of them is about what was asked, not about one word of it by chance."""
        return list(hits) if hits and hits[0].coverage >= _ENOUGH_COVERAGE else []

    def _quote(self, hits: Sequence[Hit], conversation: Conversation, terms: Sequence[str]) -> str:
        best = hits[0]
        if best.section.reference in conversation.quoted:
            heading = self._words.as_said
            text = narrow(best.section.text, terms, self._words)
        else:
            heading, text = self._words.quoting, best.section.text
        related = [
            hit.section
            for hit in hits[1:3]
            if hit.score >= _RELATED_SCORE * best.score and hit.section.reference not in conversation.quoted
        ]
        return self._join(heading.format(reference=best.section.reference), quote(text), self._see_also(related))

    def _more(self, conversation: Conversation) -> str:
        """Quote what is next: another section that fits the question before, else the chapter's next section."""
        query: dict[str, float] = {}
        weight = 1.0
        for question in reversed(conversation.former):
            for term in self._words.terms(question):
                query.setdefault(term, weight)
            weight *= _FORMER_WEIGHT
        hits = self._good(self._manual.search(query)) if query else []
        fitting = [hit.section for hit in hits if hit.score >= _MORE_SCORE * hits[0].score]
        last = self._manual.find(conversation.quoted[-1]) if conversation.quoted else None
        if last is not None:
            after = self._manual.sections[last.number + 1 :]
            fitting += [section for section in after if section.chapter == last.chapter]
        for section in fitting:
            if section.reference not in conversation.quoted:
                heading = self._words.more_about.format(reference=section.reference)
                return self._join(heading, quote(section.text))
        return self._chapters(self._words.nothing_more)

    def _see_also(self, sections: Sequence[Section]) -> str:
        if not sections:
            return ""
        return self._words.see_also.format(references=", ".join(f"*{section.reference}*" for section in sections))

    def _chapters(self, heading: str) -> str:
        return self._join(heading, "\n".join(f"- {chapter}" for chapter in self._manual.chapters))

    @staticmethod
    def _join(*parts: str) -> str:
        return "\n\n".join(part for part in parts if part)


def quote(text: str) -> str:
    """Return `text` as a Markdown quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def narrow(text: str, terms: Sequence[str], words: Words) -> str:
    """Return the paragraphs, list items and table rows of a section that hold one of `terms`, or all of it."""
    if "```" in text:
        return text
    kept: list[str] = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            rows = [line for line in lines[2:] if set(terms) & set(words.terms(line))]
            found = [*lines[:2], *rows] if rows else []
        elif lines[0].startswith(("- ", "1. ")):
            found = [line for line in lines if set(terms) & set(words.terms(line))]
        else:
            found = lines if set(terms) & set(words.terms(block)) else []
        if found:
            kept.append("\n".join(found))
    return "\n\n".join(kept) or text


class GuideProvider:
    """The guide as a provider. `manual` holds one folder per language; `pace` is in pieces per second, 0 for none."""

    def __init__(self, *, manual: Path, pace: float = DEFAULT_PACE) -> None:
        self._folder = manual
        self._pace = pace
        self._answerers: dict[str, Answerer] = {}

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Answer the last question of the request, a word at a time."""
        conversation = read_conversation(request.messages)
        language = language_of(conversation.question, request.language if request.language in LANGUAGES else "en")
        text = self._answerer(language).answer(conversation)
        if conversation.begun and text.startswith(conversation.begun.rstrip()):
            text = text[len(conversation.begun.rstrip()) :]
        loop = asyncio.get_running_loop()
        started = loop.time()
        for number, piece in enumerate(_PIECE.findall(text)):
            due = started + number / self._pace if self._pace else 0.0
            await asyncio.sleep(max(0.0, due - loop.time()))
            yield TextDelta(piece)
        yield Finished(finish_reason="stop", cost=0.0, model=request.model.name)

    def _answerer(self, language: str) -> Answerer:
        """Return the answerer of a language, reading its manual at the first question."""
        if language not in self._answerers:
            words = LANGUAGES[language]
            manual = Manual(sections=read_manual(self._folder / language), words=words)
            self._answerers[language] = Answerer(manual=manual, words=words)
        return self._answerers[language]
