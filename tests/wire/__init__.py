"""Loopback servers that speak what four kinds of providers document, with faults on demand.

A `WireServer` runs in a thread with a loop of its own, so a test, a benchmark or another process can use it::

    with WireServer(OpenAIWire(), Script(text=("Hello", " there"))) as server:
        ...  # server.base is what LiteLLM wants as `api_base`
        server.requests[0].body["messages"]

Without Python around it: `python -m tests.wire.openai --port 8123 --rate 50`.
"""
