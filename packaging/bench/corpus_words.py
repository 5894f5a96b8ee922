"""Words of four languages, made by rule: used as often as Zipf and Mandelbrot found words to be used.

The few words that hold a language together are its own; the others are made of its syllables, so nothing here is taken
from anybody's text. Chinese words are one to three characters of its common block, and stand without blanks.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

EACH = 30_000
"""Different words of a language; a person who writes a million messages uses about so many."""
_SLOPE, _OFFSET = 1.07, 2.7

_SMALL = {
    "en": "the of and to a in is it you that for on with as this be are or not can if an by from your have at we will "
    "but when which there use one all they then so how what do more each its into time only way need should would",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí "
    "porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante qué así él aquí",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über so zum kann nur wenn dann müssen können schön",
    "zh": "的 一 是 不 了 在 人 有 我 他 这 中 大 来 上 个 国 "
    "到 说 们 为 子 和 你 地 出 道 也 时 年 得 就 那 要 下 以 生 会 "
    "自 着 可以 因为 所以 如果 什么 我们 没有 问题 使用 数据 时间 方法 需要 搜索 文件",
}
_BEGIN = {
    "en": "b b bl br c c ch d d dr f f fl g g h h j k l l m m n n p p pl pr qu r r s s sh sl st t t th tr v w w y",
    "es": "b br c ch d f g gr h j l ll m n ñ p pl pr qu r s t tr v z",
    "de": "b b br d d f f fl g g h h j k k kl l l m m n n p r r s s sch sp st t t v w w z z",
}
_MIDDLE = {
    "en": "a e i o u ai ea ee ie oa oo ou",
    "es": "a a e e i o o u á é í ó ú ie ue io",
    "de": "a a e e e i o u ä ö ü au ei eu ie",
}
_END = {
    "en": "- - - - - - n n r r s s t d l m ck ng nt st",
    "es": "- - - - n s r l d",
    "de": "- - - - - n n r r s t l m ch ck ng ß st tz",
}
_TAILS = {
    "en": "- - - - s ed ing er ly tion able ness",
    "es": "- - - s ción mente ado ada ar er ir oso",
    "de": "- - - en er ung heit lich keit isch bar",
}
_IDEOGRAPHS = range(0x4E00, 0x9000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of a language, the commonest first, and their weights added up, as `random.choices` wants them."""

    language: str
    words: Sequence[str]
    weights: Sequence[float]
    blank: str = " "
    stop: str = "."

    def rare(self, dice: random.Random) -> str:
        """Return a word that a conversation may be about: none of the commonest."""
        return self.words[200 + int((len(self.words) - 200) * dice.random() ** 3)]


def vocabulary(language: str, dice: random.Random, count: int = EACH) -> Vocabulary:
    """Return `count` different words of `en`, `es`, `de` or `zh`."""
    words = dict.fromkeys(_SMALL[language].split())
    make = _ideographs if language == "zh" else _syllables
    while len(words) < count:
        words[make(language, dice, len(words))] = None
    chosen = list(words)
    weights = list(accumulate(1 / (rank + _OFFSET) ** _SLOPE for rank in range(1, count + 1)))
    if language == "zh":
        return Vocabulary(language=language, words=chosen, weights=weights, blank="", stop="。")
    return Vocabulary(language=language, words=chosen, weights=weights)


def _syllables(language: str, dice: random.Random, rank: int) -> str:
    """Return a word: the commoner, the shorter."""
    sounds = [kind[language].split() for kind in (_BEGIN, _MIDDLE, _END)]
    count = dice.choices((1, 2, 3), (8, 2, 0) if rank < 600 else (2, 5, 1))[0]
    word = "".join(dice.choice(sound) for _syllable in range(count) for sound in sounds)
    if count > 1:
        word += dice.choice(_TAILS[language].split())
    word = word.replace("-", "")
    return word.capitalize() if language == "de" and dice.random() < 0.4 else word


def _ideographs(_language: str, dice: random.Random, _rank: int) -> str:
    # The square makes some characters much commoner than others, as they are.
    size = len(_IDEOGRAPHS)
    return "".join(
        chr(_IDEOGRAPHS[int(size * dice.random() ** 2)]) for _sign in range(dice.choices((1, 2, 3), (1, 6, 1))[0])
    )


def identifiers(words: Vocabulary, dice: random.Random, count: int = 3000) -> list[str]:
    """Return names as programs have them: `read_blocks`, `fitWindow2`, `HttpError`, `std::vector<int>`."""
    plain = [word for word in words.words[50:2000] if word.isascii()]
    found: dict[str, None] = {"std::vector<int>": None, "c++": None, "node.js": None, "a->b": None}
    while len(found) < count:
        first, second = dice.choice(plain), dice.choice(plain)
        match dice.randrange(5):
            case 0 | 1:
                found[f"{first}_{second}"] = None
            case 2:
                found[f"{first}{second.capitalize()}"] = None
            case 3:
                found[f"{first.capitalize()}{second.capitalize()}"] = None
            case _:
                found[f"{first}.{second}_{dice.randrange(100)}"] = None
    return list(found)
