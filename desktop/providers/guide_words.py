"""The guide's two languages: what it says, which words it passes over, and how it cuts words to their stems.

The guide answers in the language of the question, whatever language the window shows, so its sentences stand here
and not in the catalogue of the window.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([b-df-hj-np-rtv-z])\1$")

_ENGLISH_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ed", "es", "s", "e")
_SPANISH_ENDINGS = (
    *("amientos", "imientos", "amiento", "imiento", "aciones", "acion", "ciones", "cion", "iendo", "mente", "ando"),
    *("arlos", "arlas", "arlo", "arla", "arse", "erlo", "erla", "ados", "idos", "adas", "idas", "ado", "ido", "ada"),
    *("ida", "aron", "ieron", "ar", "er", "ir", "an", "en", "es", "os", "as", "is", "o", "a", "e", "s"),
)


def fold(text: str) -> str:
    """Return `text` without case and accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in spread if not unicodedata.combining(character))


def english_stem(word: str) -> str:
    """Cut an English word to what its forms share: "deleting", "deleted" and "delete" to "delet"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ss", "us", "is")):
        return word
    for ending in _ENGLISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return _DOUBLED.sub(r"\1", word) if len(word) > 3 else word


def spanish_stem(word: str) -> str:
    """Cut a Spanish word to what its forms share: "exportar", "exporta" and "exportación" to "export"."""
    for ending in _SPANISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language of the guide. The patterns are matched against folded text."""

    stem: Callable[[str], str]
    passed_over: frozenset[str]
    greeting: re.Pattern[str]
    thanks: re.Pattern[str]
    identity: re.Pattern[str]
    about: re.Pattern[str]
    join: re.Pattern[str]
    more: re.Pattern[str]
    follow_up: re.Pattern[str]
    introduction: str
    self_description: str
    quoting: str
    as_said: str
    more_about: str
    see_also: str
    nothing: str
    nothing_more: str
    chapters: str
    welcome: str
    hello: str

    def terms(self, text: str) -> list[str]:
        """Return the stems of the telling words of `text`, in order."""
        words = _WORD.findall(fold(text))
        return [self.stem(word) for word in words if word not in self.passed_over]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = Words(
    stem=english_stem,
    passed_over=_set(
        "a about actually again all also am an and any anything app application are as at be because been but by can "
        "cannot could did do does doing don else explain for from get give go got had happen happened happens has "
        "have he hello help her here hey hi him his how i if in into is it its just kind know let like ll m make may "
        "maybe me might mine more most much must my need no not now of off ok okay on one only or other our out "
        "please program re really s same say see shall she should show so sobremesa some something sort such support "
        "supports t tell than thank thanks that the their them then there these they thing things this those to too "
        "try understand up us ve very want was way we well were what when which who whom whose why will with without "
        "would yes you your"
    ),
    greeting=re.compile(r"\W*(hello|hi|hey|good (morning|afternoon|evening)|greetings)( there| guide)?\W*"),
    thanks=re.compile(
        r"\W*(ok(ay)?\W+)?(many )?(thanks?( you)?|thx|great|perfect|good|nice|cool)( a lot| so much)?\W*"
    ),
    identity=re.compile(
        r"\b((who|what)( exactly)? are you|are you (a|an|the|really|real|some|human|chatgpt|claude|gpt)\b|your name|"
        r"you (a|an) (ai|bot|robot|human|person|llm|language model)|which (model|llm|ai) (are you|is this))"
    ),
    about=re.compile(r"\bwhat\W+(is|s|does|can)\b.*\b(sobremesa|this|it|program|app)\b|\babout (sobremesa|this)\b"),
    join=re.compile(
        r"[?!.;]+\s+|,?\s+and\s+(?=(?:how|what|where|when|why|who|which|can|is|are|does|do)\b)", re.IGNORECASE
    ),
    more=re.compile(
        r"\W*((please|and|yes|ok)\W+)*((tell|show) me (some )?more( about (it|that|this))?|more( details| please)?|"
        r"go on|continue|what else( is there)?|anything else|and then|explain (more|further)|next)(\W+please)?\W*"
    ),
    follow_up=re.compile(
        r"^\W*(and|or|but|also|then|what about|how about|what if|so)\b|"
        r"\b(it|its|that|this|them|those|these|there|one)\b"
    ),
    introduction="I am the guide, not a language model: I look your question up in the manual and quote what it says.",
    self_description="I am the guide of Sobremesa. I am not a language model and understand nothing: I look the words "
    "of your question up in the manual and quote the section that fits best. I need no key and no network.",
    quoting="The manual says in *{reference}*:",
    as_said="As said above, in *{reference}*:",
    more_about="There is more in *{reference}*:",
    see_also="See also: {references}.",
    nothing="The manual says nothing about that, and I know only the manual. These are its chapters:",
    nothing_more="That is all the manual says about it. These are its chapters:",
    chapters="Ask me about any of these chapters:",
    welcome="You are welcome. Ask me whenever something is unclear.",
    hello="Hello!",
)

SPANISH = Words(
    stem=spanish_stem,
    passed_over=_set(
        "a acerca ademas ahi ahora al algo algun alguna alguno algunos aplicacion aqui asi aun aunque ayuda bien "
        "buenas buenos cada casi como con cosa cosas cual cuales cuando cuanto cuentame da dame de debe debo decir "
        "del desde di dime e el ella ellas ellos en entonces entre era eres es esa esas ese eso esos esta estan estas "
        "este esto estos estoy explica favor fue gracias gustaria ha hace hacer haces hacia haciendo hago han has "
        "hasta hay haya he hola igual la las le les lo los mas me menos mi mia mio mis misma mismo mucho muy nada "
        "necesito ni no nos nuestro o os otra otras otro otros para pasa pasar pero poco podria por porque programa "
        "pude puede puedes puedo pues que querria quien quiero saber se sea segun ser si sido sin sobre sobremesa "
        "solo son soy su sus suya suyo tal tambien tan tanto te tengo ti tiene tienes todo todos tu tus un una unas "
        "uno unos va vale vamos veo ver voy y ya yo"
    ),
    greeting=re.compile(r"\W*(hola|buenas|buenos dias|buenas (tardes|noches)|saludos|hey)( guia)?\W*"),
    thanks=re.compile(r"\W*(vale\W+|ok\W+)?((muchas |mil )?gracias|genial|perfecto|estupendo|muy bien)\W*"),
    identity=re.compile(
        r"\b((quien|que)( cosa)? eres|eres (un|una|el|la|real|human[oa]|chatgpt|claude|gpt)\b|tu nombre|como te llamas|"
        r"que modelo (eres|es este))"
    ),
    about=re.compile(
        r"\b(que|para que)\W+(es|sirve|hace)\b.*\b(sobremesa|esto|programa|aplicacion)\b|"
        r"\b(acerca de|sobre) sobremesa\b"
    ),
    join=re.compile(
        r"[?!.;]+\s+|,?\s+y\s+(?=¿?(?:cómo|como|qué|que|dónde|donde|cuándo|cuando|cuál|quién|puedo|es)\b)",
        re.IGNORECASE,
    ),
    more=re.compile(
        r"\W*((por favor|y|si|vale)\W+)*((cuenta|di|explica)me (algo )?mas( sobre (eso|esto|ello))?|mas( detalles)?|"
        r"sigue|continua|que mas( hay)?|algo mas|(y )?(luego|despues)|siguiente)(\W+por favor)?\W*"
    ),
    follow_up=re.compile(
        r"^\W*(y|o|e|pero|tambien|entonces|que tal|que pasa (con|si)|ademas|asi que)\b|"
        r"\b(eso|esto|esa|ese|ello|lo|los|alli|ahi)\b"
    ),
    introduction="Soy la guía, no un modelo de lenguaje: busco tu pregunta en el manual y cito lo que dice.",
    self_description="Soy la guía de Sobremesa. No soy un modelo de lenguaje ni entiendo nada: busco en el manual las "
    "palabras de tu pregunta y cito la sección que mejor encaja. No necesito clave ni red.",
    quoting="El manual dice en *{reference}*:",
    as_said="Como decía arriba, en *{reference}*:",
    more_about="Hay más en *{reference}*:",
    see_also="Mira también: {references}.",
    nothing="El manual no dice nada de eso, y yo solo conozco el manual. Estos son sus capítulos:",
    nothing_more="Eso es todo lo que dice el manual. Estos son sus capítulos:",
    chapters="Pregúntame por cualquiera de estos capítulos:",
    welcome="De nada. Pregúntame cuando algo no esté claro.",
    hello="¡Hola!",
)

LANGUAGES: Mapping[str, Words] = MappingProxyType({"en": ENGLISH, "es": SPANISH})


def language_of(question: str, otherwise: str) -> str:
    """Return the language a question is written in, as far as its small words tell, or `otherwise`."""
    words = _WORD.findall(fold(question))
    english = sum(word in ENGLISH.passed_over for word in words)
    spanish = sum(word in SPANISH.passed_over for word in words)
    spanish += 2 * sum(question.count(mark) for mark in "¿¡ñÑ") + sum(question.count(mark) for mark in "áéíóúÁÉÍÓÚ")
    if english == spanish:
        return otherwise
    return "es" if spanish > english else "en"
