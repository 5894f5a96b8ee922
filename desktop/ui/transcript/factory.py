"""Which widget shows which kind of part. A new kind of block is a new line here and a file in `blocks/`."""

from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.card import CardBlock
from desktop.ui.transcript.blocks.citations import CitationsBlock
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.day import DayBlock
from desktop.ui.transcript.blocks.follow_ups import FollowUpsBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.formula import FormulaBlock
from desktop.ui.transcript.blocks.header import HeaderBlock
from desktop.ui.transcript.blocks.image import ImageBlock
from desktop.ui.transcript.blocks.plain import PlainBlock
from desktop.ui.transcript.blocks.rule import RuleBlock
from desktop.ui.transcript.blocks.summary import SummaryBlock
from desktop.ui.transcript.blocks.table import TableBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.blocks.thinking import ThoughtHead
from desktop.ui.transcript.blocks.tool import ToolBlock
from desktop.ui.transcript.parts import Kind
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Workshop

_SIMPLE: dict[Kind, type[BlockWidget]] = {
    Kind.DAY: DayBlock,
    Kind.HEADER: HeaderBlock,
    Kind.THOUGHT_HEAD: ThoughtHead,
    Kind.IMAGE: ImageBlock,
    Kind.RULE: RuleBlock,
    Kind.CARD: CardBlock,
    Kind.FOOTER: FooterBlock,
    Kind.FOLLOW_UPS: FollowUpsBlock,
}


def make_block(kind: Kind, *, style: Style, parent: QWidget, workshop: Workshop) -> BlockWidget:
    """Build a widget for a kind of part, hidden."""
    simple = _SIMPLE.get(kind)
    made = simple(style=style, parent=parent) if simple is not None else _worked(kind, style, parent, workshop)
    made.hide()
    return made


def _worked(kind: Kind, style: Style, parent: QWidget, workshop: Workshop) -> BlockWidget:
    match kind:
        case Kind.CODE:
            return CodeBlock(style=style, parent=parent, workshop=workshop)
        case Kind.TABLE:
            return TableBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.FORMULA:
            return FormulaBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.PLAIN:
            return PlainBlock(style=style, parent=parent, formulas=workshop.formulas)
        case Kind.TOOL:
            return ToolBlock(style=style, parent=parent, workshop=workshop)
        case Kind.CITATIONS:
            return CitationsBlock(style=style, parent=parent, workshop=workshop)
        case Kind.SUMMARY:
            return SummaryBlock(
                style=style,
                parent=parent,
                workshop=workshop,
                make=lambda kind, owner: make_block(kind, style=style, parent=owner, workshop=workshop),
            )
        case _:
            return TextBlock(style=style, parent=parent, formulas=workshop.formulas)
