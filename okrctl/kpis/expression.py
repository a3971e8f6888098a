"""A formula as a tree, evaluated in exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from okrctl.values import quantity
from okrctl.values.quantity import truncate

# KPIs may square each other in a chain, which doubles the digits at every step.
MAX_BITS = 2**13

Operator = Literal["+", "-", "*", "/"]


class FormulaValueError(ValueError):
    """A formula without a value: a missing input, a division by zero, or a number of too many digits.

    `names` are the inputs that cause it: the missing ones, or those of the denominator.
    """

    def __init__(self, message: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.names = names


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a formula."""

    value: Fraction
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a KPI in a formula."""

    id: str
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus in front of an operand."""

    operand: Node
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and their operator; column and length reach from the left operand to the right one."""

    operator: Operator
    left: Node
    right: Node
    column: int
    length: int


Node = Number | Name | Negative | Binary


@dataclass(frozen=True)
class Formula:
    """A formula as written, its tree, and every mention of a KPI in the order of the text."""

    text: str
    root: Node
    mentions: tuple[Name, ...]

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The first mention of each KPI."""
        first: dict[str, Name] = {}
        for name in self.mentions:
            first.setdefault(name.id, name)
        return tuple(first.values())

    def evaluate(self, values: Mapping[str, Fraction]) -> Fraction:
        """The value of the formula for these values of its KPIs. Raises FormulaValueError."""
        missing = tuple(name.id for name in self.names if name.id not in values)
        if missing:
            raise FormulaValueError("no value of " + ", ".join(missing), missing)
        return self._evaluate(self.root, values)

    def show(self, values: Mapping[str, Fraction]) -> str:
        """The formula as written, with numbers in place of the names that have a value."""
        parts: list[str] = []
        end = 0
        for name in self.mentions:
            parts.append(self.text[end : name.column - 1])
            end = name.column - 1 + name.length
            parts.append(_format(values[name.id]) if name.id in values else name.id)
        return "".join((*parts, self.text[end:]))

    def source(self, node: Node) -> str:
        """The text of one part of the formula."""
        return self.text[node.column - 1 : node.column - 1 + node.length]

    def _evaluate(self, node: Node, values: Mapping[str, Fraction]) -> Fraction:
        match node:
            case Number():
                return node.value
            case Name():
                return values[node.id]
            case Negative():
                return -self._evaluate(node.operand, values)
        return self._apply_operator(node, self._evaluate(node.left, values), self._evaluate(node.right, values))

    def _apply_operator(self, node: Binary, left: Fraction, right: Fraction) -> Fraction:
        if node.operator == "/":
            if not right:
                names = tuple(dict.fromkeys(name.id for name in names_in(node.right)))
                raise FormulaValueError(f"division by zero: {truncate(self.source(node.right))} is 0", names)
            value = left / right
        elif node.operator == "*":
            value = left * right
        else:
            value = left + right if node.operator == "+" else left - right
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise FormulaValueError(f"{truncate(self.source(node))} has too many digits to compute with")
        return value


def names_in(node: Node) -> list[Name]:
    """Every mention of a KPI below this node, from left to right."""
    match node:
        case Name():
            return [node]
        case Negative():
            return names_in(node.operand)
        case Binary():
            return names_in(node.left) + names_in(node.right)
    return []


def _format(value: Fraction) -> str:
    text = quantity.format_number(value)
    return f"({text})" if text.startswith("-") else text
