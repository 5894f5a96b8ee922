"""What stands in the messages of a made database: titles, prose, lists, code, thinking and what tools say."""

import json
import math
import random
from dataclasses import dataclass

from corpus_words import Vocabulary, identifiers, vocabulary

LANGUAGES = {"en": 50, "es": 20, "de": 15, "zh": 15}
"""The languages and their share of the sessions."""
QUESTION, ANSWER, THOUGHT = (40, 0.9, 2000), (120, 0.8, 6000), (60, 0.7, 1000)
"""Mean number of words, spread of its logarithm, and where the long tail is cut."""
_HASHES = {"python": "#", "javascript": "//", "sql": "--", "": "#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one conversation is about."""

    words: Vocabulary
    topics: tuple[str, ...]
    is_code: bool


class Writer:
    """Writes words; the same seed writes the same."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._words = {language: vocabulary(language, dice) for language in LANGUAGES}
        self._names = identifiers(self._words["en"], dice)

    def subject(self) -> Subject:
        """Return what a new conversation is about."""
        dice = self._dice
        language = dice.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0]
        words = self._words[language]
        topics = tuple(words.rare(dice) for _topic in range(dice.randint(3, 6)))
        return Subject(words=words, topics=topics, is_code=dice.random() < 0.3)

    def title(self, subject: Subject) -> str:
        """Return a title of three to seven words; one in thirty sessions has none."""
        dice = self._dice
        if dice.random() < 0.033:
            return ""
        chosen = [*subject.topics[:2], *self._some(subject.words, dice.randint(1, 5))]
        dice.shuffle(chosen)
        text = subject.words.blank.join(chosen)
        return text[:1].upper() + text[1:]

    def question(self, subject: Subject) -> str:
        """Return what a person asks; one in twelve brings code along."""
        text = self._prose(subject, self._length(*QUESTION))
        return f"{text}\n\n{self._code()}" if subject.is_code and self._dice.random() < 0.25 else text

    def answer(self, subject: Subject) -> str:
        """Return paragraphs, with lists, headings and code between them."""
        dice = self._dice
        left = self._length(*ANSWER)
        parts: list[str] = []
        while left > 0:
            size = min(left, 20 + int(dice.random() * 80))
            left -= size
            kind = dice.random()
            if kind < 0.12 and size > 20:
                cut = max(4, size // 4)
                parts.append("\n".join(f"- {self._prose(subject, cut)}" for _item in range(4)))
            elif kind < 0.16:
                parts.append(f"## {dice.choice(subject.topics)}\n\n{self._prose(subject, size)}")
            else:
                parts.append(self._prose(subject, size))
            if subject.is_code and dice.random() < 0.3:
                parts.append(self._code())
        return "\n\n".join(parts)

    def thought(self, subject: Subject) -> str:
        """Return what a model thinks before it answers."""
        return self._prose(subject, self._length(*THOUGHT))

    def tool_result(self, subject: Subject) -> str:
        """Return what a tool gives back."""
        dice = self._dice
        return json.dumps(
            {"path": f"src/{self._name()}.py", "lines": dice.randrange(2000), "match": dice.choice(subject.topics)},
            ensure_ascii=False,
        )

    def _length(self, mean: int, spread: float, most: int) -> int:
        # gauss is the plain one: the mean of e to the power of it lies above its own.
        return min(most, max(1, int(math.exp(self._dice.gauss(math.log(mean) - spread**2 / 2, spread)))))

    def _some(self, words: Vocabulary, count: int) -> list[str]:
        return self._dice.choices(words.words, cum_weights=words.weights, k=count)

    def _prose(self, subject: Subject, count: int) -> str:
        """Return so many words in sentences, with words of the subject and names among them."""
        random_ = self._dice.random
        words = self._some(subject.words, count)
        if count > 6:
            words[int(random_() * count)] = subject.topics[int(random_() * len(subject.topics))]
            if subject.is_code and random_() < 0.4:
                words[int(random_() * count)] = f"`{self._name()}`"
        blank, stop = subject.words.blank, subject.words.stop
        sentences: list[str] = []
        at = 0
        while at < count:
            end = at + 5 + int(random_() * 16)
            text = blank.join(words[at:end])
            sentences.append(text[:1].upper() + text[1:] + stop)
            at = end
        return blank.join(sentences)

    def _name(self) -> str:
        # The square makes the first names the common ones.
        return self._names[int(len(self._names) * self._dice.random() ** 2)]

    def _code(self) -> str:
        """Return a fenced block of code."""
        dice = self._dice
        kind = dice.choice(tuple(_HASHES))
        lines = [f"def {self._name()}({self._name()}):" if kind == "python" else f"{self._name()} = {{"]
        lines += [
            f"    {self._name()}({self._name()}, {dice.randrange(1000)})  {_HASHES[kind]} {self._name()}"
            for _line in range(dice.randint(2, 9))
        ]
        return f"```{kind}\n" + "\n".join(lines) + "\n```"
