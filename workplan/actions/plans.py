"""The words of a plan: changed with a reason, settled where the source left a doubt, brought in whole from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.transitions import Conflict, Refused
from directory.models import User
from workplan.bindings import Binding
from workplan.document.actors import Links
from workplan.document.comparing import Difference, compared
from workplan.document.elements import MODELS, PARENT, Element, Row, Values, elements_of, plan_of, values_of, write
from workplan.document.kinds import INDICATOR, KINDS, PLAN
from workplan.document.tree import walked
from workplan.enums import PlanAct
from workplan.measures import MEASURES
from workplan.models import Activity, Indicator, Plan, PlanChange, Reading
from workplan.public_words import check_public
from workplan.querysets import imports_plans

LONGEST_REASON = 500
# What a value is read by: it stays once something was reported.
FIXED = frozenset({"kind", "measure"})
NAMES = frozenset({"leads", "others", "expertise", "secretariat", "register"})


@transaction.atomic
def change_element(
    kind: str,
    pk: int,
    values: Mapping[str, Any],
    *,
    reason: str,
    by: Actor,
    settles: Iterable[str] = (),
    seen: int | None = None,
    about_nobody: bool = False,
    at: datetime | None = None,
) -> PlanChange:
    """Changes what the plan says of one element. `settles`: "doubt", or fields that were deduced and now stand.

    `seen`: the last change of it that the person saw (`last_change`). Raises Refused: not theirs, no reason, nothing
    changed, something that cannot be; Conflict; SaysTooMuch; the element's DoesNotExist.
    """
    row = MODELS[kind]._default_manager.get(pk=pk)
    plan = _locked(plan_of(row).pk, by)
    row.refresh_from_db()
    if seen is not None and seen != last_change(kind, pk):
        raise Conflict(_("Quelqu’un d’autre vient de changer cet élément. Voici ce qu’il dit maintenant."))
    known = values_of(row)
    settled = _settled(known, settles)
    after = {
        name: value for name, value in (_checked(kind, values, plan) | settled).items() if value != known.get(name)
    }
    if not after:
        raise Refused(_("Rien n’est changé."))
    if kind == INDICATOR:
        _refuse_fixed(pk, after)
    said = _told({name: value for name, value in after.items() if name in values})
    check_public(*said, about_nobody=about_nobody)
    before = {name: known[name] for name in after}
    write(row, after, Links())
    act = PlanAct.SETTLED if settled else PlanAct.CHANGED
    return note_change(plan, row, act, before, after, reason=reason, by=by, about_nobody=about_nobody, at=at)


@transaction.atomic
def make_plan(
    root: Element,
    *,
    reason: str,
    by: Actor,
    is_invented: bool = False,
    about_nobody: bool = False,
    at: datetime | None = None,
) -> Plan:
    """A plan that is not here yet. Raises Refused: not theirs, no reason, a code that is here, an unknown measure."""
    if isinstance(by, User) and not imports_plans(by, Plan.objects.all()):
        raise Refused(_("Le secrétariat d’un plan ou le groupe de travail fait entrer un plan."))
    if Plan.objects.filter(code=root.values["code"]).exists():
        raise Refused(_("Un plan a déjà ce code."))
    check_public(*_every_text(root), about_nobody=about_nobody)
    links, plan = Links(), Plan(is_invented=is_invented)
    _refuse_measures(root)
    write(plan, root.values, links)
    if isinstance(by, User) and not plan.secretariat.exists():
        plan.secretariat.add(by.organisation)
    _make_parts(plan, root, links)
    note_change(plan, plan, PlanAct.MADE, {}, {}, reason=reason, by=by, about_nobody=about_nobody, at=at)
    return plan


@transaction.atomic
def update_plan(
    plan: Plan, root: Element, *, reason: str, by: Actor, about_nobody: bool = False, at: datetime | None = None
) -> int:
    """Brings a plan to what a file says, each difference a change of its own. Out: how many.

    What the file does not have stays. Raises Refused: not theirs, no reason, something that cannot be; SaysTooMuch.
    """
    plan = _locked(plan.pk, by)
    _refuse_measures(root)
    elements = elements_of(plan)
    found = compared(elements, root)
    links = Links()
    check_public(
        *(text for one in (*found.new, *found.changed) for text in _told(one.after)), about_nobody=about_nobody
    )
    rows: dict[int, Row] = {}
    for each in found.changed:
        _change(plan, each, links, reason=reason, by=by, about_nobody=about_nobody, at=at)
    new = {id(each.element) for each in found.new}
    keys = {(element.kind, element.number): element.key for element in elements.values()}
    for above in walked(root):
        for part in above.parts:
            if id(part) in new:
                known = keys.get((above.kind, above.number))
                over = rows.get(id(above)) or MODELS[above.kind]._default_manager.get(pk=known[1] if known else 0)
                rows[id(part)] = made = _made(part, over, links)
                note_change(
                    plan, made, PlanAct.ADDED, {}, part.values, reason=reason, by=by, about_nobody=about_nobody, at=at
                )
    return len(found.new) + len(found.changed)


def rewrite(
    plan: Plan, row: Row, values: Values, *, reason: str, by: Actor, about_nobody: bool = False
) -> PlanChange | None:
    """Writes what differs of an element, as one change; None when nothing does. Who may is the caller's to say.

    Raises Refused without a reason, SaysTooMuch.
    """
    known = values_of(row)
    after = {name: value for name, value in values.items() if value != known[name]}
    if not after:
        return None
    write(row, after, Links())
    before = {name: known[name] for name in after}
    return note_change(plan, row, PlanAct.CHANGED, before, after, reason=reason, by=by, about_nobody=about_nobody)


def note_change(
    plan: Plan,
    row: Row,
    act: PlanAct,
    before: Values,
    after: Values,
    *,
    reason: str,
    by: Actor,
    about_nobody: bool = False,
    at: datetime | None = None,
) -> PlanChange:
    """The row that says what was changed of a plan, by whom, when and why. Raises Refused without a reason."""
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise Refused(_("Dites pourquoi le plan change."))
    check_public(why, about_nobody=about_nobody)
    kind = next(code for code, model in MODELS.items() if isinstance(row, model))
    change = PlanChange.objects.create(
        plan=plan,
        act=act,
        kind=kind,
        element=row.pk,
        number=str(getattr(row, "number", "")),
        before=before,
        after=after,
        reason=why,
        by=by if isinstance(by, User) else None,
        at=at or timezone.now(),
    )
    audit.record(f"workplan.plan.{act}", by=by, target=row, at=at, plan=plan.code, fields=",".join(sorted(after)))
    return change


def last_change(kind: str, pk: int) -> int:
    """The id of the last change of an element; 0 when there is none."""
    newest = PlanChange.objects.filter(kind=kind, element=pk).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def link_again(plan: Plan) -> None:
    """Links who is in charge to what the directory knows by now; no word changes."""
    links = Links()
    for activity in Activity.objects.filter(objective__axis__plan=plan).prefetch_related("actors__organisation"):
        links.link(activity)


def _locked(plan_id: int, by: Actor) -> Plan:
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if isinstance(by, User) and not Plan.objects.kept_by(by).filter(pk=plan_id).exists():
        raise Refused(_("Le secrétariat du plan et le groupe de travail changent ce qu’il dit."))
    return plan


def _change(
    plan: Plan, each: Difference, links: Links, *, reason: str, by: Actor, about_nobody: bool, at: datetime | None
) -> None:
    kind, pk = each.key
    if kind == INDICATOR:
        _refuse_fixed(pk, each.after)
    row = MODELS[kind]._default_manager.get(pk=pk)
    write(row, each.after, links)
    note_change(
        plan, row, PlanAct.CHANGED, each.before, each.after, reason=reason, by=by, about_nobody=about_nobody, at=at
    )


def _make_parts(above: Row, element: Element, links: Links) -> None:
    for part in element.parts:
        _make_parts(_made(part, above, links), part, links)


def _made(element: Element, above: Row, links: Links) -> Row:
    row = MODELS[element.kind](**{PARENT[element.kind]: above})
    write(row, element.values, links)
    return row


def _checked(kind: str, values: Mapping[str, Any], plan: Plan) -> Values:
    found: Values = {}
    for name, value in values.items():
        field = KINDS[kind].field(name)
        if field is None or name in ("code", "number", "doubt", "inferred"):
            raise Refused(_("Cela ne se change pas ici."))
        try:
            found[name] = field.checked(value)
        except ValueError as error:
            raise Refused(f"{field.label} : {error}.") from error
    if "secretariat" in found:
        found["secretariat"] = _organisations(found["secretariat"])
    years = found.get("years", plan.years)
    outside = sorted(set(found.get("windows") or {}) - {str(year) for year in years})
    if outside:
        raise Refused(_("%(years)s n’est pas une année du plan.") % {"years": ", ".join(outside)})
    if kind == PLAN:
        _refuse_years(plan, years)
    return found


def _organisations(names: list[str]) -> list[str]:
    links = Links()
    unknown = links.unknown(names)
    if unknown:
        raise Refused(_("L’annuaire ne connaît pas : %(names)s.") % {"names": ", ".join(unknown)})
    return links.spelt(names)


def _refuse_years(plan: Plan, years: Iterable[int]) -> None:
    left = {str(year) for year in set(plan.years) - set(years)}
    used = {year for element in elements_of(plan).values() for year in element.values.get("windows") or {}}
    if left & used:
        raise Refused(_("Des activités sont prévues en %(years)s.") % {"years": ", ".join(sorted(left & used))})
    rows = Reading.objects.filter(indicator__activity__objective__axis__plan=plan, year__in=left)
    if left and rows.exists():
        raise Refused(_("Des valeurs sont rapportées pour une année que vous enlevez."))


def _settled(known: Values, settles: Iterable[str]) -> Values:
    """The fields that change when these are settled."""
    found: Values = {}
    for name in settles:
        if name == "doubt" and known.get("doubt"):
            found["doubt"] = ""
        elif name in known.get("inferred", []):
            left: list[str] = (found if "inferred" in found else known)["inferred"]
            found["inferred"] = [each for each in left if each != name]
        else:
            raise Refused(_("Cela est déjà tranché."))
    return found


def _refuse_fixed(pk: int, after: Values) -> None:
    if FIXED & set(after) and Reading.objects.filter(indicator=pk).exists():
        number = Indicator.objects.get(pk=pk).number
        raise Refused(
            _("%(number)s a déjà des valeurs : son type et sa mesure restent ce qu’ils sont.") % {"number": number}
        )


def _refuse_measures(root: Element) -> None:
    for element in walked(root):
        name = element.values.get("measure", "")
        if name and name not in MEASURES:
            raise Refused(_("La plateforme n’a pas de mesure « %(name)s ».") % {"name": name})
        if name:
            binding = Binding(MEASURES[name], element.values["over"], element.values["share_over"])
            reason = binding.why_not(element.values["kind"], element.values["aggregate"])
            if reason is not None:
                raise Refused(f"{element.number} : {reason}")


def _every_text(root: Element) -> list[str]:
    return [text for element in walked(root) for text in _told(element.values)]


def _told(values: Mapping[str, Any]) -> list[str]:
    """Every text but names of organisations: "chef de file" is no case."""
    return [text for name, value in values.items() if name not in NAMES for text in _texts(value)]


def _texts(value: Any) -> list[str]:
    """Every text within a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list | tuple) else []
