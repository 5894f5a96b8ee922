"""Which widget shows which kind of part. A new kind of block is a new line here and a file in `blocks/`."""

from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.card import CardBlock
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.day import DayBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.formula import FormulaBlock
from desktop.ui.transcript.blocks.header import HeaderBlock
from desktop.ui.transcript.blocks.image import ImageBlock
from desktop.ui.transcript.blocks.plain import PlainBlock
from desktop.ui.transcript.blocks.rule import RuleBlock
from desktop.ui.transcript.blocks.table import TableBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.blocks.thinking import ThoughtHead
from desktop.ui.transcript.blocks.tool import ToolBlock
from desktop.ui.transcript.parts import Kind
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Workshop


def make_block(kind: Kind, *, style: Style, parent: QWidget, workshop: Workshop) -> BlockWidget:
    """Build a widget for a kind of part, hidden."""
    match kind:
        case Kind.DAY:
            made: BlockWidget = DayBlock(style=style, parent=parent)
        case Kind.HEADER:
            made = HeaderBlock(style=style, parent=parent)
        case Kind.THOUGHT_HEAD:
            made = ThoughtHead(style=style, parent=parent)
        case Kind.TEXT | Kind.THOUGHT:
            made = TextBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.CODE:
            made = CodeBlock(style=style, parent=parent, workshop=workshop)
        case Kind.TABLE:
            made = TableBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.FORMULA:
            made = FormulaBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.IMAGE:
            made = ImageBlock(style=style, parent=parent)
        case Kind.PLAIN:
            made = PlainBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.TOOL:
            made = ToolBlock(style=style, parent=parent, workshop=workshop)
        case Kind.RULE:
            made = RuleBlock(style=style, parent=parent)
        case Kind.CARD:
            made = CardBlock(style=style, parent=parent)
        case Kind.FOOTER:
            made = FooterBlock(style=style, parent=parent)
    made.hide()
    return made
