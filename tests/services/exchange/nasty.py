"""Texts that try to break out of the place they are given in a document."""

from hypothesis import strategies as st

PIECES = [
    *("```", "~~~", "````", "   ```", "    ```", "```python", "~~~~ x", "`", "``"),
    *("<b>", "</b>", "<br>", "<details>", "</details>", "<script>", "<!--", "-->", "<!-- /text -->", "<div", "<T>"),
    *("<?php", "<![CDATA[", "]]>", "<pre>", "a < b", "<https://example.org>", "&lt;", "\\", "[x]: /y", '[x]: /y "'),
    *("- item", "  - deeper", "1. one", "> quote", ">> two", "| a | b |", "|---|---|", "# head", "===", "---", "\t"),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "    ",
        "word",
        "é",
        "日本語",
        "🙂",
        "\x00",
        "\u2028",
        "<a href=x>",
        "*",
        "_",
        "$",
    ),
]
NASTY = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=24).map("".join) | st.lists(
    st.sampled_from(PIECES), max_size=16
).map("\n".join)
