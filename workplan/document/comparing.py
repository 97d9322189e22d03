"""What a plan that comes in would change of one that is here."""

from __future__ import annotations

from dataclasses import dataclass, field

from workplan.document.elements import Element, Elements, Key, Values
from workplan.document.kinds import PLAN
from workplan.document.tree import walked


@dataclass(frozen=True)
class Difference:
    """An element that is new (`known` None), or says something else than the one that is here."""

    element: Element
    known: Element | None
    before: Values
    after: Values

    @property
    def key(self) -> Key:
        """Of the element that is here. Raises ValueError for a new one."""
        if self.known is None or self.known.key is None:
            raise ValueError("nothing here has this number")
        return self.known.key


@dataclass
class Comparison:
    """`absent`: what is here and not in the file. It stays."""

    new: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    absent: list[Element] = field(default_factory=list)
    same: int = 0


def compared(elements: Elements, root: Element) -> Comparison:
    """In: what is here; {} for a plan that is not. Out: the differences, from the whole to its parts."""
    here = {(element.kind, element.number): element for element in elements.values()}
    found = Comparison()
    for element in walked(root):
        known = here.pop((element.kind, element.number), None)
        if known is None:
            found.new.append(Difference(element, None, {}, element.values))
            continue
        after = {
            name: value
            for name, value in element.values.items()
            if (element.said is None or name in element.said) and value != known.values.get(name)
        }
        if element.kind == PLAN:
            after.pop("code", None)
        if after:
            before = {name: known.values[name] for name in after}
            found.changed.append(Difference(element, known, before, after))
        else:
            found.same += 1
    found.absent = list(here.values())
    return found
