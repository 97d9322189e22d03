"""Reading a page as a person does: its words, its links, its forms with what they already hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

UNSEEN = {"script", "style", "template", "noscript"}


@dataclass
class Button:
    """A control that sends its form."""

    name: str
    value: str
    label: str = ""


@dataclass
class Form:
    """One form: where it goes, the values it would send as it stands, all the names it knows, its buttons."""

    action: str = ""
    method: str = "get"
    values: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def knows(self, names: set[str]) -> bool:
        """Whether the form has a control of each of these names."""
        return names <= set(self.choices) | {button.name for button in self.buttons}

    def button(self, label: str) -> Button | None:
        """The button whose label contains `label`."""
        return next((button for button in self.buttons if label in button.label), None)

    def filled(self, given: dict[str, str | list[str]], pressed: Button | None) -> list[tuple[str, str]]:
        """What is sent when these fields are filled in and that button is pressed."""
        kept = [(name, value) for name, value in self.values if name not in given]
        for name, value in given.items():
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return kept + ([(pressed.name, pressed.value)] if pressed and pressed.name else [])


class Reader(HTMLParser):
    """Collects the words, the links and the forms of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._hidden = 0
        self._form: Form | None = None
        self._button: Button | None = None
        self._link: tuple[str, list[str]] | None = None
        self._select: tuple[Form, str, bool] | None = None
        self._area: tuple[Form, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._hidden += 1
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[given.get("id", "")] = self._form
        elif tag == "a" and "href" in given:
            self._link = (given["href"], [])
        else:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._form
        name = given.get("name", "")
        if form is None or "disabled" in given:
            return
        if tag == "button" or (tag == "input" and given.get("type") in ("submit", "image")):
            self._button = Button(name, given.get("value", ""), given.get("value", "") if tag == "input" else "")
            form.buttons.append(self._button)
        elif tag == "input" and name:
            _read_input(form, name, given)
        elif tag == "select" and name:
            self._select = (form, name, "multiple" in given)
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            _read_option(self._select, given)
        elif tag == "textarea" and name:
            self._area = (form, name, [])
            form.choices.setdefault(name, [])

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._hidden -= 1
        elif tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "select":
            self._close_select()
        elif tag == "a" and self._link:
            self.links.append((" ".join(" ".join(self._link[1]).split()), self._link[0]))
            self._link = None
        elif tag == "textarea" and self._area:
            form, name, text = self._area
            form.values.append((name, "".join(text).removeprefix("\n")))
            self._area = None

    def _close_select(self) -> None:
        """A list where one must be chosen sends its first option when nothing is."""
        if self._select:
            form, name, multiple = self._select
            if not multiple and form.choices[name] and name not in dict(form.values):
                form.values.append((name, form.choices[name][0]))
        self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[2].append(data)
        elif not self._hidden:
            self.words.append(data)
            if self._button:
                self._button.label = " ".join(f"{self._button.label} {data}".split())
            if self._link:
                self._link[1].append(data)


def _read_input(form: Form, name: str, given: dict[str, str]) -> None:
    kind = given.get("type", "text")
    ticked = kind not in ("checkbox", "radio") or "checked" in given
    value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
    form.choices.setdefault(name, []).append(value)
    if ticked and kind not in ("file", "button", "reset"):
        form.values.append((name, value))


def _read_option(select: tuple[Form, str, bool], given: dict[str, str]) -> None:
    form, name, _multiple = select
    form.choices[name].append(given.get("value", ""))
    if "selected" in given:
        form.values.append((name, given.get("value", "")))


@dataclass(frozen=True)
class Page:
    """One answer of the product."""

    url: str
    status: int
    body: bytes
    headers: dict[str, str]
    seconds: float

    @property
    def text(self) -> str:
        """The body as it was sent, markup included."""
        return self.body.decode(errors="replace")

    def read(self) -> Reader:
        """The page taken apart."""
        reader = Reader()
        reader.feed(self.text)
        reader.close()
        return reader

    @property
    def words(self) -> str:
        """What a person reads, with single ordinary spaces."""
        return " ".join(" ".join(self.read().words).split())

    @property
    def forms(self) -> list[Form]:
        return self.read().forms

    def link(self, label: str) -> str:
        """The address behind the first link whose words contain `label`. Raises LookupError."""
        for words, href in self.read().links:
            if label in words:
                return urljoin(self.url, href)
        raise LookupError(f"no link says {label!r} on {self.url}: {self.words[:600]}")
