import asyncio
from pathlib import Path

import pytest

from desktop.domain.events import Finished, TextDelta
from desktop.domain.messages import Role
from desktop.domain.models import GUIDE, ModelSpec
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.paths import resource
from desktop.providers.guide import Conversation, GuideProvider, narrow, quote, read_conversation
from desktop.providers.guide_words import ENGLISH, LANGUAGES
from desktop.providers.manual import read_manual

MODEL = ModelSpec(provider_id=GUIDE, kind=GUIDE, name="manual")
NOTHING = "The manual says nothing about that"


class Talk:
    """A conversation with the guide: it keeps the turns as a session does."""

    def __init__(self, *, language: str = "en", pace: float = 0.0) -> None:
        self.provider = GuideProvider(manual=resource("manual"), pace=pace)
        self.language = language
        self.messages = [ContextMessage(role=Role.SYSTEM, content="You are a helpful assistant.")]

    async def events(self) -> list[object]:
        request = ChatRequest(model=MODEL, messages=tuple(self.messages), language=self.language)
        return [event async for event in self.provider.stream(request)]

    async def ask(self, question: str) -> str:
        self.messages.append(ContextMessage(role=Role.USER, content=question))
        answer = "".join(event.text for event in await self.events() if isinstance(event, TextDelta))
        self.messages.append(ContextMessage(role=Role.ASSISTANT, content=answer))
        return answer


async def test_the_guide_quotes_the_section_it_used() -> None:
    """An answer names chapter and section and quotes the text as a blockquote."""
    answer = await Talk().ask("How do I export a session?")
    assert "*Export › Exporting to Markdown*:\n\n> Choose **File ▸ Export ▸ Markdown…**" in answer


async def test_the_first_answer_says_that_it_is_no_language_model() -> None:
    """Nobody is left to think that a model answered; it is said once."""
    talk = Talk()
    assert "not a language model" in await talk.ask("How do I export a session?")
    assert "not a language model" not in await talk.ask("How do I rename a session?")


@pytest.mark.parametrize("question", ["Who are you?", "are you an AI?", "What's your name?", "Are you ChatGPT?"])
async def test_asked_who_it_is_the_guide_says_it_plainly(question: str) -> None:
    """The question is answered at any point of the session."""
    talk = Talk()
    await talk.ask("How do I export a session?")
    assert "I am not a language model" in await talk.ask(question)


async def test_what_the_manual_does_not_say_is_not_invented() -> None:
    """The guide says honestly that there is nothing, and lists the chapters."""
    answer = await Talk().ask("What is the capital of France?")
    assert NOTHING in answer
    assert "- Export\n" in answer
    assert "> " not in answer


@pytest.mark.parametrize("question", ["What is Sobremesa?", "what does this app do", "¿Qué es Sobremesa?"])
async def test_asked_what_the_program_is_the_manual_s_first_section_answers(question: str) -> None:
    """The name of the program is in every section, so it is no word to search by."""
    answer = await Talk().ask(question)
    assert "What Sobremesa is*" in answer or "Qué es Sobremesa*" in answer


@pytest.mark.parametrize(
    "question",
    [
        "What is Sobremesa, and how do I export a session?",
        "How do I export a session? What is Sobremesa?",
        "Can I export a session and what is Sobremesa?",
    ],
)
async def test_two_questions_in_one_get_two_answers(question: str) -> None:
    """Each part is looked up by itself."""
    answer = await Talk().ask(question)
    assert "*Getting started › What Sobremesa is*:" in answer
    assert "*Export › Exporting to Markdown*:" in answer


async def test_three_questions_are_enough() -> None:
    """A long list of questions is not answered with the whole manual."""
    answer = await Talk().ask(
        "How do I export? Where is my data? What about drafts? Which shortcuts are there? Ollama?"
    )
    assert len([line for line in answer.splitlines() if line.endswith("*:")]) == 3


async def test_a_follow_up_stands_on_the_question_before() -> None:
    """Asked "and on Windows?" after a question about the data folder the guide gives the row of Windows only."""
    talk = Talk()
    assert "~/.local/share/sobremesa" in await talk.ask("Where is my data?")
    answer = await talk.ask("And on Windows?")
    assert answer.startswith("As said above, in *Your data › Where your data lives*:")
    assert "%LOCALAPPDATA%" in answer
    assert "~/.local" not in answer


async def test_without_a_question_before_the_same_words_mean_something_else() -> None:
    """The answer to a follow-up comes from the memory, not from its own words."""
    assert "As said above" not in await Talk().ask("And on Windows?")


async def test_tell_me_more_quotes_something_new_each_time() -> None:
    """Asking for more never repeats a section, and ends by saying that this was all."""
    talk = Talk()
    answers = [await talk.ask("How do I export a session?")]
    while not answers[-1].startswith("That is all"):
        assert len(answers) < 10
        answers.append(await talk.ask("tell me more"))
    headings = [line for answer in answers for line in answer.splitlines() if line.endswith("*:")]
    assert len(headings) == len(set(headings)) >= 3


async def test_a_new_subject_is_not_held_by_the_old_one() -> None:
    """A question that stands alone is answered by itself, even when it begins with "and"."""
    talk = Talk()
    await talk.ask("Where is my data?")
    assert "*Sessions › Deleting a session" in await talk.ask("And how do I delete a session?")


async def test_a_follow_up_about_the_world_is_not_answered_from_the_old_subject() -> None:
    """The memory does not turn a question about something else into one about the manual."""
    talk = Talk()
    await talk.ask("Where is my data?")
    assert NOTHING in await talk.ask("And what about dinosaurs in Patagonia?")


async def test_a_bare_follow_up_stays_with_the_section_before() -> None:
    """A question without a word of its own is about what was just said."""
    talk = Talk()
    await talk.ask("How do I export a session?")
    assert "*Export › Exporting to Markdown*" in await talk.ask("What is that?")


async def test_the_memory_is_in_the_conversation_itself() -> None:
    """Another instance, after a restart, goes on where the first one stopped."""
    talk, later = Talk(), Talk()
    await talk.ask("Where is my data?")
    later.messages = list(talk.messages)
    assert "%LOCALAPPDATA%" in await later.ask("and on Windows?")


@pytest.mark.parametrize(
    ("question", "reference"),
    [
        ("how do i add my openai key", "Providers and keys › Adding a provider"),
        ("where are my api keys stored", "Providers and keys › Where keys are kept"),
        ("can I use ollama?", "Local servers › Models on your own computer"),
        ("how do I write several lines", "Writing and sending › Writing several lines"),
        ("change the model", "Choosing a model › Changing the model in the middle of a session"),
        ("how do I stop it", "Answers and their states › Stopping an answer"),
        ("what does interrupted mean", "Answers and their states › What the states mean"),
        ("how much does it cost", "Answers and their states › The line under an answer"),
        ("i got a 429", "Errors and retries › Too many requests (429)"),
        ("undo delete", "Sessions › Deleting a session and getting it back"),
        ("exit codes", "The command line › Exit codes"),
        ("use it from python", "Python › ChatSession"),
        ("is it private?", "Privacy › What leaves your computer"),
        ("my databse is corupted", "When something is wrong with the database › The file is damaged"),
        ("is there a dark mode", "Settings › Light, dark and text size"),
        ("keyboard shortcuts", "Keyboard shortcuts › Shortcuts"),
        ("what happens when my computer crashes", "Answers and their states › After a crash"),
        ("¿Dónde están mis datos?", "Tus datos › Dónde viven tus datos"),
        ("como añado mi clave de openai", "Proveedores y claves › Añadir un proveedor"),
        ("¿qué significa interrumpida?", "Las respuestas y sus estados › Qué significan los estados"),
        ("¿cómo la detengo?", "Las respuestas y sus estados › Detener una respuesta"),
        ("deshacer el borrado", "Sesiones › Borrar una sesión y recuperarla"),
        ("¿y si se va la luz?", "Las respuestas y sus estados › Después de un fallo"),
    ],
)
async def test_people_s_own_words_find_the_right_section(question: str, reference: str) -> None:
    """Questions as people ask them, misspelt and in both languages."""
    assert f"*{reference}" in (await Talk().ask(question)).split("\n> ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_section_of_the_manual_is_found_by_its_name(language: str) -> None:
    """What "see also" names can be asked for as it is written there."""
    lost = []
    for part in read_manual(resource("manual", language)):
        answer = await Talk(language=language).ask(f"{part.chapter} › {part.name}")
        if f"*{part.reference}*:" not in answer:
            lost.append(part.reference)
    assert lost == []


async def test_the_guide_answers_in_the_language_of_the_question() -> None:
    """A Spanish question in an English window is answered in Spanish, turn by turn."""
    talk = Talk(language="en")
    assert "El manual dice en" in await talk.ask("¿Cómo exporto una sesión?")
    assert "The manual says in" in await talk.ask("How do I rename a session?")


async def test_a_word_without_language_is_answered_in_the_window_s() -> None:
    """Where the question does not tell, the window does; an unknown language falls back to English."""
    assert "El manual dice en" in await Talk(language="es").ask("Ollama")
    assert "The manual says in" in await Talk(language="tlh").ask("Ollama")


async def test_more_after_a_greeting_lists_the_chapters() -> None:
    """Where nothing was asked yet there is nothing more to tell."""
    talk = Talk()
    await talk.ask("Hello!")
    assert "- Getting started" in await talk.ask("tell me more")


@pytest.mark.parametrize(("said", "reply"), [("Hello!", "Hello!"), ("thanks", "You are welcome."), ("help", "Ask me")])
async def test_small_talk_gets_a_small_answer(said: str, reply: str) -> None:
    """Greetings and thanks are no searches."""
    assert reply in await Talk().ask(said)


async def test_an_empty_question_lists_the_chapters() -> None:
    """There is always something to go on with."""
    assert "- Getting started" in await Talk().ask("??")


async def test_the_guide_streams_in_small_pieces_and_ends_once() -> None:
    """It behaves like any provider: many small pieces, then one end, free of charge."""
    talk = Talk()
    talk.messages.append(ContextMessage(role=Role.USER, content="How do I export a session?"))
    *pieces, end = await talk.events()
    assert end == Finished(finish_reason="stop", cost=0.0, model="manual")
    assert len(pieces) > 20
    assert all(isinstance(piece, TextDelta) and 0 < len(piece.text) <= 80 for piece in pieces)


async def test_a_paced_guide_takes_its_time() -> None:
    """Text arrives at the pace it was given, not all at once."""
    talk = Talk(pace=1000.0)
    started = asyncio.get_running_loop().time()
    await talk.ask("How do I export a session?")
    assert asyncio.get_running_loop().time() - started > 0.02


async def test_a_begun_answer_goes_on_where_it_ends() -> None:
    """Continue sends the text so far as the last message, and gets only the rest."""
    whole, half = Talk(), Talk()
    text = await whole.ask("How do I export a session?")
    begun = text[:100]
    half.messages += [whole.messages[1], ContextMessage(role=Role.ASSISTANT, content=begun)]
    rest = "".join(event.text for event in await half.events() if isinstance(event, TextDelta))
    assert begun.rstrip() + rest == text


async def test_a_begun_answer_of_another_model_is_answered_in_full() -> None:
    """What the guide has not written it cannot continue; it answers the question instead."""
    talk = Talk()
    talk.messages += [
        ContextMessage(role=Role.USER, content="How do I export a session?"),
        ContextMessage(role=Role.ASSISTANT, content="Well, let me"),
    ]
    text = "".join(event.text for event in await talk.events() if isinstance(event, TextDelta))
    assert "*Export › Exporting to Markdown*" in text


async def test_without_a_manual_the_guide_still_answers() -> None:
    """A missing folder is no crash: the guide says that it found nothing."""
    provider = GuideProvider(manual=Path("no such folder"), pace=0)
    messages = (ContextMessage(role=Role.USER, content="export"),)
    events = [event async for event in provider.stream(ChatRequest(model=MODEL, messages=messages))]
    assert isinstance(events[-1], Finished)


async def test_stopping_ends_the_stream_at_once() -> None:
    """Closing the stream leaves nothing running."""
    stream = GuideProvider(manual=resource("manual"), pace=1.0).stream(
        ChatRequest(model=MODEL, messages=(ContextMessage(role=Role.USER, content="export"),))
    )
    assert isinstance(await anext(stream), TextDelta)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


def test_a_request_without_a_question_is_an_empty_conversation() -> None:
    """A system prompt alone asks nothing."""
    assert read_conversation([ContextMessage(role=Role.SYSTEM, content="Be brief.")]) == Conversation(question="")


def test_a_quotation_keeps_empty_lines_inside() -> None:
    """Every line is quoted, so that the quotation does not break in two."""
    assert quote("one\n\ntwo") == "> one\n>\n> two"


def test_narrow_keeps_what_holds_the_words() -> None:
    """Paragraphs, list items and rows that fit are kept, the heading of a table with them."""
    text = "Eggs are round.\n\n- an egg\n- a stone\n\n| thing | use |\n|---|---|\n| egg | food |\n| stone | wall |"
    kept = narrow(text, ["egg"], ENGLISH)
    assert kept == "Eggs are round.\n\n- an egg\n\n| thing | use |\n|---|---|\n| egg | food |"


@pytest.mark.parametrize("text", ["```\negg\n```\n\nmore", "nothing of the kind"])
def test_narrow_leaves_code_and_what_does_not_fit_whole(text: str) -> None:
    """Code is not cut, and a section is not cut to nothing."""
    assert narrow(text, ["egg"], ENGLISH) == text


@pytest.mark.parametrize(
    ("question", "reference"),
    [
        ("how do I delete a conversation", "Sessions › Deleting a session and getting it back"),
        ("empty the trash", "Sessions › Emptying the trash"),
        ("permanently delete a chat", "Sessions › Emptying the trash"),
        ("how do I search", "Sessions › Finding a session"),
        ("does it send my data anywhere", "Privacy › What leaves your computer"),
        ("is it free", "Getting started › What Sobremesa is"),
        ("export to pdf", "Export › Other formats"),
        ("attach a file", "Writing and sending › Files and pictures"),
        ("what is the context meter", "Choosing a model › What is sent to the model"),
        ("models are not listed", "Choosing a model › The model picker"),
        ("what is a provider", "Providers and keys › Adding a provider"),
        ("how to back up", "Your data › Copying and backing up"),
        ("use from the command line", "The command line › Asking from a terminal"),
        ("vaciar la papelera", "Sesiones › Vaciar la papelera"),
        ("¿es gratis?", "Primeros pasos › Qué es Sobremesa"),
        ("¿puedo adjuntar un archivo?", "Escribir y enviar › Archivos e imágenes"),
        ("How do I search everything?", "Sessions › Finding a session"),
        ("How do I save a search?", "Sessions › Finding a session"),
        ("Where is the search of everything?", "Sessions › Finding a session"),
        ("How do I repair the index?", "When something is wrong with the database › Checking and repairing the index"),
        ("¿Cómo busco en todo?", "Sesiones › Encontrar una sesión"),
        ("¿Cómo guardo una búsqueda?", "Sesiones › Encontrar una sesión"),
        ("¿Dónde está la búsqueda en todo?", "Sesiones › Encontrar una sesión"),
        ("¿Cómo reparo el índice?", "Cuando algo va mal con la base de datos › Comprobar y reparar el índice"),
    ],
)
async def test_what_new_people_ask_first_is_answered(question: str, reference: str) -> None:
    """Also what the program cannot do is said where somebody asks for it."""
    assert f"*{reference}" in (await Talk().ask(question)).split("\n> ")[0]
