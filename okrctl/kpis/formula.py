"""The parser for formulas of KPIs, which reports every error with its column."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from okrctl.kpis.expression import Binary, Formula, Name, Negative, Node, Number, Operator, names_in
from okrctl.values import quantity
from okrctl.values.quantity import truncate

MAX_LENGTH = 2000
MAX_DEPTH = 64
MAX_OPERANDS = 200


class FormulaError(ValueError):
    """An invalid formula: what is wrong, its first character (from 1), how many characters, and how to fix it."""

    def __init__(self, message: str, column: int, length: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.length = length
        self.hint = hint


@lru_cache(maxsize=1024)
def parse(text: str) -> Formula:
    """The formula in a text: `+ - * / ( )`, numbers and ids of KPIs.

    A hyphen belongs to a name where it is between two of its characters (`a-b` is a name); everywhere else it
    subtracts (`a - b`, `a -b`). Raises FormulaError.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"a formula of {len(text)} characters is too long", MAX_LENGTH + 1, 1, f"at most {MAX_LENGTH}"
        )
    reader = _Parser(text)
    root = reader.expression(1)
    if reader.current.kind != "end":
        raise reader.unexpected_token()
    return Formula(text, root, tuple(names_in(root)))


class _Token(NamedTuple):
    kind: str
    text: str
    column: int

    @property
    def end(self) -> int:
        return self.column + len(self.text)


# Digits and hyphens alone are arithmetic; with a letter among them they are a name: 7-2, but 7-day-users.
_TOKEN = re.compile(
    r"(?P<number>[0-9]*\.[0-9]+(?:[eE][0-9]+|[kKMB]\b|bn\b)?|[0-9]+(?![\w-]*[^\W0-9])(?!\.[0-9]))"
    r"|(?P<name>\w+(?:-+\w+)*)"
    r"|(?P<operator>[-+*/()])"
    r"|(?P<other>\S)"
)
_SHORTHAND = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][0-9]+|[kKMB]|bn)")
_PRECEDENCE: dict[str, int] = {"+": 1, "-": 1, "*": 2, "/": 2}
_OPERATORS: dict[str, Operator] = {"+": "+", "-": "-", "*": "*", "/": "/"}

_UNKNOWN_CHARACTERS: dict[str, tuple[str, str]] = {
    "–": ("an en dash", "write - with spaces around it"),
    "—": ("an em dash", "write - with spaces around it"),
    "−": ("a minus sign from a word processor", "write - with spaces around it"),
    "‐": ("a typographic hyphen", "write - with spaces around it"),
    "‑": ("a non-breaking hyphen", "write -"),
    "×": ("a multiplication sign", "write *"),
    "·": ("a multiplication dot", "write *"),
    "∙": ("a multiplication dot", "write *"),
    "⋅": ("a multiplication dot", "write *"),
    "∗": ("a typographic asterisk", "write *"),
    "÷": ("a division sign", "write /"),
    ":": ("a colon", "write / to divide"),
    "∕": ("a division slash", "write /"),
    "⁄": ("a fraction slash", "write /"),
    "^": ("a power", "multiply the operand by itself"),
    "%": ("a percent sign", "write 0.05 for 5 %"),
    "=": ("an equals sign", "write only what stands to the right of it"),
    ",": ("a comma", "write 1000 for 1,000 and 0.5 for 0,5"),
    "[": ("a square bracket", "write ("),
    "]": ("a square bracket", "write )"),
    "{": ("a brace", "write ("),
    "}": ("a brace", "write )"),
}
_SYNTAX_HINT = "a formula has + - * / ( ), numbers and ids of KPIs"


class _Parser:
    """A precedence climbing parser."""

    def __init__(self, text: str) -> None:
        self.tokens = [_Token(m.lastgroup or "", m[0], m.start() + 1) for m in _TOKEN.finditer(text)]
        self.tokens.append(_Token("end", "", len(text.rstrip()) + 1))
        self.position = 0
        self.depth = 0
        self.operands = 0

    @property
    def current(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def expression(self, least: int) -> Node:
        """An operand with the operators behind it whose precedence is at least `least`."""
        left, start, _ = self.operand()
        while self.current.kind == "operator" and _PRECEDENCE.get(self.current.text, 0) >= least:
            operator = self.take().text
            right = self.expression(_PRECEDENCE[operator] + 1)
            left = Binary(_OPERATORS[operator], left, right, start, self.tokens[self.position - 1].end - start)
        return left

    def operand(self) -> tuple[Node, int, int]:
        """A number, a name, a negative or a group, with the columns where its text begins and ends."""
        token = self.current
        if token.kind in ("number", "name"):
            node = self.leaf()
        elif token.text == "-":
            node = self.negative()
        elif token.text == "(":
            node = self.group()
        else:
            raise self.missing_operand()
        return node, token.column, self.tokens[self.position - 1].end

    def leaf(self) -> Node:
        token = self.take()
        self.operands += 1
        if self.operands > MAX_OPERANDS:
            raise FormulaError(
                f"more than {MAX_OPERANDS} operands",
                token.column,
                len(token.text),
                "move parts of it to KPIs of their own",
            )
        shorthand = bool(_SHORTHAND.fullmatch(token.text))
        if token.kind == "name" and not shorthand:
            return Name(token.text, token.column, len(token.text))
        try:
            value = quantity.parse(token.text).number
        except quantity.QuantityError as error:
            raise self.error_at(token, error.message, error.hint) from None
        if shorthand:
            hint = f"write {quantity.format_number(value)}"
            raise self.error_at(token, f"'{token.text}' is not a plain number", hint)
        return Number(value, token.column, len(token.text))

    def negative(self) -> Node:
        token = self.enter()
        operand, _, end = self.operand()
        self.depth -= 1
        return Negative(operand, token.column, end - token.column)

    def group(self) -> Node:
        opening = self.enter()
        if self.current.text == ")":
            raise FormulaError(
                "nothing between the parentheses", opening.column, self.current.end - opening.column, _SYNTAX_HINT
            )
        node = self.expression(1)
        if self.current.kind == "end":
            raise self.error_at(opening, "this '(' is never closed", "add a ')'")
        if self.current.text != ")":
            raise self.unexpected_token()
        self.take()
        self.depth -= 1
        return node

    def enter(self) -> _Token:
        token = self.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error_at(token, f"nested more than {MAX_DEPTH} deep", "move parts of it to KPIs of their own")
        return token

    def missing_operand(self) -> FormulaError:
        """The error for a place where an operand is missing."""
        token = self.current
        if token.kind == "other":
            return self.unknown_character(token)
        before = self.tokens[self.position - 1] if self.position else None
        if token.kind == "end":
            if before is None:
                return self.error_at(token, "the formula is empty", _SYNTAX_HINT)
            return self.error_at(before, f"nothing follows '{before.text}'", "add a number or the id of a KPI")
        if before is None or token.text == ")":
            return self.error_at(
                token, f"an operand is missing before '{token.text}'", "add a number or the id of a KPI"
            )
        if before.text + token.text == "**":
            return self.error_at(token, "'**' is a power", "multiply the operand by itself")
        return self.error_at(
            token, f"'{token.text}' follows '{before.text}' without an operand between", "keep one of them"
        )

    def unexpected_token(self) -> FormulaError:
        """The error for a token where an operator or the end was expected."""
        token = self.current
        before = self.tokens[self.position - 1]
        if token.kind == "other":
            return self.unknown_character(token)
        if token.text == ")":
            return self.error_at(token, "this ')' has no matching '('", "remove it, or add a '('")
        if token.text in ("x", "X"):
            return self.error_at(
                token, f"'{token.text}' is a letter where an operator is expected", "write * to multiply"
            )
        if token.text == "(" and before.kind == "name":
            return self.error_at(before, f"there is no function '{before.text}'", _SYNTAX_HINT)
        return self.error_at(
            token, f"an operator is missing before '{truncate(token.text)}'", "write +, -, * or / between them"
        )

    def unknown_character(self, token: _Token) -> FormulaError:
        what, hint = _UNKNOWN_CHARACTERS.get(token.text, ("not allowed in a formula", _SYNTAX_HINT))
        before = self.tokens[self.position - 1] if self.position else None
        if token.text == "%" and before and before.kind == "number":
            hint = f"write {_percent_as_decimal(before.text)}"
        shown = token.text if token.text.isprintable() else f"U+{ord(token.text):04X}"
        return self.error_at(token, f"'{shown}' is {what}", hint)

    @staticmethod
    def error_at(token: _Token, message: str, hint: str) -> FormulaError:
        return FormulaError(message, token.column, max(len(token.text), 1), hint)


def _percent_as_decimal(digits: str) -> str:
    return (
        quantity.format_number(quantity.parse(digits).number / 100, places=quantity.MAX_DIGITS + 2)
        .rstrip("0")
        .rstrip(".")
    )
