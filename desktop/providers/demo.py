"""What the demo's model says: the scripts behind `--demo` and the pictures, one for each thing that can be seen."""

from desktop.domain.events import Finished
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Usage
from desktop.providers.scripted import Fail, Say, Script, ScriptedProvider, Think

DEMO_PACE = 84.0

TRIM_QUESTION = "How do I trim a long history without losing facts?"
TRIM_THINKING = """\
The context window is finite, and cutting the oldest turns loses whatever was agreed in them. So the budget has to be \
spent from the newest message backwards, and what falls out needs another place.

Counting tokens again for every request would cost more than the request: the length of a message never changes, so it \
can be stored with it. A summary of what was left out keeps the facts; renewing it every ten messages keeps it cheap."""
TRIM_ANSWER = """\
Keep the system prompt fixed, count each message **once**, and walk backwards until the budget is spent. What falls \
out goes into a running summary:

```python
def fit(messages, budget, summary):
    kept, used = [], summary.tokens
    for message in reversed(messages):
        if used + message.tokens > budget:
            break                     # the rest is in the summary
        kept.append(message); used += message.tokens
    return [summary, *reversed(kept)]
```

| Strategy | Keeps facts | Cost per turn |
|---|---|---|
| Last N turns | no | O(1) |
| Token window | no | O(kept) |
| Window + summary | yes | O(kept), one call in ten |
"""
TRIM_FIRST_VERSION = """\
Send only the last N turns. It is simple and cheap, but whatever was agreed before them is gone.
"""
TRIM_LAST_VERSION = """\
Keep a window of tokens, and let the model look up older messages by search when it needs them.
"""
WRONG_QUESTION = "And if the summary itself is wrong?"
WRONG_ANSWER = """\
Then show it. A summary the user can open, edit and pin is a note, not a verdict: a mistake in it is seen before it \
spreads.

1. **Keep the originals.** Messages are left out of the request, never deleted, so a summary can always be made again.
2. **Say what it covers.** "Turns 1 to 24" under the summary tells where to look when something is missing.
3. **Pin facts.** A line the user has pinned is copied, not summarised:

   > Budget: 1,200 € for five days. Vegetarian. No flights.

4. **Renew it from the text**, not from the last summary; otherwise errors add up like copies of copies.
"""

TOUR = """\
This is the demo: a model with a script. Nothing leaves your computer.

Try one of these, word for word or nearly:

- *And if the summary itself is wrong?* streams an answer with a list and a quotation
- *Show me code* has a block to copy, and thinking that folds
- *Show me a table* has a table
- *Hit the rate limit* shows a pause with a countdown
- *Break off* shows an interrupted answer, with Continue
- *Use a wrong key* shows an error card

Everything else is said back to you.
"""
CODE_ANSWER = """\
A function that takes the longest streak of days out of a list of dates:

```python
from datetime import date, timedelta


def longest_streak(days: set[date]) -> int:
    longest = 0
    for day in days:
        if day - timedelta(days=1) in days:
            continue                  # not the first day of a streak
        length = 1
        while day + timedelta(days=length) in days:
            length += 1
        longest = max(longest, length)
    return longest
```

It looks at every day at most twice, so it stays quick for `1_000_000` days.
"""
TABLE_ANSWER = """\
| Dish | For 4 | For 11 |
|---|---:|---:|
| Rice | 320 g | 880 g |
| Stock | 900 ml | 2.5 l |
| Saffron | 1 pinch | 3 pinches |
"""

_LIMIT = Fault(
    kind=FaultKind.RATE_LIMIT,
    status=429,
    words="rate_limit_error: This request would exceed your organization's rate limit of 40,000 input tokens per "
    "minute.",
    retry_after_s=7.0,
)
_KEY = Fault(kind=FaultKind.AUTHENTICATION, status=401, words="authentication_error: invalid x-api-key")


def _priced(input_tokens: int, output_tokens: int, reasoning: int = 0) -> Finished:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, reasoning_tokens=reasoning)
    return Finished(usage=usage, cost=input_tokens * 3e-6 + output_tokens * 15e-6)


DEMO_SCRIPTS: tuple[Script, ...] = (
    Script(when="summary itself is wrong", steps=(Say(WRONG_ANSWER),), ending=_priced(2108, 214)),
    Script(when="without losing facts", steps=(Think(TRIM_THINKING), Say(TRIM_ANSWER)), ending=_priced(1284, 824, 612)),
    Script(
        when="show me code",
        steps=(Think("A set answers membership at once; only first days need counting."), Say(CODE_ANSWER)),
        ending=_priced(412, 236, 48),
    ),
    Script(when="show me a table", steps=(Say(TABLE_ANSWER),), ending=_priced(388, 74)),
    Script(when="rate limit", times=1, steps=(Fail(_LIMIT),)),
    Script(when="rate limit", steps=(Say("And here is the answer, after the pause the provider asked for.\n"),)),
    Script(when="break off", times=1, steps=(Say("This answer ends in the middle of a"),), ending=None),
    Script(
        when="break off", steps=(Say("This answer ends in the middle of a sentence, and then goes on to its end.\n"),)
    ),
    Script(when="wrong key", steps=(Fail(_KEY),)),
    Script(when="demo", steps=(Say(TOUR),)),
    Script(when="hello", steps=(Say(TOUR),)),
    Script(when="hola", steps=(Say(TOUR),)),
)


def demo_provider(*, pace: float = DEMO_PACE) -> ScriptedProvider:
    """Return the demo's model, writing at the pace of a quick provider."""
    return ScriptedProvider(scripts=DEMO_SCRIPTS, pace=pace)
