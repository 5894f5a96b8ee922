"""The sessions that `--demo` shows: short conversations that could be anyone's, at times relative to now.

Plain values; `demo.py` writes them into a store.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from desktop.domain.messages import Usage
from desktop.providers import demo

CLAUDE = "anthropic/claude-sonnet-4-5"
GEMINI = "gemini/gemini-2.5-flash"
LOCAL = "ollama/qwen3:32b"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAnswer:
    """One version of an answer, with what a provider tells about it."""

    text: str
    thinking: str = ""
    thinking_ms: int = 0
    usage: Usage
    cost: float | None = None
    response_time_ms: int = 2400


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTurn:
    """A question and the versions of its answer; `chosen` (from 0) is the one that is shown."""

    question: str
    answers: tuple[DemoAnswer, ...]
    chosen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSession:
    """One session as it shall stand in the sidebar; `at` is its last change, in UTC milliseconds."""

    title: str
    model: str
    at: int
    turns: tuple[DemoTurn, ...]
    pinned: bool = False
    archived: bool = False
    resolved: bool = False
    folder: str = ""
    tags: tuple[str, ...] = ()


FOLDERS = (("Work", "", "red"), ("Store layer", "Work", ""), ("Home", "", "green"))
"""Name, the folder that it lies in, and colour."""


def demo_sessions(now: datetime) -> tuple[DemoSession, ...]:
    """Return the sessions, newest first after the pinned one. `now` is a local time that knows its zone."""

    def ago(days: int, hour: int, minute: int) -> int:
        day = (now - timedelta(days=days)).date()
        return _utc_ms(datetime.combine(day, time(hour, minute), tzinfo=now.tzinfo))

    trim = DemoTurn(
        question=demo.TRIM_QUESTION,
        answers=(
            _answer(demo.TRIM_FIRST_VERSION, 1284, 24, cost=0.0042, milliseconds=1100),
            DemoAnswer(
                text=demo.TRIM_ANSWER,
                thinking=demo.TRIM_THINKING,
                thinking_ms=4000,
                usage=Usage(input_tokens=1284, output_tokens=824, reasoning_tokens=612),
                cost=0.0061,
                response_time_ms=7200,
            ),
            _answer(demo.TRIM_LAST_VERSION, 1284, 22, cost=0.0042, milliseconds=1000),
        ),
        chosen=1,
    )
    return (
        _session("Weekend events in Newton", GEMINI, ago(2, 18, 30), _EVENTS, pinned=True, tags=("travel",)),
        DemoSession(
            title="Trim history without losing facts",
            model=CLAUDE,
            at=_utc_ms(now - timedelta(minutes=1)),
            turns=(trim,),
            folder="Work",
            tags=("python",),
        ),
        _session("Ownership in Rust, explained with books", CLAUDE, _utc_ms(now - timedelta(minutes=73)), _RUST),
        _session("Carta al casero (borrador)", CLAUDE, ago(1, 19, 55), _LETTER),
        _session("SQL: top N per group", LOCAL, ago(1, 16, 20), _SQL, folder="Work", resolved=True),
        _session(
            "What is FastAPI's dependency injection good for?",
            LOCAL,
            ago(1, 11, 41),
            _FASTAPI,
            folder="Work",
            tags=("python",),
        ),
        _session("Trip plan: Oaxaca, five days", GEMINI, ago(3, 20, 5), _OAXACA, tags=("travel",)),
        _session(
            "Refactor notes: store layer", CLAUDE, ago(4, 15, 12), _REFACTOR, folder="Store layer", tags=("python",)
        ),
        _session("Recipe scaling, 4 → 11 people", GEMINI, ago(5, 12, 48), _RECIPE, folder="Home"),
        _session("Thesis chapter 2 feedback", CLAUDE, ago(24, 17, 31), _THESIS),
        _session("Kitchen light wiring", GEMINI, ago(31, 10, 22), _WIRING, folder="Home"),
        _session("Packing list for the hut", GEMINI, ago(64, 19, 3), _PACKING, archived=True, tags=("travel",)),
        _session("Sleep and blue light", LOCAL, ago(77, 22, 40), _SLEEP, archived=True),
    )


def _utc_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _answer(text: str, sent: int, received: int, *, cost: float | None, milliseconds: int = 2400) -> DemoAnswer:
    usage = Usage(input_tokens=sent, output_tokens=received)
    return DemoAnswer(text=text, usage=usage, cost=cost, response_time_ms=milliseconds)


def _session(title: str, model: str, at: int, talk: tuple[str, str], **more: Any) -> DemoSession:
    question, text = talk
    local = model == LOCAL
    sent, received = 40 + len(question) // 4, len(text) // 4
    answer = _answer(text, sent, received, cost=0.0 if local else sent * 3e-6 + received * 15e-6)
    return DemoSession(title=title, model=model, at=at, turns=(DemoTurn(question=question, answers=(answer,)),), **more)


_EVENTS = (
    "What could we do in Newton at the weekend, with two children?",
    """\
Three things that usually suit children of different ages:

- **Saturday morning:** the farmers' market, and the playground behind it
- **Saturday afternoon:** a puppet show at the library; seats are free, but few
- **Sunday:** a walk along the aqueduct, flat enough for a pushchair

Ask the library about the show before you set out: such dates change.
""",
)
_RUST = (
    "Explain ownership in Rust with library books.",
    """\
- **Owning:** the book is yours. When you move away (the scope ends), it goes.
- **Moving:** you give the book to a friend. Now *they* have it, and you cannot read it any more.
- **Borrowing (`&book`):** many may read it at once, as long as nobody writes in it.
- **Borrowing mutably (`&mut book`):** one person has a pencil, and until they are done nobody else even looks.

The compiler is the librarian who remembers who has which book.
""",
)
_LETTER = (
    "Escribe una carta breve al casero: la caldera lleva una semana sin funcionar.",
    """\
Estimado señor Ortega:

Le escribo porque la caldera de la vivienda **lleva siete días sin funcionar** y no tenemos agua caliente ni \
calefacción. Le avisé por teléfono el lunes.

Le ruego que envíe a un técnico antes del viernes. Si le viene mejor, puedo llamarlo yo y descontar la factura del \
próximo recibo.

Un saludo cordial,
""",
)
_SQL = (
    "Top 3 orders per customer in SQL?",
    """\
Number the rows within each customer, then keep the first three:

```sql
SELECT customer_id, id, total
FROM (
    SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC, id) AS place
    FROM orders
)
WHERE place <= 3;
```

Use `rank()` instead where ties should share a place.
""",
)
_FASTAPI = (
    "What is FastAPI's dependency injection good for?",
    """\
For what many endpoints need and none should build: a database session, the signed-in user, paging. You declare it as \
a parameter, FastAPI calls it once per request, and a test replaces it with `app.dependency_overrides`.
""",
)
_OAXACA = (
    "Five days in Oaxaca, slow, with good food.",
    """\
| Day | Where | Eat |
|---|---|---|
| 1 | Centre, Santo Domingo | tlayudas at the night stalls |
| 2 | Monte Albán early, then rest | mole negro |
| 3 | Teotitlán, weavers | chocolate with water |
| 4 | Hierve el Agua | quesillo on the way |
| 5 | Markets, Jalatlaco | nieves de leche quemada |
""",
)
_REFACTOR = (
    "How would you split a store class of 900 lines?",
    """\
1. List its callers; each group of callers is a face it should have.
2. Move SQL into functions that take a connection, one module per subject.
3. Leave a thin class that owns threads and transactions, and nothing else.

Do it in this order, with the tests green after each step.
""",
)
_RECIPE = (
    "My paella is for 4. We are 11.",
    """\
Multiply by 2.75: **880 g rice, 2.5 l stock, 3 pinches of saffron**. Do not multiply the time; use two pans instead, \
since the layer of rice must stay thin.
""",
)
_THESIS = (
    "What is weak about this outline of chapter 2?",
    """\
The question appears only on the fourth page. Start with it, then say why the two older answers fail, and keep the \
history of the field for an appendix.
""",
)
_WIRING = (
    "One lamp, two switches: how is that wired?",
    """\
With two changeover switches: the line goes to the common terminal of the first, two travellers connect both switches, \
and the common terminal of the second goes to the lamp. **Switch the fuse off first**, and have an electrician check it.
""",
)
_PACKING = (
    "Two nights in a hut, October. What do I forget?",
    """\
The usual three: a **sleeping bag liner** (most huts ask for one), **cash**, and a torch for the way to the wash house.
""",
)
_SLEEP = (
    "Does blue light in the evening really matter?",
    """\
Somewhat. Brightness matters more than colour: dim the room, and the screen with it, an hour before you go to bed.
""",
)
