"""The registers that the plan's counts can have: what each holds, in one declaration; the mechanism knows no other."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from workplan.registers.fields import Choice, Field, Number, Text, YesNo

DAY, LINE = _("Date"), _("En une ligne")


@dataclass(frozen=True)
class Register:
    """One kind of register.

    `follows`: the registers whose entries one of these can follow from, and `follows_label` how. `until_label`: how
    the end of what lasts is called; "" for what happens on a day. `is_closed`: read by those who keep the plan, not by
    all staff. `is_ahead`: what is to come matters more than what was. `has_place`: whether a place is asked.
    """

    code: str
    title: StrOrPromise
    one: StrOrPromise
    what: StrOrPromise
    fields: tuple[Field, ...] = ()
    day_label: StrOrPromise = DAY
    line_label: StrOrPromise = LINE
    until_label: StrOrPromise = ""
    follows: tuple[str, ...] = ()
    follows_label: StrOrPromise = ""
    is_closed: bool = False
    is_ahead: bool = False

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    @property
    def facts(self) -> tuple[Field, ...]:
        """What can be counted."""
        return tuple(field for field in self.fields if not field.is_text)

    @property
    def texts(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_text)


MINUTES = Text("minutes", _("Référence du compte rendu"), most=200, names=("compte rendu", "pv"))

_EVERY = (
    Register(
        "communications",
        _("Communications à l’EHP"),
        _("une communication"),
        _("Ce que les acteurs de protection disent directement à l’EHP."),
        (
            Choice(
                "form",
                _("Forme"),
                choices={"spoken": _("orale"), "written": _("écrite"), "presentation": _("présentation")},
            ),
            MINUTES,
        ),
    ),
    Register(
        "interventions",
        _("Interventions sur d’autres questions"),
        _("une intervention"),
        _("Interventions ou analyses de protection sur une autre question à l’agenda de l’EHP."),
        (Text("agenda_item", _("Question à l’agenda"), most=200, names=("question", "point")), MINUTES),
    ),
    Register(
        "meetings",
        _("Réunions"),
        _("une réunion"),
        _("Réunions de l’EHP consacrées à la protection, et réunions EWRR où la communauté humanitaire était."),
        (
            Choice(
                "body",
                _("Réunion"),
                is_required=True,
                choices={"ehp": _("EHP ad hoc protection"), "ewrr": _("EWRR")},
            ),
            MINUTES,
        ),
    ),
    Register(
        "dashboards",
        _("Tableaux de bord des risques"),
        _("un tableau de bord"),
        _("Tableaux de bord sur la situation et les risques de protection transmis à l’EHP."),
        (Text("themes", _("Thèmes"), most=200),),
        day_label=_("Transmis le"),
    ),
    Register(
        "requests",
        _("Requêtes de l’EHP"),
        _("une requête"),
        _("Requêtes pour un complément d’information, ou pour une contribution à un plaidoyer."),
        (
            Choice(
                "purpose",
                _("Pour"),
                is_required=True,
                choices={
                    "information": _("un complément d’information"),
                    "advocacy": _("une contribution à un plaidoyer"),
                },
            ),
            MINUTES,
        ),
        day_label=_("Consignée le"),
    ),
    Register(
        "notes",
        _("Notes à l’EHP"),
        _("une note"),
        _("Notes thématiques, notes demandées par l’EHP, notes avec messages-clés pour une occasion du calendrier."),
        (
            Choice(
                "origin",
                _("Nature"),
                is_required=True,
                choices={
                    "thematic": _("thématique"),
                    "requested": _("à la demande de l’EHP"),
                    "calendar": _("messages-clés pour une occasion"),
                },
            ),
            YesNo("deliberated", _("L’EHP en a délibéré"), names=("deliberation",)),
            Text("decision", _("Ce que l’EHP a décidé"), most=1_000, names=("decision",)),
            MINUTES,
        ),
        day_label=_("Transmise le"),
        follows=("requests", "events"),
        follows_label=_("Répond à"),
    ),
    Register(
        "documents",
        _("Documents examinés par l’EHP"),
        _("un document"),
        _("Documents de planification et appels de fonds soumis à l’EHP, et ceux qu’elle a renvoyés."),
        (YesNo("returned", _("Renvoyé pour révision, faute d’analyse de protection"), is_required=True), MINUTES),
        day_label=_("Soumis le"),
    ),
    Register(
        "saisines",
        _("Saisines de l’EHP"),
        _("une saisine"),
        _("Menaces ou violations les plus critiques portées à l’EHP : qui, quoi, où, quand, pourquoi, et la suite."),
        (
            Text("who", _("Qui est touché, qui saisit"), names=("qui",), help=_("Des groupes, jamais une personne.")),
            Text("what_happens", _("Quoi"), names=("quoi",)),
            Text("why", _("Pourquoi l’EHP, et maintenant"), names=("pourquoi",)),
            Choice(
                "severity",
                _("Gravité"),
                names=("severite", "niveau de gravite"),
                choices={"high": _("élevée"), "critical": _("critique"), "extreme": _("extrême")},
            ),
            Choice(
                "recurrence",
                _("Récurrence"),
                names=("frequence",),
                choices={"first": _("première fois"), "repeated": _("répétée"), "lasting": _("continue")},
            ),
            Text("factors", _("Facteurs déclencheurs réunis"), most=500, names=("facteurs",)),
            Choice(
                "told_to",
                _("Portée à"),
                names=("destinataire", "a qui", "saisie de"),
                choices={
                    "meeting": _("l’EHP en séance"),
                    "ad_hoc": _("une séance ad hoc de l’EHP"),
                    "coordinator": _("la coordination humanitaire (CH)"),
                    "secretariat": _("le secrétariat de l’EHP"),
                },
            ),
            Choice(
                "decision",
                _("Décision de l’EHP"),
                choices={
                    "waiting": _("en attente"),
                    "taken_up": _("retenue"),
                    "not_taken_up": _("non retenue"),
                },
            ),
            Text("follow_up", _("Ce qui est décidé, et la suite"), names=("suite", "suivi")),
        ),
        day_label=_("Quand"),
        line_label=_("La menace ou la violation, en une ligne"),
        is_closed=True,
    ),
    Register(
        "events",
        _("Calendrier des occasions"),
        _("une occasion"),
        _("Réunions, sommets, journées et anniversaires où l’on peut parler de la protection."),
        (
            Choice(
                "level",
                _("Portée"),
                choices={"global": _("mondiale"), "regional": _("régionale"), "national": _("nationale")},
            ),
        ),
        until_label=_("Jusqu’au"),
        is_ahead=True,
    ),
    Register(
        "reminders",
        _("Rappels en EHP"),
        _("un rappel"),
        _("Rappels faits en EHP d’une occasion du calendrier."),
        (MINUTES,),
        follows=("events",),
        follows_label=_("Rappelle l’occasion"),
    ),
    Register(
        "contributions",
        _("Contributions régionales et mondiales"),
        _("une contribution"),
        _("Événements régionaux où la crise est présentée, initiatives régionales, contributions mondiales."),
        (
            Choice(
                "level",
                _("Nature"),
                is_required=True,
                choices={
                    "regional_event": _("événement régional"),
                    "regional_initiative": _("initiative régionale suscitée ou accueillie"),
                    "global": _("contribution au niveau mondial"),
                },
            ),
        ),
        follows=("events",),
        follows_label=_("À l’occasion de"),
    ),
    Register(
        "alerts",
        _("Alertes à l’EWRR"),
        _("une alerte"),
        _("Alertes formelles transmises à l’EWRR de la MINUSMA, et ce qui en est advenu."),
        (
            YesNo("activated", _("L’EWRR s’est activé"), names=("activation",)),
            Text("outcome", _("Ce qui en est advenu"), names=("suite", "resultat")),
        ),
        day_label=_("Transmise le"),
        is_closed=True,
    ),
    Register(
        "sessions",
        _("Séances de sensibilisation et de formation"),
        _("une séance"),
        _("Séances et participants ; les participants se donnent en nombre, jamais par leurs noms."),
        (
            Choice(
                "topic",
                _("Sujet"),
                is_required=True,
                choices={
                    "ewrr": _("coordination avec l’EWRR"),
                    "durable_solutions": _("solutions durables"),
                    "protection": _("protection dans l’assistance"),
                    "launch": _("lancement du plan commun"),
                },
            ),
            YesNo("in_the_field", _("Sur le terrain"), names=("terrain",)),
            Number("participants", _("Participants"), names=("nombre de participants",)),
            Number("humanitarian", _("dont humanitaires"), names=("humanitaire", "humanitaires")),
            Number("development", _("dont développement"), names=("developpement",)),
            Number("un", _("dont Nations Unies"), names=("un", "onu", "nations unies")),
            Number("ngo", _("dont ONG"), names=("ong",)),
            Number("authorities", _("dont autorités"), names=("autorites",)),
            Number("civil_society", _("dont société civile"), names=("societe civile",)),
        ),
    ),
    Register(
        "projects",
        _("Projets"),
        _("un projet"),
        _("Projets d’assistance, multisectoriels, intégrés ou de solutions durables, du début à la fin."),
        (
            YesNo("protection", _("Avec un objectif de protection"), names=("objectif protection",)),
            YesNo("in_hrp", _("Dans le HRP"), names=("hrp",)),
            YesNo("multisectoral", _("Multisectoriel"), names=("multisectoriel",)),
            YesNo("integrated", _("Intégré"), names=("integre",)),
            YesNo("durable_solutions", _("Solutions durables")),
            YesNo("funded", _("Financé"), names=("finance",)),
        ),
        day_label=_("Début"),
        until_label=_("Fin"),
    ),
    Register(
        "effects",
        _("Retombées de l’événement global"),
        _("une retombée"),
        _("Ce que l’événement a suscité : parole publique, demandes, financements."),
        (
            Choice(
                "effect",
                _("Retombée"),
                is_required=True,
                choices={
                    "public": _("communication publique"),
                    "questions": _("demande d’informations complémentaires"),
                    "funding": _("financements obtenus"),
                },
            ),
        ),
        follows=("sessions", "events"),
        follows_label=_("Suit"),
    ),
)

REGISTERS: dict[str, Register] = {register.code: register for register in _EVERY}
CLOSED = frozenset(register.code for register in _EVERY if register.is_closed)
